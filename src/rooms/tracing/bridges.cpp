// Cases that share contacts, and the people who link two of them.
#include <algorithm>

#include "rooms/tracing/inquiry_cases.hpp"

namespace motcua::tracing {
namespace {

Result<CaseSummary> summary_of(const Desk& desk, storage::Reader& reader, const store::CaseRow& row, const store::Wards& wards) {
  const std::string ids[] = {row.person_id}, cases[] = {row.case_id};
  TRY_ASSIGN(const auto persons, desk.doors.identity.summaries(reader, ids));
  TRY_ASSIGN(const auto counts, store::case_counts(reader, cases, wards));
  return to_summary(row, counts.at(row.case_id), persons.empty() ? nullptr : &persons.front());
}

Result<std::vector<LinkedCase>> read_linked_cases(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(const AskedCase asked, ask_case(desk, reader, asker, case_id));
  TRY_ASSIGN(const auto sharing, store::cases_sharing(reader, asked.wards, case_id, linked_cases_max));
  std::vector<LinkedCase> linked;
  for (const auto& [id, shared] : sharing) {
    store::Wards wards;
    const auto row = get_visible_case(desk, reader, asker, id, wards);
    if (!row && row.failure().kind == FailureKind::not_found) continue;
    if (!row) return row.failure();
    TRY_ASSIGN(auto summary, summary_of(desk, reader, *row, wards));
    linked.push_back({std::move(summary), shared});
  }
  return linked;
}

/// Class of a person on a case's stored list; 0 when she is not on it, or not the asker's to see.
Result<int> level_of(storage::Reader& reader, const AskedCase& asked, const std::string& person_id) {
  const std::string ids[] = {person_id};
  TRY_ASSIGN(const auto found, store::contacts_of_persons(reader, asked.row.case_id, ids));
  const auto held = found.find(person_id);
  return held != found.end() && sees(asked.wards, held->second.ward_code) ? held->second.level : 0;
}

/// The rows of these persons on one list, in the order asked for.
Result<std::vector<ContactRow>> rows_in_order(const Desk& desk, storage::Reader& reader, const store::CaseRow& row, const std::vector<std::string>& persons) {
  TRY_ASSIGN(const auto found, store::contacts_of_persons(reader, row.case_id, persons));
  std::vector<store::ContactRecord> records;
  for (const std::string& person : persons) records.push_back(found.at(person));
  return rows_of(desk, reader, records, row);
}

Result<Bridges> read_bridges(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id, const std::string& other_case_id) {
  TRY_ASSIGN(const AskedCase here, ask_case(desk, reader, asker, case_id));
  TRY_ASSIGN(const AskedCase there, ask_case(desk, reader, asker, other_case_id));
  Bridges out;
  TRY_ASSIGN(out.here, summary_of(desk, reader, here.row, here.wards));
  TRY_ASSIGN(out.there, summary_of(desk, reader, there.row, there.wards));
  TRY_ASSIGN(out.here_is, level_of(reader, there, here.row.person_id));
  TRY_ASSIGN(out.there_is, level_of(reader, here, there.row.person_id));
  store::Wards both = here.wards;                       // people whose ward nobody knows: of those who see both cases' own wards
  if (!both.all) std::erase_if(both.codes, [&](const std::string& ward) { return !sees(there.wards, ward); });
  TRY_ASSIGN(auto persons, store::persons_shared(reader, both, case_id, other_case_id));
  out.total = static_cast<std::int64_t>(persons.size());
  if (persons.size() > bridges_max) persons.resize(bridges_max);
  TRY_ASSIGN(auto rows_here, rows_in_order(desk, reader, here.row, persons));
  TRY_ASSIGN(auto rows_there, rows_in_order(desk, reader, there.row, persons));
  for (std::size_t i = 0; i < persons.size(); ++i) out.rows.push_back({std::move(rows_here[i]), std::move(rows_there[i])});
  return out;
}

}  // namespace

Result<std::vector<LinkedCase>> list_linked_cases(const Desk& desk, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(auto linked, desk.house.database.read_value([&](storage::Reader& reader) { return read_linked_cases(desk, reader, asker, case_id); }));
  std::vector<AuditNote> notes{read_note(case_id, "", "")};
  for (const LinkedCase& c : linked) notes.push_back(read_note(c.summary.case_id, c.summary.person_id, c.summary.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return linked;
}

Result<Bridges> list_bridges(const Desk& desk, const Asker& asker, const std::string& case_id, const std::string& other_case_id) {
  if (case_id == other_case_id) return not_found("tracing.not_found");
  TRY_ASSIGN(auto out, desk.house.database.read_value([&](storage::Reader& reader) { return read_bridges(desk, reader, asker, case_id, other_case_id); }));
  std::vector<AuditNote> notes;
  for (const CaseSummary* c : {&out.here, &out.there}) notes.push_back(read_note(c->case_id, c->person_id, c->ward_code));
  for (const Bridge& b : out.rows) notes.push_back(read_note(b.here.contact_id, b.here.person_id, b.here.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return out;
}

}  // namespace motcua::tracing
