#include <algorithm>
#include <memory>

#include "engines/linkage/em.hpp"
#include "engines/linkage/person_compare.hpp"
#include "engines/linkage/person_keys.hpp"
#include "engines/linkage/person_scorer.hpp"

namespace motcua::linkage {
namespace {

constexpr std::uint64_t random_pairs_max = 1'000'000, candidate_pairs_wanted = 600'000;

void count(Frequencies& f, std::string_view value) {
  ++f.total;
  const auto found = f.counts.find(value);
  if (found == f.counts.end()) f.counts.emplace(value, 1);
  else ++found->second;
}

void count_values(const RecordSet::Columns& c, Model::State& model) {
  for (const RecordRow& row : c.rows) {
    if (row.ward != 0) count(model.ward, c.places.text(row.ward));
    const NameValue& name = c.name(row.name);
    if (name.words == 0) continue;
    const std::string_view full = c.words.text(name.folded), family = c.words.text(c.family(name).folded);
    count(model.given, c.words.text(c.given(name).folded));
    if (name.words < 2) continue;
    count(model.family, family);
    count(model.rest, full.substr(family.size() + 1));
  }
  for (Frequencies* f : {&model.family, &model.given, &model.rest, &model.ward}) f->trim(frequency_values_max);
}

/// The levels of all pairs, on all cores.
std::vector<Levels> compare_pairs(const RecordSet::Columns& c, std::span<const std::uint64_t> pairs, const ParallelFor& parallel_for) {
  constexpr std::size_t fetched_ahead = 16;
  std::vector<Levels> levels(pairs.size());
  run_ranges(parallel_for, pairs.size(), 4096, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (i + fetched_ahead < to)
        for (const RecordIndex r : {first_of(pairs[i + fetched_ahead]), second_of(pairs[i + fetched_ahead])}) __builtin_prefetch(&c.rows[r]);
      levels[i] = compare_persons(c, c.rows[first_of(pairs[i])], c.rows[second_of(pairs[i])]);
    }
  });
  return levels;
}

/// Pairs drawn by rank, so that the order in which records came does not matter.
std::vector<Pattern> random_patterns(const RecordSet::Columns& c, const std::vector<RecordIndex>& by_rank, const Options& options) {
  const std::uint64_t n = by_rank.size(), all = n * (n - 1) / 2, wanted = std::min(random_pairs_max, 4 * all);
  std::vector<std::uint64_t> pairs;
  pairs.reserve(wanted);
  for (std::uint64_t i = 0; i < wanted; ++i) {
    const std::uint64_t draw = mix(options.seed * 0x9e3779b97f4a7c15ULL + i);
    const auto a = by_rank[(draw >> 32) % n], b = by_rank[(draw & 0xffffffff) % n];
    if (a != b) pairs.push_back(to_pair(a, b));
  }
  PatternCounts counts;
  for (const Levels& levels : compare_pairs(c, pairs, options.parallel_for)) counts.add(levels, 0);
  return counts.patterns();
}

Candidates sample_candidates(const PersonKeys& keys, std::span<const std::uint32_t> rank, const Options& options, std::uint64_t& one_in) {
  one_in = 1 + keys.records() * 12 / candidate_pairs_wanted;
  return find_candidates(keys, rank, {.block_records_max = options.block_records_max, .one_in = one_in, .parallel_for = options.parallel_for});
}

std::vector<float> evidence_of(const RecordSet::Columns& c, const Model::State& model, const Candidates& candidates, const ParallelFor& parallel_for) {
  SharingCounts sharing;
  sharing.add(c, 0, parallel_for);
  const PersonScorer scorer(c, model, sharing);
  const auto& pairs = candidates.pairs;
  std::vector<float> evidence(pairs.size());
  run_ranges(parallel_for, pairs.size(), 4096, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      evidence[i] = static_cast<float>(scorer.bits(first_of(pairs[i]), second_of(pairs[i]), -1000) - scorer.prior_bits());
  });
  return evidence;
}

/// The candidates by their evidence, as many as there would be without sampling.
std::vector<ExpectedPairs> expect_pairs(const RecordSet::Columns& c, const Candidates& candidates, std::span<const float> evidence, double prior, double one_in) {
  std::vector<ExpectedPairs> bins;
  for (double bits = expected_bits_min; bits < expected_bits_max; bits += expected_bin_bits) bins.push_back({bits, 0, 0});
  const double prior_bits = to_bits(prior);
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const RecordRow &a = c.rows[first_of(candidates.pairs[i])], &b = c.rows[second_of(candidates.pairs[i])];
    if ((a.flags & b.flags & clean_flag) != 0 && a.source == b.source) continue;
    const double bits = evidence[i] + prior_bits;
    const auto bin = static_cast<std::size_t>(std::clamp((bits - expected_bits_min) / expected_bin_bits, 0.0, static_cast<double>(bins.size() - 1)));
    bins[bin].pairs += one_in;
    bins[bin].matches += one_in * to_probability(bits);
  }
  return bins;
}

}  // namespace

Model learn(const RecordSet& records, const Options& options) {
  const RecordSet::Columns& c = records.columns();
  auto state = std::make_unique<Model::State>();
  state->fields = starting_parameters();
  state->records = c.rows.size();
  const double n = static_cast<double>(c.rows.size());
  if (c.rows.size() < 2) return Model(std::move(state));
  state->prior = std::clamp(2 / n, 1e-9, 0.05);
  count_values(c, *state);

  const std::vector<std::uint32_t> rank = rank_by_key(c, options.parallel_for);
  std::vector<RecordIndex> by_rank(rank.size());
  for (RecordIndex r = 0; r < rank.size(); ++r) by_rank[rank[r]] = r;
  const PersonKeys keys(c);
  std::uint64_t one_in = 1;
  const Candidates candidates = sample_candidates(keys, rank, options, one_in);

  const EmOptions em;
  const std::vector<FieldParameters> start = state->fields;
  learn_u(state->fields, random_patterns(c, by_rank, options), state->prior, em);
  PatternCounts counts;
  const std::vector<Levels> levels = compare_pairs(c, candidates.pairs, options.parallel_for);
  for (std::size_t i = 0; i < levels.size(); ++i)
    counts.add(levels[i], candidates.shared_families(first_of(candidates.pairs[i]), second_of(candidates.pairs[i])));
  state->learned = learn_m(state->fields, counts.patterns(), key_families, presupposed_fields, em) > 0;
  const std::vector<FieldParameters> learned = state->fields;
  guard(state->fields, start, em);
  keep_shares(state->fields, learned);
  keep_digits(state->fields);
  const std::vector<float> evidence = evidence_of(c, *state, candidates, options.parallel_for);
  state->prior = learn_prior(evidence, n, static_cast<double>(one_in), state->prior);
  if (state->learned) state->expected = expect_pairs(c, candidates, evidence, state->prior, static_cast<double>(one_in));
  return Model(std::move(state));
}

}  // namespace motcua::linkage
