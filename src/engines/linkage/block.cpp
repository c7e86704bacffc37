#include "engines/linkage/block.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "engines/linkage/hash_sort.hpp"
#include "engines/linkage/large_array.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t window = 8;   // neighbours compared within a block that no refinement makes small enough
constexpr std::size_t visited_pairs = 4096, collected_records = 1 << 15, fetched_ahead = 48;

using Entry = KeyEntry;
using Entries = std::vector<Entry>;

std::size_t bucket_of(const Entry& e) { return e.high >> 24; }

/// Works through one family after the other, remembering in which of them a record stood in a block that was too large to be compared whole, so
/// that a pair is proposed by its most telling key only.
class Finder {
 public:
  Finder(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options, const PairVisitor& visit)
      : source_(source), rank_(rank), options_(options), visit_(visit), too_large_(source.records(), 0) {}

  BlockStatistics run_all() {
    BlockStatistics sum;
    for (family_ = 0; family_ < source_.families(); ++family_) {
      collect();
      std::array<BlockStatistics, block_tasks> parts{};
      run(options_.parallel_for, block_tasks, [&](std::size_t task) { parts[task] = sort_and_mark(task); });
      std::uint64_t expected = sum.pairs;
      for (const BlockStatistics& part : parts) expected += part.pairs;
      if (expected > options_.pairs_max) {   // this family and all looser ones are left out
        ++sum.dropped;
        break;
      }
      run(options_.parallel_for, block_tasks, [&](std::size_t task) { parts[task] = Worker(*this, task).work(); });
      for (const BlockStatistics& part : parts) {
        sum.blocks += part.blocks;
        sum.refined += part.refined;
        sum.dropped += part.dropped;
        sum.pairs += part.pairs;
      }
    }
    return sum;
  }

 private:
  bool in_sample(std::uint64_t key) const { return mix(key) % options_.one_in == 0; }

  /// The family's keys, in 256 buckets by their highest bits, in the order of the records.
  void collect() {
    const std::size_t parts = (source_.records() + collected_records - 1) / collected_records;
    found_.resize(parts);   // kept from family to family: memory that is given back comes again page by page
    std::vector<std::array<std::size_t, block_tasks + 1>> ends(parts);
    run(options_.parallel_for, parts, [&](std::size_t part) {
      collect_part(part, found_[part]);
      ends[part].fill(0);
      for (const Entry& e : found_[part]) ++ends[part][bucket_of(e)];
    });
    std::size_t end = 0;
    for (std::size_t bucket = 0; bucket < block_tasks; ++bucket) {
      starts_[bucket] = end;
      for (auto& part : ends) part[bucket] = std::exchange(end, end + part[bucket]);
    }
    starts_[block_tasks] = end;
    entries_.resize(end);
    run(options_.parallel_for, parts, [&](std::size_t part) {
      for (const Entry& e : found_[part]) entries_[ends[part][bucket_of(e)]++] = e;
    });
  }

  void collect_part(std::size_t part, Entries& found) const {
    found.clear();
    source_.list_keys(family_, static_cast<RecordIndex>(part * collected_records),
                      static_cast<RecordIndex>(std::min(source_.records(), (part + 1) * collected_records)), found);
    if (options_.one_in > 1) std::erase_if(found, [&](const Entry& e) { return !in_sample(e.key()); });
  }

  template <class Body>
  static void for_each_block(std::span<Entry> entries, const Body& body) {
    for (std::size_t from = 0, to = 0; from < entries.size(); from = to) {
      while (to < entries.size() && entries[to].key() == entries[from].key()) ++to;
      if (to - from > 1) body(entries.subspan(from, to - from));
    }
  }

  std::span<Entry> bucket(std::size_t task) { return std::span(entries_).subspan(starts_[task], starts_[task + 1] - starts_[task]); }

  /// Gives at most how many pairs the bucket will propose.
  BlockStatistics sort_and_mark(std::size_t task) {
    sort_by_hash(bucket(task), [](const Entry& e) { return e.key(); }, 8);
    BlockStatistics s;
    for_each_block(bucket(task), [&](std::span<Entry> block) {
      const bool whole = block.size() <= options_.block_records_max;
      s.pairs += block.size() * (std::min<std::uint64_t>(block.size(), options_.block_records_max) - 1) / 2;
      if (whole) return;
      large_families_.fetch_or(std::uint32_t{1} << family_, std::memory_order_relaxed);
      for (const Entry& e : block) std::atomic_ref(too_large_[e.record]).fetch_or(std::uint32_t{1} << family_, std::memory_order_relaxed);
    });
    return s;
  }

  /// One bucket's blocks to pairs.
  class Worker {
   public:
    Worker(Finder& finder, std::size_t task) : finder_(finder), options_(finder.options_), task_(task) { pairs_.reserve(visited_pairs); }

    BlockStatistics work() {
      const std::span<Entry> bucket = finder_.bucket(task_);
      const Entry* fetched = bucket.data();
      for_each_block(bucket, [&](std::span<Entry> block) {
        if (finder_.family_ > 0)
          for (const Entry* to = std::min(block.data() + block.size() + fetched_ahead, bucket.data() + bucket.size()); fetched < to; ++fetched) {
            finder_.source_.prefetch(fetched->record);
            __builtin_prefetch(&finder_.too_large_[fetched->record]);
          }
        take(block, 0);
      });
      flush();
      return statistics_;
    }

