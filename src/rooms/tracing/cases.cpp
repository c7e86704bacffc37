// Confirming, changing and showing cases.
#include <boost/json/object.hpp>

#include <algorithm>
#include <functional>

#include "platform/events/events.hpp"
#include "rooms/tracing/desk.hpp"

namespace motcua::tracing {
namespace {

using namespace std::chrono_literals;

/// A sample is not taken tomorrow, nor before the disease was known.
bool is_likely(Instant t, Instant now) { return t >= vietnam_time(Date{std::chrono::year{2019}, std::chrono::January, std::chrono::day{1}}, 0) && t <= now + 24h; }

/// Who is infected when sampled falls ill within the incubation period, 14 days at most, or never: a week is left for what is told
/// wrongly. Virus is found for some weeks after the first symptoms; what lies further back is another illness.
constexpr int onset_days_after_sample_max = 21, onset_days_before_sample_max = 60;

Result<void> check_onset(Date onset, Date sampled) {
  const auto days = (std::chrono::sys_days(onset) - std::chrono::sys_days(sampled)).count();
  if (days <= onset_days_after_sample_max && days >= -onset_days_before_sample_max) return {};
  return invalid("tracing.onset_far_from_sample", "onset",
                 {{"before", std::to_string(onset_days_before_sample_max)}, {"after", std::to_string(onset_days_after_sample_max)}});
}

Result<void> check_times(const Desk& desk, const CaseInput& input) {
  const Instant now = desk.house.now();
  if (!is_likely(input.sampled_at, now)) return invalid("tracing.time_unlikely", "sampled_at");
  if (input.onset && (!input.onset->ok() || !is_likely(vietnam_midnight(*input.onset), now))) return invalid("tracing.time_unlikely", "onset");
  if (input.onset) TRY(check_onset(*input.onset, vietnam_date(input.sampled_at)));
  if (input.isolated_at && !is_likely(*input.isolated_at, now)) return invalid("tracing.time_unlikely", "isolated_at");
  if (input.source_contact_at && *input.source_contact_at > input.sampled_at) return invalid("tracing.time_unlikely", "source_contact_at");
  return {};
}

struct Who { std::string subject, person_id; std::vector<std::string> subjects; };

Result<Who> find_person(const Desk& desk, storage::Reader& reader, const CaseInput& input) {
  identity::Identity& identity = desk.doors.identity;
  Who who;
  if (input.person_id.empty()) {
    who.subject = identity.subject_of(input.record_source, input.record_id);
    const std::string subjects[] = {who.subject};
    TRY_ASSIGN(const auto persons, identity.persons_of(reader, subjects));
    if (persons.empty()) return invalid("tracing.person_unknown", "record");
    who.person_id = persons.begin()->second;
  } else {
    who.person_id = input.person_id;
  }
  TRY_ASSIGN(who.subjects, identity.subjects_of(reader, who.person_id));
  if (who.subjects.empty()) return invalid("tracing.person_unknown", input.person_id.empty() ? "record" : "person");
  if (who.subject.empty()) who.subject = *std::min_element(who.subjects.begin(), who.subjects.end());
  return who;
}

/// What a change of a case brings with it: its list anew, a line of audit; and when she is apart from another moment on, the other chains told.
Result<void> change_in(const Desk& desk, storage::Transaction& tx, const store::CaseRow& was, store::CaseRow& row, const std::string& action) {
  TRY_ASSIGN(const std::int64_t changed, store::update_case(tx, row, was.version));
  if (changed == 0) return conflict("tracing.case_moved_on");
  TRY(retrace_in(desk, tx, row));
  AuditNote note;
  note.action = action;
  note.object = row.case_id;
  note.subject = row.person_id;
  note.area = row.ward_code;
  tx.note(std::move(note));
  return was.isolated_at == row.isolated_at ? Result<void>{} : desk.house.bus.emit(tx, "tracing.facts_changed", {});
}

/// Reads the case the asker may change, lets `change` decide, writes it unless it moved on.
Result<void> change_case(const Desk& desk, const Asker& asker, const std::string& case_id, int version, const std::string& action,
                         const std::function<Result<void>(store::CaseRow&)>& change) {
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    store::Wards wards;
    TRY_ASSIGN(store::CaseRow row, get_visible_case(desk, tx, asker, case_id, wards));
    if (row.version != version) return conflict("tracing.case_moved_on");
    const store::CaseRow was = row;
    TRY(change(row));
    return change_in(desk, tx, was, row, action);
  });
}

