// The stored list: pages, one contact, export.
#include <algorithm>
#include <set>

#include "platform/auth/colleagues.hpp"
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/encode.hpp"
#include "rooms/tracing/rules.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing {
namespace {

constexpr std::string_view sorts[] = {"class", "minutes", "name", "ward", "last_contact", "due"};

Result<store::ContactQuery> to_query(const ContactFilter& f) {
  store::ContactQuery q;
  q.case_id = f.case_id;
  if (!f.class_name.empty()) {
    TRY_ASSIGN(q.level, level_of_class(f.class_name));
  }
  if (std::find(std::begin(sorts), std::end(sorts), f.sort) == std::end(sorts)) return invalid("tracing.sort_unknown", "sort");
  q.ward_code = f.ward_code;
  q.state = f.state;
  q.search_text = search_text_of(f.search);
  q.sort = f.sort;
  q.descending = f.descending;
  q.page = f.page;
  q.page_size = std::clamp(f.page_size, 1, page_size_max);
  return q;
}

void fill(ContactRow& row, const Desk& desk, const store::ContactRecord& r, const std::string& case_person) {
  row.contact_id = r.contact_id;
  row.person_id = r.person_id;
  row.level = r.level;
  row.class_name = "F" + std::to_string(r.level);
  row.ward_code = r.ward_code;
  row.first_contact_at = r.first_at;
  row.last_contact_at = r.last_at;
  row.minutes = r.minutes;
  row.evidence = decode_list(r.evidence);
  row.via_person_id = r.via_person;
  if (r.via_person != case_person) row.via_contact_id = contact_id_of(desk, r.case_id, r.via_person);
  row.reason = decode_sentence(r.reason);
  row.state = r.state;
  row.task_id = r.task_id;
  row.assignee = r.assignee;
  row.due_at = r.due_at;
}

void fill_person(ContactRow& row, const std::map<std::string, identity::PersonSummary>& persons) {
  const auto known = persons.find(row.person_id);
  if (known == persons.end()) return;
  row.full_name = known->second.full_name;
  row.phone = known->second.phone;
  row.birth = known->second.birth;
  row.sex = known->second.sex;
}

Result<ContactView> read_contact(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& contact_id) {
  store::Wards wards;
  TRY_ASSIGN(const auto record, get_visible_contact(desk, reader, asker, contact_id, wards));
  TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, record.case_id, wards));
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  ContactView view;
  fill(view, desk, record, row.person_id);
  view.case_id = record.case_id;
  view.path = decode_steps(record.path);
  view.risk = decide_risk(policy, view.path);
  view.earliest_path = decode_steps(record.earliest_path);
  view.exposed_at = record.exposed_at;
  if (const QuarantineRule* rule = policy.rule_for(record.level, vietnam_date(row.sampled_at))) view.order = *rule;
  std::set<std::string> ids{record.person_id, row.person_id};
  for (const auto& path : {view.path, view.earliest_path})
    for (const Step& s : path) ids.insert({s.from_person, s.to_person});
  const std::vector<std::string> wanted(ids.begin(), ids.end());
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, wanted));
  const auto persons = by_id(std::move(summaries));
  fill_person(view, persons);
  for (const auto& [id, person] : persons)
    if (id == record.person_id || sees(wards, person.ward_code)) view.names.emplace(id, person.full_name);
  if (const auto self = persons.find(record.person_id); self != persons.end()) view.address = self->second.address;
  TRY_ASSIGN(const auto subjects, desk.doors.identity.subjects_of(reader, record.person_id));
  TRY_ASSIGN(view.isolated_at, store::isolation_of(reader, subjects));
  return view;
}

std::string export_header(const Say& say) {
  std::string out;
  for (const char* column : {"class", "full_name", "phone", "birth", "sex", "ward", "first_contact", "last_contact", "minutes", "evidence", "reason", "risk", "state", "assignee", "due"})
    out += (out.empty() ? "" : ",") + csv_field(say(std::string("tracing.column_") + column, {}));
  return out + "\r\n";
}

