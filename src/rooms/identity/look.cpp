// Lists and views of people's data. Each unmasked look is on record before it is shown.
#include <algorithm>

#include "platform/audit/audit.hpp"
#include "platform/units/units.hpp"
#include "rooms/identity/explain.hpp"
#include "rooms/identity/people.hpp"
#include "rooms/identity/repair.hpp"
#include "rooms/identity/repair_report.hpp"

namespace motcua::identity {
namespace {

constexpr int history_max = 100;

ReviewTask to_review_task(const store::Task& t) {
  ReviewTask out;
  out.task_id = t.task_id;
  out.state = t.state;
  out.probability = t.probability;
  out.bits = t.bits;
  out.created_at = t.created_at;
  out.ward_code = t.ward_code;
  out.decided_by = t.decided_by;
  out.decided_at = t.decided_at;
  out.event_id = t.event_id;
  return out;
}

Result<void> add_masked(storage::Reader& reader, const std::vector<store::Task>& tasks, std::vector<ReviewTask>& out) {
  std::vector<std::string> subjects;
  for (const auto& t : tasks) subjects.insert(subjects.end(), {t.subject_a, t.subject_b});
  TRY_ASSIGN(const auto records, store::records_by_subject(reader, subjects));
  std::map<std::string_view, const Record*> by_subject;
  for (const auto& r : records) by_subject[r.record.subject] = &r.record;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Record *a = by_subject[tasks[i].subject_a], *b = by_subject[tasks[i].subject_b];
    if (a) out[i].source_a = a->source, out[i].masked_a = masked(a->full_name, a->birth);
    if (b) out[i].source_b = b->source, out[i].masked_b = masked(b->full_name, b->birth);
  }
  return {};
}

/// The register in front, then as told.
void sort_records(std::vector<store::StoredRecord>& records) {
  const auto rank = [](const store::StoredRecord& r) {
    return std::make_tuple(r.record.kind != "residents", r.record.told_at, std::string_view(r.record.source), std::string_view(r.record.record_id));
  };
  std::sort(records.begin(), records.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

std::vector<RecordView> with_reasons(const std::vector<store::StoredRecord>& records, const Explainer& explainer) {
  std::map<std::string_view, std::size_t> position;
  for (std::size_t i = 0; i < records.size(); ++i) position[records[i].record.subject] = i;
  std::vector<RecordView> views;
  for (std::size_t i = 0; i < records.size(); ++i) {
    RecordView v = to_view(records[i]);
    const auto stored = position.find(v.partner);
    std::optional<std::size_t> partner;
    if (stored != position.end() && stored->second != i) partner = stored->second;
    else partner = explainer.best_partner(i);
    v.partner = partner ? records[*partner].record.subject : std::string();
    if (partner && records[i].record.has_name()) v.why = explainer.between(i, *partner);
    views.push_back(std::move(v));
  }
  return views;
}

Result<void> add_corrections(storage::Reader& reader, std::vector<RecordView>& records) {
  std::vector<std::string> subjects;
  std::map<std::string_view, RecordView*> by_subject;
  for (auto& r : records) subjects.push_back(r.subject), by_subject[r.subject] = &r;
  TRY_ASSIGN(const auto corrections, store::corrections_of(reader, subjects));
  for (const auto& c : corrections)
    if (c.state != CorrectionState::refused)
      by_subject.at(c.subject)->corrections.push_back({std::string(to_text(c.field)), Personal(c.says), Personal(c.should_say), Personal(c.source), c.state == CorrectionState::proposed});
  return {};
}

}  // namespace

bool People::may_see(const Viewer& viewer, std::string_view ward_code) const {
  return std::any_of(viewer.areas.begin(), viewer.areas.end(), [&](const std::string& area) {
    return area.empty() || area == "vn" || (!ward_code.empty() && (area == ward_code || house_.units.contains(area, ward_code)));
  });
}

Result<PersonSummary> People::person_seen(storage::Reader& reader, const Viewer& viewer, std::string_view person_id) const {
  const std::string id(person_id);
  if (!is_id("per", id)) return not_found("identity.no_such_person");
  TRY_ASSIGN(auto found, store::summaries(reader, std::span(&id, 1)));
  if (found.empty() || !may_see(viewer, found[0].ward_code)) return not_found("identity.no_such_person");
  return std::move(found[0]);
}

Result<store::Task> People::task_seen(storage::Reader& reader, const Viewer& viewer, std::string_view task_id) const {
  if (!is_id("rev", task_id)) return not_found("identity.no_such_task");
  TRY_ASSIGN(auto task, store::find_task(reader, task_id));
  if (!task || !may_see(viewer, task->ward_code)) return not_found("identity.no_such_task");
  return *std::move(task);
}

/// Nothing: all wards. `total`: how many tasks lie in what is seen.
std::optional<std::vector<std::string>> People::wards_seen(const Viewer& viewer, const ReviewFilter& filter, const std::vector<store::WardCount>& all,
                                                           std::int64_t& total) const {
  std::vector<std::string> seen;
  total = 0;
  for (const auto& w : all) {
    const bool in_filter = filter.ward_code.empty() || filter.ward_code == w.ward_code || house_.units.contains(filter.ward_code, w.ward_code);
    if (!in_filter || !may_see(viewer, w.ward_code)) continue;
    seen.push_back(w.ward_code);
    total += w.tasks;
  }
  if (seen.size() == all.size()) return std::nullopt;
  return seen;
}

Result<ReviewPage> People::list_review(const Viewer& viewer, const ReviewFilter& filter) const {
  const int size = std::clamp(filter.page_size, 1, review_page_max);
  const std::int64_t offset = static_cast<std::int64_t>(std::max(filter.page, 1) - 1) * size;
  return house_.database.read_value([&](storage::Reader& reader) -> Result<ReviewPage> {
    ReviewPage page;
    TRY_ASSIGN(const auto all, store::wards_of_tasks(reader, filter.state));
    const auto wards = wards_seen(viewer, filter, all, page.total);
    TRY_ASSIGN(const auto tasks, store::list_tasks(reader, filter.state, wards, size, offset));
    for (const auto& t : tasks) page.tasks.push_back(to_review_task(t));
    TRY(add_masked(reader, tasks, page.tasks));
    return page;
  });
}

Result<ReviewPair> People::open_review(const Viewer& viewer, std::string_view task_id) const {
  TRY_ASSIGN(auto pair, house_.database.read_value([&](storage::Reader& reader) -> Result<ReviewPair> {
    TRY_ASSIGN(const auto task, task_seen(reader, viewer, task_id));
    const std::vector<std::string> subjects{task.subject_a, task.subject_b};
    TRY_ASSIGN(auto records, store::records_by_subject(reader, subjects));
    if (records.size() != 2) return not_found("identity.no_such_task");
    if (records[0].record.subject != task.subject_a) std::swap(records[0], records[1]);
    TRY_ASSIGN(const auto state, store::read_state(reader));
    TRY_ASSIGN(const auto explainer, Explainer::make(reader, state, records));
    ReviewPair out{to_review_task(task), to_view(records[0]), to_view(records[1]), explainer.between(0, 1), {}};
    std::vector<ReviewTask> one{out.task};
    TRY(add_masked(reader, {task}, one));
    out.task = one[0];
    std::int64_t total = 0;
    TRY_ASSIGN(const auto all, store::wards_of_tasks(reader, ReviewState::open));
    TRY_ASSIGN(const auto next, store::task_after(reader, task, wards_seen(viewer, {}, all, total)));
    out.next_task_id = next.value_or("");
    return out;
  }));
  std::vector<AuditNote> notes;
  for (const auto* view : {&pair.a, &pair.b})
    notes.push_back({{}, pair.task.task_id, view->person_id.empty() ? view->subject : view->person_id, view->ward_code, {}, true});
  TRY(audit::record_read(house_.database, viewer.act, std::move(notes)));
  return pair;
}

Result<PersonView> People::view_person(const Viewer& viewer, std::string_view person_id) const {
  TRY_ASSIGN(auto view, house_.database.read_value([&](storage::Reader& reader) -> Result<PersonView> {
    PersonView out;
    TRY_ASSIGN(out.summary, person_seen(reader, viewer, person_id));
    const std::string id(person_id);
    TRY_ASSIGN(auto records, store::records_of_persons(reader, std::span(&id, 1), person_records_max));
    sort_records(records);
    TRY_ASSIGN(const auto state, store::read_state(reader));
    TRY_ASSIGN(const auto explainer, Explainer::make(reader, state, records));
    out.records = with_reasons(records, explainer);
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i].record.has_name()) continue;
      TRY_ASSIGN(out.records[i].why, explain_phone(reader, records[i]));
    }
    TRY(add_corrections(reader, out.records));
    TRY_ASSIGN(const auto events, store::events_of_person(reader, person_id, history_max));
    for (const auto& e : events) {
      TRY_ASSIGN(auto persons, store::persons_of_event(reader, e.event_id));
      out.history.push_back({e.event_id, e.kind, e.actor, e.at, std::move(persons), e.undone_at});
    }
    return out;
  }));
  const AuditNote note{{}, view.summary.person_id, view.summary.person_id, view.summary.ward_code, {}, true};
  TRY(audit::record_read(house_.database, viewer.act, {note}));
  return view;
}

}  // namespace motcua::identity
