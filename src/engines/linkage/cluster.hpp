#pragma once
// From scored pairs to persons: agglomeration in order of falling score, each join checked against all that is known of both sides.
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engines/linkage/comparison.hpp"
#include "engines/linkage/parallel.hpp"

namespace motcua::linkage {

struct Edge {
  RecordIndex a = no_record, b = no_record;   // rank[a] < rank[b]
  float bits = 0;
};

/// Falling score, ties by rank.
void sort_edges(std::vector<Edge>& edges, std::span<const std::uint32_t> rank, const ParallelFor& parallel_for = {});

struct ClusterRules {
  const PairScorer& scorer;
  std::span<const std::uint32_t> rank;
  /// Per record: 0, or a group of which a cluster holds at most one record (a clean register).
  std::vector<std::uint16_t> exclusive = {};
  std::vector<std::pair<RecordIndex, RecordIndex>> must_link = {}, cannot_link = {};
  double link_bits = 3;
  double contradicting_share_max = 0;   // of the pairs between two clusters that are joined: those which by themselves rule it out
};

class Clusters {
 public:
  Clusters(const ClusterRules& rules, std::span<const Edge> sorted_edges);

  RecordIndex root(RecordIndex record) const;
  std::uint64_t refused() const { return refused_; }
  /// A rule, not a score, keeps these two clusters apart: a decision of a person or a clean register.
  bool are_apart_by_rule(RecordIndex root_a, RecordIndex root_b) const;
  bool are_apart_by_decision(RecordIndex root_a, RecordIndex root_b) const;

 private:
  std::span<const RecordIndex> members(RecordIndex root) const;
  bool are_consistent(RecordIndex root_a, RecordIndex root_b) const;
  void join(RecordIndex root_a, RecordIndex root_b);

  const ClusterRules& rules_;
  mutable std::vector<RecordIndex> parent_;
  std::vector<std::uint32_t> list_of_;                       // per root, in lists_; no_record: it is alone
  std::vector<std::vector<RecordIndex>> lists_;              // members of the clusters of two and more
  std::vector<std::vector<std::uint16_t>> groups_;           // exclusive groups present, per root; empty when there are none
  std::vector<std::vector<RecordIndex>> apart_;              // per record: those it must not be with; empty when there are none
  std::uint64_t refused_ = 0;
};

}  // namespace motcua::linkage
