#pragma once
// Names as they are borne in Vietnam, by sex and generation; streets and wards of a place that does not exist.
#include <string>
#include <string_view>

#include "base/prng.hpp"

namespace motcua::app::town {

/// By the shares of family names in the population.
std::string_view draw_family_name(Prng& random);
/// Middle and given names as a person of that sex, born in that year, bears them: "Thị Lan", "Minh Khôi".
std::string draw_given_names(Prng& random, bool female, int birth_year);

std::string_view draw_street(Prng& random);
/// The n-th ward of a district: numbered ones and named ones, no name twice in a district.
std::string ward_name(std::size_t n, std::uint64_t salt);
std::string district_name(std::size_t n);
inline constexpr std::string_view province_name = "Tỉnh Lạc Giang";

}  // namespace motcua::app::town
