#include "platform/i18n/format.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace motcua::i18n {
namespace {

using namespace std::chrono;

constexpr std::string_view narrow_space = "\u202f";
constexpr std::array<std::string_view, 12> months_short = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string two(unsigned n) { return n < 10 ? "0" + std::to_string(n) : std::to_string(n); }

std::string day_month(std::string_view lang, Date day) {
  const unsigned d = static_cast<unsigned>(day.day()), m = static_cast<unsigned>(day.month());
  if (lang == "en") return std::to_string(d) + " " + std::string(months_short.at(m - 1));
  return two(d) + "/" + two(m);
}

hh_mm_ss<milliseconds> clock_of(Instant t) {
  const auto local = t + vietnam_offset;
  return hh_mm_ss<milliseconds>{local - floor<days>(local)};
}

}  // namespace

std::string number(std::int64_t n) {
  std::string digits = std::to_string(n < 0 ? -n : n);
  if (digits.size() > 3)
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), narrow_space);
  return n < 0 ? "\u2212" + digits : digits;
}

std::string decimal(std::string_view lang, double value, int digits) {
  const double scale = std::pow(10.0, digits);
  const double rounded = std::round(std::abs(value) * scale);
  std::string out = number(static_cast<std::int64_t>(rounded / scale));
  if (digits > 0) {
    std::string fraction = std::to_string(static_cast<std::int64_t>(std::fmod(rounded, scale)));
    fraction.insert(0, static_cast<std::size_t>(digits) - std::min<std::size_t>(fraction.size(), static_cast<std::size_t>(digits)), '0');
    out += (lang == "en" ? "." : ",") + fraction;
  }
  return value < 0 && rounded > 0 ? "\u2212" + out : out;
}

std::string percent(std::string_view lang, double share, int digits) {
  const double step = std::pow(10.0, -digits);   // what is shown last
  const bool nearly = share < 1 - 1e-9 && share * 100 > 100 - step;   // 1e-9: sums of floating point that are one
  return decimal(lang, nearly ? 100 - step : share * 100, digits) + (lang == "en" ? "%" : "\u202f%");
}

std::string signed_decimal(std::string_view lang, double value, int digits) {
  std::string out = decimal(lang, value, digits);
  return value > 0 ? "+" + out : out;
}

std::string date_long(const Texts& texts, std::string_view lang, Date day) {
  const auto weekday_key = "i18n.weekday_" + std::to_string(weekday(sys_days(day)).iso_encoding());
  const auto month_key = "i18n.month_" + std::to_string(static_cast<unsigned>(day.month()));
  return texts.text(lang, "i18n.date_long",
                    {{"weekday", texts.text(lang, weekday_key)},
                     {"day", lang == "en" ? std::to_string(static_cast<unsigned>(day.day())) : two(static_cast<unsigned>(day.day()))},
                     {"month", texts.text(lang, month_key)},
                     {"year", std::to_string(static_cast<int>(day.year()))}});
}

std::string date_short(std::string_view lang, Date day) {
  return day_month(lang, day) + (lang == "en" ? " " : "/") + std::to_string(static_cast<int>(day.year()));
}

std::string birth(std::string_view lang, std::string_view iso) {
  if (iso.size() == 7) return std::string(iso.substr(5, 2)) + "/" + std::string(iso.substr(0, 4));
  if (iso.size() != 10) return std::string(iso);
  const auto part = [&](std::size_t from, std::size_t length) { return std::atoi(std::string(iso.substr(from, length)).c_str()); };
  const Date day{year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))), std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  return day.ok() ? date_short(lang, day) : std::string(iso);
}

std::string time_of_day(Instant t) {
  const auto clock = clock_of(t);
  return two(static_cast<unsigned>(clock.hours().count())) + ":" + two(static_cast<unsigned>(clock.minutes().count()));
}

std::string date_time(std::string_view lang, Instant t) {
  return time_of_day(t) + (lang == "en" ? ", " : " ") + date_short(lang, vietnam_date(t));
}

std::string interval(std::string_view lang, Instant from, Instant to) {
  const Date first = vietnam_date(from), last = vietnam_date(to);
  if (first == last) return time_of_day(from) + "–" + time_of_day(to) + (lang == "en" ? ", " : " ") + date_short(lang, first);
  if (to - from < hours(24))
    return time_of_day(from) + " " + day_month(lang, first) + " – " + time_of_day(to) + " " + date_short(lang, last);
  const bool same_year = first.year() == last.year();
  return (same_year ? day_month(lang, first) : date_short(lang, first)) + "–" + date_short(lang, last);
}

std::string relative(const Texts& texts, std::string_view lang, Instant then, Instant now) {
  const auto distance = then < now ? now - then : then - now;
  if (distance > days(30)) return date_short(lang, vietnam_date(then));
  const std::string side = then < now ? "_ago" : "_ahead";
  if (distance < std::chrono::minutes(1)) return texts.text(lang, "i18n.just_now");
  if (distance < hours(1)) return texts.plural(lang, "i18n.minutes" + side, duration_cast<std::chrono::minutes>(distance).count());
  if (distance < hours(24)) return texts.plural(lang, "i18n.hours" + side, duration_cast<hours>(distance).count());
  return texts.plural(lang, "i18n.days" + side, duration_cast<days>(distance).count());
}

std::string minutes(const Texts& texts, std::string_view lang, double minutes) {
  const auto whole = static_cast<std::int64_t>(std::llround(minutes));
  const std::int64_t d = whole / 1440, h = whole % 1440 / 60, m = whole % 60;
  std::string out;
  const auto add = [&](std::int64_t n, const char* key) {
    if (n > 0) out += (out.empty() ? "" : " ") + texts.plural(lang, key, n);
  };
  add(d, "i18n.days");
  add(h, "i18n.hours");
  if (d == 0) add(m, "i18n.minutes");
  return out.empty() ? texts.plural(lang, "i18n.minutes", m) : out;
}

std::string bytes(std::string_view lang, std::uint64_t count) {
  constexpr std::array<const char*, 4> units = {"B", "kB", "MB", "GB"};
  double value = static_cast<double>(count);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) value /= 1000, ++unit;
  return decimal(lang, value, unit == 0 || value >= 100 ? 0 : 1) + "\u00a0" + units.at(unit);
}

std::string input_date_time(Instant t) { return to_iso(t).substr(0, 16); }

}  // namespace motcua::i18n
