#include "rooms/tracing/kinds.hpp"

#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>

#include "engines/contacts/facts.hpp"
#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/tracing/proximity.hpp"
#include "rooms/tracing/store_proximity.hpp"

namespace motcua::tracing {
namespace {

using Values = std::vector<std::string_view>;

Failure at_field(Failure failure, std::string field) {
  failure.field = std::move(field);
  return failure;
}

Result<std::string> reference_at(std::string_view text, const char* field) {
  auto r = identity::to_reference(text);
  if (!r) return at_field(std::move(r).failure(), field);
  return r;
}

/// A time of a fact: readable and of this century.
Result<Instant> time_at(std::string_view text, const char* field) {
  auto t = parse_instant(text);
  if (!t) return at_field(std::move(t).failure(), field);
  constexpr std::int64_t year_2000_ms = 946'684'800'000;
  constexpr std::int64_t year_2100_ms = 4'102'444'800'000;
  if (to_millis(*t) < year_2000_ms || to_millis(*t) >= year_2100_ms) return invalid("tracing.time_unlikely", field);
  return t;
}

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> optional_integer(std::string_view text, const char* field, std::vector<intake::Warning>& warnings) {
  if (text.empty()) return std::nullopt;
  if (const auto n = to_number(text)) return static_cast<std::int64_t>(*n);
  warnings.push_back({field, "tracing.number_unreadable"});
  return std::nullopt;
}

/// Facts of a file that end up in traces: when it is in, cases are traced anew.
Result<void> tell_facts_changed(House& house, storage::Database& database, const Act& act) {
  return database.write(act, [&](storage::Transaction& tx) { return house.bus.emit(tx, "tracing.facts_changed", {}); });
}

class VisitLoader : public intake::Loader {
 public:
  VisitLoader(House& house, std::string source) : house_(house), source_(std::move(source)), stays_(default_stays(house.settings)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    const Values& v = row.values;      // visit_id, person, place_code, place_name, ward_code, kind, seat, from, to
    store::NewVisit visit;
    visit.visit_id = v[0];
    TRY_ASSIGN(visit.reference, reference_at(v[1], "person"));
    visit.place_code = v[2];
    visit.place_name = v[3];
    visit.ward_code = v[4];
    visit.kind = v[5].empty() ? "venue" : std::string(v[5]);
    if (!stays_.by_kind.contains(visit.kind)) {
      warnings.push_back({"kind", "tracing.kind_unknown"});
      visit.kind = "venue";
    }
    visit.seat = v[6];
    TRY_ASSIGN(const Instant from, time_at(v[7], "from"));
    visit.from = to_millis(from);
    visit.to = visit.from + stays_.ms(visit.kind);
    if (!v[8].empty()) {
      auto to = time_at(v[8], "to");
      if (to) visit.to = to_millis(*to);
      else warnings.push_back({"to", to.failure().code});
    }
    if (visit.to < visit.from) return invalid("tracing.ends_before_it_begins", "to");
    if (visit.to - visit.from > store::visit_ms_max) return invalid("tracing.visit_too_long", "to");
    visit.journey_code = journey_code_of(visit.kind, visit.place_code, from);
    pending_->push_back(std::move(visit));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto rows = std::exchange(pending_, std::make_shared<std::vector<store::NewVisit>>());
    return [rows, source = source_, now = house_.now()](storage::Transaction& tx) { return store::save_visits(tx, source, *rows, now); };
  }
  Result<void> finish(storage::Database& database, const Act& act) override { return tell_facts_changed(house_, database, act); }

