#pragma once
// What every room is given, and what every room gives. src/app/rooms.cpp holds the only list of rooms.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "platform/intake/intake.hpp"
#include "platform/storage/storage.hpp"

namespace motcua {

namespace crypto { class KeyRing; }
namespace units { class Units; }
namespace i18n { class Texts; }
namespace pages { class Pages; }
namespace events { class Bus; }
namespace outbound { class Outbound; }
namespace config { class Settings; }
namespace http { class Router; }

/// The platform as rooms see it. No ambient world: clock, randomness, files and network only through this.
struct House {
  storage::Database& database;
  crypto::KeyRing& keys;
  units::Units& units;
  const i18n::Texts& texts;
  pages::Pages& pages;
  events::Bus& bus;
  outbound::Outbound& outbound;
  config::Settings& settings;
  std::function<Instant()> now;
  std::string data_dir;
};

/// What a retention run deleted (or would delete): `what` is a text key, "tracing.purge_sightings".
struct Purged {
  std::string what;
  std::int64_t rows = 0;
};

/// What a room plugs in. Its migrations, pages and texts are found by its folder (platform/assets).
class Room {
 public:
  virtual ~Room() = default;
  virtual std::string_view name() const = 0;                       // the folder: "tracing"
  virtual void add_routes(http::Router& router) { (void)router; }
  virtual void add_handlers(events::Bus& bus) { (void)bus; }       // events it hears, jobs it runs
  virtual std::vector<intake::Kind> kinds() { return {}; }         // what it imports
  /// Deletes what has been kept as long as the settings say (retention.*), or only counts it. Runs daily and by `motcua purge`.
  virtual Result<std::vector<Purged>> purge(const Act& act, Instant now, bool count_only) {
    (void)act, (void)now, (void)count_only;
    return std::vector<Purged>{};
  }
};

}  // namespace motcua
