// What phones said under a key, for whoever checks another implementation or reads an old trace: no installation is opened.
#include <cstdio>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/ids.hpp"
#include "platform/auth/machine_key.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::app {
namespace {

Result<void> print_exposure_identifiers(const ExposureKeyArguments& arguments) {
  TRY_ASSIGN(const auto key, tracing::parse_exposure_key(arguments.key));
  TRY_ASSIGN(const auto identifiers, tracing::rolling_proximity_identifiers(key, arguments.from_interval, arguments.count));
  const std::string metadata_key = to_hex(tracing::metadata_key(key));
  std::string out = "interval,identifier,metadata_key\n";
  for (std::size_t i = 0; i < identifiers.size(); ++i)
    out += std::to_string(arguments.from_interval + i) + ',' + to_hex(identifiers[i]) + ',' + metadata_key + '\n';
  std::fputs(out.c_str(), stdout);
  return {};
}

Result<void> print_bluezone_identifiers(const BluezoneKeyArguments& arguments) {
  TRY_ASSIGN(const auto key, tracing::parse_base_key(arguments.base_key));
  TRY_ASSIGN(const auto made_at, parse_instant(arguments.since));
  const auto day = parse_date(arguments.day);
  if (!day || !day->full()) return invalid("date.unreadable", "day");
  const std::chrono::sys_days date = Date{std::chrono::year{day->year}, std::chrono::month(static_cast<unsigned>(day->month)),
                                          std::chrono::day(static_cast<unsigned>(day->day))};
  TRY_ASSIGN(const auto identifiers, tracing::identifiers_of_day(key, made_at, date.time_since_epoch().count()));
  std::string out = "slot,blid\n";
  for (std::size_t slot = 0; slot < identifiers.size(); ++slot) out += std::to_string(slot) + ',' + tracing::to_hex_upper(identifiers[slot]) + '\n';
  std::fputs(out.c_str(), stdout);
  return {};
}

int answer(const Globals& globals, Result<void> done) { return done ? exit_done : fail(done.failure(), texts(), globals.lang, true); }

}  // namespace

int run_gateway_key(const Globals& globals) {
  auto opened = Installation::open(globals);
  if (!opened) return answer(globals, opened.failure());
  const auto key = auth::machine_key((*opened)->house().keys, "gateway");
  if (!key) return answer(globals, key.failure());
  std::printf("%s\n", key->reveal().c_str());
  return exit_done;
}

int run_exposure_identifiers(const Globals& globals, const ExposureKeyArguments& arguments) {
  return answer(globals, print_exposure_identifiers(arguments));
}

int run_bluezone_identifiers(const Globals& globals, const BluezoneKeyArguments& arguments) {
  return answer(globals, print_bluezone_identifiers(arguments));
}

}  // namespace motcua::app
