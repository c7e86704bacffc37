#pragma once
// How unit names are read: the kind in front ("Phường", "P.", "p", "Q1"), and what remains as a key.
#include <string>
#include <string_view>
#include <vector>

#include "platform/units/units.hpp"

namespace motcua::units {

enum class Kind { none, province, city, urban_district, rural_district, town, ward, commune, township, special_zone };

/// One reading of a text. `key` is folded and without blanks ("govap", "17"); `marked` the same with its marks.
struct NameReading {
  Kind kind = Kind::none;
  std::string key, marked;
};

/// The official name: its kind is always there.
NameReading read_official(std::string_view name);

/// What somebody wrote: with the kind taken off first, then as it stands, for a name may begin like a kind ("Phương Đình").
std::vector<NameReading> read_written(std::string_view text);

/// True when a unit of this level may be of this kind; `none` fits all.
bool may_be(Kind kind, Level level);

/// Small before large, numbers by their value: "Phường 2" before "Phường 10".
bool name_less(const std::string& a, const std::string& b);

}  // namespace motcua::units
