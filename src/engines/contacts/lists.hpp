#pragma once
// For each owner (a person, or a place) the list of its entries, by start: what a day file is made of.
//
// Owners are an Elias-Fano sequence (P. Elias 1974, R. Fano 1971): of entry i with owner o the low bits of o are kept as they are and bit
// (o >> low_bits) + i of a bit vector is set, about 2 + log2(owners / entries) bits an entry. The rest of an entry is packed into fields as
// wide as the widest of the list; durations that would widen all others stand in a table of exceptions.
#include <cstdint>
#include <optional>
#include <vector>

#include "engines/contacts/bits.hpp"
#include "engines/contacts/checked_file.hpp"

namespace motcua::contacts {

/// Start and duration in the file's unit, start from the day's midnight.
struct Entry {
  std::uint32_t owner = 0, other = 0, start = 0, saying = 0;
  std::uint64_t duration = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

inline constexpr std::size_t entries_max = std::size_t{1} << 28;   // of one list
inline constexpr std::uint64_t duration_max = std::uint64_t{1} << 42;

/// Appends the lists of `entries` (sorted by owner and start, owners below `universe`) to `out`; read them with Lists::read at the offset
/// that `out` had, which is a multiple of 8.
void write_lists(const std::vector<Entry>& entries, std::uint32_t universe, std::vector<std::uint8_t>& out);

class Lists {
 public:
  /// None when what stands at `offset` is not what write_lists wrote. The file must outlive the lists.
  static std::optional<Lists> read(const CheckedFile& file, std::uint64_t offset);

  std::uint64_t size() const { return entries_; }
  std::uint64_t longest() const { return longest_; }       // of all durations
  std::uint64_t end_offset() const { return end_; }        // behind the last byte, a multiple of 8

  struct Range { std::uint64_t begin = 0, end = 0; };
  /// The entries of one owner; an empty range, too, when the file is damaged there (CheckedFile::damaged says so).
  Range find(std::uint32_t owner) const;
  /// Entry i of a range that find() gave.
  Entry at(std::uint64_t i) const;
  /// Calls visit(other, start, duration, saying) for each.
  template <class Visit>
  void each(const Range& range, Visit&& visit) const {
    for (std::uint64_t i = range.begin; i < range.end; ++i) {
      const std::uint64_t bit = i * record_bits_;
      std::uint64_t other, start, duration, saying;
      if (record_bits_ <= 57) {
        std::uint64_t word = load64(records_ + (bit >> 3)) >> (bit & 7);
        other = word & other_mask_;
        word >>= other_bits_;
        start = word & start_mask_;
        word >>= start_bits_;
        duration = word & duration_mask_;
        saying = (word >> duration_bits_) & saying_mask_;
      } else {
        other = read_bits(records_, bit, other_bits_);
        start = read_bits(records_, bit + other_bits_, start_bits_);
        duration = read_bits(records_, bit + other_bits_ + start_bits_, duration_bits_);
        saying = read_bits(records_, bit + other_bits_ + start_bits_ + duration_bits_, saying_bits_);
      }
      if (exceptions_ > 0 && duration == duration_mask_) duration = exception(i);
      visit(static_cast<std::uint32_t>(other), static_cast<std::uint32_t>(start), duration + duration_base_, static_cast<std::uint32_t>(saying + saying_base_));
    }
  }
  /// Calls visit(owner, other, start, duration, saying) for every entry; false when the file is damaged (some may have been told).
  template <class Visit>
  bool all(Visit&& visit) const {
    if (entries_ == 0) return true;
    if (!file_->good()) return false;
    std::uint64_t i = 0;
    for (std::uint64_t bucket = 0; bucket < buckets_ && i < entries_; ++bucket)
      for (; i < entries_ && (load64(high_ + 8 * ((bucket + i) >> 6)) >> ((bucket + i) & 63) & 1) != 0; ++i) {
        const auto owner = static_cast<std::uint32_t>((bucket << low_bits_) | read_bits(low_, i * low_bits_, low_bits_));
        each({i, i + 1}, [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
          visit(owner, other, start, duration, saying);
        });
      }
    return i == entries_;
  }
  /// Brings nearer what find() of this owner will look at: first, then, a while later, second, and then the records of the range found.
  void prefetch_first(std::uint32_t owner) const {
    const std::uint64_t bucket = owner >> low_bits_;
    if (bucket < buckets_) __builtin_prefetch(samples_ + 4 * (bucket >> sample_shift_));
  }
  void prefetch_second(std::uint32_t owner) const;
  void prefetch(const Range& range) const { __builtin_prefetch(records_ + ((range.begin * record_bits_) >> 3)); }

 private:
  std::uint64_t sample(std::uint64_t i) const;
  std::uint64_t exception(std::uint64_t entry) const;
  Range narrow(Range bucket, std::uint64_t low) const;

  const CheckedFile* file_ = nullptr;
  const std::uint8_t *base_ = nullptr, *samples_ = nullptr, *high_ = nullptr, *low_ = nullptr, *records_ = nullptr, *exception_table_ = nullptr;
  std::uint64_t universe_ = 0, entries_ = 0, buckets_ = 0, longest_ = 0, exceptions_ = 0, duration_base_ = 0, saying_base_ = 0, end_ = 0;
  unsigned low_bits_ = 0, sample_shift_ = 0, other_bits_ = 0, start_bits_ = 0, duration_bits_ = 0, saying_bits_ = 0, record_bits_ = 0;
  std::uint64_t other_mask_ = 0, start_mask_ = 0, duration_mask_ = 0, saying_mask_ = 0;
};

}  // namespace motcua::contacts
