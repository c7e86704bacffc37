#pragma once
// One opened installation: settings, keys, database, texts, rooms. Every command begins with one.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/rooms.hpp"
#include "platform/outbound/outbound.hpp"
#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/house/house.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "platform/smpp/client.hpp"
#include "platform/storage/storage.hpp"
#include "platform/units/units.hpp"

namespace motcua::app {

/// The texts of the house, made once; commands need them even when nothing else opens.
const i18n::Texts& texts();

class Installation {
 public:
  /// Makes the folder and the schema at first use. Failures: settings (invalid), crypto.*, storage.*.
  static Result<std::unique_ptr<Installation>> open(const Globals& globals);
  ~Installation();   // signs the end of the audit chain

  House& house() { return *house_; }
  Rooms& rooms() { return rooms_; }
  storage::Database& database() { return *database_; }
  events::Bus& bus() { return *bus_; }
  /// The link to a message centre, not begun; null: the settings name none.
  smpp::Client* messages() { return messages_.get(); }
  /// Of every room, and of the platform (units).
  std::vector<intake::Kind> kinds();
  std::optional<intake::Kind> find_kind(std::string_view name);

  /// The act of whoever sits at this machine's command line.
  Act act(std::string action, std::string request = {}) const;

 private:
  Installation() = default;
  Result<void> open_database(const Globals& globals);

  std::unique_ptr<config::Settings> settings_;
  std::unique_ptr<crypto::KeyRing> keys_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<units::Units> units_;
  std::unique_ptr<pages::Pages> pages_;
  std::unique_ptr<events::Bus> bus_;
  std::unique_ptr<smpp::Client> messages_;
  std::unique_ptr<outbound::Outbound> outbound_;
  std::unique_ptr<House> house_;
  Rooms rooms_;
};

}  // namespace motcua::app
