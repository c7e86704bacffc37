#include "base/time.hpp"

#include <fmt/format.h>

namespace motcua {
namespace {
using namespace std::chrono;

constexpr std::size_t text_bytes_max = 64;  // the longest spelling with blanks around it
constexpr int year_min = 1850, year_max = 2100;
constexpr int two_digit_pivot = 30;         // "54" is 1954, "21" is 2021: birth years reach back, declarations do not

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\'' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Reads left to right; every step says whether it could.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view of, char& which) {
    if (rest_.empty() || of.find(rest_.front()) == of.npos) return false;
    which = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  void skip_blanks() {
    while (peek() == ' ') rest_.remove_prefix(1);
  }
  /// At most `max` digits; how many were read.
  int number(int max, int& value) {
    int read = 0;
    value = 0;
    while (read < max && !rest_.empty() && is_digit(rest_.front())) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++read;
    }
    return read;
  }

 private:
  std::string_view rest_;
};

struct Clock {
  int hour = 0, minute = 0, second = 0, milli = 0;
  std::optional<minutes> offset;
};

bool read_fraction(Cursor& in, int& milli) {
  int digits = 0;
  milli = 0;
  for (int value; in.number(1, value) == 1; ++digits)
    if (digits < 3) milli = milli * 10 + value;
  for (int i = digits; i < 3; ++i) milli *= 10;
  return digits > 0;
}

bool read_offset(Cursor& in, std::optional<minutes>& offset) {
  in.skip_blanks();
  if (in.take('Z') || in.take('z')) return offset = minutes{0}, true;
  char sign = 0;
  if (!in.take_any("+-", sign)) return true;  // none: Vietnam time
  int h = 0, m = 0;
  if (in.number(2, h) != 2) return false;
  in.take(':');
  if (const int read = in.number(2, m); read != 0 && read != 2) return false;
  if (h > 14 || m > 59) return false;
  offset = minutes{(sign == '-' ? -1 : 1) * (h * 60 + m)};
  return true;
}

bool read_clock(Cursor& in, Clock& clock) {
  if (in.number(2, clock.hour) == 0 || !in.take(':') || in.number(2, clock.minute) != 2) return false;
  if (in.take(':')) {
    if (in.number(2, clock.second) != 2) return false;
    if (in.take('.') || in.take(','))
      if (!read_fraction(in, clock.milli)) return false;
  }
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) return false;
  return read_offset(in, clock.offset) && in.at_end();
}

/// Year, month, day in either order of writing, up to where the time of day begins.
bool read_day(Cursor& in, int& y, int& m, int& d, int& year_digits) {
  int first = 0;
  const int digits = in.number(4, first);
  char separator = 0, second_separator = 0;
  if (digits == 0 || !in.take_any("/-.", separator) || in.number(2, m) == 0) return false;
  if (!in.take_any("/-.", second_separator) || separator != second_separator) return false;
  if (digits == 4) {
    y = first;
    year_digits = 4;
    return in.number(2, d) > 0;
  }
  d = first;
  year_digits = in.number(4, y);
  return digits <= 2 && (year_digits == 4 || year_digits == 2);
}

int full_year(int year, int digits) {
  if (digits == 4) return year;
  return year < two_digit_pivot ? 2000 + year : 1900 + year;
}

std::optional<Instant> from_epoch(std::string_view digits) {
  std::int64_t value = 0;
  for (char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (digits.size() == 9 || digits.size() == 10) return from_millis(value * 1000);
  if (digits.size() == 12 || digits.size() == 13) return from_millis(value);
  return std::nullopt;
}

Result<PartialDate> checked(int y, int m, int d) {
  if (y < year_min || y > year_max) return invalid("date.unreadable");
  if (m == 0 && d == 0) return PartialDate{y, 0, 0};
  if (m == 0 || m > 12) return invalid("date.no_such_day");
  if (d == 0) return PartialDate{y, m, 0};
  if (!Date(year{y}, month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))).ok()) return invalid("date.no_such_day");
  return PartialDate{y, m, d};
}

/// Excel's 1900 system counts a 29 February 1900 that never was; for five digits day 0 is therefore 30 December 1899.
Result<PartialDate> from_excel(int serial) {
  const Date date{sys_days{1899y / 12 / 30} + days{serial}};
  return checked(int(date.year()), static_cast<int>(unsigned(date.month())), static_cast<int>(unsigned(date.day())));
}

