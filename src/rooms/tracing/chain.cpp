// The chain as a picture, and a case's time line.
#include <algorithm>
#include <set>

#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/encode.hpp"

namespace motcua::tracing {
namespace {

using Records = std::vector<store::ContactRecord>;

/// Level by level, strongest evidence first, each only when the one it came through is shown; half the room is kept for deeper levels.
Result<Records> choose(storage::Reader& reader, const store::Wards& wards, const store::CaseRow& row, const ChainRequest& request, std::int64_t& all) {
  const int room = std::clamp(request.nodes_max, 1, chain_nodes_max);
  std::set<std::string> shown{row.person_id};
  Records chosen;
  const int deepest = std::clamp(request.level_max, 1, trace_depth_max);
  for (int level = 1; level <= deepest; ++level) {
    store::ContactQuery q{.case_id = row.case_id, .level = level};
    q.page_size = room;
    std::int64_t total = 0;
    TRY_ASSIGN(const Records records, store::list_contacts(reader, wards, q, &total));
    all += total;
    const int left = room - static_cast<int>(chosen.size());
    int allowed = level == deepest ? left : (left + 1) / 2;
    for (const auto& r : records)
      if (allowed > 0 && shown.contains(r.via_person)) {
        shown.insert(r.person_id);
        chosen.push_back(r);
        --allowed;
      }
  }
  return chosen;
}

/// One person: how it came to her, and whom it may have gone to from her.
Result<Records> choose_around(storage::Reader& reader, const store::Wards& wards, const store::CaseRow& row, const ChainRequest& request, std::int64_t& all) {
  const std::string self[] = {request.around_person};
  TRY_ASSIGN(auto found, store::contacts_of_persons(reader, row.case_id, self));
  std::set<std::string> ids{request.around_person};
  if (const auto own = found.find(request.around_person); own != found.end())
    for (const Step& s : decode_steps(own->second.path)) ids.insert({s.from_person, s.to_person});
  const std::vector<std::string> wanted(ids.begin(), ids.end());
  TRY_ASSIGN(found, store::contacts_of_persons(reader, row.case_id, wanted));
  Records chosen;
  for (auto& [person, r] : found)
    if (sees(wards, r.ward_code)) chosen.push_back(std::move(r));
  store::ContactQuery q{.case_id = row.case_id};
  q.via_person = request.around_person;
  q.page_size = std::clamp(request.nodes_max, 1, chain_nodes_max);
  std::int64_t total = 0;
  TRY_ASSIGN(const Records after, store::list_contacts(reader, wards, q, &total));
  all = total + static_cast<std::int64_t>(chosen.size());
  chosen.insert(chosen.end(), after.begin(), after.end());
  return chosen;
}

Result<Chain> read_chain(const Desk& desk, storage::Reader& reader, const Asker& asker, const ChainRequest& request) {
  store::Wards wards;
  TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, request.case_id, wards));
  std::int64_t all = 0;
  Records records;
  TRY_ASSIGN(records, request.around_person.empty() ? choose(reader, wards, row, request, all) : choose_around(reader, wards, row, request, all));
  std::vector<std::string> ids{row.person_id};
  for (const auto& r : records) ids.push_back(r.person_id);
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, ids));
  const auto persons = by_id(std::move(summaries));
  const auto name = [&](const std::string& id) {
    const auto known = persons.find(id);
    return known == persons.end() ? std::string() : known->second.full_name.reveal();
  };
  Chain chain;
  chain.nodes.push_back({row.person_id, "", name(row.person_id), "F0", row.ward_code, 0, true});
  std::set<std::string> shown{row.person_id};
  for (const auto& r : records) {
    if (!shown.insert(r.person_id).second) continue;
    chain.nodes.push_back({r.person_id, r.contact_id, name(r.person_id), "F" + std::to_string(r.level), r.ward_code, r.level, false});
  }
  for (const auto& r : records) {
    const auto path = decode_steps(r.path);
    if (path.empty() || !shown.contains(r.via_person)) continue;
    chain.edges.push_back({r.via_person, r.person_id, path.back().kind, path.back().start, r.minutes, decode_sentence(r.reason)});
  }
  chain.left_out = std::max<std::int64_t>(0, all - static_cast<std::int64_t>(chain.nodes.size()) + 1);
  return chain;
}

Result<std::vector<TimelineEvent>> read_timeline(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id, int events_max) {
  store::Wards wards;
  TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, case_id, wards));
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  const InfectiousPeriod period = decide_infectious_period(policy, row.onset, row.sampled_at, row.isolated_at, row.source_contact_at);
  std::vector<TimelineEvent> events;
  const auto add = [&](Instant at, const std::string& kind) { events.push_back({.at = at, .kind = kind, .text = {"tracing.timeline_" + kind, {}}}); };
  add(period.from, "infectious_from");
  if (row.onset) add(vietnam_midnight(*row.onset), "onset");
  add(row.sampled_at, "sampled");
  if (row.isolated_at) add(*row.isolated_at, "isolated");
  if (row.source_contact_at) add(*row.source_contact_at, "source_contact");
  add(row.confirmed_at, "confirmed");
  if (row.traced_at) add(*row.traced_at, "traced");
  store::ContactQuery q{.case_id = case_id};
  q.page_size = std::clamp(events_max, 1, chain_nodes_max);
  std::int64_t total = 0;
  TRY_ASSIGN(const Records records, store::list_contacts(reader, wards, q, &total));
  std::vector<std::string> ids;
  for (const auto& r : records) ids.push_back(r.person_id);
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, ids));
  const auto persons = by_id(std::move(summaries));
  for (const auto& r : records) {
    const auto known = persons.find(r.person_id);
    events.push_back({r.exposed_at, "exposure", decode_sentence(r.reason), r.contact_id, r.person_id, r.ward_code, "F" + std::to_string(r.level),
                      known == persons.end() ? Personal<std::string>{} : known->second.full_name});
  }
  std::stable_sort(events.begin(), events.end(), [](const TimelineEvent& a, const TimelineEvent& b) { return a.at < b.at; });
  return events;
}

}  // namespace

Result<Chain> get_chain(const Desk& desk, const Asker& asker, const ChainRequest& request) {
  TRY_ASSIGN(Chain chain, desk.house.database.read_value([&](storage::Reader& reader) { return read_chain(desk, reader, asker, request); }));
  std::vector<AuditNote> notes;
  for (const ChainNode& n : chain.nodes) notes.push_back(read_note(request.case_id, n.person_id, n.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return chain;
}

Result<std::vector<TimelineEvent>> list_timeline(const Desk& desk, const Asker& asker, const std::string& case_id, int events_max) {
  TRY_ASSIGN(auto events, desk.house.database.read_value([&](storage::Reader& reader) { return read_timeline(desk, reader, asker, case_id, events_max); }));
  std::vector<AuditNote> notes{read_note(case_id, "", "")};
  for (const auto& event : events)
    if (!event.person_id.empty()) notes.push_back(read_note(case_id, event.person_id, event.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return events;
}

}  // namespace motcua::tracing
