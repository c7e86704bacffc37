#include "base/sex.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/vietnamese.hpp"

namespace motcua {
namespace {
constexpr std::size_t bytes_max = 64;
constexpr std::array<std::pair<std::string_view, Sex>, 18> spellings{{
    {"nam", Sex::male},      {"male", Sex::male},     {"m", Sex::male},     {"1", Sex::male},      {"nam gioi", Sex::male},
    {"trai", Sex::male},     {"nu", Sex::female},     {"female", Sex::female}, {"f", Sex::female}, {"2", Sex::female},
    {"nu gioi", Sex::female}, {"gai", Sex::female},   {"khac", Sex::other}, {"other", Sex::other}, {"o", Sex::other},
    {"man", Sex::male},      {"woman", Sex::female},  {"3", Sex::other},
}};
}  // namespace

Result<Sex> parse_sex(std::string_view text) {
  if (text.size() > bytes_max) return invalid("sex.unreadable");
  if (!vietnamese::is_clean_utf8(text)) return invalid("sex.unreadable");
  const std::string key = vietnamese::fold(text);
  if (key.empty()) return invalid("sex.empty");
  auto found = std::find_if(spellings.begin(), spellings.end(), [&](const auto& s) { return s.first == key; });
  // "1.0" and "2.0" are what a spreadsheet makes of the digits.
  if (found == spellings.end() && key.size() == 3 && key.ends_with(" 0"))
    found = std::find_if(spellings.begin(), spellings.end(), [&](const auto& s) { return s.first == key.substr(0, 1); });
  if (found == spellings.end()) return invalid("sex.unreadable");
  return found->second;
}

std::string_view to_text(Sex sex) {
  switch (sex) {
    case Sex::male: return "male";
    case Sex::female: return "female";
    case Sex::other: return "other";
    case Sex::unknown: break;
  }
  return "";
}

}  // namespace motcua
