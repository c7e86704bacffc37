#pragma once
// One layer's contacts: what the carriers of the layer met, in the direction of the question. Inner header of the engine.
#include <vector>

#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

/// Backward is forward with time mirrored: [s, e) becomes [-e, -s).
inline Interval mirror(const Interval& i) { return {-i.to, -i.from}; }

/// A possible contact of carrier `carrier` (index in the layer) with `target`, in the question's own time.
struct Candidate {
  Person target = 0;
  std::uint32_t carrier = 0;
  Interval span = {};
  Place place = no_place;
  Kind kind = Kind::venue;
  bool both_masked = false;
  Seat from_seat = {}, to_seat = {};
  float distance_m = -1;
  std::int32_t crowd = 0;
};

/// A person who can pass it on in this layer, and when at the widest.
struct Carrier {
  Person person = 0;
  Interval window = {};
};

struct Gathered {
  std::vector<Candidate> candidates;     // by target, then carrier
  bool partial = false;
};

/// `carriers` hold each person once. Asks the source three times, whatever the layer's size.
Result<Gathered> gather(FactSource& facts, const std::vector<Carrier>& carriers, const Question& question);

}  // namespace motcua::contacts
