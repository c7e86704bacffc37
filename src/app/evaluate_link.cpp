// Links against truth, counted over pairs of records.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "app/evaluate.hpp"
#include "app/evaluate_truth.hpp"

namespace motcua::app {
namespace {

using truth::Linked;
using truth::Matched;

using Pair = std::pair<std::uint32_t, std::uint32_t>;   // sources, smaller name first

struct Counter {
  const Matched& matched;
  std::map<Pair, LinkConfusion> by_sources;

  Pair pair_of(std::uint32_t a, std::uint32_t b) const { return matched.sources.text(a) <= matched.sources.text(b) ? Pair(a, b) : Pair(b, a); }

  LinkConfusion& at(std::uint32_t a, std::uint32_t b) {
    auto pair = pair_of(a, b);
    auto& c = by_sources[pair];
    c.left_source = matched.sources.text(pair.first), c.right_source = matched.sources.text(pair.second);
    return c;
  }

  /// Groups of equal `key`: every pair in a group counts for `which`.
  template <class Key>
  void count(std::vector<const Linked*>& order, Key key, std::int64_t PairScore::*which) {
    std::sort(order.begin(), order.end(), [&](const Linked* a, const Linked* b) { return std::tuple(key(*a), a->id) < std::tuple(key(*b), b->id); });
    for (std::size_t i = 0; i < order.size();) {
      std::map<std::uint32_t, std::int64_t> sources;
      auto j = i;
      for (; j < order.size() && key(*order[j]) == key(*order[i]); ++j) ++sources[order[j]->source];
      for (auto a = sources.begin(); a != sources.end(); ++a) {
        if (a->second > 1) at(a->first, a->first).score.*which += a->second * (a->second - 1) / 2;
        for (auto b = std::next(a); b != sources.end(); ++b) at(a->first, b->first).score.*which += a->second * b->second;
      }
      i = j;
    }
  }

  /// Pairs that one side joins and the other does not, a few of each.
  template <class Key, class Other>
  void examples(const std::vector<const Linked*>& order, Key key, Other other, std::vector<std::string> LinkConfusion::*list) {
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t j = i + 1; j < order.size() && key(*order[j]) == key(*order[i]); ++j) {
        if (other(*order[i]) == other(*order[j])) continue;
        auto& shown = at(order[i]->source, order[j]->source).*list;
        if (shown.size() < static_cast<std::size_t>(link_examples_max)) shown.push_back(order[i]->id + " " + order[j]->id);
      }
  }
};

std::int64_t pairs_of(std::int64_t n) { return n * (n - 1) / 2; }

/// Of a group of records, the pairs with at least one record of the persons asked for.
struct Group { std::int64_t records = 0, hard = 0; };

DifficultyScore score_of(const std::string& difficulty, const std::set<std::uint32_t>& hard, const Matched& matched) {
  std::map<std::uint32_t, Group> linked, truth;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Group> both;
  for (const Linked& r : matched.records) {
    const std::int64_t is_hard = hard.contains(r.truth) ? 1 : 0;
    for (Group* group : {&linked[r.person], &truth[r.truth], &both[{r.person, r.truth}]}) ++group->records, group->hard += is_hard;
  }
  const auto sum = [](const auto& groups) {
    std::int64_t pairs = 0;
    for (const auto& [key, group] : groups) pairs += pairs_of(group.records) - pairs_of(group.records - group.hard);
    return pairs;
  };
  return {difficulty, static_cast<std::int64_t>(hard.size()), {sum(truth), sum(linked), sum(both)}};
}

Result<void> score_difficulties(const std::string& truth_file, const Matched& matched, LinkEvaluation& e) {
  const auto file = std::filesystem::path(truth_file).parent_path() / "difficulties.csv";
  if (!std::filesystem::exists(file)) return {};
  std::map<std::string, std::set<std::uint32_t>> hard;
  TRY(truth::read_columns(file.string(), {"person", "difficulty"}, 2, [&](const auto& v) {
    const auto person = matched.truths.find(v[0]);
    if (person != truth::Names::none) hard[std::string(v[1])].insert(person);
  }));
  for (const auto& [difficulty, persons] : hard) e.by_difficulty.push_back(score_of(difficulty, persons, matched));
  return {};
}

}  // namespace

double PairScore::f1() const {
  auto p = precision(), r = recall();
  return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

Result<LinkEvaluation> evaluate_link(const std::string& export_file, const std::string& truth_file) {
  TRY_ASSIGN(auto matched, truth::match_records(export_file, truth_file));
  LinkEvaluation e;
  e.records = static_cast<std::int64_t>(matched.records.size());
  e.unknown_records = matched.unknown;
  std::vector<const Linked*> order;
  for (const auto& r : matched.records) order.push_back(&r);
  auto by_person = [](const Linked& r) { return r.person; };
  auto by_truth = [](const Linked& r) { return r.truth; };
  Counter counter{matched, {}};
  counter.count(order, [](const Linked& r) { return std::pair(r.person, r.truth); }, &PairScore::right_pairs);
  counter.count(order, by_person, &PairScore::linked_pairs);
  counter.examples(order, by_person, by_truth, &LinkConfusion::merged_wrongly);
  counter.count(order, by_truth, &PairScore::true_pairs);
  counter.examples(order, by_truth, by_person, &LinkConfusion::missed);
  for (auto& [sources, confusion] : counter.by_sources) {
    e.all.true_pairs += confusion.score.true_pairs;
    e.all.linked_pairs += confusion.score.linked_pairs;
    e.all.right_pairs += confusion.score.right_pairs;
    e.by_sources.push_back(std::move(confusion));
  }
  std::sort(e.by_sources.begin(), e.by_sources.end(), [](const auto& a, const auto& b) { return std::tie(a.left_source, a.right_source) < std::tie(b.left_source, b.right_source); });
  e.false_merge_share = e.all.linked_pairs ? double(e.all.linked_pairs - e.all.right_pairs) / double(e.all.linked_pairs) : 0;
  TRY(score_difficulties(truth_file, matched, e));
  return e;
}

}  // namespace motcua::app