std::string export_row(const ContactRow& c, const Say& say) {
  std::string evidence;
  for (const std::string& kind : c.evidence) evidence += (evidence.empty() ? "" : "; ") + say("tracing.kind_" + kind, {});
  std::string out;
  for (const std::string& field : {c.class_name, c.full_name.reveal(), c.phone.reveal(), c.birth, c.sex.empty() ? std::string() : say("tracing.sex_" + c.sex, {}), c.ward_code,
                                   to_iso(c.first_contact_at), to_iso(c.last_contact_at), std::to_string(static_cast<std::int64_t>(c.minutes)), evidence,
                                   say_sentence(say, c.reason), say("tracing.risk_" + c.risk, {}), say("tracing.state_" + c.state, {}), c.assignee_name.reveal(), c.due_at ? to_iso(*c.due_at) : std::string()})
    out += (out.empty() ? "" : ",") + csv_field(field);
  return out + "\r\n";
}

}  // namespace

Result<std::vector<ContactRow>> rows_of(const Desk& desk, storage::Reader& reader, const std::vector<store::ContactRecord>& records, const store::CaseRow& row) {
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  std::vector<std::string> ids;
  ids.reserve(records.size());
  for (const auto& r : records) ids.push_back(r.person_id);
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, ids));
  const auto persons = by_id(std::move(summaries));
  std::vector<std::string> accounts;
  for (const auto& r : records)
    if (!r.assignee.empty()) accounts.push_back(r.assignee);
  TRY_ASSIGN(const auto names, auth::names_of(reader, accounts));
  std::vector<ContactRow> rows(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    fill(rows[i], desk, records[i], row.person_id);
    rows[i].risk = decide_risk(policy, decode_steps(records[i].path));
    fill_person(rows[i], persons);
    if (const auto known = names.find(rows[i].assignee); known != names.end()) rows[i].assignee_name = known->second;
  }
  return rows;
}

Result<ContactPage> list_contacts(const Desk& desk, const Asker& asker, const ContactFilter& filter) {
  TRY_ASSIGN(const store::ContactQuery query, to_query(filter));
  TRY_ASSIGN(ContactPage page, desk.house.database.read_value([&](storage::Reader& reader) -> Result<ContactPage> {
    ContactPage out;
    store::Wards wards;
    TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, filter.case_id, wards));
    TRY_ASSIGN(const auto records, store::list_contacts(reader, wards, query, &out.total));
    TRY_ASSIGN(out.rows, rows_of(desk, reader, records, row));
    return out;
  }));
  std::vector<AuditNote> notes;
  for (const ContactRow& c : page.rows) notes.push_back(read_note(c.contact_id, c.person_id, c.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return page;
}

Result<ContactView> get_contact(const Desk& desk, const Asker& asker, const std::string& contact_id) {
  TRY_ASSIGN(ContactView view, desk.house.database.read_value([&](storage::Reader& reader) { return read_contact(desk, reader, asker, contact_id); }));
  std::vector<AuditNote> notes{read_note(contact_id, view.person_id, view.ward_code)};
  for (const auto& [person, name] : view.names)
    if (person != view.person_id) notes.push_back(read_note(contact_id, person, ""));
  TRY(record(desk, asker.act, std::move(notes)));
  return view;
}

Result<std::string> export_contacts(const Desk& desk, const Asker& asker, const ContactFilter& filter) {
  TRY_ASSIGN(const store::ContactQuery query, to_query(filter));
  const Say say = say_in(desk, asker.lang);
  TRY_ASSIGN(const auto rows, desk.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<ContactRow>> {
    store::Wards wards;
    TRY_ASSIGN(const store::CaseRow row, get_visible_case(desk, reader, asker, filter.case_id, wards));
    TRY_ASSIGN(const auto records, store::list_contacts(reader, wards, query, nullptr));
    return rows_of(desk, reader, records, row);
  }));
  std::string csv = "\xEF\xBB\xBF" + export_header(say);      // the mark lets spreadsheets read Vietnamese
  std::vector<AuditNote> notes;
  for (const ContactRow& c : rows) {
    csv += export_row(c, say);
    notes.push_back(read_note(c.contact_id, c.person_id, c.ward_code));
  }
  TRY(record(desk, asker.act, std::move(notes)));
  return csv;
}

}  // namespace motcua::tracing