/// A case confirmed before, told again: what is said of it now and was not, or otherwise, is known better now.
Result<void> confirm_again(const Desk& desk, storage::Transaction& tx, const Asker& asker, const std::string& case_id, const CaseInput& input) {
  store::Wards wards;
  TRY_ASSIGN(store::CaseRow row, get_visible_case(desk, tx, asker, case_id, wards));
  const store::CaseRow was = row;
  const auto learn = [](auto& known, const auto& told) {
    if (!told || told == known) return false;
    known = told;
    return true;
  };
  const bool onset = learn(row.onset, input.onset), isolated = learn(row.isolated_at, input.isolated_at);
  const bool source = learn(row.source_contact_at, input.source_contact_at);
  if (!onset && !isolated && !source) return {};
  return change_in(desk, tx, was, row, "tracing.amend_case");
}

/// A case as it is about to be confirmed, and its contacts as a snapshot knew them.
struct Draft {
  store::CaseRow row;
  std::vector<std::string> subjects;
  FoundBefore before;
};

Result<Draft> read_draft(const Desk& desk, storage::Reader& reader, const CaseInput& input) {
  TRY_ASSIGN(Who who, find_person(desk, reader, input));
  Draft draft;
  draft.subjects = std::move(who.subjects);
  store::CaseRow& row = draft.row;
  row.subject = who.subject;
  row.person_id = who.person_id;
  row.sampled_at = input.sampled_at;
  row.onset = input.onset;
  row.isolated_at = input.isolated_at;
  row.source_contact_at = input.source_contact_at;
  row.policy = policy_on(desk.policies, vietnam_date(input.sampled_at)).name;
  TRY_ASSIGN(const auto held, store::find_case_of(reader, draft.subjects, input.sampled_at));
  if (held) return draft;                       // told before: nothing is traced for it
  row.case_id = crypto::random_id("cas");
  TRY_ASSIGN(draft.before.turn, store::read_turn(reader));
  TRY_ASSIGN(draft.before.found, look(desk, reader, row));
  return draft;
}

Result<std::string> confirm_in(const Desk& desk, storage::Transaction& tx, const Asker& asker, const CaseInput& input, const Draft& draft) {
  TRY_ASSIGN(const auto held, store::find_case_of(tx, draft.subjects, input.sampled_at));
  if (held) {
    TRY(confirm_again(desk, tx, asker, *held, input));
    return *held;
  }
  if (draft.row.case_id.empty()) return conflict("tracing.case_moved_on");      // forgotten between the two looks
  store::CaseRow row = draft.row;
  row.confirmed_at = desk.house.now();
  TRY(store::insert_case(tx, row));
  TRY(retrace_in(desk, tx, row, &draft.before));
  AuditNote note;
  note.action = "tracing.confirm_case";
  note.object = row.case_id;
  note.subject = row.person_id;
  note.area = row.ward_code;
  tx.note(std::move(note));
  TRY(desk.house.bus.emit(tx, "tracing.case_confirmed", {{"case_id", row.case_id}, {"person_id", row.person_id}}));
  if (row.isolated_at) TRY(desk.house.bus.emit(tx, "tracing.facts_changed", {}));      // other chains end at her isolation
  return row.case_id;
}

Result<CaseView> read_case(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  store::Wards wards;
  TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, case_id, wards));
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  const std::string ids[] = {row.person_id};
  const std::string cases[] = {case_id};
  TRY_ASSIGN(const auto persons, desk.doors.identity.summaries(reader, ids));
  TRY_ASSIGN(const auto counts, store::case_counts(reader, cases, wards));
  CaseView view;
  static_cast<CaseSummary&>(view) = to_summary(row, counts.at(case_id), persons.empty() ? nullptr : &persons.front());
  if (!persons.empty()) {
    view.phone = persons.front().phone;
    view.address = persons.front().address;
    view.birth = persons.front().birth;
    view.sex = persons.front().sex;
    view.one_record = persons.front().records == 1;
  }
  const InfectiousPeriod period = decide_infectious_period(policy, row.onset, row.sampled_at, row.isolated_at, row.source_contact_at);
  view.infectious_from = period.from;
  view.infectious_to = period.to;
  view.source_contact_at = row.source_contact_at;
  view.traced_at = row.traced_at;
  view.depth = row.depth;
  view.partial = row.partial;
  view.empty_trace = row.traced_at && row.contacts == 0;
  TRY_ASSIGN(view.by_class, store::count_contacts(reader, case_id, wards, store::CountBy::level));
  TRY_ASSIGN(view.by_state, store::count_contacts(reader, case_id, wards, store::CountBy::state));
  TRY_ASSIGN(view.by_ward, store::count_contacts(reader, case_id, wards, store::CountBy::ward));
  return view;
}

}  // namespace

