// What is connected to some records, and the answer of `link` for it.
#include <algorithm>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/index_state.hpp"

namespace motcua::linkage {
namespace {

/// Some records of a larger set, under numbers of their own.
class LocalScorer : public PairScorer {
 public:
  LocalScorer(const PersonScorer& all, const std::vector<RecordIndex>& records) : all_(all), records_(records) {}
  std::size_t records() const override { return records_.size(); }
  double bits(RecordIndex a, RecordIndex b, double at_least) const override { return all_.bits(records_[a], records_[b], at_least); }
  double prior_bits() const override { return all_.prior_bits(); }
  bool is_vetoed(RecordIndex a, RecordIndex b) const override { return all_.is_vetoed(records_[a], records_[b]); }

 private:
  const PersonScorer& all_;
  const std::vector<RecordIndex>& records_;
};

/// Persons that have no number of the caller's yet, as previous persons that `assign` may keep.
constexpr std::int64_t unnamed_base = std::int64_t{1} << 62;
constexpr std::int64_t to_previous(std::int64_t person) { return person < -1 ? unnamed_base - person : person; }
constexpr std::int64_t from_previous(std::int64_t previous) { return previous >= unnamed_base ? unnamed_base - previous : previous; }

}  // namespace

/// All records that chains of likely pairs, persons and human decisions connect with the seeds, and their candidate pairs.
Index::State::Neighbourhood Index::State::connected_to(std::span<const RecordIndex> seeds) {
  Neighbourhood hood;
  const double review_bits = to_bits(options.review_probability);
  std::size_t most = no_record;
  const auto include = [&](RecordIndex r) {
    if (hood.records.size() < most && hood.local.emplace(r, static_cast<RecordIndex>(hood.records.size())).second) hood.records.push_back(r);
  };
  for (const RecordIndex r : seeds) include(r);
  most = hood.records.size() + options.worked_records_max;
  for (std::size_t i = 0; i < hood.records.size(); ++i) {
    const RecordIndex r = hood.records[i];
    for (const RecordIndex other : candidates_of(records.columns().rows[r], r)) {
      const auto known = hood.local.find(other);
      if (known != hood.local.end() && known->second < i) continue;
      if (scorer.is_vetoed(r, other) || scorer.bits(r, other, review_bits) < review_bits) continue;
      include(other);
      if (const auto local = hood.local.find(other); local != hood.local.end()) hood.pairs.push_back(to_pair(static_cast<RecordIndex>(i), local->second));
    }
    each_mate(r, include);
    if (must.empty()) continue;
    if (const auto linked = must.find(std::string(records.key(r))); linked != must.end())
      for (const std::string& key : linked->second)
        if (const RecordIndex other = find(key); other != no_record) include(other);
  }
  return hood;
}

LinkResult Index::State::work(Neighbourhood& hood) const {
  const LocalScorer local(scorer, hood.records);
  std::vector<RecordIndex> order(hood.records.size());
  for (RecordIndex i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](RecordIndex a, RecordIndex b) { return is_before(hood.records[a], hood.records[b]); });
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;

  ClusterRules rules{local, rank};
  rules.link_bits = to_bits(options.link_probability);
  std::vector<std::int64_t> previous;
  for (RecordIndex i = 0; i < hood.records.size(); ++i) {
    const RecordIndex r = hood.records[i];
    const RecordRow& row = records.columns().rows[r];
    rules.exclusive.push_back((row.flags & clean_flag) != 0 ? row.source : 0);
    previous.push_back(to_previous(person[r]));
    const auto copy = [&](const auto& from, auto& to) {
      if (from.empty()) return;
      if (const auto found = from.find(std::string(records.key(r))); found != from.end())
        for (const std::string& key : found->second)
          if (const auto at = hood.local.find(find(key)); at != hood.local.end() && i < at->second) to.emplace_back(i, at->second);
    };
    copy(must, rules.must_link);
    copy(cannot, rules.cannot_link);
  }
  return assign(rules, hood.pairs, previous, options);
}

void Index::State::adopt(const Neighbourhood& hood, const LinkResult& result, std::span<const RecordIndex> given, Changes& changes) {
  std::vector<std::int64_t> number;
  for (const std::int64_t kept : result.keeps) number.push_back(kept == -1 ? next_unnamed-- : from_previous(kept));
  const auto globally = [&](ScoredPair p) {
    if (p.a != no_record) { p.a = hood.records[p.a]; p.b = hood.records[p.b]; }
    return p;
  };
  for (RecordIndex i = 0; i < hood.records.size(); ++i) {
    const RecordIndex r = hood.records[i];
    const std::int64_t before = person[r], after = number[result.person_of[i]];
    if (before == after && i >= given.size()) continue;   // the records given come first
    changes.changed.push_back({r, before, after, result.confidence[i], globally(result.best[i])});
    set_person(r, after);
  }
  for (const ScoredPair& p : result.review) changes.review.push_back(globally(p));
  changes.pairs_scored = hood.pairs.size();
  changes.records_worked = hood.records.size();
}

}  // namespace motcua::linkage
