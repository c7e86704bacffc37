#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/person_keys.hpp"
#include "engines/linkage/person_scorer.hpp"
#include "engines/linkage/postings.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t neighbours_max = 16;   // compared in a block that no refinement makes small enough, as in `find_candidates`

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

struct Index::State {
  State(Model m, Options o) : model(std::move(m)), options(std::move(o)), scorer(records.columns(), model.state(), sharing), keys(records.columns()) {}

  Model model;
  Options options;
  RecordSet records;
  SharingCounts sharing;
  PersonScorer scorer;
  PersonKeys keys;
  Postings postings;
  std::vector<std::int64_t> person;
  std::unordered_map<std::int64_t, std::vector<RecordIndex>> members;
  std::unordered_map<RecordIndex, std::vector<RecordIndex>> must, cannot;
  std::int64_t next_unnamed = -2;
  bool settled = true;

  void take_in(std::span<const PersonRecord> added, std::span<const std::int64_t> persons, bool bulk);
  void settle();
  std::vector<RecordIndex> candidates_of(const RecordRow& row, RecordIndex self) const;
  void narrow(const RecordRow& row, RecordIndex self, std::vector<RecordIndex>& block) const;
  void set_person(RecordIndex record, std::int64_t to);

  struct Neighbourhood {
    std::vector<RecordIndex> records;
    std::unordered_map<RecordIndex, RecordIndex> local;
    std::vector<std::uint64_t> pairs;   // local numbers
  };
  Neighbourhood connected_to(RecordIndex from);
  std::vector<RecordIndex> sharers_of(RecordIndex record) const;
  LinkResult work(Neighbourhood& hood) const;
  void adopt(const Neighbourhood& hood, const LinkResult& result, RecordIndex from, Changes& changes);
};

Index::Index(Model model, Options options) : state_(std::make_unique<State>(std::move(model), std::move(options))) {}
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;

const RecordSet& Index::records() const { return state_->records; }
std::int64_t Index::person_of(RecordIndex record) const { return state_->person[record]; }
Explanation Index::explain(RecordIndex a, RecordIndex b) const { return state_->scorer.explain(a, b); }

void Index::State::take_in(std::span<const PersonRecord> added, std::span<const std::int64_t> persons, bool bulk) {
  const auto from = static_cast<RecordIndex>(records.size());
  for (const PersonRecord& r : added) records.add(r);
  sharing.add(records.columns(), from);
  scorer.extend();
  std::vector<std::uint64_t> found;
  for (RecordIndex r = from; r < records.size(); ++r) {
    found.clear();
    for (std::size_t family = 0; family <= key_address; ++family) keys.keys(r, family, found);
    for (const std::uint64_t key : found) bulk ? postings.add_bulk(key, r) : postings.add(key, r);
    person.push_back(-1);
    if (r - from < persons.size()) set_person(r, persons[r - from]);
  }
  if (bulk) settled = false;
}

void Index::State::settle() {
  if (!settled) postings.settle();
  settled = true;
  postings.settle_if_due();
}

void Index::State::set_person(RecordIndex record, std::int64_t to) {
  if (person[record] != -1) {
    auto& old = members[person[record]];
    std::erase(old, record);
    if (old.empty()) members.erase(person[record]);
  }
  person[record] = to;
  if (to != -1) members[to].push_back(record);
}

/// What `find_candidates` does with a block that is too large, seen from one record.
void Index::State::narrow(const RecordRow& row, RecordIndex self, std::vector<RecordIndex>& block) const {
  for (std::size_t step = 0; step < keys.refinements() && block.size() > options.block_records_max; ++step) {
    const std::uint64_t wanted = keys.refinement_of(row, step);
    const auto kept = std::stable_partition(block.begin(), block.end(), [&](RecordIndex r) { return keys.refinement(r, step) == wanted; });
    if (kept == block.begin()) break;   // a query that says too little
    block.erase(kept, block.end());
  }
  if (block.size() <= options.block_records_max) return;
  const std::string_view key = self == no_record ? std::string_view() : records.key(self);
  std::sort(block.begin(), block.end(), [&](RecordIndex a, RecordIndex b) { return records.key(a) < records.key(b); });
  const auto at = std::lower_bound(block.begin(), block.end(), key, [&](RecordIndex r, std::string_view k) { return records.key(r) < k; }) - block.begin();
  const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - static_cast<std::ptrdiff_t>(neighbours_max / 2)));
  block.erase(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(from));
  block.resize(std::min(block.size(), neighbours_max + 1));
}

