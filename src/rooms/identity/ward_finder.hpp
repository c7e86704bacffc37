#pragma once
// Which ward a record's texts mean, remembered: millions of rows name a few thousand places.
#include <mutex>
#include <string>
#include <unordered_map>

#include "rooms/identity/identity.hpp"

namespace motcua::units { class Units; }

namespace motcua::identity {

class WardFinder {
 public:
  explicit WardFinder(units::Units& units) : units_(units) {}
  /// The narrowest unit the texts lead to on the map of that day; empty when none.
  std::string find(const SourceRecord& told, Instant on);

 private:
  static constexpr std::size_t remembered_max = 100'000;   // some 20 MiB
  units::Units& units_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> known_;
};

}  // namespace motcua::identity
