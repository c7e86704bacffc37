#pragma once
// Blocking keys of a generic table, chosen from the data.
#include "engines/linkage/block.hpp"
#include "engines/linkage/large_array.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/match_parts.hpp"

namespace motcua::linkage {

class MatchKeys : public KeySource {
 public:
  using Family = std::vector<KeyPart>;
  MatchKeys(const MatchTable::Columns& table, std::vector<Family> families, const ParallelFor& parallel_for = {});

  std::size_t records() const override { return table_.files.size(); }
  std::size_t families() const override { return families_.size(); }
  void keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const override;
  void list_keys(std::size_t family, RecordIndex from, RecordIndex to, std::vector<KeyEntry>& out) const override;
  std::uint32_t shared_families(RecordIndex a, RecordIndex b) const override;
  bool share_any(RecordIndex a, RecordIndex b, std::uint32_t families) const override;
  void prefetch(RecordIndex record) const override { __builtin_prefetch(table_.row(record)); }
  std::size_t refinements() const override { return table_.columns.size(); }
  std::uint64_t refinement(RecordIndex record, std::size_t step) const override;
  /// Fields the family makes agree.
  std::uint32_t presupposed(std::size_t family) const;
  std::string describe(std::size_t family) const;
  /// Pairs of rows that share the family's key, all of them.
  std::uint64_t pairs(std::size_t family) const;
  /// Of the pairs that are one person, the share that meets in at least one family, by the model's own rates: each field agrees, is told with a
  /// slip or is missing independently of the others, and a slip leaves a part of the value (year, sound ...) as it was in every second case; texts half the same share a rare word as often as rows have one.
  double expected_recall(const std::vector<FieldParameters>& parameters) const;

 private:
  std::size_t lane_of(const KeyPart& part);
  std::uint32_t unshared_cells(RecordIndex a, RecordIndex b) const;
  bool share_word(RecordIndex a, RecordIndex b, std::size_t family) const;
  std::uint64_t key_of(std::size_t family, RecordIndex record) const;
  void widen_rows();
  void find_holders();

  const MatchTable::Columns& table_;
  std::vector<Family> families_;
  std::vector<KeyPart> lanes_;                          // the different parts of all families
  std::vector<std::vector<std::size_t>> lanes_of_;      // per family
  std::vector<RareWords> words_of_;                     // per family, of words
  std::uint32_t word_families_ = 0;                     // as bits; they have no lanes
  std::vector<LargeArray<std::uint32_t>> numbers_;      // per lane and row: the part's number, 0: none
  std::vector<std::size_t> cells_;                      // per lane, where the table's rows hold its number, or its value where the part is all of it
  /// For each eight cells of a row and each set of them, as bits: the families that rest on one of the set.
  std::vector<std::array<std::uint32_t, 256>> holders_;
};

/// One family for each list of field names.
std::vector<MatchKeys::Family> to_families(const MatchTable::Columns& table, const std::vector<std::vector<std::string>>& blocks);
/// Single parts that are telling enough by themselves, then pairs of parts, cheapest first, within `pairs_per_record_max` in all.
std::vector<MatchKeys::Family> choose_families(const MatchTable::Columns& table, double pairs_per_record_max, const ParallelFor& parallel_for = {});

}  // namespace motcua::linkage
