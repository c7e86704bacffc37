#pragma once
// From what people write to a unit. Pure functions of an atlas.
#include <string_view>

#include "platform/units/atlas.hpp"

namespace motcua::units {

/// Longer texts are no addresses.
inline constexpr std::size_t text_bytes_max = 1000;

Resolution resolve_parts(const Atlas& atlas, std::string_view ward, std::string_view district, std::string_view province, Date on);
AddressParts split_address(const Atlas& atlas, std::string_view text);

/// Units of a level that the text may name, whatever their parents: for telling the parts of an address apart.
bool names_a(const Atlas& atlas, Level level, std::string_view text, const std::vector<std::string>& provinces);
/// Codes of the provinces the text may name, on any map.
std::vector<std::string> provinces_named(const Atlas& atlas, std::string_view text);

}  // namespace motcua::units
