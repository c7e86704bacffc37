// When lists are made anew: one case, or all that a changed fact touches, in one transaction.
#include <algorithm>

#include "platform/events/events.hpp"
#include "rooms/tracing/list_change.hpp"
#include "rooms/tracing/store_stays.hpp"

namespace motcua::tracing {
namespace {

/// Whose case it is today.
Result<void> find_person(const Desk& desk, storage::Reader& reader, store::CaseRow& row) {
  const std::string subjects[] = {row.subject};
  TRY_ASSIGN(const auto persons, desk.doors.identity.persons_of(reader, subjects));
  if (const auto found = persons.find(row.subject); found != persons.end()) row.person_id = found->second;
  const std::string ids[] = {row.person_id};
  TRY_ASSIGN(const auto summaries, desk.doors.identity.summaries(reader, ids));
  if (summaries.empty()) return {};
  row.ward_code = summaries.front().ward_code;
  row.search_text = search_text_of(summaries.front());
  return {};
}

/// What the case watches for from now on; a closed one for nothing.
store::Watch watch_for(const store::CaseRow& row, const TraceResult& found) {
  if (row.state != "open") return {};
  if (found.watched.size() <= store::watch_rows_max) return found.watched;
  Watched all = found.watched.begin()->second;
  for (const auto& [key, window] : found.watched) all = {std::min(all.from, window.from), std::max(all.to, window.to)};
  return {{std::string(store::watch_everything), all}};
}

bool covers(const store::Watch& before, const store::Watch& after) {
  return std::all_of(after.begin(), after.end(), [&](const auto& watched) {
    const auto was = before.find(watched.first);
    return was != before.end() && was->second.from <= watched.second.from && was->second.to >= watched.second.to;
  });
}

/// Where a case watches more than before, a stay told meanwhile was not seen by anybody: it is looked at again when that has surely committed.
constexpr std::chrono::seconds look_again_after{2};
Result<void> write_watch(const Desk& desk, storage::Transaction& tx, const store::CaseRow& row, const TraceResult& found) {
  TRY_ASSIGN(const auto before, store::watch_of(tx, row.case_id));
  const store::Watch after = watch_for(row, found);
  if (before == after) return {};
  TRY(store::save_watch(tx, row.case_id, before, after));
  if (covers(before, after)) return {};
  return desk.house.bus.schedule(tx, "tracing.look_again", {{"case_id", row.case_id}}, desk.house.now() + look_again_after);
}

Result<RetraceSummary> write_found(const Desk& desk, storage::Transaction& tx, store::CaseRow& row, const TraceResult& found) {
  TRY_ASSIGN(const ListChange change, plan_list_change(desk, tx, row, found));
  TRY(write_list_change(desk, tx, row, change));
  TRY(write_watch(desk, tx, row, found));
  return change.summary;
}

/// A case answered on a snapshot.
struct Looked {
  store::CaseRow row;
  std::optional<TraceResult> found;      // absent: the list stands as it is
};

bool is_said_of_her(const store::CaseRow& a, const store::CaseRow& b) {
  return a.person_id == b.person_id && a.ward_code == b.ward_code && a.search_text == b.search_text && a.partial == b.partial && a.contacts == b.contacts;
}

Result<Looked> look_whether_it_differs(const Desk& desk, storage::Reader& reader, store::CaseRow stored) {
  Looked looked{stored, std::nullopt};
  TRY_ASSIGN(TraceResult found, look(desk, reader, looked.row));
  TRY_ASSIGN(const ListChange change, plan_list_change(desk, reader, looked.row, found));
  looked.row.partial = found.partial;
  looked.row.contacts = change.summary.contacts;
  TRY_ASSIGN(const auto watched, store::watch_of(reader, stored.case_id));
  if (!stored.traced_at || !change.empty() || !is_said_of_her(stored, looked.row) || watched != watch_for(looked.row, found)) looked.found = std::move(found);
  return looked;
}

/// The cases from `next` on, on one snapshot, until so much is to be written that memory asks for a transaction.
Result<std::vector<Looked>> look_at_group(const Desk& desk, storage::Reader& reader, const std::vector<std::string>& case_ids, std::size_t& next) {
  std::vector<Looked> group;
  for (std::int64_t contacts = 0; next < case_ids.size() && contacts < retrace_contacts_max; ++next) {
    TRY_ASSIGN(auto row, store::find_case(reader, case_ids[next]));
    if (!row) continue;                                                    // forgotten meanwhile
    TRY_ASSIGN(Looked looked, look_whether_it_differs(desk, reader, std::move(*row)));
    if (looked.found) contacts += static_cast<std::int64_t>(looked.found->contacts.size());
    group.push_back(std::move(looked));
  }
  return group;
}

void add(RetraceSummary& sum, const RetraceSummary& part) {
  sum.contacts += part.contacts;
  sum.added += part.added;
  sum.removed += part.removed;
  sum.reclassified += part.reclassified;
  sum.partial = sum.partial || part.partial;
}

/// What was changed or traced meanwhile (by another process, too) may know more than the snapshot: then it is answered again, here.
Result<RetraceSummary> write_group(const Desk& desk, storage::Transaction& tx, const std::vector<Looked>& group) {
  RetraceSummary sum;
  std::vector<std::string> unchanged;
  TRY(store::hold_turn(tx));
  for (const Looked& looked : group) {
    TRY_ASSIGN(auto now, store::find_case(tx, looked.row.case_id));
    if (!now) continue;
    RetraceSummary part{.contacts = looked.row.contacts, .partial = looked.row.partial};
    store::CaseRow mine = looked.row;
    if (now->version != mine.version || now->traces != mine.traces) {
      TRY_ASSIGN(part, retrace_in(desk, tx, *now));
    } else if (looked.found) {
      TRY_ASSIGN(part, write_found(desk, tx, mine, *looked.found));
    } else {
      unchanged.push_back(mine.case_id);
    }
    add(sum, part);
  }
  TRY(store::mark_traced(tx, unchanged, desk.house.now()));
  return sum;
}

/// The questions are answered on a snapshot, so that the one writer waits for the writing only; all that differs is written at once.
Result<RetraceSummary> retrace_cases(const Desk& desk, const Act& act, const std::vector<std::string>& case_ids) {
  RetraceSummary sum;
  for (std::size_t next = 0; next < case_ids.size();) {
    TRY_ASSIGN(const auto group, desk.house.database.read_value([&](storage::Reader& r) { return look_at_group(desk, r, case_ids, next); }));
    TRY_ASSIGN(const RetraceSummary part, desk.house.database.write_value(act, [&](storage::Transaction& tx) { return write_group(desk, tx, group); }));
    add(sum, part);
  }
  return sum;
}

}  // namespace

Result<TraceResult> look(const Desk& desk, storage::Reader& reader, store::CaseRow& row) {
  TRY(find_person(desk, reader, row));
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  TraceRequest request{.case_id = row.case_id, .depth = row.depth};
  return answer_trace(reader, desk.doors, facts_of(row), policy, request);
}

Result<RetraceSummary> retrace_in(const Desk& desk, storage::Transaction& tx, store::CaseRow& row, const FoundBefore* before) {
  TRY_ASSIGN(const std::int64_t turn, store::hold_turn(tx));
  if (before != nullptr && before->turn == turn) return write_found(desk, tx, row, before->found);
  TRY_ASSIGN(const TraceResult found, look(desk, tx, row));
  return write_found(desk, tx, row, found);
}

Result<RetraceSummary> retrace(const Desk& desk, const Act& act, const std::string& case_id) {
  TRY_ASSIGN(const auto held, desk.house.database.read_value([&](storage::Reader& r) { return store::find_case(r, case_id); }));
  if (!held) return not_found("tracing.not_found");
  return retrace_cases(desk, act, {case_id});
}

Result<void> ask_for_retrace(const Desk& desk, storage::Transaction& tx, Instant not_before) {
  TRY_ASSIGN(const bool first, store::claim_retrace(tx));
  return first ? desk.house.bus.schedule(tx, "tracing.retrace", {}, not_before) : Result<void>();
}

Result<void> retrace_open_cases(const Desk& desk, const Act& act) {
  TRY_ASSIGN(const auto cases, desk.house.database.read_value([](storage::Reader& r) { return store::open_cases(r); }));
  TRY(retrace_cases(desk, act, cases));
  return {};
}

}  // namespace motcua::tracing
