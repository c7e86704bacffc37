#include "rooms/tracing/store.hpp"
#include "rooms/tracing/store_where.hpp"

namespace motcua::tracing::store {
namespace {

const std::vector<std::string> columns{"case_id", "person_id", "contact_id", "level", "ward_code", "search_text", "first_at", "last_at", "exposed_at", "minutes",
                                       "evidence", "via_person", "reason", "path", "earliest_path", "fingerprint", "task_id", "state", "assignee", "due_at"};
constexpr const char* select =
    "SELECT case_id, person_id, contact_id, level, ward_code, search_text, first_at, last_at, exposed_at, minutes, evidence, via_person, reason, path, "
    "earliest_path, fingerprint, task_id, state, assignee, due_at FROM tracing_contact";

ContactRecord to_record(const storage::Row& r) {
  ContactRecord c;
  c.case_id = r.string(0);
  c.person_id = r.string(1);
  c.contact_id = r.string(2);
  c.level = static_cast<int>(r.integer(3));
  c.ward_code = r.string(4);
  c.search_text = r.string(5);
  c.first_at = r.instant(6);
  c.last_at = r.instant(7);
  c.exposed_at = r.instant(8);
  c.minutes = r.real(9);
  c.evidence = r.string(10);
  c.via_person = r.string(11);
  c.reason = r.string(12);
  c.path = r.string(13);
  c.earliest_path = r.string(14);
  c.fingerprint = r.integer(15);
  c.task_id = r.string(16);
  c.state = r.string(17);
  c.assignee = r.string(18);
  c.due_at = r.optional_instant(19);
  return c;
}

/// A closed list: nothing of the request becomes SQL.
std::string order_by(const std::string& sort, bool descending) {
  const std::string down = descending ? " DESC" : "";
  if (sort == "minutes") return " ORDER BY minutes" + down + ", person_id";
  if (sort == "name") return " ORDER BY search_text" + down + ", person_id";
  if (sort == "ward") return " ORDER BY ward_code" + down + ", level, person_id";
  if (sort == "last_contact") return " ORDER BY last_at" + down + ", person_id";
  if (sort == "due") return " ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at" + down + ", person_id";
  if (descending) return " ORDER BY level DESC, minutes DESC, person_id";
  return " ORDER BY level, minutes DESC, person_id";
}

Where where_of(const Wards& wards, const ContactQuery& q) {
  Where where;
  where.add("case_id = $", q.case_id);
  if (q.level) where.add("level = $", *q.level);
  if (!q.via_person.empty()) where.add("via_person = $", q.via_person);
  if (!q.ward_code.empty()) where.add("ward_code = $", q.ward_code);
  if (!q.state.empty()) where.add("state = $", q.state);
  if (!q.search_text.empty()) where.add("search_text LIKE $ ESCAPE '!'", like_pattern(q.search_text));
  where.within(wards, "ward_code");
  return where;
}

}  // namespace

Result<std::map<std::string, KnownContact>> known_contacts(storage::Reader& reader, const std::string& case_id) {
  std::map<std::string, KnownContact> known;
  TRY(reader.query("SELECT person_id, fingerprint, level, task_id, state, assignee, due_at FROM tracing_contact WHERE case_id = $1", {case_id},
                   [&](const storage::Row& r) {
                     known[r.string(0)] = {r.integer(1), static_cast<int>(r.integer(2)), r.string(3), r.string(4), r.string(5), r.optional_instant(6)};
                   }));
  return known;
}

Result<void> delete_contacts(storage::Transaction& tx, const std::string& case_id, const std::vector<std::string>& person_ids) {
  std::vector<storage::Values> sets;
  for (const std::string& p : person_ids) sets.push_back({case_id, p});
  if (!sets.empty()) TRY(tx.execute_many("DELETE FROM tracing_contact WHERE case_id = $1 AND person_id = $2", sets));
  return {};
}

Result<void> insert_contacts(storage::Transaction& tx, const std::vector<ContactRecord>& rows) {
  std::vector<storage::Values> values;
  values.reserve(rows.size());
  for (const ContactRecord& c : rows)
    values.push_back({c.case_id, c.person_id, c.contact_id, c.level, c.ward_code, c.search_text, c.first_at, c.last_at, c.exposed_at, c.minutes,
                      c.evidence, c.via_person, c.reason, c.path, c.earliest_path, c.fingerprint, c.task_id, c.state, c.assignee, c.due_at});
  if (values.empty()) return {};
  return tx.bulk_insert("tracing_contact", columns, values);
}

Result<std::vector<ContactRecord>> list_contacts(storage::Reader& reader, const Wards& wards, const ContactQuery& q, std::int64_t* total) {
  Where where = where_of(wards, q);
  if (total == nullptr) return reader.list(select + where.sql() + order_by(q.sort, q.descending), where.values(), to_record);
  TRY_ASSIGN(*total, count_rows(reader, "tracing_contact", where));
  // The page's keys first, from an index or a narrow sort; the wide rows only for them.
  std::string keys = "SELECT person_id FROM tracing_contact" + where.sql() + order_by(q.sort, q.descending);
  keys += where.page(q.page, q.page_size);
  const std::string sql = std::string(select) + " WHERE case_id = $1 AND person_id IN (" + keys + ")" + order_by(q.sort, q.descending);
  return reader.list(sql, where.values(), to_record);
}

Result<std::optional<ContactRecord>> find_contact(storage::Reader& reader, const std::string& contact_id) {
  return reader.find(std::string(select) + " WHERE contact_id = $1", {contact_id}, to_record);
}

Result<std::map<std::string, ContactRecord>> contacts_of_persons(storage::Reader& reader, const std::string& case_id, std::span<const std::string> person_ids) {
  std::map<std::string, ContactRecord> found;
  TRY(query_in(reader, person_ids, {case_id},
               [](const std::string& in) { return std::string(select) + " WHERE case_id = $1 AND person_id IN (" + in + ")"; },
               [&](const storage::Row& r) { found[r.string(1)] = to_record(r); }));
  return found;
}

Result<std::vector<Count>> count_contacts(storage::Reader& reader, const std::string& case_id, const Wards& wards, CountBy by) {
  const std::string column = by == CountBy::level ? "level" : by == CountBy::state ? "state" : "ward_code";
  Where where;
  where.add("case_id = $", case_id);
  where.within(wards, "ward_code");
  return reader.list("SELECT " + column + ", COUNT(*) FROM tracing_contact" + where.sql() + " GROUP BY " + column + " ORDER BY " + column, where.values(),
                     [&](const storage::Row& r) {
                       return Count{by == CountBy::level ? "F" + std::to_string(r.integer(0)) : r.string(0), r.integer(1)};
                     });
}

Result<std::vector<std::pair<std::string, std::int64_t>>> cases_sharing(storage::Reader& reader, const Wards& wards, const std::string& case_id, int limit) {
  Where where;
  where.add("here.case_id = $", case_id);
  where.within(wards, "here.ward_code");
  std::string sql = "SELECT there.case_id, COUNT(*) FROM tracing_contact here JOIN tracing_contact there ON there.person_id = here.person_id AND there.case_id <> here.case_id" +
                    where.sql() + " GROUP BY there.case_id ORDER BY COUNT(*) DESC, there.case_id";
  sql += where.page(1, limit);
  return reader.list(sql, where.values(), [](const storage::Row& r) { return std::pair(r.string(0), r.integer(1)); });
}

Result<std::vector<std::string>> persons_shared(storage::Reader& reader, const Wards& wards, const std::string& case_id, const std::string& other_case_id) {
  Where where;
  where.add("here.case_id = $", case_id);
  where.add("there.case_id = $", other_case_id);
  where.within(wards, "here.ward_code");
  return reader.list("SELECT here.person_id FROM tracing_contact here JOIN tracing_contact there ON there.person_id = here.person_id" + where.sql() +
                     " ORDER BY here.level + there.level, here.minutes + there.minutes DESC, here.person_id", where.values(), [](const storage::Row& r) { return r.string(0); });
}

Result<std::vector<CaseLink>> links_of(storage::Reader& reader, std::span<const std::string> person_ids) {
  std::vector<CaseLink> links;
  TRY(query_in(reader, person_ids, {},
               [](const std::string& in) { return "SELECT DISTINCT case_id, person_id FROM tracing_case WHERE person_id IN (" + in + ")"; },
               [&](const storage::Row& r) { links.push_back({r.string(0), "", r.string(1), "F0", 0}); }));
  TRY(query_in(reader, person_ids, {},
               [](const std::string& in) { return "SELECT DISTINCT case_id, contact_id, person_id, level FROM tracing_contact WHERE person_id IN (" + in + ")"; },
               [&](const storage::Row& r) {
                 const int level = static_cast<int>(r.integer(3));
                 links.push_back({r.string(0), r.string(1), r.string(2), "F" + std::to_string(level), level});
               }));
  std::sort(links.begin(), links.end(), [](const CaseLink& a, const CaseLink& b) { return std::tie(a.level, a.case_id, a.person_id) < std::tie(b.level, b.case_id, b.person_id); });
  return links;
}

}  // namespace motcua::tracing::store
