#pragma once
// Instants, dates and their many spellings. Vietnam time is UTC+7, without daylight saving.
// An instant is kept in milliseconds since the Unix epoch, in the database as BIGINT.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace motcua {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Date = std::chrono::year_month_day;
inline constexpr std::chrono::hours vietnam_offset{7};

constexpr std::int64_t to_millis(Instant t) { return t.time_since_epoch().count(); }
constexpr Instant from_millis(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

/// A date that may be known only to the month or the year ("1954", "03/1954"). `year` is 1850..2100.
struct PartialDate {
  int year = 0;
  int month = 0;  // 0: unknown
  int day = 0;    // 0: unknown
  bool full() const { return month != 0 && day != 0; }
  friend bool operator==(const PartialDate&, const PartialDate&) = default;
};

/// ISO 8601 with or without offset (without: Vietnam time), a blank instead of T, seconds optional, fractions kept to
/// the millisecond; dd/mm/yyyy[ HH:MM[:SS]]; Unix seconds (9-10 digits) and milliseconds (12-13 digits), told apart by size.
/// Failure `time.unreadable`.
Result<Instant> parse_instant(std::string_view text);

/// yyyy-mm-dd, yyyymmdd, dd/mm/yyyy, d-m-yy, dd.mm.yyyy, ddmmyyyy, mm/yyyy, yyyy, Excel serial (5 digits, 1900 system), an ISO instant's
/// date. 31/02 fails: `date.no_such_day`; anything else `date.unreadable`.
Result<PartialDate> parse_date(std::string_view text);

std::string to_iso(Instant t);                 // 2021-07-31T17:05:00+07:00, Vietnam time, whole seconds unless fractions are there
std::string to_iso(const PartialDate& date);   // 1954, 1954-03, 1954-03-02
Date vietnam_date(Instant t);                  // the calendar day in Vietnam
Instant vietnam_midnight(Date day);            // 00:00 Vietnam time of that day
Instant vietnam_time(Date day, int hour, int minute = 0, int second = 0);

}  // namespace motcua
