#include <algorithm>

#include "rooms/exposure/archive.hpp"
#include "rooms/exposure/store.hpp"

namespace motcua::exposure::store {
namespace {

constexpr const char* columns =
    "SELECT key_data, rolling_start, rolling_period, risk, report_type, onset_days, traveler, origin, made_up, released_at, archived, told_type, revised_at FROM exposure_key ";

storage::Bytes bytes_of(const crypto::Block128& key) { return {key.begin(), key.end()}; }

Key key_of(const storage::Row& r) {
  Key key;
  const auto bytes = r.bytes(0);
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.key.size()), key.key.begin());
  key.rolling_start = r.integer(1);
  key.rolling_period = r.integer(2);
  key.risk = r.integer(3);
  key.type = static_cast<ReportType>(r.integer(4));
  key.onset_days = r.optional_integer(5);
  key.traveler = r.integer(6) != 0;
  key.origin = r.string(7);
  key.made_up = r.integer(8) != 0;
  key.released_at = r.instant(9);
  key.archived = r.integer(10) != 0;
  key.told_type = static_cast<ReportType>(r.integer(11));
  key.revised_at = r.optional_instant(12);
  return key;
}

/// "IN ($1,$2 ...)" of a fixed length, so that one statement serves every upload; what is left is filled with the first.
storage::Values fixed_list(std::span<const crypto::Block128> keys) {
  storage::Values values;
  for (std::size_t i = 0; i < publish_keys_max; ++i) values.emplace_back(bytes_of(keys[i < keys.size() ? i : 0]));
  return values;
}
const std::string& in_list() {
  static const std::string list = [] {
    std::string out;
    for (std::size_t i = 1; i <= publish_keys_max; ++i) out += (i == 1 ? "$" : ",$") + std::to_string(i);
    return "key_data IN (" + out + ")";
  }();
  return list;
}

}  // namespace

Result<std::vector<Key>> keys_among(storage::Reader& reader, std::span<const crypto::Block128> keys) {
  return reader.list(columns + ("WHERE " + in_list()), fixed_list(keys), key_of);
}

Result<void> add_keys(storage::Transaction& tx, std::span<const Key> keys) {
  std::vector<storage::Values> rows;
  for (const auto& k : keys)
    rows.push_back({bytes_of(k.key), k.rolling_start, k.rolling_period, k.risk, static_cast<int>(k.type), k.onset_days, k.traveler, k.origin, k.made_up, k.released_at, k.archived,
                    static_cast<int>(k.told_type)});
  TRY(tx.execute_many("INSERT INTO exposure_key (key_data, rolling_start, rolling_period, risk, report_type, onset_days, traveler, origin, made_up, released_at, archived, "
                      "told_type, revision_archived) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) ON CONFLICT (key_data) DO NOTHING",
                      rows));
  return {};
}

Result<void> revise_keys(storage::Transaction& tx, std::span<const Key> keys) {
  std::vector<storage::Values> rows;
  for (const auto& k : keys) rows.push_back({bytes_of(k.key), static_cast<int>(k.type), k.risk, k.onset_days, k.revised_at});
  TRY(tx.execute_many("UPDATE exposure_key SET report_type = $2, risk = $3, onset_days = $4, revised_at = $5, revision_archived = 0 WHERE key_data = $1", rows));
  return {};
}

Result<void> drop_decoys(storage::Transaction& tx, std::span<const crypto::Block128> keys) {
  auto values = fixed_list(keys);
  values.emplace_back(decoy_origin);
  TRY(tx.execute("DELETE FROM exposure_key WHERE " + in_list() + " AND origin = $" + std::to_string(values.size()), values));
  return {};
}

Result<std::vector<Key>> list_new(storage::Reader& reader, Instant to) {
  return reader.list(columns + std::string("WHERE archived = 0 AND released_at < $1 ORDER BY key_data LIMIT $2"), {to, archive_keys_max}, key_of);
}

Result<std::vector<Key>> list_revised(storage::Reader& reader, Instant to) {
  return reader.list(columns + std::string("WHERE revision_archived = 0 AND revised_at < $1 AND archived = 1 ORDER BY key_data LIMIT $2"), {to, archive_keys_max}, key_of);
}

Result<std::vector<Key>> list_made_up(storage::Reader& reader, std::size_t limit) {
  return reader.list(columns + std::string("WHERE made_up = 1 AND archived = 1 AND revised_at IS NULL ORDER BY key_data LIMIT $1"), {limit}, key_of);
}

Result<void> mark_archived(storage::Transaction& tx, std::span<const Key> keys) {
  std::vector<storage::Values> rows;
  for (const auto& k : keys) rows.push_back({bytes_of(k.key)});
  TRY(tx.execute_many("UPDATE exposure_key SET archived = 1, told_type = report_type, revision_archived = CASE WHEN revised_at IS NULL THEN 0 ELSE 1 END WHERE key_data = $1", rows));
  return {};
}

Result<std::vector<Key>> list_own(storage::Reader& reader, Instant since, Instant to, bool travelers_only) {
  return reader.list(columns + std::string("WHERE origin = '' AND (traveler = 1 OR $3 = 0) AND (released_at >= $1 OR revised_at >= $1) AND released_at < $2 "
                                           "ORDER BY key_data LIMIT $4"),
                     {since, to, travelers_only ? 1 : 0, archive_keys_max}, key_of);
}

}  // namespace motcua::exposure::store
