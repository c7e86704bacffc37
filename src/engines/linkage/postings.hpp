#pragma once
// Key -> records, for one record at a time. A sorted base of 12 bytes an entry, and a small table of what came later.
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engines/linkage/block.hpp"

namespace motcua::linkage {

class Postings {
 public:
  void add(std::uint64_t key, RecordIndex record) { fresh_[key].push_back(record); ++fresh_entries_; }
  /// Adds many; call `settle` after.
  void add_bulk(std::uint64_t key, RecordIndex record) { bulk_.push_back({key, record}); }
  void settle();
  /// Moves what came later into the base once it is an eighth of it.
  void settle_if_due();
  void find(std::uint64_t key, std::vector<RecordIndex>& out) const;

 private:
  struct Entry { std::uint64_t key; RecordIndex record; };
  std::vector<Entry> bulk_;
  std::vector<std::uint64_t> keys_;
  std::vector<RecordIndex> records_;
  std::unordered_map<std::uint64_t, std::vector<RecordIndex>> fresh_;
  std::size_t fresh_entries_ = 0;
};

}  // namespace motcua::linkage
