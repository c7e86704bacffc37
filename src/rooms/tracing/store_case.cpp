#include "rooms/tracing/store.hpp"
#include "rooms/tracing/store_where.hpp"

namespace motcua::tracing::store {
namespace {

constexpr const char* columns =
    "case_id, subject, person_id, ward_code, search_text, policy, state, sampled_at, confirmed_at, onset, isolated_at, source_contact_at, traced_at, depth, "
    "partial, contacts, version, traces";

std::optional<std::string> to_text(const std::optional<Date>& d) {
  if (!d) return std::nullopt;
  return to_iso(vietnam_midnight(*d)).substr(0, 10);
}

std::optional<Date> to_date(std::string_view text) {
  const auto d = parse_date(text);
  if (!d || !d->full()) return std::nullopt;
  return Date{std::chrono::year{d->year}, std::chrono::month{static_cast<unsigned>(d->month)}, std::chrono::day{static_cast<unsigned>(d->day)}};
}

CaseRow to_row(const storage::Row& r) {
  CaseRow c;
  c.case_id = r.string(0);
  c.subject = r.string(1);
  c.person_id = r.string(2);
  c.ward_code = r.string(3);
  c.search_text = r.string(4);
  c.policy = r.string(5);
  c.state = r.string(6);
  c.sampled_at = r.instant(7);
  c.confirmed_at = r.instant(8);
  if (!r.is_null(9)) c.onset = to_date(r.text(9));
  c.isolated_at = r.optional_instant(10);
  c.source_contact_at = r.optional_instant(11);
  c.traced_at = r.optional_instant(12);
  c.depth = static_cast<int>(r.integer(13));
  c.partial = r.integer(14) != 0;
  c.contacts = r.integer(15);
  c.version = static_cast<int>(r.integer(16));
  c.traces = r.integer(17);
  return c;
}

}  // namespace

Result<void> insert_case(storage::Transaction& tx, const CaseRow& c) {
  TRY(tx.execute(std::string("INSERT INTO tracing_case (") + columns + ") VALUES (" + placeholders(1, 18) + ")",
                 {c.case_id, c.subject, c.person_id, c.ward_code, c.search_text, c.policy, c.state, c.sampled_at, c.confirmed_at, to_text(c.onset),
                  c.isolated_at, c.source_contact_at, c.traced_at, c.depth, c.partial, c.contacts, c.version, c.traces}));
  return {};
}

Result<std::int64_t> update_case(storage::Transaction& tx, const CaseRow& c, int version_seen) {
  return tx.execute("UPDATE tracing_case SET onset = $1, isolated_at = $2, source_contact_at = $3, state = $4, policy = $5, version = version + 1 "
                    "WHERE case_id = $6 AND version = $7",
                    {to_text(c.onset), c.isolated_at, c.source_contact_at, c.state, c.policy, c.case_id, version_seen});
}

Result<void> save_traced(storage::Transaction& tx, const CaseRow& c) {
  TRY(tx.execute("UPDATE tracing_case SET person_id = $1, ward_code = $2, search_text = $3, traced_at = $4, depth = $5, partial = $6, contacts = $7, traces = traces + 1 WHERE case_id = $8",
                 {c.person_id, c.ward_code, c.search_text, c.traced_at, c.depth, c.partial, c.contacts, c.case_id}));
  return {};
}

Result<std::optional<CaseRow>> find_case(storage::Reader& reader, const std::string& case_id) {
  return reader.find(std::string("SELECT ") + columns + " FROM tracing_case WHERE case_id = $1", {case_id}, to_row);
}

Result<std::optional<std::string>> find_case_of(storage::Reader& reader, std::span<const std::string> subjects, Instant sampled_at) {
  std::optional<std::string> found;
  TRY(query_in(reader, subjects, {sampled_at},
               [](const std::string& in) { return "SELECT case_id FROM tracing_case WHERE sampled_at = $1 AND subject IN (" + in + ")"; },
               [&](const storage::Row& r) { found = r.string(0); }));
  return found;
}

Result<void> mark_traced(storage::Transaction& tx, const std::vector<std::string>& case_ids, Instant now) {
  std::vector<storage::Values> sets;
  for (const std::string& id : case_ids) sets.push_back({now, id});
  if (!sets.empty()) TRY(tx.execute_many("UPDATE tracing_case SET traced_at = $1, traces = traces + 1 WHERE case_id = $2", sets));
  return {};
}

Result<std::vector<std::string>> open_cases(storage::Reader& reader) {
  return reader.list("SELECT case_id FROM tracing_case WHERE state = 'open' ORDER BY confirmed_at, case_id", {}, [](const storage::Row& r) { return r.string(0); });
}

Result<std::vector<CaseRow>> list_cases(storage::Reader& reader, const Wards& wards, const CaseQuery& query, std::int64_t& total) {
  Where where;
  if (!query.state.empty()) where.add("state = $", query.state);
  if (!query.search_text.empty()) where.add("search_text LIKE $ ESCAPE '!'", like_pattern(query.search_text));
  if (!wards.all) {
    const std::string own = where.in("ward_code", wards.codes);
    const std::string led_to = where.in("ward_code", wards.codes);
    where.join("(" + own + " OR case_id IN (SELECT case_id FROM tracing_case_ward WHERE " + led_to + "))");
  }
  TRY_ASSIGN(total, count_rows(reader, "tracing_case", where));
  std::string sql = std::string("SELECT ") + columns + " FROM tracing_case" + where.sql() + " ORDER BY confirmed_at DESC, case_id";
  sql += where.page(query.page, query.page_size);
  return reader.list(sql, where.values(), to_row);
}

Result<std::map<std::string, CaseCounts>> case_counts(storage::Reader& reader, std::span<const std::string> case_ids, const Wards& wards) {
  std::map<std::string, CaseCounts> counts;
  for (const std::string& id : case_ids) {      // a page of them
    Where where;
    where.add("case_id = $", id);
    where.within(wards, "ward_code");
    CaseCounts& c = counts[id];
    TRY(reader.query("SELECT SUM(contacts), SUM(f1) FROM tracing_case_ward" + where.sql(), where.values(), [&](const storage::Row& r) {
      c.contacts = r.integer(0);
      c.f1 = r.integer(1);
    }));
    where.join("state IN ('open', 'trying', 'appointment')");
    TRY_ASSIGN(c.waiting, count_rows(reader, "tracing_task", where));
  }
  return counts;
}

Result<std::vector<std::string>> wards_in_use(storage::Reader& reader, const std::string& case_id) {
  const auto text = [](const storage::Row& r) { return r.string(0); };
  if (!case_id.empty())
    return reader.list("SELECT ward_code FROM tracing_case_ward WHERE case_id = $1 UNION SELECT ward_code FROM tracing_case WHERE case_id = $1", {case_id}, text);
  return reader.list("SELECT DISTINCT ward_code FROM tracing_case_ward UNION SELECT DISTINCT ward_code FROM tracing_case", {}, text);
}

Result<bool> claim_retrace(storage::Transaction& tx) {
  TRY_ASSIGN(const std::int64_t changed, tx.execute("UPDATE tracing_retrace SET scheduled = 1 WHERE id = 1 AND scheduled = 0", {}));
  return changed == 1;
}

Result<void> begin_retrace(storage::Transaction& tx) {
  TRY(tx.execute("UPDATE tracing_retrace SET scheduled = 0, turn = turn + 1 WHERE id = 1", {}));
  return {};
}

Result<std::int64_t> read_turn(storage::Reader& reader) {
  TRY_ASSIGN(const auto turn, reader.find("SELECT turn FROM tracing_retrace WHERE id = 1", {}, [](const storage::Row& r) { return r.integer(0); }));
  return turn.value_or(0);
}

Result<std::int64_t> hold_turn(storage::Transaction& tx) {
  TRY(tx.execute("UPDATE tracing_retrace SET turn = turn WHERE id = 1", {}));
  return read_turn(tx);
}

Result<void> rebuild_case_wards(storage::Transaction& tx, const std::string& case_id) {
  TRY(tx.execute("DELETE FROM tracing_case_ward WHERE case_id = $1", {case_id}));
  TRY(tx.execute("INSERT INTO tracing_case_ward (case_id, ward_code, contacts, f1) SELECT case_id, ward_code, COUNT(*), "
                 "SUM(CASE WHEN level = 1 THEN 1 ELSE 0 END) FROM tracing_contact WHERE case_id = $1 GROUP BY case_id, ward_code", {case_id}));
  return {};
}

}  // namespace motcua::tracing::store