std::vector<RecordIndex> Index::State::candidates_of(const RecordRow& row, RecordIndex self) const {
  std::vector<RecordIndex> all, block;
  std::vector<std::uint64_t> found;
  for (std::size_t family = 0; family < key_families; ++family) {
    found.clear();
    keys.keys_of(row, family, found);
    for (const std::uint64_t key : found) {
      block.clear();
      postings.find(key, block);
      narrow(row, self, block);
      all.insert(all.end(), block.begin(), block.end());
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase(all, self);
  return all;
}

void Index::load(std::span<const PersonRecord> records, std::span<const std::int64_t> person) { state_->take_in(records, person, true); }

void Index::constrain(std::span<const std::pair<RecordIndex, RecordIndex>> must_link, std::span<const std::pair<RecordIndex, RecordIndex>> cannot_link) {
  for (const auto& [a, b] : must_link) { state_->must[a].push_back(b); state_->must[b].push_back(a); }
  for (const auto& [a, b] : cannot_link) { state_->cannot[a].push_back(b); state_->cannot[b].push_back(a); }
}

/// Records whose scores change because one more record has their phone or house. Where many share it, one more changes nothing.
std::vector<RecordIndex> Index::State::sharers_of(RecordIndex record) const {
  std::vector<RecordIndex> all, block;
  std::vector<std::uint64_t> found;
  keys.keys(record, key_phone, found);
  keys.keys(record, key_address, found);
  for (const std::uint64_t key : found) {
    block.clear();
    postings.find(key, block);
    if (block.size() <= options.block_records_max) all.insert(all.end(), block.begin(), block.end());
  }
  return all;
}

/// All records that chains of likely pairs, persons and human decisions connect with the added ones, and their candidate pairs.
Index::State::Neighbourhood Index::State::connected_to(RecordIndex from) {
  Neighbourhood hood;
  const double review_bits = to_bits(options.review_probability);
  const auto include = [&](RecordIndex r) {
    if (hood.local.emplace(r, static_cast<RecordIndex>(hood.records.size())).second) hood.records.push_back(r);
  };
  for (RecordIndex r = from; r < records.size(); ++r) include(r);
  for (RecordIndex r = from; r < records.size(); ++r)
    for (const RecordIndex sharer : sharers_of(r)) include(sharer);
  const std::size_t most = hood.records.size() + options.worked_records_max;
  for (std::size_t i = 0; i < hood.records.size(); ++i) {
    const RecordIndex r = hood.records[i];
    for (const RecordIndex other : candidates_of(records.columns().rows[r], r)) {
      const auto known = hood.local.find(other);
      if (known != hood.local.end() && known->second < i) continue;
      if (scorer.is_vetoed(r, other) || scorer.bits(r, other, review_bits) < review_bits) continue;
      if (known == hood.local.end() && hood.records.size() >= most) continue;
      include(other);
      hood.pairs.push_back(to_pair(static_cast<RecordIndex>(i), hood.local.at(other)));
    }
    if (person[r] != -1)
      for (const RecordIndex mate : members.at(person[r])) include(mate);
    if (const auto linked = must.find(r); linked != must.end())
      for (const RecordIndex mate : linked->second) include(mate);
  }
  return hood;
}

LinkResult Index::State::work(Neighbourhood& hood) const {
  const LocalScorer local(scorer, hood.records);
  std::vector<RecordIndex> order(hood.records.size());
  for (RecordIndex i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](RecordIndex a, RecordIndex b) { return records.key(hood.records[a]) < records.key(hood.records[b]); });
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
      if (const auto found = from.find(r); found != from.end())
        for (const RecordIndex other : found->second)
          if (const auto at = hood.local.find(other); at != hood.local.end() && r < other) to.emplace_back(i, at->second);
    };
    copy(must, rules.must_link);
    copy(cannot, rules.cannot_link);
  }
  return assign(rules, hood.pairs, previous, options);
}

void Index::State::adopt(const Neighbourhood& hood, const LinkResult& result, RecordIndex from, Changes& changes) {
  std::vector<std::int64_t> number;
  for (const std::int64_t kept : result.keeps) number.push_back(kept == -1 ? next_unnamed-- : from_previous(kept));
  const auto globally = [&](ScoredPair p) {
    if (p.a != no_record) { p.a = hood.records[p.a]; p.b = hood.records[p.b]; }
    return p;
  };
  for (RecordIndex i = 0; i < hood.records.size(); ++i) {
    const RecordIndex r = hood.records[i];
    const std::int64_t before = person[r], after = number[result.person_of[i]];
    if (before == after && r < from) continue;
    changes.changed.push_back({r, before, after, result.confidence[i], globally(result.best[i])});
    set_person(r, after);
  }
  for (const ScoredPair& p : result.review) changes.review.push_back(globally(p));
  changes.pairs_scored = hood.pairs.size();
  changes.records_worked = hood.records.size();
}

Index::Changes Index::add(std::span<const PersonRecord> records) {
  State& s = *state_;
  s.settle();
  const auto from = static_cast<RecordIndex>(s.records.size());
  s.take_in(records, {}, false);
  Changes changes;
  if (records.empty()) return changes;
  auto hood = s.connected_to(from);
  s.adopt(hood, s.work(hood), from, changes);
  s.settle();
  return changes;
}

void Index::rename(std::int64_t from, std::int64_t to) {
  const auto found = state_->members.find(from);
  if (found == state_->members.end() || from == to) return;
  for (const RecordIndex r : std::vector<RecordIndex>(found->second)) state_->set_person(r, to);
}

std::vector<Index::Match> Index::resolve(const PersonRecord& query, std::size_t limit) {
  State& s = *state_;
  s.settle();
  const RecordRow row = s.records.columns_->to_row(query);
  s.scorer.extend();
  std::vector<ScoredPair> found;
  for (const RecordIndex r : s.candidates_of(row, no_record)) {
    const double bits = s.scorer.bits_of_rows(row, s.records.columns().rows[r], {.nameless = true});
    found.push_back({no_record, r, static_cast<float>(bits), static_cast<float>(to_probability(bits))});
  }
  std::sort(found.begin(), found.end(), [&](const ScoredPair& a, const ScoredPair& b) { return a.bits != b.bits ? a.bits > b.bits : s.records.key(a.b) < s.records.key(b.b); });
  std::vector<Match> matches;
  std::unordered_set<std::int64_t> seen;
  for (const ScoredPair& pair : found) {
    if (matches.size() == limit) break;
    const std::int64_t person = s.person[pair.b];
    if (person != -1 && !seen.insert(person).second) continue;
    matches.push_back({person, pair, s.scorer.explain_rows(row, s.records.columns().rows[pair.b], true)});
  }
  return matches;
}

}  // namespace motcua::linkage
