#include "engines/linkage/cluster.hpp"

#include <algorithm>
#include <numeric>

namespace motcua::linkage {
namespace {

constexpr std::size_t members_compared_max = 8;     // of each side, spread evenly
constexpr double bits_cap = 15;                     // one pair speaks at most so loud in the average
constexpr double average_bits_min = -2;             // joined clusters must, over all their pairs, be about as likely as not
constexpr double contradiction_bits = 8;            // evidence against, before the prior, that no other pair makes up for

std::vector<RecordIndex> spread(std::span<const RecordIndex> members) {
  if (members.size() <= members_compared_max) return {members.begin(), members.end()};
  std::vector<RecordIndex> some;
  for (std::size_t i = 0; i < members_compared_max; ++i) some.push_back(members[i * members.size() / members_compared_max]);
  return some;
}

}  // namespace

void sort_edges(std::vector<Edge>& edges, std::span<const std::uint32_t> rank, const ParallelFor& parallel_for) {
  sort_parallel(edges, parallel_for, [&](const Edge& x, const Edge& y) {
    if (x.bits != y.bits) return x.bits > y.bits;
    if (rank[x.a] != rank[y.a]) return rank[x.a] < rank[y.a];
    return rank[x.b] < rank[y.b];
  });
}

Clusters::Clusters(const ClusterRules& rules, std::span<const Edge> edges) : rules_(rules) {
  const std::size_t n = rules.scorer.records();
  parent_.resize(n);
  std::iota(parent_.begin(), parent_.end(), 0);
  list_of_.assign(n, no_record);
  groups_.resize(rules.exclusive.size());
  apart_.resize(rules.cannot_link.empty() ? 0 : n);
  for (RecordIndex r = 0; r < groups_.size(); ++r)
    if (rules.exclusive[r] != 0) groups_[r] = {rules.exclusive[r]};
  for (const auto& [a, b] : rules.cannot_link) {
    apart_[a].push_back(b);
    apart_[b].push_back(a);
  }
  for (const auto& [a, b] : rules.must_link)
    if (root(a) != root(b)) join(root(a), root(b));
  for (const Edge& e : edges) {
    if (e.bits < rules.link_bits) break;
    const RecordIndex a = root(e.a), b = root(e.b);
    if (a == b) continue;
    if (are_apart_by_rule(a, b) || !are_consistent(a, b)) ++refused_;
    else join(a, b);
  }
}

RecordIndex Clusters::root(RecordIndex record) const {
  while (parent_[record] != record) record = parent_[record] = parent_[parent_[record]];
  return record;
}

std::span<const RecordIndex> Clusters::members(RecordIndex root) const {
  return list_of_[root] == no_record ? std::span(&parent_[root], 1) : std::span<const RecordIndex>(lists_[list_of_[root]]);
}

bool Clusters::are_apart_by_decision(RecordIndex a, RecordIndex b) const {
  if (apart_.empty()) return false;
  const bool a_smaller = members(a).size() <= members(b).size();
  const RecordIndex other = a_smaller ? b : a;
  for (const RecordIndex member : members(a_smaller ? a : b))
    for (const RecordIndex enemy : apart_[member])
      if (root(enemy) == other) return true;
  return false;
}

bool Clusters::are_apart_by_rule(RecordIndex a, RecordIndex b) const {
  if (groups_.empty()) return are_apart_by_decision(a, b);
  for (const std::uint16_t group : groups_[a])
    if (std::find(groups_[b].begin(), groups_[b].end(), group) != groups_[b].end()) return true;
  return are_apart_by_decision(a, b);
}

/// Average link over (a spread of) the pairs between both sides, and not too many that flatly contradict.
bool Clusters::are_consistent(RecordIndex a, RecordIndex b) const {
  if (members(a).size() == 1 && members(b).size() == 1) return true;
  const double against = rules_.scorer.prior_bits() - contradiction_bits;
  double sum = 0;
  std::size_t pairs = 0, contradicting = 0;
  for (const RecordIndex x : spread(members(a))) {
    for (const RecordIndex y : spread(members(b))) {
      const double bits = rules_.scorer.bits(x, y, -1000);
      contradicting += bits < against && bits > -150;
      sum += std::clamp(bits, -bits_cap, bits_cap);
      ++pairs;
    }
  }
  return static_cast<double>(contradicting) <= rules_.contradicting_share_max * static_cast<double>(pairs) && sum / static_cast<double>(pairs) >= average_bits_min;
}

void Clusters::join(RecordIndex a, RecordIndex b) {
  const std::size_t size_a = members(a).size(), size_b = members(b).size();
  if (size_a < size_b || (size_a == size_b && rules_.rank[b] < rules_.rank[a])) std::swap(a, b);
  if (list_of_[a] == no_record) {
    list_of_[a] = static_cast<std::uint32_t>(lists_.size());
    lists_.push_back({a});
  }
  const std::span<const RecordIndex> joining = members(b);
  std::vector<RecordIndex>& list = lists_[list_of_[a]];
  list.insert(list.end(), joining.begin(), joining.end());
  if (list_of_[b] != no_record) lists_[list_of_[b]] = {};
  parent_[b] = a;
  if (groups_.empty()) return;
  groups_[a].insert(groups_[a].end(), groups_[b].begin(), groups_[b].end());
  groups_[b] = {};
}

}  // namespace motcua::linkage