CaseSummary to_summary(const store::CaseRow& row, const store::CaseCounts& counts, const identity::PersonSummary* person) {
  CaseSummary s;
  s.case_id = row.case_id;
  s.person_id = row.person_id;
  if (person != nullptr) s.full_name = person->full_name;
  s.ward_code = row.ward_code;
  s.policy = row.policy;
  s.state = row.state;
  s.sampled_at = row.sampled_at;
  s.confirmed_at = row.confirmed_at;
  s.onset = row.onset;
  s.isolated_at = row.isolated_at;
  s.contacts = counts.contacts;
  s.f1 = counts.f1;
  s.waiting = counts.waiting;
  s.version = row.version;
  return s;
}

Result<std::string> confirm_case(const Desk& desk, const Asker& asker, const CaseInput& input) {
  TRY(check_times(desk, input));
  TRY_ASSIGN(const Draft draft, desk.house.database.read_value([&](storage::Reader& reader) { return read_draft(desk, reader, input); }));
  return desk.house.database.write_value(asker.act, [&](storage::Transaction& tx) { return confirm_in(desk, tx, asker, input, draft); });
}

Result<void> amend_case(const Desk& desk, const Asker& asker, const std::string& case_id, int version, const CaseChange& change) {
  return change_case(desk, asker, case_id, version, "tracing.amend_case", [&](store::CaseRow& row) -> Result<void> {
    if (change.onset) row.onset = *change.onset;
    if (change.isolated_at) row.isolated_at = *change.isolated_at;
    if (change.source_contact_at) row.source_contact_at = *change.source_contact_at;
    CaseInput input{.sampled_at = row.sampled_at, .onset = row.onset, .isolated_at = row.isolated_at, .source_contact_at = row.source_contact_at};
    return check_times(desk, input);
  });
}

Result<void> close_case(const Desk& desk, const Asker& asker, const std::string& case_id, int version) {
  return change_case(desk, asker, case_id, version, "tracing.close_case", [](store::CaseRow& row) -> Result<void> {
    if (row.state == "closed") return conflict("tracing.case_closed");
    row.state = "closed";
    return {};
  });
}

Result<CasePage> list_cases(const Desk& desk, const Asker& asker, const CaseFilter& filter) {
  TRY_ASSIGN(CasePage page, desk.house.database.read_value([&](storage::Reader& reader) -> Result<CasePage> {
    CasePage out;
    TRY_ASSIGN(const store::Wards wards, wards_seen(desk, reader, asker, ""));
    store::CaseQuery query{filter.state, search_text_of(filter.search), filter.page, std::min(filter.page_size, page_size_max)};
    TRY_ASSIGN(const auto rows, store::list_cases(reader, wards, query, out.total));
    std::vector<std::string> ids, persons;
    for (const auto& row : rows) {
      ids.push_back(row.case_id);
      persons.push_back(row.person_id);
    }
    TRY_ASSIGN(const auto counts, store::case_counts(reader, ids, wards));
    TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, persons));
    const auto known = by_id(std::move(summaries));
    for (const auto& row : rows) {
      const auto person = known.find(row.person_id);
      out.rows.push_back(to_summary(row, counts.at(row.case_id), person == known.end() ? nullptr : &person->second));
    }
    return out;
  }));
  std::vector<AuditNote> notes;
  for (const CaseSummary& c : page.rows) notes.push_back(read_note(c.case_id, c.person_id, c.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return page;
}

Result<CaseView> get_case(const Desk& desk, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(CaseView view, desk.house.database.read_value([&](storage::Reader& reader) { return read_case(desk, reader, asker, case_id); }));
  TRY(record(desk, asker.act, {read_note(view.case_id, view.person_id, view.ward_code)}));
  return view;
}

Result<TraceResult> trace(const Desk& desk, const Asker& asker, const TraceRequest& request) {
  if (request.depth < 1 || request.depth > trace_depth_max) return invalid("tracing.depth_out_of_bounds", "depth", {{"max", std::to_string(trace_depth_max)}});
  TRY_ASSIGN(TraceResult result, desk.house.database.read_value([&](storage::Reader& reader) -> Result<TraceResult> {
    store::Wards wards;
    TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, request.case_id, wards));
    TRY_ASSIGN(const Policy policy, policy_of(desk, row, request.policy));
    TRY_ASSIGN(TraceResult found, answer_trace(reader, desk.doors, facts_of(row), policy, request));
    std::erase_if(found.contacts, [&](const TraceContact& c) { return !sees(wards, c.ward_code); });
    return found;
  }));
  std::vector<AuditNote> notes{read_note(request.case_id, result.case_person_id, "")};
  for (const TraceContact& c : result.contacts) notes.push_back(read_note(request.case_id, c.person_id, c.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return result;
}

}  // namespace motcua::tracing
