#pragma once
// The platform around a test database, for tests of rooms: what a room is given when it is made. The clock stands at 31 July 2021, 9:00, until the test moves it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/house/house.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/outbound/outbound.hpp"
#include "platform/pages/pages.hpp"
#include "platform/units/units.hpp"

namespace motcua::tests {

/// The value, or an exception that fails the test with the failure's code and field.
template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.failure().code + " " + result.failure().field + " " + result.failure().detail);
  return std::move(result).value();
}
inline void ok(Result<void> result) {
  if (!result) throw std::runtime_error(result.failure().code + " " + result.failure().field + " " + result.failure().detail);
}

struct PlatformHouse {
  PlatformHouse(storage::Database& database, const std::string& data_dir, const std::map<std::string, std::string>& flags = {})
      : keys(ok(crypto::open_key_ring(data_dir))), units(database), pages(texts, [](std::string_view name) { return std::string(name); }),
        bus(database, [this] { return now; }), spool_dir(data_dir + "/sms"),
        outbound(database, *keys, bus, [this] { return now; }, outbound::make_spool(spool_dir)), settings(ok(config::Settings::load(config::platform_settings(), {.flags = flags}))),
        house{database, *keys, units, texts, pages, bus, outbound, settings, [this] { return now; }, data_dir} {}

  /// What the telephone network would fetch, each file whole, and takes it away.
  std::vector<std::string> fetch_messages() {
    std::vector<std::string> messages;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(spool_dir + "/outgoing", none)) {
      std::ifstream in(entry.path());
      messages.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    std::filesystem::remove_all(spool_dir + "/outgoing", none);
    return messages;
  }

  Instant now = vietnam_time(Date(std::chrono::year(2021), std::chrono::July, std::chrono::day(31)), 9);
  std::unique_ptr<crypto::KeyRing> keys;
  units::Units units;
  i18n::Texts texts;
  pages::Pages pages;
  events::Bus bus;
  std::string spool_dir;
  outbound::Outbound outbound;
  config::Settings settings;
  House house;
};

}  // namespace motcua::tests
