#pragma once
// Two questions about clusters of cases: who links two of them, and who stands before one (the missing index case). Both are made of traces of
// one seed each, by whatever asks them: trace() over any source, or Reach over a stored graph.
#include <functional>
#include <vector>

#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

inline constexpr std::size_t cluster_seeds_max = 1'000;       // of one cluster

/// Whom a seed reaches, or who may have infected it: E of the last layer in real time (backward the latest time), not that of the person's level.
struct Met {
  Person person = 0;
  int level = 0;
  Time at = 0;
  float weight = 0;                     // 0..1 of the chain, or of the time together; only to order equals
};
struct MetBy { std::vector<Met> met; bool partial = false; };
/// `stops`: Question::stops.
using AskOne = std::function<Result<MetBy>(const Seed& seed, Direction direction, const std::vector<Person>& stops)>;

/// The answer of trace() as AskOne gives it.
MetBy to_met(const Answer& answer, Direction direction);

/// A person b bridges a pair of cases (s, t), one of each cluster, when b is no case and lies on a time-respecting chain from s to t or from t
/// to s that leads through no other case: b is reached from s forward at E, t is reached from b at the latest from L (backward), and the time b can pass it on, [E + latent, L),
/// is long enough. Bridges are ranked by the number of ordered pairs they lie on: the coverage centrality of temporal graphs (Takaguchi,
/// Yano, Yoshida 2016, "Coverage centralities for temporal networks", EPJ B 89:35), counted for chains of any time-respecting kind, not for
/// the shortest ones alone, and for pairs of the two clusters. Meeting in the middle of forward and backward reach, each of at most the asked
/// depth, finds chains of up to twice that many contacts.
struct Bridge {
  Person person = 0;
  std::uint32_t pairs = 0;              // ordered pairs of cases, of |a| * |b| * 2
  std::uint32_t from_a = 0, from_b = 0; // cases whose chain it continues, by cluster
  int level_a = 0, level_b = 0;         // contacts to the nearest of these or those cases on such a chain
  Time first_at = 0;                    // earliest arrival on such a chain
};
struct Bridges {
  std::vector<Bridge> bridges;          // by pairs (falling), levels, first_at, number
  std::uint32_t linked = 0;             // ordered pairs whose second case is reached from the first, within the depth, before its window ends,
                                        // through no other case
  bool partial = false;
};

/// Failures: contacts.too_many_seeds (invalid), those of `ask`.
Result<Bridges> find_bridges(const std::vector<Seed>& a, const std::vector<Seed>& b, const Rules& rules, const AskOne& ask);

/// Who may have infected how many of the cases, through others or not. A case counts as its own origin, so that the first case of a cluster is
/// among the candidates.
struct Origin {
  Person person = 0;
  bool is_case = false;
  std::uint32_t cases = 0;              // of those asked
  std::uint32_t direct = 0;             // of them by one contact
  int level_sum = 0;                    // contacts to all of them
  float weight = 0;                     // Met::weight of all of them
  Time at = 0;                          // the earliest of the times until which it must have been passed on to reach them
};
struct Origins {
  std::vector<Origin> origins;          // by cases (falling), level_sum, weight (falling), at, number
  bool partial = false;
};

/// Backward from each case. Failures: contacts.too_many_seeds (invalid), those of `ask`.
Result<Origins> find_origins(const std::vector<Seed>& cases, const AskOne& ask);

}  // namespace motcua::contacts
