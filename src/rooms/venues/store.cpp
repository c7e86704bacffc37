#include "rooms/venues/store.hpp"

namespace motcua::venues::store {
namespace {

constexpr std::string_view columns = "v.venue_id, v.keeper, v.name, v.kind, v.ward_code, v.address, v.code, v.short_code, v.made_at, v.closed_at ";
Venue to_venue(const storage::Row& r) {
  return {r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.string(5), r.string(6), r.string(7), r.instant(8), r.optional_instant(9)};
}
std::string select(std::string_view rest) { return "SELECT " + std::string(columns) + "FROM venues_venue v " + std::string(rest); }

}  // namespace

Result<void> put_venue(Transaction& tx, const Venue& v) {
  TRY(tx.execute("INSERT INTO venues_venue (venue_id, keeper, name, kind, ward_code, address, code, short_code, made_at, closed_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
                 {v.venue_id, v.keeper, v.name, v.kind, v.ward_code, v.address, v.code, v.short_code, v.made_at}));
  return {};
}

Result<std::optional<Venue>> find_venue(Reader& reader, std::string_view venue_id) { return reader.find(select("WHERE v.venue_id = $1"), {venue_id}, to_venue); }

Result<std::vector<Venue>> list_of_keeper(Reader& reader, std::string_view keeper, int limit) {
  return reader.list(select("WHERE v.keeper = $1 ORDER BY v.made_at DESC, v.venue_id LIMIT $2"), {keeper, limit}, to_venue);
}

Result<std::int64_t> count_of_keeper(Reader& reader, std::string_view keeper) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM venues_venue WHERE keeper = $1 AND closed_at IS NULL", {keeper}, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<std::vector<Venue>> list_of_wards(Reader& reader, const std::vector<std::string>& wards, int limit) {
  if (wards.empty()) return std::vector<Venue>{};
  std::string in;
  storage::Values values;
  for (const auto& ward : wards) {
    values.emplace_back(ward);
    in += (in.empty() ? "$" : ",$") + std::to_string(values.size());
  }
  values.emplace_back(limit);
  return reader.list(select("WHERE v.ward_code IN (" + in + ") ORDER BY v.made_at DESC, v.venue_id LIMIT $" + std::to_string(values.size())), values, to_venue);
}

Result<std::vector<std::string>> wards_in_use(Reader& reader) {
  return reader.list("SELECT DISTINCT ward_code FROM venues_venue", {}, [](const storage::Row& r) { return r.string(0); });
}

Result<std::optional<Code>> find_code(Reader& reader, std::string_view code) {
  return reader.find("SELECT " + std::string(columns) + ", c.ended_at FROM venues_code c JOIN venues_venue v ON v.venue_id = c.venue_id WHERE c.code = $1", {code},
                     [](const storage::Row& r) { return Code{to_venue(r), !r.is_null(10)}; });
}

Result<bool> put_code(Transaction& tx, std::string_view code, std::string_view venue_id, Instant now) {
  TRY_ASSIGN(const auto rows, tx.execute("INSERT INTO venues_code (code, venue_id, made_at, ended_at) VALUES ($1, $2, $3, NULL) ON CONFLICT (code) DO NOTHING", {code, venue_id, now}));
  return rows == 1;
}

Result<void> change_codes(Transaction& tx, const Venue& venue, std::string_view code, std::string_view short_code, Instant now) {
  for (const auto& old : {venue.code, venue.short_code}) TRY(tx.execute("UPDATE venues_code SET ended_at = $1 WHERE code = $2", {now, old}));
  TRY(tx.execute("UPDATE venues_venue SET code = $1, short_code = $2 WHERE venue_id = $3", {code, short_code, venue.venue_id}));
  return {};
}

Result<std::int64_t> close(Transaction& tx, const Venue& venue, Instant now) {
  return tx.execute("UPDATE venues_venue SET closed_at = $1 WHERE venue_id = $2 AND closed_at IS NULL", {now, venue.venue_id});
}

Result<bool> is_silent(Reader& reader, std::string_view phone_hash) {
  TRY_ASSIGN(const auto found, reader.find("SELECT 1 FROM venues_silent WHERE phone_hash = $1", {phone_hash}, [](const storage::Row&) { return true; }));
  return found.has_value();
}

Result<void> set_silent(Transaction& tx, std::string_view phone_hash, bool silent, Instant now) {
  if (silent)
    TRY(tx.execute("INSERT INTO venues_silent (phone_hash, since) VALUES ($1, $2) ON CONFLICT (phone_hash) DO NOTHING", {phone_hash, now}));
  else
    TRY(tx.execute("DELETE FROM venues_silent WHERE phone_hash = $1", {phone_hash}));
  return {};
}

}  // namespace motcua::venues::store
