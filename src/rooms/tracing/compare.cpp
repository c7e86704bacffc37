// One case asked twice: then beside now, or as it is beside as it would be.
#include <algorithm>

#include "rooms/tracing/inquiry_cases.hpp"

namespace motcua::tracing {
namespace {

constexpr Change all_changes[] = {Change::reclassified, Change::added, Change::gone, Change::same};

/// The same case with its first symptoms on another day.
CaseFacts moved(const CaseFacts& facts, int days) {
  CaseFacts out = facts;
  const Date base = facts.onset.value_or(vietnam_date(facts.sampled_at));
  out.onset = Date{std::chrono::sys_days(base) + std::chrono::days(days)};
  return out;
}

Change change_of(int before, int after) {
  if (before == 0) return Change::added;
  if (after == 0) return Change::gone;
  return before == after ? Change::same : Change::reclassified;
}

std::vector<ComparedContact> hold_against(std::vector<TraceContact> before, std::vector<TraceContact> after) {
  std::map<std::string, TraceContact*> known;
  for (TraceContact& c : before) known[c.person_id] = &c;
  std::vector<ComparedContact> rows;
  rows.reserve(after.size());
  for (TraceContact& c : after) {
    const auto held = known.find(c.person_id);
    const int level = held == known.end() ? 0 : held->second->level;
    if (held != known.end()) known.erase(held);
    rows.push_back({change_of(level, c.level), level, c.level, "", std::move(c)});
  }
  for (auto& [person, c] : known) rows.push_back({Change::gone, c->level, 0, "", std::move(*c)});
  std::sort(rows.begin(), rows.end(), [](const ComparedContact& a, const ComparedContact& b) {
    return std::tie(a.change, a.contact.level, b.contact.minutes, a.contact.person_id) < std::tie(b.change, b.contact.level, a.contact.minutes, b.contact.person_id);
  });
  return rows;
}

void cut_to_page(Comparison& out, const CompareRequest& request) {
  for (const Change change : all_changes)
    out.by_change.push_back({std::string(to_text(change)), std::count_if(out.rows.begin(), out.rows.end(), [&](const auto& r) { return r.change == change; })});
  if (!request.change.empty()) std::erase_if(out.rows, [&](const ComparedContact& r) { return to_text(r.change) != request.change; });
  out.total = static_cast<std::int64_t>(out.rows.size());
  const std::size_t size = static_cast<std::size_t>(std::clamp(request.page_size, 1, page_size_max));
  const std::size_t begin = std::min(out.rows.size(), static_cast<std::size_t>(std::max(request.page, 1) - 1) * size);
  out.rows.erase(out.rows.begin() + static_cast<std::ptrdiff_t>(std::min(out.rows.size(), begin + size)), out.rows.end());
  out.rows.erase(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(begin));
}

Result<Comparison> read_comparison(const Desk& desk, storage::Reader& reader, const Asker& asker, const CompareRequest& request) {
  TRY_ASSIGN(const AskedCase asked, ask_case(desk, reader, asker, request.case_id));
  const CaseFacts now = facts_of(asked.row);
  const CaseFacts after_facts = request.as_of ? now : moved(now, request.onset_days);
  TraceRequest then{.case_id = request.case_id, .depth = asked.row.depth, .as_of = request.as_of};
  TraceRequest today{.case_id = request.case_id, .depth = asked.row.depth};
  TRY_ASSIGN(auto before, answer_visible(desk, reader, asked, now, then));
  TRY_ASSIGN(auto after, answer_visible(desk, reader, asked, after_facts, today));
  Comparison out;
  out.case_id = request.case_id;
  out.case_person_id = asked.row.person_id;
  out.partial = before.partial || after.partial;
  if (!request.as_of) out.onset = after_facts.onset;
  const auto period = decide_infectious_period(asked.policy, after_facts.onset, now.sampled_at, now.isolated_at, now.source_contact_at);
  out.infectious_from = period.from;
  out.infectious_to = period.to;
  out.rows = hold_against(std::move(before.contacts), std::move(after.contacts));
  cut_to_page(out, request);
  for (ComparedContact& r : out.rows)
    if ((request.as_of ? r.level_after : r.level_before) > 0) r.contact_id = contact_id_of(desk, request.case_id, r.contact.person_id);
  return out;
}

}  // namespace

std::string_view to_text(Change change) {
  switch (change) {
    case Change::reclassified: return "reclassified";
    case Change::added: return "added";
    case Change::gone: return "gone";
    case Change::same: break;
  }
  return "same";
}

Result<Comparison> compare(const Desk& desk, const Asker& asker, const CompareRequest& request) {
  if (request.onset_days < -onset_days_max || request.onset_days > onset_days_max)
    return invalid("tracing.number_out_of_range", "days", {{"min", std::to_string(-onset_days_max)}, {"max", std::to_string(onset_days_max)}});
  TRY_ASSIGN(auto out, desk.house.database.read_value([&](storage::Reader& reader) { return read_comparison(desk, reader, asker, request); }));
  std::vector<AuditNote> notes{read_note(out.case_id, out.case_person_id, "")};
  for (const auto& r : out.rows) notes.push_back(read_note(out.case_id, r.contact.person_id, r.contact.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return out;
}

}  // namespace motcua::tracing
