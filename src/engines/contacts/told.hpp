#pragma once
// A fact as it is told, with ids of any text, and what of it is accepted.
#include <string_view>

#include "engines/contacts/facts.hpp"
#include "engines/contacts/saying.hpp"

namespace motcua::contacts {

/// Facts lie between these; what does not is refused.
inline constexpr Time time_min = 946'659'600'000;       // 2000-01-01T00:00+07:00
inline constexpr Time time_max = 4'102'419'600'000;     // 2100-01-01T00:00+07:00

/// A contact of two persons, or a person's visit to a place; or that such a fact is taken back: then every one that was told before with the
/// same ids and times is meant, whatever else it said.
struct Told {
  bool visit = false;
  std::string_view owner, other;
  Interval span = {};
  Kind kind = Kind::encounter;
  Seat seat = {};                       // of a visit
  float distance_m = -1;                // of a contact; negative: unknown. Kept to the centimetre
  bool both_masked = false;
  Time recorded = since_ever;           // when it is told; since_ever: it was always known
  bool withdraws = false;
};

/// A contact of two persons whose ids are numbers: what Told says with their decimal texts, sooner.
struct NumberedContact {
  std::uint64_t owner = 0, other = 0;
  Interval span = {};
  Kind kind = Kind::encounter;
  float distance_m = -1;
  Time recorded = since_ever;
  bool withdraws = false;
};

inline constexpr float distance_max_m = 100'000;        // a larger one counts as this

Saying to_saying(const Told& fact);
Saying to_saying(const NumberedContact& fact);

/// Failures, all `invalid`: contacts.with_oneself, contacts.no_length, contacts.ends_before_begin, contacts.time_outside,
/// contacts.id_too_long; `field` is the column of `graph load`.
Result<void> check_fact(const Told& fact);
Result<void> check_fact(const NumberedContact& fact);

}  // namespace motcua::contacts
