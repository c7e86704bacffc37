#include "rooms/tracing/store_consent.hpp"

#include <algorithm>

#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {

Result<std::set<std::string>> withdrawn(storage::Reader& reader, std::int64_t as_of) {
  std::set<std::string> references;
  TRY(reader.query("SELECT c.reference FROM tracing_proximity_consent c WHERE c.given = 0 AND c.since <= $1 AND NOT EXISTS "
                   "(SELECT 1 FROM tracing_proximity_consent d WHERE d.reference = c.reference AND d.since > c.since AND d.since <= $1)",
                   {as_of}, [&](const storage::Row& r) { references.insert(r.string(0)); }));
  return references;
}

Result<std::vector<Consent>> consents_of(storage::Reader& reader, std::span<const std::string> references) {
  std::vector<Consent> all;
  TRY(query_in(reader, references, {},
               [](const std::string& in) { return "SELECT DISTINCT reference, since, given, recorded_by FROM tracing_proximity_consent WHERE reference IN (" + in + ")"; },
               [&](const storage::Row& r) { all.push_back({r.string(0), r.instant(1), r.integer(2) != 0, r.string(3)}); }));
  std::sort(all.begin(), all.end(), [](const Consent& a, const Consent& b) { return a.since < b.since; });
  return all;
}

Result<void> save_consent(storage::Transaction& tx, const Consent& c) {
  TRY(tx.execute("INSERT INTO tracing_proximity_consent (reference, since, given, recorded_by) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (reference, since) DO UPDATE SET given = excluded.given, recorded_by = excluded.recorded_by",
                 {c.reference, c.since, c.given, c.recorded_by}));
  return {};
}

Result<std::set<std::string>> with_proximity(storage::Reader& reader, std::span<const std::string> references) {
  std::set<std::string> found;
  for (const char* sql : {"SELECT DISTINCT reference FROM tracing_proximity_key WHERE reference IN (", "SELECT DISTINCT reporter FROM tracing_sighting WHERE reporter IN (",
                          "SELECT DISTINCT reference FROM tracing_episode WHERE reference IN ("})
    TRY(query_in(reader, references, {}, [&](const std::string& in) { return sql + in + ")"; }, [&](const storage::Row& r) { found.insert(r.string(0)); }));
  return found;
}

}  // namespace motcua::tracing::store