 private:
  House& house_;
  std::string source_;
  DefaultStays stays_;
  std::shared_ptr<std::vector<store::NewVisit>> pending_ = std::make_shared<std::vector<store::NewVisit>>();
};

class EncounterLoader : public intake::Loader {
 public:
  EncounterLoader(House& house, std::string source) : house_(house), source_(std::move(source)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    const Values& v = row.values;      // a, b, start, minutes, distance_m, kind
    store::NewEncounter e;
    TRY_ASSIGN(e.a, reference_at(v[0], "a"));
    TRY_ASSIGN(e.b, reference_at(v[1], "b"));
    if (e.a == e.b) return invalid("tracing.met_oneself", "b");
    TRY_ASSIGN(const Instant start, time_at(v[2], "start"));
    const auto minutes = to_number(v[3]);
    if (!minutes) return invalid("tracing.number_unreadable", "minutes");
    if (*minutes <= 0 || *minutes * 60'000 > static_cast<double>(store::visit_ms_max)) return invalid("tracing.minutes_unlikely", "minutes");
    e.from = to_millis(start);
    e.to = e.from + std::llround(*minutes * 60'000);
    if (!v[4].empty()) {
      e.distance_m = to_number(v[4]);
      if (!e.distance_m || *e.distance_m < 0) {
        e.distance_m.reset();
        warnings.push_back({"distance_m", "tracing.number_unreadable"});
      }
    }
    e.kind = v[5].empty() ? "encounter" : std::string(v[5]);
    if (!contacts::parse_kind(e.kind)) warnings.push_back({"kind", "tracing.kind_unknown"});
    if (e.b < e.a) std::swap(e.a, e.b);
    const std::string rest = std::to_string(e.from) + "-" + std::to_string(e.to) + "-" + std::string(v[4]);
    const crypto::Hash256 hash = crypto::sha256(source_ + "\x1f" + e.a + "\x1f" + e.b + "\x1f" + rest + "\x1f" + e.kind);
    Bits128 id;
    std::copy_n(hash.begin(), id.size(), id.begin());
    e.encounter_id = to_id("enc", id);
    pending_->push_back(std::move(e));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto rows = std::exchange(pending_, std::make_shared<std::vector<store::NewEncounter>>());
    return [rows, source = source_, now = house_.now()](storage::Transaction& tx) { return store::save_encounters(tx, source, *rows, now); };
  }
  Result<void> finish(storage::Database& database, const Act& act) override { return tell_facts_changed(house_, database, act); }

 private:
  House& house_;
  std::string source_;
  std::shared_ptr<std::vector<store::NewEncounter>> pending_ = std::make_shared<std::vector<store::NewEncounter>>();
};

/// One installed app: a record about a person, whose phone is her own, and her base key, kept sealed.
class AppUserLoader : public intake::Loader {
 public:
  AppUserLoader(House& house, identity::Identity& identity, std::string source, crypto::Bytes tag_key)
      : house_(house), identity_(identity), source_(std::move(source)), tag_key_(std::move(tag_key)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    const Values& v = row.values;      // phone, base_key, registered_at
    TRY_ASSIGN(const std::string reference, reference_at("phone:" + std::string(v[0]), "phone"));
    TRY_ASSIGN(const Instant registered, time_at(v[2], "registered_at"));
    identity::SourceRecord record;
    record.source = source_;
    record.record_id = v[0];
    record.kind = "bluezone-users";
    record.told_at = registered;
    record.phone = v[0];
    record.phone_is_own = true;
    auto prepared = identity_.prepare(std::move(record), warnings);
    if (!prepared) return std::move(prepared).failure();
    std::optional<store::NewKey> key;
    if (!v[1].empty()) {
      TRY_ASSIGN(key, seal(v[1], reference, registered, warnings));
    }
    pending_->records.push_back(std::move(*prepared));
    pending_->keys.push_back(std::move(key));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto batch = std::exchange(pending_, std::make_shared<Batch>());
    return [batch, this, now = house_.now()](storage::Transaction& tx) { return save(tx, *batch, now); };
  }
  Result<void> finish(storage::Database&, const Act& act) override {
    TRY(resolve_sightings(house_, act));
    return {};
  }

 private:
  struct Batch {
    std::vector<std::shared_ptr<const identity::PreparedRecord>> records;
    std::vector<std::optional<store::NewKey>> keys;
  };

  /// A key that cannot be read is not kept at all: it may be a secret with a typing mistake.
  Result<std::optional<store::NewKey>> seal(std::string_view hex, const std::string& reference, Instant made_at, std::vector<intake::Warning>& warnings) {
    const auto key = parse_base_key(hex);
    if (!key) {
      warnings.push_back({"base_key", key.failure().code});
      return std::optional<store::NewKey>();
    }
    TRY_ASSIGN(auto sealed, house_.keys.seal(key_context(reference), *key));
    return std::optional(store::NewKey{reference, crypto::keyed_id("key", tag_key_, to_hex(*key)), to_millis(made_at), std::move(sealed)});
  }

  Result<intake::BatchCounts> save(storage::Transaction& tx, const Batch& batch, Instant now) {
    TRY_ASSIGN(const auto saved, identity_.save(tx, batch.records));
    std::vector<store::NewKey> keys;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < batch.keys.size(); ++i)
      if (batch.keys[i]) {
        keys.push_back(*batch.keys[i]);
        rows.push_back(i);
      }
    std::vector<bool> key_changed(batch.records.size(), false);
    if (!keys.empty()) {
      TRY_ASSIGN(const auto changed, store::save_keys(tx, keys, now));
      for (std::size_t i = 0; i < changed.size(); ++i) key_changed[rows[i]] = changed[i] > 0;
    }
    intake::BatchCounts counts;
    for (std::size_t i = 0; i < saved.size(); ++i) {
      if (saved[i] == identity::Saved::accepted) ++counts.accepted;
      else if (saved[i] == identity::Saved::updated || key_changed[i]) ++counts.updated;
      else ++counts.unchanged;
    }
    return counts;
  }

  House& house_;
  identity::Identity& identity_;
  std::string source_;
  crypto::Bytes tag_key_;
  std::shared_ptr<Batch> pending_ = std::make_shared<Batch>();
};

class SightingLoader : public intake::Loader {
 public:
  SightingLoader(House& house, std::string source, std::string reporter) : house_(house), source_(std::move(source)), reporter_(std::move(reporter)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    const Values& v = row.values;      // reporter_phone, platform, own_blid, contact_blid, rssi, tx_power, ts
    store::NewSighting s;
    const std::string phone = v[0].empty() ? reporter_ : std::string(v[0]);
    if (phone.empty()) return invalid("tracing.reporter_missing", "reporter_phone");
    TRY_ASSIGN(s.reporter, reference_at("phone:" + phone, "reporter_phone"));
    s.platform = v[1];
    const auto contact = parse_blid(v[3]);
    if (!contact) return at_field(contact.failure(), "contact_blid");
    s.contact_blid = to_hex_upper(*contact);
    if (!v[2].empty()) {
      if (const auto own = parse_blid(v[2])) s.own_blid = to_hex_upper(*own);
      else warnings.push_back({"own_blid", own.failure().code});
    }
    s.rssi = optional_integer(v[4], "rssi", warnings);
    s.tx_power = optional_integer(v[5], "tx_power", warnings);
    TRY_ASSIGN(const Instant at, time_at(v[6], "ts"));
    s.at = to_millis(at);
    pending_->push_back(std::move(s));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto rows = std::exchange(pending_, std::make_shared<std::vector<store::NewSighting>>());
    return [rows, source = source_, now = house_.now()](storage::Transaction& tx) { return store::save_sightings(tx, source, *rows, now); };
  }
  Result<void> finish(storage::Database&, const Act& act) override {
    TRY(resolve_sightings(house_, act));
    return {};
  }

