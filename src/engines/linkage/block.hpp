#pragma once
// Which pairs are worth comparing. Records meet when they share a key of some family ("same phone", "same name and birth year").
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engines/linkage/linkage.hpp"
#include "engines/linkage/parallel.hpp"

namespace motcua::linkage {

inline constexpr std::size_t key_families_max = 32;

/// A record under one of its keys. Twelve bytes: blocking moves many of them.
struct KeyEntry {
  std::uint32_t high = 0, low = 0;
  RecordIndex record = 0;

  KeyEntry() = default;
  KeyEntry(std::uint64_t key, RecordIndex r) : high(static_cast<std::uint32_t>(key >> 32)), low(static_cast<std::uint32_t>(key)), record(r) {}
  std::uint64_t key() const { return static_cast<std::uint64_t>(high) << 32 | low; }
};

/// Says under which keys a record can be found. Families are ordered from the most to the least telling. Asked from many threads.
class KeySource {
 public:
  virtual ~KeySource() = default;
  virtual std::size_t records() const = 0;
  virtual std::size_t families() const = 0;
  /// Appends the record's keys of this family, none or a few: hashes, whose upper halves alone tell nearly all keys apart. 0 is not a key.
  virtual void keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const = 0;
  /// Appends those of the records `from` to `to - 1`, each key of a record once.
  virtual void list_keys(std::size_t family, RecordIndex from, RecordIndex to, std::vector<KeyEntry>& out) const;
  /// Families in which both have the same first key, as a bit set. A source that does not know says 0: then a pair may be proposed
  /// once by each family.
  virtual std::uint32_t shared_families(RecordIndex, RecordIndex) const { return 0; }
  /// Whether it is any of these; asked of most pairs.
  virtual bool share_any(RecordIndex a, RecordIndex b, std::uint32_t families) const { return (shared_families(a, b) & families) != 0; }
  /// share_any will be asked about this record soon.
  virtual void prefetch(RecordIndex) const {}
  /// What splits a block that is too large, step by step; the same number of steps for all records.
  virtual std::size_t refinements() const = 0;
  virtual std::uint64_t refinement(RecordIndex record, std::size_t step) const = 0;
};

struct BlockStatistics {
  std::uint64_t blocks = 0, refined = 0, dropped = 0, pairs = 0;
};

struct BlockOptions {
  std::uint32_t block_records_max = 64;
  std::uint64_t pairs_max = ~std::uint64_t{0};   // families are left out from the loosest on
  std::uint64_t one_in = 1;                      // a sample: only pairs whose most telling shared key falls into it
  ParallelFor parallel_for = {};
};

constexpr std::uint64_t to_pair(RecordIndex a, RecordIndex b) {
  return a < b ? static_cast<std::uint64_t>(a) << 32 | b : static_cast<std::uint64_t>(b) << 32 | a;
}
constexpr RecordIndex first_of(std::uint64_t pair) { return static_cast<RecordIndex>(pair >> 32); }
constexpr RecordIndex second_of(std::uint64_t pair) { return static_cast<RecordIndex>(pair); }

/// Candidate pairs as they are found, some thousand at a time. Called from as many threads as `parallel_for` has; never by two at once with the
/// same `task` (0..block_tasks-1). A pair comes by its most telling key only, unless one of its blocks was too large: then it may come again.
using PairVisitor = std::function<void(std::size_t task, std::span<const std::uint64_t> pairs)>;
inline constexpr std::size_t block_tasks = 256;

/// `rank` orders the records independently of how they were given. Memory: some 28 bytes a record, whatever the number of pairs.
BlockStatistics for_each_candidate(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options, const PairVisitor& visit);

struct Candidates {
  std::vector<std::uint64_t> pairs;            // ascending, each once
  std::vector<std::uint32_t> fingerprints;     // records x families: 32 bits of the record's first key of the family, 0: none
  std::size_t families = 0;
  BlockStatistics statistics;

  /// Families in which both have the same first key, as a bit set.
  std::uint32_t shared_families(RecordIndex a, RecordIndex b) const;
};

/// All pairs at once, for sources that do not know their shared families themselves.
Candidates find_candidates(const KeySource& source, std::span<const std::uint32_t> rank, const BlockOptions& options);

}  // namespace motcua::linkage
