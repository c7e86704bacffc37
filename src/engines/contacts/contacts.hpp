#pragma once
// The time-respecting contact graph: who may have been infected from whom, to any depth, and by which chain.
// The meaning is docs/formats.md section 6, to the letter; `reference_test.cpp` holds the slow reading of it.
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

enum class Direction : std::uint8_t { forward, backward };

inline constexpr int any_row = 1'000;

/// How near is near where one kind of fact happens, and how much it weighs: a row of a table that the caller gives, or the usual one. The
/// weight orders paths for a reader; it decides no class.
struct Nearness {
  double distance_max_m = 1e9;          // a known larger distance is no contact; an unknown one is near
  int seat_rows_max = any_row;          // both seats known and rows further apart: no contact. A ward's number may stand for a row: 0 is the same ward
  float weight = 1;                     // of an hour there, beside a household's
  float crowd_half = std::numeric_limits<float>::infinity();   // so many others there halve the weight
};
using NearnessTable = std::array<Nearness, kinds_count>;        // by Kind

/// Vehicles and flights: within two rows. Weights fall from the household over care, class and office to places people pass through, where 40
/// others halve them.
NearnessTable usual_nearness();

/// What makes a contact count, and when it starts to pass on. Numbers come from a dated policy.
struct Rules {
  Time latent_ms = 0;
  Time overlap_min_ms = 0;              // and always longer than zero
  Time overlap_min_masked_ms = 0;       // both known to be masked
  double distance_max_m = 1e9;          // of every kind
  NearnessTable nearness = usual_nearness();
};

struct Seed {
  Person person = 0;
  Interval window = {};                 // forward: can pass it on; backward: was infected
};

/// A question stops at these and says so.
struct Budget {
  std::size_t contacts_max = 20'000'000;   // contacts looked at in one layer: about 1.3 GB at 64 bytes
  std::size_t persons_max = 10'000'000;    // persons reached
  std::function<bool()> stop = {};         // asked every few thousand contacts, as a clock; true ends it
};

struct Question {
  std::vector<Seed> seeds;
  std::vector<Person> stops = {};       // persons other than seeds whom no chain leads through: they pass nothing on
  int depth = 2;
  Direction direction = Direction::forward;
  Rules rules = {};
  Budget budget = {};
};

/// One contact of a chain, in real time whatever the direction.
struct Step {
  Person from = 0, to = 0;              // in the direction of the question: `from` is nearer to the seed
  Interval overlap = {};                // the part that passes it on
  Kind kind = Kind::venue;
  Place place = no_place;
  Seat from_seat = {}, to_seat = {};
  float distance_m = -1;
  std::int32_t crowd = 0;               // other visits at the place during the stay of `from`
  float strength = 0;                   // 0..1
};

struct Reached {
  Person person = 0;
  int level = 0;
  Time at = 0;                          // E(level), backward L(level)
  Person via = 0;                       // previous person of the earliest (backward: latest) chain, smallest id on a tie
  Time overlap_total_ms = 0;            // of all contacts that pass it to this person at this level
  Time together_ms = 0;                 // the same, each moment once, however many contacts there were in it
  Time first_at = 0, last_at = 0;       // begin of the first and end of the last of them
  std::uint32_t contacts = 0;           // how many they are
  std::uint16_t kinds = 0;              // bit per Kind
  float strength = 0;                   // of the strongest chain
  std::uint32_t earliest = 0, strongest = 0;   // chains, for Answer::chain
  bool has(Kind kind) const { return (kinds >> static_cast<int>(kind)) & 1; }
};

/// E(level) where it is earlier than E(level - 1): what an answer's layers found.
struct Arrival {
  Person person = 0;
  int level = 0;
  Time at = 0;                          // in the question's time: forward as it is, backward mirrored
};

/// What one place has to do with an answer: contacts there that passed it to somebody at their level.
struct PlaceShare {
  Place place = no_place;               // no_place: encounters, outside of places
  Kind kind = Kind::venue;              // of the first such contact
  std::uint32_t persons = 0, contacts = 0;
  Time overlap_total_ms = 0;
};

class Answer {
 public:
  std::vector<Reached> reached;         // by level, then id
  std::vector<PlaceShare> places;       // by persons, then time together, both falling
  std::vector<Arrival> arrivals;        // by person, then level; seeds are not in it
  bool partial = false;                 // a budget ended it: what is there holds, more may exist
  std::size_t contacts_seen = 0;

  /// The steps from the seed to a person: `chain(r.strongest)` or `chain(r.earliest)`.
  std::vector<Step> chain(std::uint32_t link) const;

  struct Link { Step step; std::uint32_t parent; };
  std::vector<Link> links;
};
inline constexpr std::uint32_t no_link = UINT32_MAX;

/// Answers the question. Deterministic: the same facts give the same answer in whatever order they come. Fails only as the source fails.
Result<Answer> trace(FactSource& facts, const Question& question);

}  // namespace motcua::contacts
