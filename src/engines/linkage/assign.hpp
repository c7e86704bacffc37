#pragma once
// From candidate pairs to the answer: score, cluster, confidence, review, identities kept.
#include <span>

#include "engines/linkage/cluster.hpp"

namespace motcua::linkage {

/// Pairs at or above the review probability, strongest first.
std::vector<Edge> score_pairs(const ClusterRules& rules, std::span<const std::uint64_t> pairs, const Options& options, LinkStatistics& statistics);

/// `kept`, when given, receives the scored pairs.
LinkResult assign(ClusterRules& rules, std::span<const std::uint64_t> pairs, std::span<const std::int64_t> previous_person, const Options& options,
                  std::vector<Edge>* kept = nullptr);

}  // namespace motcua::linkage
