#include "platform/units/search.hpp"

#include <algorithm>

#include "base/vietnamese.hpp"
#include "platform/units/resolve.hpp"

namespace motcua::units {
namespace {

/// "phuong 17 quan go vap thanh pho ho chi minh", and a blank at both ends.
std::string words_of(const Atlas& atlas, Version ward, Date on) {
  std::string words = " " + vietnamese::fold(ward->name);
  for (const auto parent : atlas.ancestors(ward, on)) words += " " + vietnamese::fold(parent->name);
  return words + " ";
}

/// How many of the words begin a word of the name; the ward's own count more than those of what it lies in.
int fitting(const std::string& name, const std::string& own, const std::vector<std::string_view>& asked) {
  int sum = 0;
  for (const auto word : asked) {
    const std::string begins = " " + std::string(word);
    if (name.find(begins) == std::string::npos) continue;
    const bool whole = own.find(begins + " ") != std::string::npos;
    sum += whole ? 3 : 2;
  }
  return sum;
}

/// Inside the province or district that the text names for certain.
bool lies_in(const Atlas& atlas, Version ward, const Resolution& scope) {
  if (!scope.district_code.empty()) return ward->parent_code == scope.district_code;
  return scope.province_code.empty() || atlas.province_of(ward) == scope.province_code;
}

}  // namespace

std::vector<Unit> search_wards(const Atlas& atlas, std::string_view text, Date on, std::size_t most) {
  if (text.size() > text_bytes_max) return {};
  const std::string folded = vietnamese::fold(text);
  const auto asked = vietnamese::words(folded);
  if (asked.empty()) return {};
  const auto parts = split_address(atlas, text);
  const auto scope = resolve_parts(atlas, parts.ward, parts.district, parts.province, on);
  int best = 0;
  std::vector<Unit> found;
  for (const auto& [code, ward] : atlas.in_force(on).by_code) {
    if (ward->level != Level::ward || !lies_in(atlas, ward, scope)) continue;
    const int fits = fitting(words_of(atlas, ward, on), " " + vietnamese::fold(ward->name) + " ", asked);
    if (fits == 0 || fits < best) continue;
    if (fits > best) best = fits, found.clear();
    found.push_back(*ward);
  }
  if (found.size() > most) return {};
  std::sort(found.begin(), found.end(), [](const Unit& a, const Unit& b) { return a.name != b.name ? name_less(a.name, b.name) : a.code < b.code; });
  return found;
}

}  // namespace motcua::units
