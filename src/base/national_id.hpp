#pragma once
// Identity numbers of Vietnam: the citizen card of 12 digits (CCCD), the older card of 9 (CMND), passports.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/sex.hpp"

namespace motcua {

enum class IdKind { cccd, cmnd, passport };

struct NationalId {
  IdKind kind = IdKind::cccd;
  std::string number;                   // digits, or a passport's letter and digits in upper case
  bool repaired = false;                // leading zeros a spreadsheet dropped were put back
  bool weak = false;                    // the number alone may belong to two people (duplicated range, no known province)
  std::string province;                 // two-digit code of 2021 where the number says it, else empty
  std::optional<int> birth_year;        // cccd only
  Sex sex = Sex::unknown;               // cccd only
  friend bool operator==(const NationalId&, const NationalId&) = default;
};

/// Reads cards and passports with the accidents of typing and spreadsheets ("079.187.000.123", '79187000123, 7.9187000123E+10).
/// Failures: national_id.empty, national_id.unreadable, national_id.wrong_length, national_id.no_such_province (cccd),
/// national_id.digits_lost.
Result<NationalId> parse_national_id(std::string_view text);

/// True when a cccd's century, sex and year digits contradict what else is known; unknown contradicts nothing.
bool contradicts(const NationalId& id, Sex sex, std::optional<int> birth_year);

/// The last three digits, the rest as dots.
std::string to_masked_id(std::string_view number);

}  // namespace motcua
