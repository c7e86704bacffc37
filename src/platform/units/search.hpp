#pragma once
// Wards by a few of their words. Pure function of an atlas.
#include "platform/units/atlas.hpp"

namespace motcua::units {

std::vector<Unit> search_wards(const Atlas& atlas, std::string_view text, Date on, std::size_t most);

}  // namespace motcua::units
