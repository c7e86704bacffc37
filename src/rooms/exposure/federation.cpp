// Keys to and from other authorities, as files of the same format phones read.
#include <algorithm>
#include <map>

#include "platform/config/config.hpp"
#include "rooms/exposure/rules.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

bool is_in_use(const ArchivedKey& key, Instant now) {
  const std::int64_t here = interval_of(now);
  return key.rolling_start <= here && key.rolling_start + key.rolling_period > here - window_days * day_intervals;
}

store::Key arriving(const ArchivedKey& told, const std::string& origin, Instant now, std::chrono::milliseconds period) {
  store::Key key;
  static_cast<ArchivedKey&>(key) = told;
  key.told_type = told.type;
  key.origin = origin;
  key.released_at = release_of(told, now, period);
  return key;
}

/// What is here stays as it is, unless the same origin says more of it: ours is never changed from outside.
enum class Step { add, revise, leave };
Step decide(const ArchivedKey& told, const std::vector<store::Key>& here, const std::string& origin) {
  const auto found = std::find_if(here.begin(), here.end(), [&](const store::Key& key) { return key.key == told.key; });
  if (found == here.end()) return told.type == ReportType::negative ? Step::leave : Step::add;
  return found->origin == origin && decide_change(found->type, told.type) == Change::revise ? Step::revise : Step::leave;
}

constexpr std::size_t keys_a_transaction = 200 * publish_keys_max;   // some tenths of a second of the one writer

Result<void> take(const Server& server, storage::Transaction& tx, std::span<const ArchivedKey> told, Federated& sum) {
  const Instant now = server.house.now();
  for (std::size_t at = 0; at < told.size(); at += publish_keys_max) {
    const auto part = told.subspan(at, std::min(publish_keys_max, told.size() - at));
    std::vector<crypto::Block128> names;
    for (const auto& key : part) names.push_back(key.key);
    TRY_ASSIGN(const auto here, store::keys_among(tx, names));
    std::vector<store::Key> added, revised;
    for (const auto& key : part) {
      ++sum.read;
      if (!is_in_use(key, now)) {
        ++sum.rejected;
        continue;
      }
      const Step step = decide(key, here, sum.origin);
      if (step == Step::leave) {
        ++sum.unchanged;
        continue;
      }
      auto next = arriving(key, sum.origin, now, server.period());
      if (step == Step::revise) next.revised_at = next.released_at;
      ++(step == Step::add ? sum.accepted : sum.revised);
      (step == Step::add ? added : revised).push_back(std::move(next));
    }
    TRY(store::add_keys(tx, added));
    TRY(store::revise_keys(tx, revised));
  }
  return {};
}

std::string counts_of(const Federated& sum) {
  return R"({"read":)" + std::to_string(sum.read) + R"(,"accepted":)" + std::to_string(sum.accepted) + R"(,"revised":)" + std::to_string(sum.revised) + "}";
}

}  // namespace

Result<std::string> export_own(const Server& server, const Act& act, Instant since, bool travelers_only, Federated& sum) {
  const House& house = server.house;
  const Instant now = house.now();
  const std::int64_t version = current_version(house);
  TRY_ASSIGN(const auto signing, archive_key(house, version));
  TRY_ASSIGN(const auto own, house.database.read_value([&](storage::Reader& reader) { return store::list_own(reader, since, now, travelers_only); }));
  Archive archive{since, now, house.settings.text("exposure.region"), crypto::version_name(version), house.settings.text("exposure.signing_key_id"), {}, {}};
  for (const auto& key : own) {
    const bool told_before = key.released_at < since;
    if (key.type != ReportType::negative || told_before) (told_before ? archive.revised : archive.keys).push_back(key);
  }
  sum = {.read = static_cast<std::int64_t>(own.size()), .accepted = static_cast<std::int64_t>(archive.keys.size()), .revised = static_cast<std::int64_t>(archive.revised.size()),
         .origin = archive.region};
  TRY(house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    tx.note({.detail = counts_of(sum), .read = true});
    return {};
  }));
  return write_archive(std::move(archive), signing);
}

Result<Federated> import_archive(const Server& server, const Act& act, std::string_view bytes, const crypto::P256PublicKey& key, std::string origin) {
  TRY_ASSIGN(const auto archive, read_archive(bytes, &key));
  if (origin.empty()) origin = archive.region;
  if (origin.empty() || origin == server.house.settings.text("exposure.region") || origin == store::decoy_origin) return invalid("exposure.origin_is_ours", "origin");
  Federated sum{.origin = origin};
  for (const auto* keys : {&archive.keys, &archive.revised})
    for (std::size_t at = 0; at < keys->size(); at += keys_a_transaction) {   // killed between two: the same import again leaves what is there
      Federated next = sum;
      TRY(server.house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
        next = sum;
        TRY(take(server, tx, std::span(*keys).subspan(at, std::min(keys_a_transaction, keys->size() - at)), next));
        tx.note({.detail = counts_of(next)});
        return {};
      }));
      sum = next;
    }
  return sum;
}

}  // namespace motcua::exposure
