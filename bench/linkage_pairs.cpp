#include "bench/linkage_pairs.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/match_model.hpp"

namespace motcua::bench {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

constexpr std::uint64_t hash_modulus = 1'000'000'007;

struct Counted {
  std::uint64_t pairs = 0, hash = 0, likely = 0;
};

struct Scored {
  Counted sum;
  double seconds = 0;
};

Scored score(const linkage::MatchTable::Columns& table, const app::MatchPlan& plan, const linkage::TableModel& model, double bits_min) {
  const auto from = Clock::now();
  const auto& parallel_for = plan.spec.options.parallel_for;
  const linkage::MatchKeys keys(table, linkage::to_families(table, plan.spec.blocks), parallel_for);
  const linkage::RowScorer scorer(table, model, false);
  std::vector<std::uint32_t> rank(table.rows());
  std::iota(rank.begin(), rank.end(), 0);
  const linkage::ClusterRules rules{scorer, rank};
  std::vector<Counted> counted(linkage::block_tasks);
  linkage::for_each_candidate(keys, rank, {.block_records_max = plan.spec.options.block_records_max, .parallel_for = parallel_for},
                              [&](std::size_t task, std::span<const std::uint64_t> pairs) {
    std::vector<linkage::Edge> edges;
    linkage::score_batch(rules, pairs, bits_min, edges);
    Counted& c = counted[task];
    c.pairs += pairs.size();
    for (const std::uint64_t pair : pairs) c.hash += pair % hash_modulus;
    for (const linkage::Edge& e : edges) c.likely += e.bits >= 0;
  });
  Scored scored;
  for (const Counted& c : counted) {
    scored.sum.pairs += c.pairs;
    scored.sum.hash += c.hash;
    scored.sum.likely += c.likely;
  }
  scored.seconds = seconds_since(from);
  return scored;
}

void print_weights(const linkage::TableModel& model) {
  std::printf("\"prior_bits\":%.6f,\"weights\":{", linkage::to_bits(model.prior));
  for (std::size_t f = 0; f < model.fields.size(); ++f) {
    std::printf("%s\"%s\":[", f == 0 ? "" : ",", model.fields[f].field.c_str());
    for (std::size_t l = 0; l < model.fields[f].levels.size(); ++l)
      std::printf("%s%.6f", l == 0 ? "" : ",", std::log2(model.fields[f].levels[l].m / model.fields[f].levels[l].u));
    std::printf("]");
  }
  std::printf("}");
}

}  // namespace

Result<void> print_pairs(const app::MatchPlan& plan, const std::string& file) {
  const auto from = Clock::now();
  TRY_ASSIGN(const auto rows, app::read_match_rows(plan, {file}, {}));
  const double read_seconds = seconds_since(from);
  const linkage::MatchTable::Columns& table = rows.table.columns();
  linkage::TableModel model;
  model.prior = 1.0 / static_cast<double>(std::max<std::size_t>(table.rows(), 2));
  for (const auto& column : table.columns) model.fields.push_back(linkage::starting_parameters(column.field));
  model.frequencies.resize(table.columns.size());
  const Scored early = score(table, plan, model, 0), whole = score(table, plan, model, -1000);
  std::printf("{\"rows\":%zu,\"read_seconds\":%.3f,\"pairs_seconds\":%.3f,\"whole_pairs_seconds\":%.3f,\"pairs\":%lu,\"hash\":\"%lu\",\"likely\":%lu,\"likely_whole\":%lu,",
              table.rows(), read_seconds, early.seconds, whole.seconds, early.sum.pairs, early.sum.hash, early.sum.likely, whole.sum.likely);
  print_weights(model);
  std::printf("}\n");
  return {};
}

}  // namespace motcua::bench
