#pragma once
// The two kinds of fact, and where they come from. Times are milliseconds since the Unix epoch; intervals are half-open.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace motcua::contacts {

using Time = std::int64_t;
inline constexpr Time never = INT64_MAX / 4;            // far enough from the edge to add a latent period to
inline constexpr Time since_ever = -never;

struct Interval {
  Time from = 0, to = 0;                                // [from, to)
  Time length() const { return to - from; }
  friend bool operator==(const Interval&, const Interval&) = default;
};
inline Interval intersect(const Interval& a, const Interval& b) {
  return {a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to};
}

/// Small dense numbers which the source hands out, from 0 on. `FactSource::before` gives the order of the ids behind them.
using Person = std::uint32_t;
using Place = std::uint32_t;
inline constexpr Place no_place = UINT32_MAX;

enum class Kind : std::uint8_t { household, work, school, health, venue, vehicle, flight, proximity, encounter, declared };
inline constexpr int kinds_count = 10;
std::string_view to_text(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

/// A seat as written: "12", "12A", "A12", "A-12". Nothing known: row 0.
struct Seat {
  std::int16_t row = 0;
  char letter = 0;
  friend bool operator==(const Seat&, const Seat&) = default;
};
Seat parse_seat(std::string_view text);

struct Visit {
  Person person = 0;
  Place place = no_place;
  Kind kind = Kind::venue;
  Seat seat = {};
  Interval stay = {};
};

/// Two persons near each other; told once for every person asked about.
struct Encounter {
  Person person = 0, other = 0;                         // person: the one asked about
  Kind kind = Kind::encounter;
  bool both_masked = false;                             // known to be so
  float distance_m = -1;                                // negative: unknown
  Interval span = {};
};

struct PersonWindow { Person person = 0; Interval window = {}; };
struct PlaceWindow { Place place = no_place; Interval window = {}; };

/// Where the facts lie: SQL today, day files tomorrow, memory in tests. Asked once a layer with all that the layer needs. More than
/// was asked for may come back (the engine cuts exactly), less may not, and no fact twice for one person or place. A visitor that
/// answers false wants no more.
class FactSource {
 public:
  virtual ~FactSource() = default;
  virtual Result<void> visits_of(std::span<const PersonWindow> asked, const std::function<bool(const Visit&)>& visit) = 0;
  virtual Result<void> visits_at(std::span<const PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) = 0;
  virtual Result<void> encounters_of(std::span<const PersonWindow> asked, const std::function<bool(const Encounter&)>& visit) = 0;
  /// From when on a person is apart from others and passes nothing on. Not listed: never.
  virtual Result<void> isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) = 0;
  /// The order of the ids behind two persons: which one a tie names.
  virtual bool before(Person a, Person b) const { return a < b; }
};

}  // namespace motcua::contacts
