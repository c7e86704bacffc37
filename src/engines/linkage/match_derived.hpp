#pragma once
// E-mail addresses that are made of names: two persons of one name have one address then, or nearly. Such an address tells only what it says beyond the name.
#include "engines/linkage/match_columns.hpp"

namespace motcua::linkage {

struct DerivedAddresses {
  std::size_t field = 0;
  std::vector<std::uint32_t> made_of;   // per value of the field, the name fields some row's address contains, as bits; 0: none
  std::vector<double> of_names;         // per level of the kind: how often addresses of two strangers with one name show it
  std::vector<float> shared;            // per value, the share of other addresses that say the same beyond the name ("-.-83@mail.org")
};

/// One for each e-mail field in which at least one row in ten is made of a name.
std::vector<DerivedAddresses> find_derived_addresses(const MatchTable::Columns& table);

}  // namespace motcua::linkage
