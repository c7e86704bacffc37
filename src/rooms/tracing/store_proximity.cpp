#include "rooms/tracing/store_proximity.hpp"

#include <set>
#include <unordered_map>

#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {

Result<std::vector<std::int64_t>> save_keys(storage::Transaction& tx, const std::vector<NewKey>& keys, Instant now) {
  std::vector<storage::Values> sets;
  for (const NewKey& k : keys) sets.push_back({k.reference, k.made_at, k.sealed, k.key_tag, now});
  return tx.execute_many(
      "INSERT INTO tracing_proximity_key (reference, made_at, sealed, key_tag, recorded_at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (reference, made_at) DO UPDATE SET sealed = excluded.sealed, key_tag = excluded.key_tag, recorded_at = excluded.recorded_at "
      "WHERE tracing_proximity_key.key_tag <> excluded.key_tag", sets);
}

Result<void> keys(storage::Reader& reader, const KeySeen& seen) {
  return reader.query("SELECT reference, made_at, recorded_at, sealed FROM tracing_proximity_key", {},
                      [&](const storage::Row& r) { seen(r.string(0), r.instant(1), r.instant(2), r.bytes(3)); });
}

Result<intake::BatchCounts> save_sightings(storage::Transaction& tx, const std::string& source, const std::vector<NewSighting>& rows, Instant now) {
  std::vector<storage::Values> sets, told;
  std::map<std::pair<std::string_view, std::string_view>, std::pair<std::int64_t, std::int64_t>> own;
  for (const NewSighting& s : rows) {
    sets.push_back({s.reporter, s.at, s.contact_blid, s.own_blid, s.rssi, s.tx_power, s.platform, source, now});
    if (s.own_blid.empty()) continue;
    auto& [first, last] = own.try_emplace({s.own_blid, s.reporter}, s.at, s.at).first->second;
    first = std::min(first, s.at);
    last = std::max(last, s.at);
  }
  for (const auto& [key, times] : own) told.push_back({key.first, key.second, times.first, times.second});
  TRY_ASSIGN(const auto changed, tx.execute_many(
      "INSERT INTO tracing_sighting (reporter, at, contact_blid, own_blid, rssi, tx_power, platform, source, recorded_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (reporter, at, contact_blid) DO NOTHING", sets));
  if (!told.empty())
    TRY(tx.execute_many(
        "INSERT INTO tracing_identifier (blid, reference, first_at, last_at) VALUES ($1, $2, $3, $4) ON CONFLICT (blid, reference) DO UPDATE SET "
        "first_at = CASE WHEN excluded.first_at < tracing_identifier.first_at THEN excluded.first_at ELSE tracing_identifier.first_at END, "
        "last_at = CASE WHEN excluded.last_at > tracing_identifier.last_at THEN excluded.last_at ELSE tracing_identifier.last_at END", told));
  intake::BatchCounts counts;
  for (const std::int64_t n : changed) ++(n == 1 ? counts.accepted : counts.unchanged);
  return counts;
}

