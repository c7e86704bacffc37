#pragma once
// Telephone numbers in the one form "+84938000204", through the 2018 change of prefixes and what spreadsheets do to digits.
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace motcua {

enum class PhoneKind { mobile, landline, foreign };

struct Phone {
  std::string number;                   // "+" and 8-15 digits
  PhoneKind kind = PhoneKind::mobile;
  bool repaired = false;                // a digit was restored or a prefix of before 2018 was replaced
  friend bool operator==(const Phone&, const Phone&) = default;
};

/// Reads 0938000204, 84..., +84 ..., 0084..., 938000204 (leading zero lost), 0168xxxxxxx (before 2018), '0938.000.204, 9.38000204E+08,
/// 938000204.0, landlines (02x..., also without the zero), foreign numbers with + or 00.
/// Failures: phone.empty, phone.unreadable (other characters), phone.too_short, phone.too_long, phone.unknown_prefix,
/// phone.digits_lost (9.38E+08: the spreadsheet rounded them away).
Result<Phone> parse_phone(std::string_view text);

/// "0938 000 204", "028 3822 1234", "+44 20 7946 0000" -> grouped for reading; parse_phone reads it back.
std::string to_display(const Phone& phone);
std::string to_display_phone(std::string_view canonical);

/// "093* *** *04": enough for a person to recognise their own, not enough to call it.
std::string to_masked_phone(std::string_view canonical);

}  // namespace motcua
