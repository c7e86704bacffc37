#include "rooms/identity/purge.hpp"

#include <algorithm>
#include <set>

#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/crypto.hpp"
#include "rooms/identity/linking.hpp"
#include "rooms/identity/store_purge.hpp"

namespace motcua::identity {
namespace {

constexpr int records_a_step = 1000;   // of one transaction: others' writes wait a fraction of a second

struct Rule {
  const char* what;                    // text key
  const char* setting;
  std::vector<std::string> kinds;
  bool while_named;                    // stays as long as a fact names its phone or id, too
};
const Rule rules[] = {
    {"identity.purge_health_records", "retention.health_records_days", {"tests", "doses"}, false},
    {"identity.purge_declared", "retention.declared_days", {"ncovi", "vhd"}, false},
    {"identity.purge_unreferred", "retention.unreferred_days", {"bluezone-users"}, true},
};

/// How others may name a record.
std::vector<std::string> names_of(const Record& record, bool with_claims) {
  std::vector<std::string> names{record.subject, "record:" + record.source + ":" + record.record_id};
  if (with_claims)
    for (const Claim& claim : claims_of(record))
      if (claim.is_own) names.push_back(claim.reference);
  return names;
}

/// Those that nobody needs any more.
Result<std::vector<store::StoredRecord>> unneeded(storage::Reader& reader, std::span<const Referrer> referrers, const Rule& rule,
                                                  std::span<const std::string> subjects) {
  TRY_ASSIGN(auto records, store::records_by_subject(reader, subjects));
  std::vector<std::string> names;
  for (const auto& r : records)
    for (auto& name : names_of(r.record, rule.while_named)) names.push_back(std::move(name));
  std::set<std::string> needed;
  for (const Referrer& referrer : referrers) {
    TRY_ASSIGN(const auto some, referrer(reader, names));
    needed.insert(some.begin(), some.end());
  }
  std::erase_if(records, [&](const store::StoredRecord& r) {
    const auto own = names_of(r.record, rule.while_named);
    return std::any_of(own.begin(), own.end(), [&](const std::string& name) { return needed.contains(name); });
  });
  return records;
}

Result<void> remove(House& house, storage::Transaction& tx, const std::vector<store::StoredRecord>& records) {
  if (records.empty()) return {};
  std::set<std::string> persons;
  for (const auto& r : records)
    if (!r.link.person_id.empty()) persons.insert(r.link.person_id);
  const std::vector<std::string> changed(persons.begin(), persons.end());
  TRY(store::remove_records(tx, records));
  TRY(store::raise_epoch(tx));
  TRY(store::begin_generation(tx, crypto::random_id("gen")));   // an index that is kept knows records that are gone: it is made anew
  TRY(store::begin_generation(tx, crypto::random_id("gen")));   // indexes that are kept forget these records, too
  TRY(store::rebuild_persons(tx, changed, house.now()));
  return tell_changed(house.bus, tx, changed);
}

Result<std::int64_t> purge_by(House& house, std::span<const Referrer> referrers, const Rule& rule, const Act& act, Instant before, bool count_only) {
  std::int64_t rows = 0;
  std::string after;
  for (bool more = true; more;) {
    TRY_ASSIGN(const auto old, house.database.read_value([&](storage::Reader& reader) {
      return store::old_records(reader, rule.kinds, before, after, records_a_step);
    }));
    more = old.size() == static_cast<std::size_t>(records_a_step);
    if (old.empty()) break;
    after = old.back();
    const auto step = [&](storage::Reader& reader, storage::Transaction* tx) -> Result<void> {
      TRY_ASSIGN(const auto records, unneeded(reader, referrers, rule, old));
      if (tx != nullptr) TRY(remove(house, *tx, records));
      rows += static_cast<std::int64_t>(records.size());
      return {};
    };
    if (count_only) TRY(house.database.read([&](storage::Reader& reader) { return step(reader, nullptr); }));
    else TRY(house.database.write(act, [&](storage::Transaction& tx) { return step(tx, &tx); }));
  }
  return rows;
}

}  // namespace

Result<std::vector<Purged>> purge(House& house, std::span<const Referrer> referrers, const Act& act, Instant now, bool count_only) {
  std::vector<Purged> purged;
  for (const Rule& rule : rules) {
    TRY_ASSIGN(const std::int64_t rows, purge_by(house, referrers, rule, act, now - house.settings.duration(rule.setting), count_only));
    purged.push_back({rule.what, rows});
  }
  return purged;
}

}  // namespace motcua::identity
