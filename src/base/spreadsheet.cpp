#include "base/spreadsheet.hpp"

#include <algorithm>

namespace motcua {
namespace {
bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr int exponent_max = 20;  // longer than any number that names something
}  // namespace

std::optional<std::string> undo_spreadsheet_number(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string digits;
  std::size_t i = 0, fraction = 0;
  while (i < text.size() && is_digit(text[i])) digits += text[i++];
  if (digits.empty() || i == text.size()) return std::string(text);
  if (text[i] == '.' || text[i] == ',') {
    for (++i; i < text.size() && is_digit(text[i]); ++fraction) digits += text[i++];
    if (i == text.size())  // 938000204.0 is a number; 0938.000.204 was grouped by a person
      return fraction <= 2 && digits.find_last_not_of('0') < digits.size() - fraction && digits.size() - fraction >= 6
                 ? digits.substr(0, digits.size() - fraction)
                 : std::string(text);
  }
  if (fraction == 0 && digits.size() > 1) return std::string(text);
  if (text[i] != 'e' && text[i] != 'E') return std::string(text);
  if (++i < text.size() && text[i] == '+') ++i;
  int exponent = 0;
  const std::size_t exponent_at = i;
  for (; i < text.size() && is_digit(text[i]); ++i) exponent = std::min(exponent * 10 + (text[i] - '0'), exponent_max + 1);
  if (i == exponent_at || i < text.size()) return std::string(text);
  if (exponent > exponent_max) return std::nullopt;
  const int missing = exponent - static_cast<int>(fraction);
  if (missing != 0) return std::nullopt;  // a guessed digit would be somebody else's number
  return digits;
}

}  // namespace motcua
