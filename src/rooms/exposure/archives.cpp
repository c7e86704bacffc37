// Closing a period: what came in it becomes a signed archive, filled up with made-up keys so that its size does not say how many came.
#include <algorithm>

#include "platform/config/config.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/exposure/rules.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

constexpr std::uint64_t jitter_part = 5;                    // up to a fifth more than the least number: the number itself tells nothing either
constexpr std::size_t made_up_read_max = 50'000;           // of all that are kept: some 20,000 at the defaults
constexpr std::int64_t revised_part = 10;                   // a tenth of the least number of keys is the least number of revised ones, once there is one

/// Below `end`; each as likely as any other, but for 2^-64.
std::uint64_t random_below(std::uint64_t end) {
  const auto bits = crypto::random_bits();
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bits[static_cast<std::size_t>(i)];
  return end == 0 ? 0 : value % end;
}

/// A key nobody had: a whole day of the last two weeks; type, risk and onset as one of those that came, so that it looks like them.
store::Key made_up_key(const std::vector<store::Key>& real, Instant to) {
  store::Key key;
  if (!real.empty()) key = real[random_below(real.size())];
  else key.type = ReportType::confirmed, key.risk = risk_of(0, key.type);
  key.key = crypto::random_bits();
  key.rolling_start = (interval_of(to) / day_intervals - 1 - static_cast<std::int64_t>(random_below(window_days))) * day_intervals;
  key.rolling_period = day_intervals;
  key.told_type = key.type;
  key.origin.clear();
  key.traveler = false;
  key.made_up = key.archived = true;
  key.released_at = to;
  key.revised_at.reset();
  return key;
}

struct Batch {
  std::vector<store::Key> fresh, revised, unsaid;           // unsaid: taken back before anybody was told
};

/// What is there, without made-up keys.
Result<Batch> collect(storage::Transaction& tx, Instant to) {
  Batch batch;
  TRY_ASSIGN(const auto waiting, store::list_new(tx, to));
  for (const auto& key : waiting) (key.type == ReportType::negative ? batch.unsaid : batch.fresh).push_back(key);
  TRY_ASSIGN(batch.revised, store::list_revised(tx, to));
  return batch;
}

/// Made-up keys that are taken back or confirmed along with the real ones, drawn from all there are: theirs must not lie together.
Result<void> fill_up_revised(storage::Transaction& tx, std::vector<store::Key>& revised, std::size_t least, Instant to) {
  const std::size_t real = revised.size();
  if (real == 0 || real >= least) return {};
  TRY_ASSIGN(auto others, store::list_made_up(tx, made_up_read_max));
  for (std::size_t left = others.size(); left > 0 && revised.size() < least; --left) {
    std::swap(others[random_below(left)], others[left - 1]);
    auto& key = others[left - 1];
    const auto& like = revised[random_below(real)];
    if (decide_change(key.type, like.type) != Change::revise) continue;
    key.type = like.type, key.risk = like.risk, key.revised_at = to;
    revised.push_back(key);
  }
  return store::revise_keys(tx, std::span(revised).subspan(real));
}

Result<void> fill_up(storage::Transaction& tx, Batch& batch, std::int64_t least, Instant to) {
  const std::uint64_t wanted = static_cast<std::uint64_t>(least) + random_below(static_cast<std::uint64_t>(least) / jitter_part + 1);
  std::vector<store::Key> extra;
  while (least > 0 && batch.fresh.size() + extra.size() < wanted) extra.push_back(made_up_key(batch.fresh, to));
  TRY(store::add_keys(tx, extra));
  TRY(fill_up_revised(tx, batch.revised, static_cast<std::size_t>(least / revised_part), to));
  batch.fresh.insert(batch.fresh.end(), extra.begin(), extra.end());
  return {};
}

std::string name_of(Instant from, Instant to) {
  return std::to_string(to_millis(from) / 1000) + '-' + std::to_string(to_millis(to) / 1000) + "-00001.zip";
}

std::vector<ArchivedKey> as_archived(const std::vector<store::Key>& keys) { return {keys.begin(), keys.end()}; }

Instant whole_seconds(Instant at) { return from_millis(to_millis(at) / 1000 * 1000); }

}  // namespace

Result<std::optional<ArchiveSummary>> make_archive(const Server& server, const Act& act, bool now) {
  static auto& archives = metrics::registry().counter("motcua_exposure_archives_total", "Archives signed");
  static auto& keys = metrics::registry().counter("motcua_exposure_keys_total", "Keys in archives, made-up ones among them");
  const House& house = server.house;
  const std::int64_t period = server.period().count(), version = current_version(house);
  const Instant closed = from_millis(to_millis(house.now()) / period * period), to = now ? whole_seconds(house.now()) : closed;
  TRY_ASSIGN(const auto before, house.database.read_value([](storage::Reader& reader) { return store::last_archive_end(reader); }));
  if (to <= before.value_or(closed - server.period())) return std::optional<ArchiveSummary>();   // the job looks every minute
  TRY_ASSIGN(const auto key, archive_key(house, version));
  std::optional<ArchiveSummary> made;
  TRY(house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    made.reset();
    TRY_ASSIGN(const auto last, store::last_archive_end(tx));
    const Instant from = last ? *last : closed - server.period();
    if (to <= from) return {};
    // What was released in this period and the ones before; a key released at its very end waits for the next.
    TRY_ASSIGN(auto batch, collect(tx, now ? to + std::chrono::milliseconds(1) : to));
    TRY(fill_up(tx, batch, house.settings.integer("exposure.export_keys_min"), to));
    const Archive archive{from, to, house.settings.text("exposure.region"), crypto::version_name(version), house.settings.text("exposure.signing_key_id"), as_archived(batch.fresh), as_archived(batch.revised)};
    made = ArchiveSummary{name_of(from, to), static_cast<std::int64_t>(batch.fresh.size()), static_cast<std::int64_t>(batch.revised.size())};
    TRY(store::add_archive(tx, *made, from, to, write_archive(archive, key)));
    for (const auto* part : {&batch.fresh, &batch.revised, &batch.unsaid}) TRY(store::mark_archived(tx, *part));
    tx.note({.detail = R"({"keys":)" + std::to_string(made->keys) + R"(,"revised":)" + std::to_string(made->revised) + "}"});
    return {};
  }));
  if (made) archives.add(), keys.add(static_cast<std::uint64_t>(made->keys));
  return made;
}

}  // namespace motcua::exposure
