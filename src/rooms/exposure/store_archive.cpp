#include "rooms/exposure/store.hpp"

namespace motcua::exposure::store {
namespace {

constexpr std::int64_t archives_listed_max = 21 * 1440;   // one a minute for the longest retention

Result<std::int64_t> forget(storage::Transaction& tx, const std::string& from_where, const storage::Values& values, bool count_only) {
  if (!count_only) return tx.execute("DELETE " + from_where, values);
  TRY_ASSIGN(const auto n, tx.find("SELECT COUNT(*) " + from_where, values, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

}  // namespace

Result<std::optional<Instant>> last_archive_end(storage::Reader& reader) {
  TRY_ASSIGN(const auto end, reader.find("SELECT MAX(to_at) FROM exposure_archive", {}, [](const storage::Row& r) { return r.optional_instant(0); }));
  return end.value_or(std::nullopt);
}

Result<void> add_archive(storage::Transaction& tx, const ArchiveSummary& summary, Instant from, Instant to, const std::string& content) {
  TRY(tx.execute("INSERT INTO exposure_archive (name, from_at, to_at, key_count, revised_count, content) VALUES ($1, $2, $3, $4, $5, $6)",
                 {summary.name, from, to, summary.keys, summary.revised, storage::Bytes(content.begin(), content.end())}));
  return {};
}

Result<std::vector<std::string>> list_archives(storage::Reader& reader) {
  return reader.list("SELECT name FROM exposure_archive ORDER BY to_at, name LIMIT $1", {archives_listed_max}, [](const storage::Row& r) { return r.string(0); });
}

Result<std::optional<std::string>> find_archive(storage::Reader& reader, const std::string& name) {
  return reader.find("SELECT content FROM exposure_archive WHERE name = $1", {name}, [](const storage::Row& r) {
    const auto bytes = r.bytes(0);
    return std::string(bytes.begin(), bytes.end());
  });
}

Result<std::int64_t> forget_keys(storage::Transaction& tx, std::int64_t ended_before_interval, bool count_only) {
  return forget(tx, "FROM exposure_key WHERE rolling_start + rolling_period < $1", {ended_before_interval}, count_only);
}
Result<std::int64_t> forget_archives(storage::Transaction& tx, Instant ended_before, bool count_only) {
  return forget(tx, "FROM exposure_archive WHERE to_at < $1", {ended_before}, count_only);
}
Result<std::int64_t> forget_codes(storage::Transaction& tx, Instant expired_before, bool count_only) {
  return forget(tx, "FROM exposure_code WHERE expires_at < $1", {expired_before}, count_only);
}

}  // namespace motcua::exposure::store
