#pragma once
// What every kind of record has in common once it is compared: levels in, bits out.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engines/linkage/linkage.hpp"

namespace motcua::linkage {

inline constexpr std::size_t fields_max = 24, levels_max = 14;

/// The agreement level of each field, from 1 (best); 0 is missing and weighs nothing.
using Levels = std::array<std::uint8_t, fields_max>;

/// log2(m / u) of every level.
struct Weights {
  std::array<std::array<double, levels_max>, fields_max> bits{};
  explicit Weights(const std::vector<FieldParameters>& fields);
};

double to_probability(double bits);
double to_bits(double probability);

/// Scores pairs of one set of records. Symmetric and without state, so that many threads may ask.
class PairScorer {
 public:
  virtual ~PairScorer() = default;
  virtual std::size_t records() const = 0;
  /// Total evidence, prior included. May stop early when the total cannot reach `at_least`, with any number below it.
  virtual double bits(RecordIndex a, RecordIndex b, double at_least) const = 0;
  virtual double prior_bits() const = 0;
  /// This pair will be asked for; and, called later, soon: then its records are at hand, and what they point to may be fetched.
  virtual void prefetch(RecordIndex, RecordIndex) const {}
  virtual void prefetch_values(RecordIndex, RecordIndex) const {}
  /// Never one person by the machine, whatever the evidence.
  virtual bool is_vetoed(RecordIndex a, RecordIndex b) const = 0;
};

}  // namespace motcua::linkage
