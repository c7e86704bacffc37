#include "engines/linkage/assign.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "engines/linkage/block.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t chunk_pairs = 1 << 14;
/// A record well placed in its person is not brought before a human because another person, kept apart by a rule, also resembles it;
/// only when that one comes this close.
constexpr double rival_bits = 5;

void sort_pairs(std::vector<std::pair<RecordIndex, RecordIndex>>& pairs, std::span<const std::uint32_t> rank) {
  for (auto& [a, b] : pairs)
    if (rank[b] < rank[a]) std::swap(a, b);
  std::sort(pairs.begin(), pairs.end(), [&](const auto& x, const auto& y) { return rank[x.first] != rank[y.first] ? rank[x.first] < rank[y.first] : rank[x.second] < rank[y.second]; });
}

ScoredPair to_scored(const Edge& e) { return {e.a, e.b, e.bits, static_cast<float>(to_probability(e.bits))}; }

/// Persons numbered by their first record in key order.
void number_persons(const Clusters& clusters, std::span<const std::uint32_t> rank, LinkResult& result) {
  std::vector<RecordIndex> by_rank(rank.size());
  for (RecordIndex r = 0; r < rank.size(); ++r) by_rank[rank[r]] = r;
  std::vector<std::uint32_t> number(rank.size(), no_record);
  result.person_of.resize(rank.size());
  std::uint32_t next = 0;
  for (const RecordIndex r : by_rank) {
    std::uint32_t& n = number[clusters.root(r)];
    if (n == no_record) n = next++;
    result.person_of[r] = n;
  }
  result.statistics.persons = next;
}

void find_best(std::span<const Edge> edges, LinkResult& result) {
  const std::size_t n = result.person_of.size();
  result.best.resize(n);
  result.confidence.assign(n, 1);
  std::vector<float> rival(n, -1000);
  for (const Edge& e : edges) {   // strongest first
    const bool together = result.person_of[e.a] == result.person_of[e.b];
    for (const RecordIndex r : {e.a, e.b}) {
      if (together && result.best[r].a == no_record) result.best[r] = to_scored(e);
      if (!together) rival[r] = std::max(rival[r], e.bits);
    }
  }
  for (std::size_t r = 0; r < n; ++r) {
    const double own = result.best[r].a == no_record ? 0 : result.best[r].bits;   // alone: even odds are "nobody"
    const double most = std::max({own, 0.0, static_cast<double>(rival[r])});
    const double for_own = std::exp2(own - most), for_rival = std::exp2(rival[r] - most);
    const double for_alone = result.best[r].a == no_record ? 0 : std::exp2(-most);
    result.confidence[r] = static_cast<float>(for_own / (for_own + for_rival + for_alone));
  }
}

void find_review(const Clusters& clusters, std::span<const Edge> edges, LinkResult& result) {
  std::unordered_set<std::uint64_t> seen;
  for (const Edge& e : edges) {
    const RecordIndex a = clusters.root(e.a), b = clusters.root(e.b);
    if (a == b) continue;
    if (clusters.are_apart_by_decision(a, b)) continue;
    if (clusters.are_apart_by_rule(a, b)) {
      const bool both_placed = result.best[e.a].bits > e.bits + rival_bits && result.best[e.b].bits > e.bits + rival_bits;
      const bool one_placed = result.best[e.a].bits > e.bits + rival_bits || result.best[e.b].bits > e.bits + rival_bits;
      if (both_placed || one_placed) continue;
    }
    if (seen.insert(to_pair(a, b)).second) result.review.push_back(to_scored(e));
  }
}