Result<void> waiting_sightings(storage::Reader& reader, std::int64_t recorded_after, const std::function<void(const std::string&, Instant)>& seen) {
  return reader.query("SELECT DISTINCT contact_blid, at / 900000 FROM tracing_sighting WHERE contact IS NULL AND recorded_at > $1", {recorded_after},
                      [&](const storage::Row& r) { seen(r.string(0), from_millis(r.integer(1) * 900'000)); });
}

Result<void> waiting_for(storage::Reader& reader, std::span<const std::string> blids, const std::function<void(const std::string&, Instant)>& seen) {
  return query_in(reader, blids, {},
                  [](const std::string& in) { return "SELECT DISTINCT contact_blid, at / 900000 FROM tracing_sighting WHERE contact IS NULL AND contact_blid IN (" + in + ")"; },
                  [&](const storage::Row& r) { seen(r.string(0), from_millis(r.integer(1) * 900'000)); });
}

Result<std::set<std::string>> ever_consented(storage::Reader& reader) {
  std::set<std::string> references;
  TRY(reader.query("SELECT DISTINCT reference FROM tracing_proximity_consent WHERE given = 1", {}, [&](const storage::Row& r) { references.insert(r.string(0)); }));
  return references;
}

Result<ProximityState> proximity_state(storage::Reader& reader) {
  TRY_ASSIGN(const auto state, reader.find("SELECT derived_at, first_at, last_at FROM tracing_proximity_state WHERE id = 1", {},
                                           [](const storage::Row& r) { return ProximityState{r.integer(0), r.integer(1), r.integer(2)}; }));
  return state.value_or(ProximityState{});
}

Result<void> put_proximity_state(storage::Transaction& tx, const ProximityState& s) {
  TRY(tx.execute("UPDATE tracing_proximity_state SET derived_at = $1, first_at = $2, last_at = $3 WHERE id = 1", {s.derived_at, s.first_at, s.last_at}));
  return {};
}

Result<std::int64_t> count_waiting(storage::Reader& reader) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM tracing_sighting WHERE contact IS NULL", {}, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<std::vector<Resolved>> told_identifiers(storage::Reader& reader, std::chrono::milliseconds tolerance) {
  return reader.list(
      "SELECT DISTINCT i.blid, i.reference, i.first_at, i.last_at FROM tracing_sighting s JOIN tracing_identifier i ON i.blid = s.contact_blid "
      "WHERE s.contact IS NULL AND s.reporter <> i.reference AND NOT EXISTS (SELECT 1 FROM tracing_proximity_consent c WHERE c.reference = i.reference "
      "AND c.given = 0 AND NOT EXISTS (SELECT 1 FROM tracing_proximity_consent d WHERE d.reference = c.reference AND d.since > c.since))", {}, [&](const storage::Row& r) {
        return Resolved{r.string(0), r.string(1), r.integer(2) - tolerance.count(), r.integer(3) + tolerance.count() + 1};
      });
}

Result<std::vector<Pair>> resolve(storage::Transaction& tx, const std::vector<Resolved>& resolved) {
  std::set<Pair> pairs;
  std::vector<storage::Values> sets;
  for (const Resolved& r : resolved) sets.push_back({r.reference, r.blid, r.from, r.to});
  for (const Resolved& r : resolved)
    TRY(tx.query("SELECT DISTINCT reporter FROM tracing_sighting WHERE contact_blid = $1 AND contact IS NULL AND at >= $2 AND at < $3 AND reporter <> $4",
                 {r.blid, r.from, r.to, r.reference}, [&](const storage::Row& row) {
                   const std::string reporter = row.string(0);
                   pairs.insert(reporter < r.reference ? Pair{reporter, r.reference} : Pair{r.reference, reporter});
                 }));
  if (!sets.empty())
    TRY(tx.execute_many("UPDATE tracing_sighting SET contact = $1 WHERE contact_blid = $2 AND contact IS NULL AND at >= $3 AND at < $4 AND reporter <> $1", sets));
  return std::vector<Pair>(pairs.begin(), pairs.end());
}

namespace {

/// The platform a reporter's phone is known by.
Result<Platform> platform_of(storage::Reader& reader, const std::string& reporter, std::unordered_map<std::string, Platform>& known) {
  if (const auto found = known.find(reporter); found != known.end()) return found->second;
  TRY_ASSIGN(const auto text, reader.find("SELECT platform FROM tracing_sighting WHERE reporter = $1 AND platform <> '' LIMIT 1", {reporter},
                                          [](const storage::Row& r) { return r.string(0); }));
  return known[reporter] = text ? parse_platform(*text) : Platform::unknown;
}

Result<std::vector<Sighting>> sightings_of(storage::Reader& reader, const Pair& pair, std::unordered_map<std::string, Platform>& known) {
  std::vector<Sighting> all;
  for (const auto& [reporter, seen] : {std::pair{pair.a, pair.b}, std::pair{pair.b, pair.a}}) {
    TRY_ASSIGN(const Platform scanner_known, platform_of(reader, reporter, known));
    TRY_ASSIGN(const Platform seen_platform, platform_of(reader, seen, known));
    TRY(reader.query("SELECT at, rssi, platform FROM tracing_sighting WHERE contact = $1 AND reporter = $2 AND contact IS NOT NULL", {seen, reporter},
                     [&](const storage::Row& r) {
                       const Platform told = parse_platform(r.text(2));
                       const auto rssi = r.optional_integer(1);
                       all.push_back({r.instant(0), rssi ? known_rssi(*rssi) : std::nullopt, told == Platform::unknown ? scanner_known : told, seen_platform});
                     }));
  }
  return all;
}

/// As they stand; the table holds each from both sides.
Result<std::vector<Episode>> episodes_of(storage::Reader& reader, const Pair& pair) {
  std::vector<Episode> all;
  TRY(reader.query("SELECT from_at, to_at, sightings, rssi_best FROM tracing_episode WHERE reference = $1 AND other = $2", {pair.a, pair.b}, [&](const storage::Row& r) {
    const auto rssi = r.optional_integer(3);
    all.push_back({r.instant(0), r.instant(1), static_cast<int>(r.integer(2)), rssi ? std::optional(static_cast<int>(*rssi)) : std::nullopt});
  }));
  return all;
}

}  // namespace

Result<std::int64_t> rebuild_episodes(storage::Transaction& tx, const std::vector<Pair>& pairs, Instant now) {
  std::unordered_map<std::string, Platform> platforms;
  std::vector<storage::Values> gone, rows;
  for (const Pair& pair : pairs) {
    gone.push_back({pair.a, pair.b});
    gone.push_back({pair.b, pair.a});
    TRY_ASSIGN(auto sightings, sightings_of(tx, pair, platforms));
    TRY_ASSIGN(const auto before, episodes_of(tx, pair));
    for (const Episode& e : to_episodes(std::move(sightings), before)) {
      const std::optional<std::int64_t> rssi = e.rssi_best ? std::optional<std::int64_t>(*e.rssi_best) : std::nullopt;
      rows.push_back({pair.a, e.from, pair.b, e.to, e.sightings, rssi, now});
      rows.push_back({pair.b, e.from, pair.a, e.to, e.sightings, rssi, now});
    }
  }
  if (!gone.empty()) TRY(tx.execute_many("DELETE FROM tracing_episode WHERE reference = $1 AND other = $2", gone));
  if (!rows.empty()) TRY(tx.bulk_insert("tracing_episode", {"reference", "from_at", "other", "to_at", "sightings", "rssi_best", "recorded_at"}, rows));
  return static_cast<std::int64_t>(rows.size() / 2);
}

}  // namespace motcua::tracing::store
