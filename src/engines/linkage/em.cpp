#include "engines/linkage/em.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

constexpr double probability_min = 1e-9;

std::uint64_t hash_of(const Levels& levels, std::uint32_t families) {
  return hash_text({reinterpret_cast<const char*>(levels.data()), levels.size()}, families);
}

using Table = std::array<std::array<double, levels_max>, fields_max>;

Table counts_of_start(const std::vector<FieldParameters>& fields, double worth, double LevelParameters::*value) {
  Table table{};
  for (std::size_t f = 0; f < fields.size(); ++f)
    for (std::size_t l = 0; l < fields[f].levels.size(); ++l) table[f][l + 1] = worth * (fields[f].levels[l].*value);
  return table;
}

void write_shares(std::vector<FieldParameters>& fields, const Table& counts, double LevelParameters::*value) {
  for (std::size_t f = 0; f < fields.size(); ++f) {
    double sum = 0;
    for (std::size_t l = 1; l <= fields[f].levels.size(); ++l) sum += counts[f][l];
    if (sum <= 0) continue;
    for (std::size_t l = 1; l <= fields[f].levels.size(); ++l)
      fields[f].levels[l - 1].*value = std::clamp(counts[f][l] / sum, probability_min, 1 - probability_min);
  }
}

/// Expected counts of every level among the matches of one family's pairs; empty when the family teaches nothing.
struct Lesson {
  Table matched{};
  double pairs = 0, matches = 0;
};

Lesson learn_from_family(const std::vector<FieldParameters>& start, std::span<const Pattern> candidates, std::uint32_t family_bit, std::uint32_t excluded,
                         const EmOptions& options) {
  Lesson lesson;
  std::vector<FieldParameters> fields = start;
  double share = 0.5;
  for (std::size_t round = 0; round < options.iterations; ++round) {
    const Weights weights(fields);
    Table matched{};
    double matches = 0, pairs = 0;
    const double prior = to_bits(std::clamp(share, 1e-4, 0.9999));
    for (const Pattern& p : candidates) {
      if ((p.families & family_bit) == 0) continue;
      double bits = prior;
      for (std::size_t f = 0; f < fields.size(); ++f)
        if ((excluded >> f & 1) == 0) bits += weights.bits[f][p.levels[f]];
      const double expected = to_probability(bits) * p.count;
      pairs += p.count;
      matches += expected;
      for (std::size_t f = 0; f < fields.size(); ++f) matched[f][p.levels[f]] += expected;
    }
    lesson = {matched, pairs, matches};
    if (pairs < options.pairs_min) return lesson;
    share = matches / pairs;
    Table smoothed = counts_of_start(start, options.start_pairs_m, &LevelParameters::m);
    for (std::size_t f = 0; f < fields.size(); ++f)
      for (std::size_t l = 1; l < levels_max; ++l) smoothed[f][l] += matched[f][l];
    write_shares(fields, smoothed, &LevelParameters::m);
    guard(fields, start, options);
  }
  return lesson;
}

}  // namespace