/// Each previous person goes to the cluster that holds most of its records; ties to the cluster with the first key.
void keep_identities(std::span<const std::int64_t> previous, LinkResult& result) {
  result.keeps.assign(result.statistics.persons, -1);
  if (previous.empty()) return;
  struct Claim { std::int64_t previous; std::uint32_t person, records; };
  std::unordered_map<std::uint64_t, std::uint32_t> index;
  std::vector<Claim> claims;
  for (std::size_t r = 0; r < previous.size(); ++r) {
    if (previous[r] < 0) continue;
    const std::uint64_t code = combine_hash(static_cast<std::uint64_t>(previous[r]), result.person_of[r]);
    const auto [at, fresh] = index.emplace(code, claims.size());
    if (fresh) claims.push_back({previous[r], result.person_of[r], 0});
    ++claims[at->second].records;
  }
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
    if (a.records != b.records) return a.records > b.records;
    return a.person != b.person ? a.person < b.person : a.previous < b.previous;
  });
  std::unordered_set<std::int64_t> taken;
  for (const Claim& claim : claims)
    if (result.keeps[claim.person] == -1 && taken.insert(claim.previous).second) result.keeps[claim.person] = claim.previous;
}

}  // namespace

void expect(std::span<const Edge> edges, double link_bits, LinkStatistics& s) {
  double linked = 0, right = 0, all = 0;
  for (const Edge& e : edges) {
    const double p = to_probability(e.bits);
    all += p;
    if (e.bits >= link_bits) { linked += 1; right += p; }
  }
  s.expected_precision = linked == 0 ? 1 : right / linked;
  s.expected_recall = all == 0 ? 1 : right / all;
}

void score_batch(const ClusterRules& rules, std::span<const std::uint64_t> pairs, double bits_min, std::vector<Edge>& out) {
  constexpr std::size_t far_ahead = 32, ahead = 12;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i + far_ahead < pairs.size()) rules.scorer.prefetch(first_of(pairs[i + far_ahead]), second_of(pairs[i + far_ahead]));
    if (i + ahead < pairs.size()) rules.scorer.prefetch_values(first_of(pairs[i + ahead]), second_of(pairs[i + ahead]));
    RecordIndex a = first_of(pairs[i]), b = second_of(pairs[i]);
    if (rules.scorer.is_vetoed(a, b)) continue;
    const auto bits = static_cast<float>(rules.scorer.bits(a, b, bits_min));
    if (bits < bits_min) continue;
    if (rules.rank[b] < rules.rank[a]) std::swap(a, b);
    out.push_back({a, b, bits});
  }
}

std::vector<Edge> score_pairs(const ClusterRules& rules, std::span<const std::uint64_t> pairs, const Options& options, LinkStatistics& statistics) {
  const double review_bits = to_bits(options.review_probability);
  const std::size_t chunks = (pairs.size() + chunk_pairs - 1) / chunk_pairs;
  std::vector<std::vector<Edge>> found(chunks);
  run(options.parallel_for, chunks, [&](std::size_t chunk) {
    score_batch(rules, pairs.subspan(chunk * chunk_pairs, std::min(chunk_pairs, pairs.size() - chunk * chunk_pairs)), review_bits, found[chunk]);
  });
  std::vector<Edge> edges;
  for (const auto& part : found) edges.insert(edges.end(), part.begin(), part.end());
  sort_edges(edges, rules.rank, options.parallel_for);
  statistics.candidate_pairs = statistics.pairs_scored = pairs.size();
  statistics.pairs_kept = edges.size();
  return edges;
}

LinkResult assign(ClusterRules& rules, std::span<const std::uint64_t> pairs, std::span<const std::int64_t> previous_person, const Options& options,
                  std::vector<Edge>* kept) {
  LinkResult result;
  result.statistics.records = rules.scorer.records();
  sort_pairs(rules.must_link, rules.rank);
  sort_pairs(rules.cannot_link, rules.rank);
  std::vector<Edge> edges = score_pairs(rules, pairs, options, result.statistics);
  const Clusters clusters(rules, edges);
  number_persons(clusters, rules.rank, result);
  find_best(edges, result);
  find_review(clusters, edges, result);
  keep_identities(previous_person, result);
  expect(edges, rules.link_bits, result.statistics);
  result.statistics.vetoed = clusters.refused();
  if (kept != nullptr) *kept = std::move(edges);
  return result;
}

}  // namespace motcua::linkage