 private:
  House& house_;
  std::string source_, reporter_;
  std::shared_ptr<std::vector<store::NewSighting>> pending_ = std::make_shared<std::vector<store::NewSighting>>();
};

std::string source_or(const intake::ImportOptions& options, const char* kind) { return options.source.empty() ? kind : options.source; }
using Made = Result<std::unique_ptr<intake::Loader>>;

}  // namespace

std::int64_t DefaultStays::ms(std::string_view kind) const {
  const auto found = by_kind.find(kind);
  return found == by_kind.end() ? by_kind.at("venue") : found->second;
}

DefaultStays default_stays(const config::Settings& settings) {
  DefaultStays stays;
  constexpr std::pair<const char*, const char*> named[] = {
      {"venue", "visits.venue_stay_min"}, {"vehicle", "visits.vehicle_stay_min"}, {"flight", "visits.flight_stay_min"}, {"household", "visits.household_stay_min"},
      {"work", "visits.work_stay_min"},   {"school", "visits.school_stay_min"},   {"health", "visits.health_stay_min"}};
  for (const auto& [kind, setting] : named) stays.by_kind[kind] = settings.duration(setting).count();
  return stays;
}

std::string journey_code_of(std::string_view kind, std::string_view place_code, Instant from) {
  if (kind != "vehicle" && kind != "flight") return {};
  const std::string prefix = std::string(kind) + ":";
  if (place_code.starts_with(prefix)) place_code.remove_prefix(prefix.size());
  std::string day = to_iso(from).substr(0, 10);
  if (const auto colon = place_code.rfind(':'); colon != std::string_view::npos && place_code.size() - colon == 11) {
    day = place_code.substr(colon + 1);
    place_code = place_code.substr(0, colon);
  }
  std::string code;
  for (const char c : place_code)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) code += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code.empty() ? std::string() : prefix + code + ":" + day;
}

std::vector<intake::Kind> make_kinds(House& house, identity::Identity& identity) {
  std::vector<intake::Kind> kinds(4);
  kinds[0].name = "visits";
  kinds[0].columns = {{"visit_id", true}, {"person", true}, {"place_code", true}, {"place_name"}, {"ward_code"}, {"kind"}, {"seat"}, {"from", true}, {"to"}};
  kinds[0].start = [&house](const intake::ImportOptions& o) -> Made { return Made(std::make_unique<VisitLoader>(house, source_or(o, "visits"))); };
  kinds[1].name = "encounters";
  kinds[1].columns = {{"a", true}, {"b", true}, {"start", true}, {"minutes", true}, {"distance_m"}, {"kind"}};
  kinds[1].start = [&house](const intake::ImportOptions& o) -> Made { return Made(std::make_unique<EncounterLoader>(house, source_or(o, "encounters"))); };
  kinds[2].name = "bluezone-users";
  kinds[2].columns = {{"phone", true}, {"base_key"}, {"registered_at", true}};
  kinds[2].start = [&house, &identity](const intake::ImportOptions& o) -> Made {
    TRY_ASSIGN(crypto::Bytes tag_key, house.keys.secret("tracing-key-tags", 32));
    return Made(std::make_unique<AppUserLoader>(house, identity, source_or(o, "bluezone-users"), std::move(tag_key)));
  };
  kinds[3].name = "bluezone-trace";
  kinds[3].columns = {{"reporter_phone", true}, {"platform"}, {"own_blid"}, {"contact_blid", true}, {"rssi"}, {"tx_power"}, {"ts", true}};
  kinds[3].headerless_tsv = true;
  kinds[3].headerless_columns = {"own_blid", "contact_blid", "rssi", "ts"};
  kinds[3].start = [&house](const intake::ImportOptions& o) -> Made {
    return Made(std::make_unique<SightingLoader>(house, source_or(o, "bluezone-trace"), o.reporter_phone));
  };
  return kinds;
}

}  // namespace motcua::tracing