void PatternCounts::add(const Levels& levels, std::uint32_t families) {
  if (patterns_.size() * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(levels, families) & mask;
  while (slots_[slot] != 0) {
    Pattern& p = patterns_[slots_[slot] - 1];
    if (p.families == families && p.levels == levels) { p.count += 1; return; }
    slot = (slot + 1) & mask;
  }
  patterns_.push_back({levels, families, 1});
  slots_[slot] = static_cast<std::uint32_t>(patterns_.size());
}

void PatternCounts::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
    std::size_t slot = hash_of(patterns_[i].levels, patterns_[i].families) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

std::vector<Pattern> PatternCounts::patterns() const {
  std::vector<Pattern> sorted = patterns_;
  std::sort(sorted.begin(), sorted.end(), [](const Pattern& a, const Pattern& b) { return a.levels != b.levels ? a.levels < b.levels : a.families < b.families; });
  return sorted;
}

void learn_u(std::vector<FieldParameters>& fields, std::span<const Pattern> random_pairs, double prior, const EmOptions& options) {
  const std::vector<FieldParameters> start = fields;
  for (int round = 0; round < 3; ++round) {
    const Weights weights(fields);
    Table counts = counts_of_start(start, options.start_pairs_u, &LevelParameters::u);
    for (const Pattern& p : random_pairs) {
      double bits = to_bits(prior);
      for (std::size_t f = 0; f < fields.size(); ++f) bits += weights.bits[f][p.levels[f]];
      const double different = p.count * (1 - to_probability(bits));
      for (std::size_t f = 0; f < fields.size(); ++f) counts[f][p.levels[f]] += different;
    }
    write_shares(fields, counts, &LevelParameters::u);
  }
}

std::size_t learn_m(std::vector<FieldParameters>& fields, std::span<const Pattern> candidates, std::size_t families, const Presupposed& presupposed,
                    const EmOptions& options) {
  Table pooled = counts_of_start(fields, options.start_pairs_m, &LevelParameters::m);
  std::size_t taught = 0;
  for (std::size_t family = 0; family < families; ++family) {
    const std::uint32_t excluded = presupposed(family);
    const Lesson lesson = learn_from_family(fields, candidates, std::uint32_t{1} << family, excluded, options);
    if (lesson.pairs < options.pairs_min || lesson.matches < options.matches_share_min * lesson.pairs) continue;
    ++taught;
    for (std::size_t f = 0; f < fields.size(); ++f)
      for (std::size_t l = 1; l < levels_max; ++l)
        if ((excluded >> f & 1) == 0) pooled[f][l] += lesson.matched[f][l];
  }
  write_shares(fields, pooled, &LevelParameters::m);
  return taught;
}

void guard(std::vector<FieldParameters>& fields, const std::vector<FieldParameters>& start, const EmOptions& options) {
  for (std::size_t f = 0; f < fields.size(); ++f) {
    auto& levels = fields[f].levels;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const double before = std::log2(start[f].levels[l].m / start[f].levels[l].u), now = std::log2(levels[l].m / levels[l].u);
      double low = before - options.shift_bits_max, high = before + options.shift_bits_max;
      if (l == 0) low = std::max(low, 0.0);
      if (l + 1 == levels.size()) high = std::min(high, 0.0);
      const double kept = std::clamp(now, std::min(low, high), std::max(low, high));
      if (kept != now) levels[l].m = std::clamp(levels[l].u * std::exp2(kept), probability_min, 1 - probability_min);
    }
  }
}

void keep_shares(std::vector<FieldParameters>& fields, const std::vector<FieldParameters>& learned) {
  for (std::size_t f = 0; f < fields.size(); ++f) {
    double added = 0;
    LevelParameters* largest = nullptr;
    for (std::size_t l = 0; l < fields[f].levels.size(); ++l) {
      LevelParameters& level = fields[f].levels[l];
      const double m = learned[f].levels[l].m;
      if (level.m < m) level.u = std::min(level.u * m / level.m, 1 - probability_min), level.m = m;
      added += level.m - m;
      if (largest == nullptr || level.m > largest->m) largest = &level;
    }
    if (added > 0 && added < largest->m / 2) largest->m -= added;   // hundredths of a bit of the level most seen
  }
}

double learn_prior(std::vector<float> evidence, double records, double one_in, double start) {
  constexpr int rounds = 6;
  constexpr double matches_per_record_min = 0.02, matches_per_record_max = 30;
  std::sort(evidence.begin(), evidence.end());   // sums of floating point depend on order; ours must not depend on that of the records
  double prior = start;
  for (int round = 0; round < rounds; ++round) {
    const double prior_bits = to_bits(prior);
    double matches = 0;
    for (const float bits : evidence) matches += to_probability(bits + prior_bits);
    matches = std::clamp(matches * one_in, records * matches_per_record_min, records * matches_per_record_max);
    prior = std::clamp(matches / (records * (records - 1) / 2), 1e-12, 0.3);
  }
  return to_kept_digits(prior);
}

void keep_digits(std::vector<FieldParameters>& fields) {
  for (FieldParameters& field : fields) {
    for (LevelParameters& level : field.levels) {
      level.m = to_kept_digits(level.m);
      level.u = to_kept_digits(level.u);
    }
  }
}

double to_kept_digits(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10.0, 8 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

}  // namespace motcua::linkage
