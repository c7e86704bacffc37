#pragma once
// Sorting by hashes: their bits are spread evenly, so counting puts nearly everything in its place.
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

namespace motcua::linkage {

/// Stable. `key_of(value)` is a 64-bit hash; `known_bits` highest bits (a multiple of 8) are the same everywhere. Three passes of counting, then
/// insertion, which has little left to move below some hundred million values.
template <class Values, class KeyOf>
void sort_by_hash(Values&& values, const KeyOf& key_of, int known_bits = 0) {
  using Value = std::remove_reference_t<decltype(values[0])>;
  constexpr std::size_t few = 64;
  const std::size_t n = values.size();
  const auto insert = [&] {
    for (std::size_t i = 1; i < n; ++i) {
      const Value value = values[i];
      const std::uint64_t key = key_of(value);
      std::size_t at = i;
      for (; at > 0 && key_of(values[at - 1]) > key; --at) values[at] = values[at - 1];
      values[at] = value;
    }
  };
  if (n <= few) return insert();
  std::vector<Value> scratch(n);
  Value *from = &values[0], *to = scratch.data();
  const int passes = known_bits == 0 ? 3 : 2;
  for (int pass = passes; pass > 0; --pass) {
    const int shift = 64 - known_bits - 8 * pass;
    std::array<std::size_t, 257> starts{};
    for (std::size_t i = 0; i < n; ++i) ++starts[(key_of(from[i]) >> shift & 255) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (std::size_t i = 0; i < n; ++i) to[starts[key_of(from[i]) >> shift & 255]++] = from[i];
    std::swap(from, to);
  }
  if (from != &values[0])
    for (std::size_t i = 0; i < n; ++i) values[i] = from[i];
  insert();
}

}  // namespace motcua::linkage
