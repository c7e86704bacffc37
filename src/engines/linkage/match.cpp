#include "engines/linkage/match.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/hash_sort.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/match_keys.hpp"
#include "engines/linkage/match_model.hpp"
#include "engines/linkage/model_json.hpp"

namespace motcua::linkage {
namespace {

constexpr std::uint64_t all_pairs_max = 2'500'000;        // so few are compared one and all
constexpr std::size_t rows_a_task = 1 << 15;
constexpr double contradicting_share_max = 0.25;          // in many rows of one person two that share nothing are to be expected

/// Rows in an order that depends on what they say, not on where they stand: rows that say the same are interchangeable.
std::vector<std::uint32_t> rank_by_content(const MatchTable::Columns& table, const ParallelFor& parallel_for) {
  std::vector<std::vector<std::uint64_t>> hashes(table.columns.size());
  run(parallel_for, hashes.size(), [&](std::size_t f) {
    hashes[f].resize(table.columns[f].values.size());
    for (TextId value = 0; value < hashes[f].size(); ++value) hashes[f][value] = table.columns[f].values.hash(value);
  });
  LargeArray<KeyEntry> coded(table.rows());
  run_ranges(parallel_for, coded.size(), rows_a_task, [&](std::size_t from, std::size_t to) {
    for (auto r = static_cast<RecordIndex>(from); r < to; ++r) {
      std::uint64_t hash = table.files[r];
      for (std::size_t f = 0; f < hashes.size(); ++f) hash = combine_hash(hash, hashes[f][table.value(r, f)]);
      coded[r] = {hash, r};
    }
  });
  sort_by_hash(coded, [](const KeyEntry& e) { return e.key(); });
  std::vector<std::uint32_t> rank(coded.size());
  for (std::uint32_t at = 0; at < coded.size(); ++at) rank[coded[at].record] = at;
  return rank;
}

bool compares_all(const MatchSpec& spec, std::uint64_t rows) { return spec.blocks.empty() && rows * (rows - 1) / 2 <= all_pairs_max; }

/// Scores as the pairs are found, so that they need not be kept. Strongest first, each once.
std::vector<Edge> score_all(const ClusterRules& rules, const MatchKeys& keys, const MatchSpec& spec, LinkStatistics& s) {
  const std::uint64_t n = rules.rank.size();
  const double review_bits = to_bits(spec.options.review_probability);
  std::vector<std::vector<Edge>> found;
  const bool chosen = spec.blocks.empty();   // blocks that were given are compared whole
  if (compares_all(spec, n)) {
    found.resize(n);
    run(spec.options.parallel_for, n, [&](std::size_t a) {
      std::vector<std::uint64_t> pairs;
      for (std::uint64_t b = a + 1; b < n; ++b) pairs.push_back(to_pair(static_cast<RecordIndex>(a), static_cast<RecordIndex>(b)));
      score_batch(rules, pairs, review_bits, found[a]);
    });
    s.candidate_pairs = n * (n - 1) / 2;
  } else {
    found.resize(block_tasks);
    const BlockStatistics blocks = for_each_candidate(
        keys, rules.rank,
        {.block_records_max = chosen ? spec.options.block_records_max : std::numeric_limits<std::uint32_t>::max(),
         .pairs_max = !chosen ? std::numeric_limits<std::uint64_t>::max() : spec.options.candidate_pairs_per_record_max * std::max<std::uint64_t>(n, 1000),
         .parallel_for = spec.options.parallel_for},
        [&](std::size_t task, std::span<const std::uint64_t> pairs) { score_batch(rules, pairs, review_bits, found[task]); });
    s.blocks = blocks.blocks;
    s.blocks_refined = blocks.refined;
    s.blocks_dropped = blocks.dropped;
    s.candidate_pairs = blocks.pairs;
  }
  std::vector<Edge> edges;
  for (auto& part : found) {
    edges.insert(edges.end(), part.begin(), part.end());
    part = {};
  }
  sort_edges(edges, rules.rank, spec.options.parallel_for);
  edges.erase(std::unique(edges.begin(), edges.end(), [](const Edge& x, const Edge& y) { return x.a == y.a && x.b == y.b; }), edges.end());
  s.pairs_scored = s.candidate_pairs;
  s.pairs_kept = edges.size();
  return edges;
}

/// Blocks that were given are compared whole, so they may not be too wide.
Result<void> check_blocks(const MatchSpec& spec, const MatchKeys& keys) {
  std::uint64_t pairs = 0;
  for (std::size_t family = 0; family < keys.families() && !spec.blocks.empty(); ++family)
    if ((pairs += keys.pairs(family)) > match_block_pairs_max)
      return invalid("linkage.blocks_too_wide", keys.describe(family), {{"block", keys.describe(family)}, {"limit", std::to_string(match_block_pairs_max)}});
  return {};
}

/// Clusters numbered by their first row.
std::vector<std::uint32_t> number_rows(const Clusters& clusters, std::size_t rows, LinkStatistics& s) {
  std::vector<std::uint32_t> number(rows, no_record), cluster_of(rows);
  for (RecordIndex r = 0; r < rows; ++r) {
    std::uint32_t& n = number[clusters.root(r)];
    if (n == no_record) n = static_cast<std::uint32_t>(s.persons++);
    cluster_of[r] = n;
  }
  return cluster_of;
}

/// From all pairs that are at least worth a review, those that met in no block included.
void expect(MatchResult& result, double trusted) {
  double linked = 0, right = 0, all = 0;
  for (const MatchResult::Pair& p : result.pairs) {
    const double probability = to_probability(trusted * p.pair.bits);
    all += probability;
    if (p.linked) linked += 1, right += probability;
  }
  result.statistics.expected_precision = linked == 0 ? 1 : right / linked;
  result.statistics.expected_recall = result.block_recall * (all == 0 ? 1 : right / all);
}

}  // namespace

Result<void> check_spec(const MatchSpec& spec) {
  if (spec.fields.empty()) return invalid("linkage.no_fields");
  if (spec.fields.size() > match_fields_max) return invalid("linkage.too_many_fields");
  std::set<std::string> names;
  for (const MatchField& f : spec.fields)
    if (!names.insert(f.name).second) return invalid("linkage.duplicate_field", f.name, {{"field", f.name}});
  if (spec.blocks.size() > match_blocks_max) return invalid("linkage.too_many_blocks");
  for (const auto& block : spec.blocks)
    for (const std::string& name : block)
      if (!names.contains(name)) return invalid("linkage.unknown_block_field", name, {{"field", name}});
  const Options& o = spec.options;
  if (!is_probability(o.link_probability) || !is_probability(o.review_probability) || o.review_probability > o.link_probability)
    return invalid("linkage.bad_probability");
  return {};
}

Result<MatchResult> match_table(const MatchSpec& spec, const MatchTable& rows, std::string_view model_text) {
  TRY(check_spec(spec));
  const MatchTable::Columns& table = rows.columns();
  const auto done = [&](std::string_view phase) {
    if (spec.phase_done) spec.phase_done(phase);
  };
  const ParallelFor& parallel_for = spec.options.parallel_for;
  table.weigh_values(parallel_for);
  const std::vector<std::uint32_t> rank = rank_by_content(table, parallel_for);
  const MatchKeys keys(table, spec.blocks.empty() ? choose_families(table, match_pairs_per_record_max, parallel_for) : to_families(table, spec.blocks), parallel_for);
  TRY(check_blocks(spec, keys));
  done("blocks");
  TableModel model;
  if (model_text.empty()) {
    model = learn_model(table, spec, keys, rank);
  } else {
    TRY_ASSIGN(model, read_model(model_text, table));
  }
  done("learn");

  const bool linking = spec.mode == MatchSpec::Mode::link;
  const RowScorer scorer(table, model, linking);
  ClusterRules rules{scorer, rank};
  rules.link_bits = to_bits(spec.options.link_probability);
  rules.contradicting_share_max = contradicting_share_max;
  if (linking && spec.one_to_one) rules.exclusive.assign(table.files.begin(), table.files.end());
  MatchResult result;
  result.statistics.records = table.rows();
  const std::vector<Edge> edges = score_all(rules, keys, spec, result.statistics);
  done("pairs");
  const Clusters clusters(rules, edges);
  result.cluster_of = number_rows(clusters, table.rows(), result.statistics);
  result.statistics.vetoed = clusters.refused();
  done("link");

  for (const Edge& e : edges) {
    const bool together = result.cluster_of[e.a] == result.cluster_of[e.b];
    result.pairs.push_back({{e.a, e.b, e.bits, static_cast<float>(to_probability(e.bits))}, together});
  }
  for (std::size_t f = 0; f < keys.families(); ++f) result.blocks.push_back(keys.describe(f));
  result.block_recall = compares_all(spec, table.rows()) ? 1 : keys.expected_recall(model.fields);
  expect(result, trusted_share(table, model));
  if (spec.model_wanted) result.model_json = to_json(model);
  result.prior = model.prior;
  result.parameters = std::move(model.fields);
  return result;
}

}  // namespace motcua::linkage
