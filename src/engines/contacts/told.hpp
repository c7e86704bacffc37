#pragma once
// A fact as it is told, with ids of any text, and what of it is accepted.
#include <string_view>

#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

/// Facts lie between these; what does not is refused.
inline constexpr Time time_min = 946'659'600'000;       // 2000-01-01T00:00+07:00
inline constexpr Time time_max = 4'102'419'600'000;     // 2100-01-01T00:00+07:00

/// A contact of two persons, or a person's visit to a place.
struct Told {
  bool visit = false;
  std::string_view owner, other;
  Interval span = {};
  Kind kind = Kind::encounter;
};

/// Failures, all `invalid`: contacts.with_oneself, contacts.no_length, contacts.ends_before_begin, contacts.time_outside,
/// contacts.id_too_long; `field` is the column of `graph load`.
Result<void> check_fact(const Told& fact);

}  // namespace motcua::contacts
