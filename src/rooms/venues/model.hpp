#pragma once
// The words of the room: venues, their codes and kinds, being there.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::venues {

inline constexpr std::size_t name_chars_max = 120, address_chars_max = 300;
inline constexpr std::size_t short_code_digits = 9;          // eight and a check digit: a hundred million
inline constexpr std::size_t poster_code_chars = 26;         // 128 random bits

/// A kind of venue as policies/venues.toml has it; in force [from, to).
struct Kind {
  std::string name;              // text key below "venues.kind_"
  std::string visit;             // what tracing calls a visit there
  std::chrono::minutes stay{60}; // of a visit that nobody ended
  Date from{};
  std::optional<Date> to;
};
/// Failures toml.*, venues.policy_invalid (an unknown visit kind).
Result<std::vector<Kind>> read_kinds(std::string_view toml);
/// The one in force that day; null: there is none.
const Kind* find_kind(const std::vector<Kind>& kinds, std::string_view name, Date on);

/// Damm's check digit (H. M. Damm, 2004): every single wrong digit and every swap of two neighbours makes another one.
char check_digit(std::string_view digits);
/// Eight digits, the first not 0 (so that no program takes it for a padded number), and their check digit.
std::string to_short_code(std::uint64_t random);
/// "123 456 789", as it is read out.
std::string in_groups(std::string_view short_code);

/// What somebody scanned or typed, as a code in the table: the address on a poster, the code in it, or a short code with whatever stands between
/// its digits. Failures: venues.code_unreadable, venues.code_mistyped (the check digit says no).
Result<std::string> parse_code(std::string_view text);

struct Venue {
  std::string venue_id;          // vnu_..., the place code of tracing's visits
  std::string keeper;            // res_... or acc_...
  std::string name, kind, ward_code, address;
  std::string code, short_code;  // in force
  Instant made_at{};
  std::optional<Instant> closed_at;
};
struct NewVenue {
  std::string name, kind, address;
  std::string ward_code;         // empty: read from the address
};

/// A count as a keeper may see it: below this it is "fewer than", above it rounded to its multiples, so that two looks do not tell one person.
inline constexpr std::int64_t count_min = 5;                 // trust.md: k >= 5
std::optional<std::int64_t> to_shown(std::int64_t count);    // nothing: fewer than count_min
struct DayCount {
  Date day{};
  std::optional<std::int64_t> check_ins;                     // as to_shown says
};

}  // namespace motcua::venues
