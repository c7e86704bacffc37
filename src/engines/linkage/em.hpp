#pragma once
// Fellegi-Sunter parameters from unlabelled pairs: u by counting over random pairs, m by expectation-maximisation over candidate pairs.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engines/linkage/comparison.hpp"

namespace motcua::linkage {

/// Pairs with the same levels and the same shared key families, counted.
struct Pattern {
  Levels levels{};
  std::uint32_t families = 0;
  double count = 0;
};

class PatternCounts {
 public:
  void add(const Levels& levels, std::uint32_t families);
  /// In an order that does not depend on that of the adds.
  std::vector<Pattern> patterns() const;

 private:
  void grow();
  std::vector<Pattern> patterns_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(256, 0);   // 1 + index
};

struct EmOptions {
  std::size_t iterations = 25;
  double start_pairs_m = 40;       // how many observed pairs the starting m is worth, per field
  double start_pairs_u = 100;      // and the starting u
  double pairs_min = 150;          // a family with fewer candidate pairs teaches nothing
  double matches_share_min = 0.02; // nor one in which hardly any pair is a match: what EM then finds is another structure
  double shift_bits_max = 5;       // how far a learned weight may move from its start
};

/// Fields presupposed by a key family, as a bit set: not learned from that family's pairs, since its keys made them agree.
using Presupposed = std::function<std::uint32_t(std::size_t family)>;

/// In a small set a random pair is a match often enough to spoil u: each pair counts as much as it is likely to be none.
void learn_u(std::vector<FieldParameters>& fields, std::span<const Pattern> random_pairs, double prior, const EmOptions& options);
/// Each family on its own, then pooled: so the agreement that brought a pair together is never taken for typical of matches.
/// u stays. Returns the number of families that taught something.
std::size_t learn_m(std::vector<FieldParameters>& fields, std::span<const Pattern> candidates, std::size_t families, const Presupposed& presupposed,
                    const EmOptions& options);
/// The guard: best levels speak for, the last against, and no weight is further from its start than allowed.
void guard(std::vector<FieldParameters>& fields, const std::vector<FieldParameters>& start, const EmOptions& options);
/// Makes m of every field add up again after the guard, weights as they are: where a level may not speak as loudly as it was learned, u takes what m lost.
void keep_shares(std::vector<FieldParameters>& fields, const std::vector<FieldParameters>& learned);
/// The share of all pairs that are matches: as many as the candidates' evidence (bits without prior, in any order), weighed with that
/// very share, lets expect. `one_in`: the candidates are a sample.
double learn_prior(std::vector<float> evidence, double records, double one_in, double start);
/// To the digits that a model's text keeps, so that a model read back is the same model.
double to_kept_digits(double value);
void keep_digits(std::vector<FieldParameters>& fields);

}  // namespace motcua::linkage
