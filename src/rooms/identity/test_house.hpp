#pragma once
// A house around a test database, for tests of this room.
#include <memory>

#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "platform/units/units.hpp"
#include "rooms/identity/identity.hpp"
#include "tests/support/database.hpp"

namespace motcua::identity {

inline std::unique_ptr<crypto::KeyRing> open_keys_or_throw(const std::string& dir) {
  auto keys = crypto::open_key_ring(dir);
  if (!keys) throw std::runtime_error(keys.failure().code);
  return *std::move(keys);
}

struct TestHouse {
  explicit TestHouse(storage::Database& database, const std::string& dir)
      : keys(open_keys_or_throw(dir)), units(database), pages(texts, [](std::string_view name) { return std::string(name); }),
        bus(database, [this] { return now; }), settings(config::platform_settings()),
        house{database, *keys, units, texts, pages, bus, settings, [this] { return now; }, dir}, room(make_identity(house)) {}

  Instant now = vietnam_time(Date(std::chrono::year(2021), std::chrono::July, std::chrono::day(31)), 9);
  std::unique_ptr<crypto::KeyRing> keys;
  units::Units units;
  i18n::Texts texts;
  pages::Pages pages;
  events::Bus bus;
  config::Settings settings;
  House house;
  std::unique_ptr<IdentityRoom> room;
  Identity& door() { return room->door(); }
};

/// A record in few words; members are set by name: {.source = "ncovi", .record_id = "1", ...}.
inline SourceRecord told(std::string kind, std::string id, std::string name, std::string birth = {}, std::string sex = {}, std::string phone = {},
                         std::string id_number = {}) {
  SourceRecord r;
  r.source = r.kind = std::move(kind);
  r.record_id = std::move(id);
  r.full_name = std::move(name);
  r.birth = std::move(birth);
  r.sex = std::move(sex);
  r.phone = std::move(phone);
  r.id_number = std::move(id_number);
  return r;
}

}  // namespace motcua::identity