   private:
    void take(std::span<Entry> block, std::size_t step) {
      if (step == 0) ++statistics_.blocks;
      if (block.size() <= options_.block_records_max) return pair_up(block, block.size());
      if (step == 0) ++statistics_.refined;
      if (step == finder_.source_.refinements()) {
        ++statistics_.dropped;
        return pair_up(block, window + 1);
      }
      Entries finer;
      finer.reserve(block.size());
      for (const Entry& e : block) finer.emplace_back(combine_hash(e.key(), finder_.source_.refinement(e.record, step)), e.record);
      const auto& rank = finder_.rank_;
      std::sort(finer.begin(), finer.end(), [&](const Entry& a, const Entry& b) { return a.key() != b.key() ? a.key() < b.key() : rank[a.record] < rank[b.record]; });
      for_each_block(finer, [&](std::span<Entry> part) { take(part, step + 1); });
    }

    /// Each with those at most `reach - 1` behind it.
    void pair_up(std::span<Entry> block, std::size_t reach) {
      for (std::size_t i = 0; i < block.size(); ++i)
        for (std::size_t j = i + 1; j < std::min(block.size(), i + reach); ++j) propose(block[i].record, block[j].record);
    }

    void propose(RecordIndex a, RecordIndex b) {
      std::uint32_t tighter = (std::uint32_t{1} << finder_.family_) - 1;
      if (options_.one_in == 1 && (tighter & finder_.large_families_.load(std::memory_order_relaxed)) != 0) tighter &= ~finder_.too_large_[a];
      if (tighter != 0 && finder_.source_.share_any(a, b, tighter)) return;
      pairs_.push_back(to_pair(a, b));
      if (pairs_.size() == visited_pairs) flush();
    }

    void flush() {
      statistics_.pairs += pairs_.size();
      if (!pairs_.empty()) finder_.visit_(task_, pairs_);
      pairs_.clear();
    }

    Finder& finder_;
    const BlockOptions& options_;
    std::size_t task_;
    std::vector<std::uint64_t> pairs_;
    BlockStatistics statistics_;
  };

  const KeySource& source_;
  std::span<const std::uint32_t> rank_;
  const BlockOptions& options_;
  const PairVisitor& visit_;
  LargeArray<std::uint32_t> too_large_;         // per record, a bit per family
  std::atomic<std::uint32_t> large_families_{0};
  std::vector<Entries> found_;                  // by part of the records
  LargeArray<Entry> entries_;                   // of the family at hand
  std::array<std::size_t, block_tasks + 1> starts_{};
  std::size_t family_ = 0;
};

/// A source beside the fingerprints of its keys.
class Printed : public KeySource {
 public:
  Printed(const KeySource& source, const ParallelFor& parallel_for, Candidates& out) : source_(source), out_(out) {
    out.families = source.families();
    out.fingerprints.assign(source.records() * out.families, 0);
    run_ranges(parallel_for, source.records(), collected_records, [&](std::size_t from, std::size_t to) {
      std::vector<std::uint64_t> keys;
      for (std::size_t r = from; r < to; ++r)
        for (std::size_t family = 0; family < out.families; ++family) {
          keys.clear();
          source.keys(static_cast<RecordIndex>(r), family, keys);
          if (!keys.empty()) out.fingerprints[r * out.families + family] = static_cast<std::uint32_t>(keys[0] >> 32) | 1;
        }
    });
  }
  std::size_t records() const override { return source_.records(); }
  std::size_t families() const override { return source_.families(); }
  void keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const override { source_.keys(record, family, out); }
  std::uint32_t shared_families(RecordIndex a, RecordIndex b) const override { return out_.shared_families(a, b); }
  std::size_t refinements() const override { return source_.refinements(); }
  std::uint64_t refinement(RecordIndex record, std::size_t step) const override { return source_.refinement(record, step); }

 private:
  const KeySource& source_;
  const Candidates& out_;
};

}  // namespace

void KeySource::list_keys(std::size_t family, RecordIndex from, RecordIndex to, std::vector<KeyEntry>& out) const {
  std::vector<std::uint64_t> held;
  for (RecordIndex r = from; r < to; ++r) {
    held.clear();
    keys(r, family, held);
    if (held.size() > 1) {
      std::sort(held.begin(), held.end());
      held.erase(std::unique(held.begin(), held.end()), held.end());
    }
    for (const std::uint64_t key : held) out.emplace_back(key, r);
  }
}

BlockStatistics for_each_candidate(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options, const PairVisitor& visit) {
  return Finder(source, rank, options, visit).run_all();
}

std::uint32_t Candidates::shared_families(RecordIndex a, RecordIndex b) const {
  const std::uint32_t *x = fingerprints.data() + a * families, *y = fingerprints.data() + b * families;
  std::uint32_t shared = 0;
  for (std::size_t f = 0; f < families; ++f) shared |= static_cast<std::uint32_t>(x[f] != 0 && x[f] == y[f]) << f;
  return shared;
}

Candidates find_candidates(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options) {
  Candidates candidates;
  const Printed printed(source, options.parallel_for, candidates);
  std::vector<std::vector<std::uint64_t>> found(block_tasks);
  candidates.statistics = for_each_candidate(printed, rank, options, [&](std::size_t task, std::span<const std::uint64_t> pairs) {
    found[task].insert(found[task].end(), pairs.begin(), pairs.end());
  });
  candidates.pairs.reserve(candidates.statistics.pairs);
  for (auto& part : found) {
    candidates.pairs.insert(candidates.pairs.end(), part.begin(), part.end());
    part = {};
  }
  sort_parallel(candidates.pairs, options.parallel_for, std::less<>());
  candidates.pairs.erase(std::unique(candidates.pairs.begin(), candidates.pairs.end()), candidates.pairs.end());
  candidates.statistics.pairs = candidates.pairs.size();
  return candidates;
}

}  // namespace motcua::linkage
