#include "engines/linkage/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace motcua::linkage {

Weights::Weights(const std::vector<FieldParameters>& fields) {
  for (std::size_t f = 0; f < std::min(fields.size(), fields_max); ++f)
    for (std::size_t l = 0; l < std::min(fields[f].levels.size(), levels_max - 1); ++l)
      bits[f][l + 1] = std::log2(fields[f].levels[l].m / fields[f].levels[l].u);
}

double to_probability(double bits) { return 1 / (1 + std::exp2(-bits)); }
double to_bits(double probability) { return std::log2(probability / (1 - probability)); }

}  // namespace motcua::linkage
