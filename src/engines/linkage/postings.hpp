#pragma once
// Key -> records. A base in buckets of 8.5 bytes an entry, and a table of what came later. Keys are told apart by their low 32 bits and
// the bits that number the bucket: 56 of 64 at ten million records.
//
// A block (the records of one key) that is longer than `whole_max` is kept in the caller's order, so that a part of it is found by
// bisection; a shorter one lies as it came.
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engines/linkage/block.hpp"

namespace motcua::linkage {

class Postings {
 public:
  using Before = std::function<bool(RecordIndex, RecordIndex)>;   // a strict total order
  Postings(std::size_t whole_max, Before before) : whole_max_(whole_max), before_(std::move(before)) {}

  /// Makes the base anew, of about so many entries. `each` calls its argument with every (key, record), the same both times it is asked.
  using Visit = std::function<void(std::uint64_t key, RecordIndex record)>;
  void build(std::size_t entries, const std::function<void(const Visit&)>& each);
  void add(std::uint64_t key, RecordIndex record);
  void remove(std::uint64_t key, RecordIndex record);
  /// What came later is more than an eighth of the base, and more than a hundred thousand entries.
  bool is_due() const { return fresh_entries_ > 100'000 && fresh_entries_ > records_.size() / 8; }

  bool is_base_only() const { return fresh_entries_ == 0; }

  /// Two parts; valid until the next change.
  struct Block {
    std::span<const RecordIndex> base, fresh;
    std::size_t size() const { return base.size() + fresh.size(); }
  };
  Block find(std::uint64_t key) const;

  std::uint64_t bytes() const { return starts_.capacity() * 4 + tags_.capacity() * 4 + records_.capacity() * 4 + fresh_entries_ * 16; }
  /// The base: for images (image.hpp).
  template <class V>
  void each_column(const V& visit) { visit(starts_); visit(tags_); visit(records_); }

 private:
  std::size_t bucket_of(std::uint64_t key) const { return starts_.size() < 3 ? 0 : key >> (64 - bits()); }
  unsigned bits() const { return static_cast<unsigned>(std::bit_width(starts_.size() - 1) - 1); }
  std::pair<std::size_t, std::size_t> range_of(std::uint64_t key) const;
  void order_bucket(std::size_t from, std::size_t to, std::vector<std::uint64_t>& entries);

  std::size_t whole_max_;
  Before before_;
  std::vector<std::uint32_t> starts_ = {0, 0};   // bucket b holds entries [starts_[b], starts_[b + 1]): 2^k buckets and the end
  std::vector<std::uint32_t> tags_;              // low half of the key; ascending in a bucket
  std::vector<RecordIndex> records_;             // no_record: taken out; stands last in its block
  std::unordered_map<std::uint64_t, std::vector<RecordIndex>> fresh_;
  std::size_t fresh_entries_ = 0;
};

}  // namespace motcua::linkage
