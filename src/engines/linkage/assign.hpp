#pragma once
// From candidate pairs to the answer: score, cluster, confidence, review, identities kept.
#include <span>

#include "engines/linkage/cluster.hpp"

namespace motcua::linkage {

/// Appends the pairs whose score is at least so much.
void score_batch(const ClusterRules& rules, std::span<const std::uint64_t> pairs, double bits_min, std::vector<Edge>& out);

/// What the scores themselves let expect of linking from `link_bits` on: precision, and recall among the edges.
void expect(std::span<const Edge> edges, double link_bits, LinkStatistics& statistics);

/// Pairs at or above the review probability, strongest first.
std::vector<Edge> score_pairs(const ClusterRules& rules, std::span<const std::uint64_t> pairs, const Options& options, LinkStatistics& statistics);

/// `kept`, when given, receives the scored pairs.
LinkResult assign(ClusterRules& rules, std::span<const std::uint64_t> pairs, std::span<const std::int64_t> previous_person, const Options& options,
                  std::vector<Edge>* kept = nullptr);

}  // namespace motcua::linkage
