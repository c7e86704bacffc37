#pragma once
// The last layer of a question, person by person: nobody asks behind it, so that its contacts are collected, sorted by the person met and
// counted together, without a look at memory here and there for each.
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "engines/contacts/bits.hpp"
#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

/// A contact that passes it on, in the question's time.
struct Meeting { Person other = 0, from = 0; Interval overlap = {}; };

struct ReachedPerson {
  Person person = 0, via = 0;
  int level = 0;
  Time at = 0, overlap_total_ms = 0;
  Time last_at = 0;                                     // E of the last layer; no later than at (backward: no earlier)
};

inline constexpr unsigned last_layer_parts = 2;         // threads, each with the persons of one part

/// What one thread works with; kept to be used again.
struct LastLayer {
  std::array<std::vector<Meeting>, last_layer_parts> met;   // by the part that the person met belongs to
  std::vector<Meeting> all, scratch;
  std::vector<ReachedPerson> rows;
};

/// By `other`, which is below first + 2^bits: digit by digit.
inline void sort_by_other(std::vector<Meeting>& rows, std::vector<Meeting>& scratch, Person first, unsigned bits) {
  constexpr unsigned digit_max = 12;
  const unsigned passes = (bits + digit_max - 1) / digit_max, digit = passes > 0 ? (bits + passes - 1) / passes : 0;
  scratch.resize(rows.size());
  for (unsigned shift = 0; shift < bits; shift += digit) {
    std::array<std::uint32_t, 1U << digit_max> at{};
    for (const Meeting& m : rows) ++at[((m.other - first) >> shift) & low_mask(digit)];
    std::uint32_t sum = 0;
    for (std::uint32_t& n : at) sum += std::exchange(n, sum);
    for (const Meeting& m : rows) scratch[at[((m.other - first) >> shift) & low_mask(digit)]++] = m;
    rows.swap(scratch);
  }
}

}  // namespace motcua::contacts
