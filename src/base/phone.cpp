#include "base/phone.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/spreadsheet.hpp"

namespace motcua {
namespace {
constexpr std::size_t text_bytes_max = 64;
constexpr std::size_t foreign_digits_min = 7, foreign_digits_max = 15;  // E.164

// Decision of the ministry of 2018: eleven-digit mobile numbers lost one digit; the last seven stayed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> prefixes_2018{{
    {"120", "70"}, {"121", "79"}, {"122", "77"}, {"126", "76"}, {"128", "78"},                                 // MobiFone
    {"123", "83"}, {"124", "84"}, {"125", "85"}, {"127", "81"}, {"129", "82"},                                 // VinaPhone
    {"162", "32"}, {"163", "33"}, {"164", "34"}, {"165", "35"}, {"166", "36"}, {"167", "37"}, {"168", "38"}, {"169", "39"},
    {"186", "56"}, {"188", "58"},                                                                              // Vietnamobile
}};

bool is_mobile(std::string_view n) {  // national number of nine digits
  if (n.size() != 9) return false;
  const char second = n[1];
  switch (n[0]) {
    case '3': return second >= '2';
    case '5': return second == '2' || second == '5' || second == '6' || second == '8' || second == '9';
    case '7': return second == '0' || second >= '6';
    case '8': return second >= '1';
    case '9': return second != '5';
    default: return false;
  }
}

bool is_landline(std::string_view n) { return (n.size() == 9 || n.size() == 10) && n[0] == '2' && n[1] != '0'; }

/// The number before 2018 as it is today.
std::optional<std::string> migrated(std::string_view n) {
  if (n.size() != 10 || n[0] != '1') return std::nullopt;
  if (n.starts_with("199")) return "59" + std::string(n.substr(3));  // Gmobile
  for (const auto& [old_prefix, new_prefix] : prefixes_2018)
    if (n.starts_with(old_prefix)) return std::string(new_prefix) + std::string(n.substr(3));
  return std::nullopt;
}

struct Digits {
  std::string digits;
  bool international = false;  // began with + or 00
};

Result<Digits> read_digits(std::string_view text) {
  Digits out;
  bool plus = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      out.digits += c;
    } else if (c == '+' && out.digits.empty() && !plus) {
      plus = true;
    } else if (text.substr(i).starts_with("\xc2\xa0")) {  // no-break space
      ++i;
    } else if (std::string_view(" .-()/'\"\t_").find(c) == std::string_view::npos) {
      return invalid("phone.unreadable");
    }
  }
  if (out.digits.empty()) return invalid(plus ? "phone.unreadable" : "phone.empty");
  out.international = plus;
  if (!plus && out.digits.starts_with("00")) {
    out.international = true;
    out.digits.erase(0, 2);
  }
  return out;
}

Result<Phone> from_national(std::string_view n, bool repaired) {
  if (is_mobile(n)) return Phone{"+84" + std::string(n), PhoneKind::mobile, repaired};
  if (is_landline(n)) return Phone{"+84" + std::string(n), PhoneKind::landline, repaired};
  if (auto now = migrated(n)) return Phone{"+84" + *now, PhoneKind::mobile, true};
  if (n.size() < 9) return invalid("phone.too_short");
  if (n.size() > 10) return invalid("phone.too_long");
  return invalid("phone.unknown_prefix");
}

Result<Phone> from_foreign(std::string_view digits) {
  if (digits.size() < foreign_digits_min) return invalid("phone.too_short");
  if (digits.size() > foreign_digits_max) return invalid("phone.too_long");
  if (digits[0] == '0') return invalid("phone.unknown_prefix");
  return Phone{"+" + std::string(digits), PhoneKind::foreign, false};
}

std::string_view without_zero(std::string_view n) { return n.starts_with('0') ? n.substr(1) : n; }

std::string grouped(std::string_view digits, std::initializer_list<std::size_t> sizes) {
  std::string out;
  for (std::size_t size : sizes) {
    if (digits.empty()) break;
    if (!out.empty()) out += ' ';
    out += digits.substr(0, size);
    digits.remove_prefix(std::min(size, digits.size()));
  }
  if (!digits.empty()) (out += ' ') += digits;
  return out;
}

// Area codes of two digits; all others have three.
bool is_short_area(std::string_view national) { return national.starts_with("24") || national.starts_with("28"); }

}  // namespace

Result<Phone> parse_phone(std::string_view text) {
  if (text.size() > text_bytes_max) return invalid("phone.too_long");
  auto plain = undo_spreadsheet_number(text);
  if (!plain) return invalid("phone.digits_lost");
  TRY_ASSIGN(auto read, read_digits(*plain));
  const std::string_view digits = read.digits;
  if (digits.size() > 20) return invalid("phone.too_long");
  if (read.international) {
    if (digits.starts_with("84")) return from_national(without_zero(digits.substr(2)), false);
    return from_foreign(digits);
  }
  if (digits.starts_with('0')) return from_national(digits.substr(1), false);
  // Eleven digits or more beginning with 84 are the country code; nine beginning with 84 are VinaPhone's 084 without its zero.
  if (digits.starts_with("84") && digits.size() >= 11) return from_national(without_zero(digits.substr(2)), false);
  return from_national(digits, true);
}

std::string to_display(const Phone& phone) { return to_display_phone(phone.number); }

std::string to_display_phone(std::string_view canonical) {
  if (!canonical.starts_with("+84")) {
    if (canonical.size() < 4) return std::string(canonical);
    return "+" + grouped(canonical.substr(1), {2, 3, 3, 3, 4});
  }
  const std::string_view national = canonical.substr(3);
  if (is_mobile(national)) return grouped("0" + std::string(national), {4, 3, 3});
  if (is_short_area(national)) return grouped("0" + std::string(national), {3, 4, 4});
  return grouped("0" + std::string(national), {4, 3, 4});
}

std::string to_masked_phone(std::string_view canonical) {
  if (canonical.empty()) return {};
  const std::string local = canonical.starts_with("+84") ? "0" + std::string(canonical.substr(3)) : std::string(canonical);
  if (local.size() < 7) return "***";
  return local.substr(0, 3) + "* *** *" + local.substr(local.size() - 2);
}

}  // namespace motcua
