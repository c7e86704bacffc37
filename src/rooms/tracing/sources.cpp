// Places of most contacts, and from whom a case may have it.
#include <algorithm>

#include "rooms/tracing/inquiry_cases.hpp"
#include "rooms/tracing/rules.hpp"

namespace motcua::tracing {
namespace {

constexpr int source_depth = 2;       // the one she has it from, and the one before, when the first was never found

Result<Places> read_places(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(const AskedCase asked, ask_case(desk, reader, asker, case_id));
  const TraceRequest request{.case_id = case_id, .depth = asked.row.depth, .names = false};
  TRY_ASSIGN(const TraceResult found, answer_visible(desk, reader, asked, facts_of(asked.row), request));
  std::map<std::pair<std::string, std::string>, PlaceShare> shares;
  for (const TraceContact& c : found.contacts) {
    const Step& last = c.path.back();
    PlaceShare& share = shares[{last.place_code, last.place_code.empty() ? last.kind : ""}];
    if (share.contacts == 0) share = {last.place_code, last.place_name, last.kind, 0, 0, 0, last.start, last.end};
    ++share.contacts;
    if (c.level == 1) ++share.f1;
    share.first_at = std::min(share.first_at, last.start);
    share.last_at = std::max(share.last_at, last.end);
  }
  Places out{case_id, {}, static_cast<std::int64_t>(found.contacts.size()), 0, found.partial};
  for (auto& [key, share] : shares) {
    share.share = static_cast<double>(share.contacts) / static_cast<double>(out.contacts);
    out.rows.push_back(std::move(share));
  }
  std::stable_sort(out.rows.begin(), out.rows.end(), [](const PlaceShare& a, const PlaceShare& b) { return std::tie(a.contacts, a.f1) > std::tie(b.contacts, b.f1); });
  for (; out.rows.size() > places_max; out.rows.pop_back()) out.left_out += out.rows.back().contacts;
  return out;
}

/// Her own case, and whose contact she is: of the cases the asker may see.
Result<void> put_cases(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id, std::vector<SourceCandidate>& rows) {
  std::vector<std::string> ids;
  std::map<std::string, SourceCandidate*> by_person;
  for (auto& r : rows) {
    ids.push_back(r.contact.person_id);
    by_person[r.contact.person_id] = &r;
  }
  TRY_ASSIGN(const auto links, store::links_of(reader, ids));
  std::map<std::string, std::optional<store::CaseRow>> cases;
  for (const CaseLink& link : links) {
    if (link.case_id == case_id || link.level > 1) continue;
    const auto [known, is_new] = cases.try_emplace(link.case_id);
    if (is_new) {
      store::Wards wards;
      auto row = get_visible_case(desk, reader, asker, link.case_id, wards);
      if (row) known->second = std::move(*row);
      else if (row.failure().kind != FailureKind::not_found) return row.failure();
    }
    if (!known->second) continue;
    SourceCandidate& candidate = *by_person.at(link.person_id);
    if (link.level == 1) ++candidate.other_cases;
    else if (candidate.case_id.empty()) {
      candidate.case_id = link.case_id;
      candidate.onset = known->second->onset;
      candidate.sampled_at = known->second->sampled_at;
    }
  }
  return {};
}

Result<Sources> read_sources(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(const AskedCase asked, ask_case(desk, reader, asker, case_id));
  const TraceRequest request{.case_id = case_id, .depth = source_depth, .direction = Direction::backward};
  TRY_ASSIGN(TraceResult found, answer_visible(desk, reader, asked, facts_of(asked.row), request));
  Sources out{case_id, {}, 0, found.partial};
  for (TraceContact& c : found.contacts) {
    const double strength = strength_of(c.path);
    out.rows.push_back({std::move(c), "", std::nullopt, std::nullopt, 0, strength});
  }
  TRY(put_cases(desk, reader, asker, case_id, out.rows));
  std::sort(out.rows.begin(), out.rows.end(), [](const SourceCandidate& a, const SourceCandidate& b) {
    const bool a_unknown = a.case_id.empty(), b_unknown = b.case_id.empty();
    return std::tie(a_unknown, a.contact.level, b.other_cases, b.strength, a.contact.person_id) <
           std::tie(b_unknown, b.contact.level, a.other_cases, a.strength, b.contact.person_id);
  });
  if (out.rows.size() > candidates_max) {
    out.left_out = static_cast<std::int64_t>(out.rows.size()) - candidates_max;
    out.rows.resize(candidates_max);
  }
  return out;
}

}  // namespace

Result<AskedCase> ask_case(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  AskedCase asked;
  TRY_ASSIGN(asked.row, get_visible_case(desk, reader, asker, case_id, asked.wards));
  TRY_ASSIGN(asked.policy, policy_of(desk, asked.row, ""));
  return asked;
}

Result<TraceResult> answer_visible(const Desk& desk, storage::Reader& reader, const AskedCase& asked, const CaseFacts& facts, const TraceRequest& request) {
  TRY_ASSIGN(TraceResult found, answer_trace(reader, desk.doors, facts, asked.policy, request));
  std::erase_if(found.contacts, [&](const TraceContact& c) { return !sees(asked.wards, c.ward_code); });
  return found;
}

Result<Places> list_places(const Desk& desk, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(auto out, desk.house.database.read_value([&](storage::Reader& reader) { return read_places(desk, reader, asker, case_id); }));
  TRY(record(desk, asker.act, {read_note(case_id, "", "")}));
  return out;
}

Result<Sources> list_sources(const Desk& desk, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(auto out, desk.house.database.read_value([&](storage::Reader& reader) { return read_sources(desk, reader, asker, case_id); }));
  std::vector<AuditNote> notes{read_note(case_id, "", "")};
  for (const auto& r : out.rows) notes.push_back(read_note(case_id, r.contact.person_id, r.contact.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return out;
}

}  // namespace motcua::tracing