Result<PartialDate> from_digits(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  switch (digits.size()) {
    case 4: return checked(value, 0, 0);
    case 5: return from_excel(value);
    case 7:    // ddmmyyyy whose leading zero a spreadsheet dropped
    case 8: {  // the two readings exclude each other: a ddmmyyyy of our years has 18..21 where yyyymmdd has the month
      const int month_first = value / 100 % 100;
      if (digits.size() == 8 && value / 10000 >= year_min && value / 10000 <= year_max && month_first <= 12)
        return checked(value / 10000, month_first, value % 100);
      return checked(value % 10000, value / 10000 % 100, value / 1000000);
    }
    default: return invalid("date.unreadable");
  }
}

bool all_digits(std::string_view text) {
  for (char c : text)
    if (!is_digit(c)) return false;
  return !text.empty();
}

Result<PartialDate> from_month(Cursor in) {
  int m = 0, y = 0;
  char separator = 0;
  if (const int digits = in.number(4, m); digits == 4) {  // yyyy-mm
    y = m;
    if (!in.take_any("/-.", separator) || in.number(2, m) == 0 || !in.at_end()) return invalid("date.unreadable");
  } else if (digits == 0 || digits > 2 || !in.take_any("/-.", separator) || in.number(4, y) != 4 || !in.at_end()) {
    return invalid("date.unreadable");
  }
  return checked(y, m, 0);
}

bool is_excel_with_time(std::string_view text) {
  return text.size() > 6 && (text[5] == '.' || text[5] == ',') && all_digits(text.substr(0, 5)) && all_digits(text.substr(6));
}

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
  const Failure unreadable = invalid("time.unreadable");
  text = trimmed(text);
  if (text.empty() || text.size() > text_bytes_max) return unreadable;
  if (auto epoch = from_epoch(text)) return *epoch;
  Cursor in(text);
  int y = 0, m = 0, d = 0, digits = 0;
  if (!read_day(in, y, m, d, digits)) return unreadable;
  y = full_year(y, digits);
  const Date date(year{y}, month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
  if (y < year_min || y > year_max || !date.ok()) return unreadable;
  if (in.at_end()) return vietnam_midnight(date);
  Clock clock;
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return unreadable;
  in.skip_blanks();
  if (!read_clock(in, clock)) return unreadable;
  return Instant{sys_days{date}} + hours{clock.hour} + minutes{clock.minute} + seconds{clock.second} +
         milliseconds{clock.milli} - clock.offset.value_or(minutes{vietnam_offset});
}

Result<PartialDate> parse_date(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > text_bytes_max) return invalid("date.unreadable");
  if (all_digits(text)) return text.size() <= 8 ? from_digits(text) : invalid("date.unreadable");
  if (is_excel_with_time(text)) return from_digits(text.substr(0, 5));
  Cursor in(text);
  int y = 0, m = 0, d = 0, digits = 0;
  if (!read_day(in, y, m, d, digits)) return from_month(Cursor(text));
  if (in.at_end()) return checked(full_year(y, digits), m, d);
  // With a time of day: an offset may move the day (midnight in Vietnam is 17:00Z of the day before).
  auto instant = parse_instant(text);
  if (!instant) return invalid("date.unreadable");
  const Date date = vietnam_date(*instant);
  return checked(int(date.year()), static_cast<int>(unsigned(date.month())), static_cast<int>(unsigned(date.day())));
}

Date vietnam_date(Instant t) { return Date{floor<days>(t + vietnam_offset)}; }

Instant vietnam_midnight(Date date) { return Instant{sys_days{date}} - vietnam_offset; }

Instant vietnam_time(Date date, int hour, int minute, int second) {
  return vietnam_midnight(date) + hours{hour} + minutes{minute} + seconds{second};
}

std::string to_iso(Instant t) {
  const auto local = t + vietnam_offset;
  const auto midnight = floor<days>(local);
  const Date date{midnight};
  const hh_mm_ss clock{local - midnight};
  const auto milli = clock.subseconds().count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}+07:00", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     milli == 0 ? std::string() : fmt::format(".{:03}", milli));
}

std::string to_iso(const PartialDate& date) {
  if (date.month == 0) return fmt::format("{:04}", date.year);
  if (date.day == 0) return fmt::format("{:04}-{:02}", date.year, date.month);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

}  // namespace motcua
