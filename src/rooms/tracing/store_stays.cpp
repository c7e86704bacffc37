#include "rooms/tracing/store_stays.hpp"

#include "rooms/tracing/store_facts.hpp"
#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {
namespace {

constexpr std::string_view stay_columns = "SELECT visit_id, source, reference, place_code, kind, from_at, to_at FROM tracing_visit ";

Stay to_stay(const storage::Row& r) {
  return {r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.instant(5), r.instant(6)};
}

NewVisit to_visit(const Stay& s) {
  NewVisit v;
  v.visit_id = s.stay_id;
  v.reference = s.reference;
  v.place_code = s.place_code;
  v.kind = s.kind;
  v.from = to_millis(s.from);
  v.to = to_millis(s.to);
  return v;
}

}  // namespace

Result<void> save_stays(storage::Transaction& tx, std::span<const Stay> stays, Instant now) {
  std::map<std::string, std::vector<NewVisit>> by_source;
  for (const Stay& s : stays) by_source[s.source].push_back(to_visit(s));
  for (const auto& [source, visits] : by_source) TRY(save_visits(tx, source, visits, now));
  return {};
}

Result<bool> withdraw_stay(storage::Transaction& tx, const Stay& stay, Instant now) {
  TRY_ASSIGN(const auto rows, tx.execute("UPDATE tracing_visit SET superseded_at = $1 WHERE reference = $2 AND from_at = $3 AND source = $4 AND visit_id = $5 "
                                         "AND superseded_at IS NULL",
                                         {now, stay.reference, stay.from, stay.source, stay.stay_id}));
  return rows > 0;
}

Result<std::optional<Stay>> find_stay(storage::Reader& reader, const std::string& source, const std::string& stay_id) {
  return reader.find(std::string(stay_columns) + "WHERE visit_id = $1 AND source = $2 AND superseded_at IS NULL", {stay_id, source}, to_stay);
}

Result<std::vector<Stay>> stays_of(storage::Reader& reader, std::span<const std::string> references, Instant from, Instant to) {
  std::vector<Stay> stays;
  TRY(query_in(reader, references, {from, to},
               [](const std::string& in) {
                 return std::string(stay_columns) + "WHERE from_at >= $1 AND from_at < $2 AND superseded_at IS NULL AND reference IN (" + in + ")";
               },
               [&](const storage::Row& r) { stays.push_back(to_stay(r)); }));
  std::sort(stays.begin(), stays.end(), [](const Stay& a, const Stay& b) { return a.from != b.from ? a.from > b.from : a.stay_id < b.stay_id; });
  return stays;
}

Result<std::int64_t> count_stays(storage::Reader& reader, const std::string& place_code, const std::string& source, Instant from, Instant to) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM tracing_visit WHERE place_code = $1 AND is_long IN (0, 1) AND from_at >= $2 AND from_at < $3 "
                                       "AND superseded_at IS NULL AND source LIKE $4",
                                       {place_code, from, to, source + "%"}, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<void> save_place(storage::Transaction& tx, const Place& p) {
  TRY(tx.execute("INSERT INTO tracing_place (place_code, name, ward_code, kind) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (place_code) DO UPDATE SET name = excluded.name, ward_code = excluded.ward_code, kind = excluded.kind",
                 {p.place_code, p.name, p.ward_code, p.kind}));
  return {};
}

Result<Watch> watch_of(storage::Reader& reader, const std::string& case_id) {
  Watch watch;
  TRY(reader.query("SELECT key, from_at, to_at FROM tracing_watch WHERE case_id = $1", {case_id},
                   [&](const storage::Row& r) { watch[r.string(0)] = {r.integer(1), r.integer(2)}; }));
  return watch;
}

Result<void> save_watch(storage::Transaction& tx, const std::string& case_id, const Watch& before, const Watch& after) {
  std::vector<storage::Values> gone, put;
  for (const auto& [key, window] : before)
    if (!after.contains(key)) gone.push_back({key, case_id});
  for (const auto& [key, window] : after)
    if (const auto was = before.find(key); was == before.end() || was->second != window) put.push_back({key, case_id, window.from, window.to});
  if (!gone.empty()) TRY(tx.execute_many("DELETE FROM tracing_watch WHERE key = $1 AND case_id = $2", gone));
  if (!put.empty())
    TRY(tx.execute_many("INSERT INTO tracing_watch (key, case_id, from_at, to_at) VALUES ($1, $2, $3, $4) "
                        "ON CONFLICT (key, case_id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at", put));
  return {};
}

Result<bool> is_watched(storage::Reader& reader, const Stay& stay) {
  TRY_ASSIGN(const auto found, reader.find("SELECT 1 FROM tracing_watch WHERE key IN ($1, $2, $3) AND from_at < $4 AND to_at > $5 LIMIT 1",
                                           {watched_place(stay.place_code), stay.reference, watch_everything, stay.to, stay.from},
                                           [](const storage::Row&) { return true; }));
  return found.has_value();
}

}  // namespace motcua::tracing::store
