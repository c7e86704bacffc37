#pragma once
// What a Model holds.
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engines/linkage/linkage.hpp"

namespace motcua::linkage {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// How often each value was seen; values seen once are not kept.
struct Frequencies {
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> counts;
  std::uint64_t total = 0;

  /// Of a random record, that it has this value; values not kept count as seen once, and small totals are widened by `floor`.
  double share(std::string_view value, double floor) const;
  /// Keeps the most frequent values, at most `values_max`, seen at least twice.
  void trim(std::size_t values_max);
};
inline constexpr std::size_t frequency_values_max = 200'000;

struct Model::State {
  std::vector<FieldParameters> fields;
  double prior = 1e-4;
  std::uint64_t records = 0;     // that it was learned from
  bool learned = false;
  std::vector<ExpectedPairs> expected;
  Frequencies family, given, rest, ward;   // folded family names; given names; all but the family name; ward codes
};

}  // namespace motcua::linkage
