#include "base/national_id.hpp"

#include <algorithm>
#include <array>

#include "base/spreadsheet.hpp"

namespace motcua {
namespace {
constexpr std::size_t text_bytes_max = 64;

// The 63 provinces of 2021 (the number says where a birth was registered, so later mergers do not touch it).
constexpr std::array<std::string_view, 63> provinces{
    "01", "02", "04", "06", "08", "10", "11", "12", "14", "15", "17", "19", "20", "22", "24", "25", "26", "27", "30", "31", "33",
    "34", "35", "36", "37", "38", "40", "42", "44", "45", "46", "48", "49", "51", "52", "54", "56", "58", "60", "62", "64", "66",
    "67", "68", "70", "72", "74", "75", "77", "79", "80", "82", "83", "84", "86", "87", "89", "91", "92", "93", "94", "95", "96"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
int two_digits(std::string_view n, std::size_t at) { return (n[at] - '0') * 10 + (n[at + 1] - '0'); }

/// Birth registered in a province ("0" and its code) or abroad (a country's code of 1xx-3xx, Circular 07/2016/TT-BCA).
bool is_birthplace(std::string_view n) {
  if (n[0] == '0') return std::find(provinces.begin(), provinces.end(), n.substr(1, 2)) != provinces.end();
  return n[0] >= '1' && n[0] <= '3';
}

/// 50,000 numbers that Bà Rịa-Vũng Tàu and Đồng Nai both gave out.
bool is_duplicated(std::string_view cmnd) { return cmnd >= "271450001" && cmnd <= "271500000"; }

Result<NationalId> from_cccd(std::string number, bool repaired) {
  if (!is_birthplace(number)) return invalid("national_id.no_such_province");
  NationalId id;
  id.kind = IdKind::cccd;
  id.number = std::move(number);
  id.repaired = repaired;
  if (id.number[0] == '0') id.province = id.number.substr(1, 2);
  const int century = id.number[3] - '0';  // 0 and 1: 19xx, 2 and 3: 20xx ...; even: male
  id.birth_year = 1900 + century / 2 * 100 + two_digits(id.number, 4);
  id.sex = century % 2 == 0 ? Sex::male : Sex::female;
  return id;
}

Result<NationalId> from_cmnd(std::string number, bool repaired) {
  NationalId id;
  id.kind = IdKind::cmnd;
  id.number = std::move(number);
  id.repaired = repaired;
  const int series = two_digits(id.number, 0);
  id.weak = is_duplicated(id.number) || series == 0 || series > 38;
  return id;
}

Result<NationalId> from_passport(std::string number) {
  const bool letter_and_digits = number.size() >= 6 && number.size() <= 9 && !is_digit(number[0]);
  if (!letter_and_digits) return invalid("national_id.unreadable");
  NationalId id;
  id.kind = IdKind::passport;
  id.number = std::move(number);
  return id;
}

/// Digits and letters in upper case; separators people write dropped. Nothing when another character stands there.
std::optional<std::string> bare(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_digit(c) || (c >= 'A' && c <= 'Z')) out += c;
    else if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    else if (std::string_view(" .-'\"\t").find(c) == std::string_view::npos) return std::nullopt;
  }
  return out;
}

}  // namespace

Result<NationalId> parse_national_id(std::string_view text) {
  if (text.size() > text_bytes_max) return invalid("national_id.wrong_length");
  auto plain = undo_spreadsheet_number(text);
  if (!plain) return invalid("national_id.digits_lost");
  auto number = bare(*plain);
  if (!number) return invalid("national_id.unreadable");
  if (number->empty()) return invalid("national_id.empty");
  if (!std::all_of(number->begin(), number->end(), is_digit)) return from_passport(std::move(*number));
  switch (number->size()) {
    case 12: return from_cccd(std::move(*number), false);
    case 11: return from_cccd("0" + *number, true);     // provinces below 100: every card begins with a zero
    case 10: return from_cccd("00" + *number, true);    // Hà Nội 001 ... Hà Giang 002 ...: two zeros
    case 9: return from_cmnd(std::move(*number), false);
    case 8: return from_cmnd("0" + *number, true);      // the series 01..09
    default: return invalid("national_id.wrong_length");
  }
}

bool contradicts(const NationalId& id, Sex sex, std::optional<int> birth_year) {
  const bool other_sex = id.sex != Sex::unknown && (sex == Sex::male || sex == Sex::female) && sex != id.sex;
  return other_sex || (id.birth_year && birth_year && *id.birth_year != *birth_year);
}

std::string to_masked_id(std::string_view number) {
  if (number.size() < 6) return number.empty() ? "" : "***";
  return std::string(number.size() - 3, '*') + std::string(number.substr(number.size() - 3));
}

}  // namespace motcua
