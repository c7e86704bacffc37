#pragma once
// Numbers, dates, times and spans as a language writes them. Pure; Vietnam time.
#include <chrono>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::i18n {

/// 4 320: thousands by a narrow no-break space (U+202F) in both languages; four digits and more.
std::string number(std::int64_t n);
/// vi "0,4", en "0.4"; `digits` after the point, rounded half away from zero.
std::string decimal(std::string_view lang, double value, int digits);
/// 0.997 -> vi "99,7 %", en "99.7%". What is less than all is never shown as 100 %.
std::string percent(std::string_view lang, double share, int digits = 1);
/// "+6,1", "-0,9" with a real minus sign.
std::string signed_decimal(std::string_view lang, double value, int digits);

std::string date_long(const Texts& texts, std::string_view lang, Date day);   // thứ Hai, 23/11/2026; Monday, 23 November 2026
std::string date_short(std::string_view lang, Date day);                      // 23/11/2026; 23 Nov 2026
std::string birth(std::string_view lang, std::string_view iso);               // "1954", "03/1954", "02/03/1954" from ISO
std::string time_of_day(Instant t);                                           // 17:05
std::string date_time(std::string_view lang, Instant t);                      // 17:05 23/11/2026; 17:05, 23 Nov 2026
/// "17:05–17:30 31/07/2021", "29/07–02/08/2021".
std::string interval(std::string_view lang, Instant from, Instant to);
/// "3 giờ trước", "in 2 days", "vừa xong"; beyond 30 days the date.
std::string relative(const Texts& texts, std::string_view lang, Instant then, Instant now);
/// 25 -> "25 phút", 95 -> "1 giờ 35 phút", 4320 -> "3 ngày".
std::string minutes(const Texts& texts, std::string_view lang, double minutes);
/// "1,2 MB".
std::string bytes(std::string_view lang, std::uint64_t count);

/// dd/mm/yyyy HH:MM or ISO for <input type=datetime-local>: yyyy-mm-ddTHH:MM in Vietnam time.
std::string input_date_time(Instant t);

}  // namespace motcua::i18n
