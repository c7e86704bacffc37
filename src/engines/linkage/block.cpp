#include "engines/linkage/block.hpp"

#include <algorithm>

#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t window = 8;   // neighbours compared within a block that no refinement makes small enough

struct Entry {
  std::uint64_t key;
  RecordIndex record;
};

/// Works through one family after the other, remembering in which of them a record stood in a block that was compared whole, so that a
/// pair is proposed by its most telling key only.
class Finder {
 public:
  Finder(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options, Candidates& out)
      : source_(source), rank_(rank), options_(options), out_(out), compared_whole_(source.records(), 0) {}

  void run() {
    out_.families = source_.families();
    out_.fingerprints.assign(source_.records() * out_.families, 0);
    for (family_ = 0; family_ < out_.families; ++family_) {
      collect();
      const std::size_t before = out_.pairs.size();
      for_each_block(entries_, [&](std::span<Entry> block) { take(block, 0); });
      if (out_.pairs.size() > options_.pairs_max) {   // this family and all looser ones are left out
        out_.pairs.resize(before);
        ++out_.statistics.dropped;
        break;
      }
    }
    std::sort(out_.pairs.begin(), out_.pairs.end());
    out_.pairs.erase(std::unique(out_.pairs.begin(), out_.pairs.end()), out_.pairs.end());
    out_.statistics.pairs = out_.pairs.size();
  }

 private:
  void collect() {
    entries_.clear();
    std::vector<std::uint64_t> keys;
    for (RecordIndex r = 0; r < source_.records(); ++r) {
      keys.clear();
      source_.keys(r, family_, keys);
      for (const std::uint64_t key : keys) {
        entries_.push_back({key, r});
        std::uint32_t& print = out_.fingerprints[r * out_.families + family_];
        if (print == 0) print = static_cast<std::uint32_t>(key >> 32) | 1;
      }
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.key != b.key ? a.key < b.key : a.record < b.record; });
    const auto twice = std::unique(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.key == b.key && a.record == b.record; });
    entries_.erase(twice, entries_.end());
  }

  template <class Body>
  static void for_each_block(std::span<Entry> entries, const Body& body) {
    for (std::size_t from = 0, to = 0; from < entries.size(); from = to) {
      while (to < entries.size() && entries[to].key == entries[from].key) ++to;
      if (to - from > 1) body(entries.subspan(from, to - from));
    }
  }

  void take(std::span<Entry> block, std::size_t step) {
    if (step == 0) ++out_.statistics.blocks;
    if (block.size() <= options_.block_records_max) return pair_all(block, step == 0);
    if (step == 0) ++out_.statistics.refined;
    if (step == source_.refinements()) return pair_neighbours(block);
    std::vector<Entry> finer;
    finer.reserve(block.size());
    for (const Entry& e : block) finer.push_back({combine_hash(e.key, source_.refinement(e.record, step)), e.record});
    std::sort(finer.begin(), finer.end(), [&](const Entry& a, const Entry& b) { return a.key != b.key ? a.key < b.key : rank_[a.record] < rank_[b.record]; });
    for_each_block(finer, [&](std::span<Entry> part) { take(part, step + 1); });
  }

  bool in_sample(std::uint64_t key) const { return options_.one_in <= 1 || mix(key) % options_.one_in == 0; }

  void pair_all(std::span<Entry> block, bool whole) {
    if (whole)
      for (const Entry& e : block) compared_whole_[e.record] |= std::uint32_t{1} << family_;
    if (!in_sample(block[0].key)) return;
    for (std::size_t i = 0; i < block.size(); ++i)
      for (std::size_t j = i + 1; j < block.size(); ++j) propose(block[i].record, block[j].record);
  }

  void pair_neighbours(std::span<Entry> block) {
    ++out_.statistics.dropped;
    if (!in_sample(block[0].key)) return;
    for (std::size_t i = 0; i < block.size(); ++i)
      for (std::size_t j = i + 1; j < std::min(block.size(), i + 1 + window); ++j) propose(block[i].record, block[j].record);
  }

  void propose(RecordIndex a, RecordIndex b) {
    const std::uint32_t earlier = compared_whole_[a] & compared_whole_[b] & ((std::uint32_t{1} << family_) - 1);
    if (earlier != 0 && (out_.shared_families(a, b) & earlier) != 0) return;
    out_.pairs.push_back(to_pair(a, b));
  }

  const KeySource& source_;
  std::span<const std::uint32_t> rank_;
  const BlockOptions& options_;
  Candidates& out_;
  std::vector<std::uint32_t> compared_whole_;   // per record, a bit per family
  std::vector<Entry> entries_;
  std::size_t family_ = 0;
};

}  // namespace

std::uint32_t Candidates::shared_families(RecordIndex a, RecordIndex b) const {
  const std::uint32_t *x = fingerprints.data() + a * families, *y = fingerprints.data() + b * families;
  std::uint32_t shared = 0;
  for (std::size_t f = 0; f < families; ++f) shared |= static_cast<std::uint32_t>(x[f] != 0 && x[f] == y[f]) << f;
  return shared;
}

Candidates find_candidates(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options) {
  Candidates candidates;
  Finder(source, rank, options, candidates).run();
  return candidates;
}

}  // namespace motcua::linkage
