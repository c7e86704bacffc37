#pragma once
// Key -> records. A base in buckets, 7.5 bytes an entry, and a table of what came later. Keys are told apart by their low 24 bits and
// the bits that number the bucket: 48 of 64 at ten million records.
//
// A block (the records of one key) that is longer than `whole_max` is kept in the caller's order, so that a part of it is found by
// bisection; a shorter one lies as it came.
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engines/linkage/block.hpp"
#include "engines/linkage/large_array.hpp"

namespace motcua::linkage {

/// Numbers of 24 bits.
class Tags {
 public:
  static std::uint32_t of(std::uint64_t key) { return static_cast<std::uint32_t>(key) & 0xffffff; }
  std::uint32_t operator[](std::size_t i) const {
    std::uint32_t tag;
    std::memcpy(&tag, bytes_.data() + 3 * i, sizeof tag);
    return tag & 0xffffff;
  }
  void set(std::size_t i, std::uint32_t tag) { std::memcpy(bytes_.data() + 3 * i, &tag, 3); }
  void assign(std::size_t size) { bytes_.assign(3 * size + 1, 0); }   // and one that is read beside the last
  std::size_t size() const { return bytes_.size() / 3; }
  void prefetch(std::size_t i) const { __builtin_prefetch(bytes_.data() + 3 * i); }
  std::uint64_t bytes() const { return bytes_.capacity(); }
  template <class V>
  void each_column(const V& visit) { visit(bytes_); }

 private:
  LargeArray<std::uint8_t> bytes_ = LargeArray<std::uint8_t>(1);
};

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
  /// `find` will be asked for this key; and, called later, soon.
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&starts_[bucket_of(key)]); }
  void prefetch_bucket(std::uint64_t key) const;

  std::uint64_t bytes() const { return starts_.capacity() * 4 + tags_.bytes() + records_.capacity() * 4 + fresh_entries_ * 16; }
  /// The base: for images (image.hpp).
  bool fits() const { return starts_.size() >= 2 && starts_.back() == records_.size() && tags_.size() == records_.size(); }
  template <class V>
  void each_column(const V& visit) { visit(starts_); tags_.each_column(visit); visit(records_); }

 private:
  std::size_t bucket_of(std::uint64_t key) const { return starts_.size() < 3 ? 0 : key >> (64 - bits()); }
  unsigned bits() const { return static_cast<unsigned>(std::bit_width(starts_.size() - 1) - 1); }
  std::pair<std::size_t, std::size_t> range_of(std::uint64_t key) const;
  void order_bucket(std::size_t from, std::size_t to, std::vector<std::uint64_t>& entries);

  std::size_t whole_max_;
  Before before_;
  LargeArray<std::uint32_t> starts_ = {0, 0};   // bucket b holds entries [starts_[b], starts_[b + 1]): 2^k buckets and the end
  Tags tags_;                                    // ascending in a bucket
  LargeArray<RecordIndex> records_;              // no_record: taken out; stands last in its block
  std::unordered_map<std::uint64_t, std::vector<RecordIndex>> fresh_;
  std::size_t fresh_entries_ = 0;
};

}  // namespace motcua::linkage
