#pragma once
// Street, city, postcode: fields that say one thing together, where somebody lives, and change together when she moves. Taken one by one, three of
// them would speak three times against a person who moved once.
#include <cstdint>
#include <vector>

#include "engines/linkage/match.hpp"

namespace motcua::linkage {

/// Among pairs of one person a share `moved` agrees in the fields of the home no more than strangers do; the others as m says.
struct Home {
  std::uint32_t fields = 0;   // as bits; 0: no two fields say where
  double moved = 0;
};

/// Addresses, and texts, categories and numbers whose value is shared by some rows (a city, a postcode) but not by most.
/// `grouped`: as for starting_kin.
Home find_home(const std::vector<MatchField>& kinds, const std::vector<FieldParameters>& fields, const std::vector<bool>& grouped);

inline bool is_home(const Home& home, std::size_t field) { return (home.fields >> field & 1) != 0; }
/// Evidence of the home's fields for one person, in bits, from the plain sum of their weights. Rises with the sum; never below log2(moved).
double home_bits(const Home& home, double sum);
/// How likely one person of these weights has not moved.
double stayed(const Home& home, double sum);

/// Expected pairs of one person in which two fields of the home were told, and those of them that moved.
struct Moves {
  double pairs = 0, moved = 0;
};
/// The share anew; the start is worth some pairs, and there are bounds.
double learn_moved(const Moves& moves);

}  // namespace motcua::linkage
