#pragma once
// Distinct texts, each once, behind 32-bit numbers. 0 is the empty text.
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engines/linkage/large_array.hpp"

namespace motcua::linkage {

using TextId = std::uint32_t;

/// 64-bit hash, the same on every machine and in every version: blocking keys are stored by callers.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 32; x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32; x *= 0xd6e8feb86659fd93ULL;
  return x ^ (x >> 32);
}
constexpr std::uint64_t combine_hash(std::uint64_t a, std::uint64_t b) { return mix(a * 0x9e3779b97f4a7c15ULL + b + 0x632be59bd9b4e019ULL); }
/// The first `bytes` (at most 8) of a text as a number, the first one lowest.
constexpr std::uint64_t to_word(const char* text, std::size_t bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    if (!std::is_constant_evaluated() && bytes == 8) {
      std::uint64_t word;
      std::memcpy(&word, text, sizeof word);
      return word;
    }
  }
  std::uint64_t word = 0;
  for (std::size_t k = 0; k < bytes; ++k) word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[k])) << (8 * k);
  return word;
}
constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t h = seed ^ (text.size() * 0x9e3779b97f4a7c15ULL);
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) h = mix(h ^ to_word(text.data() + i, 8)) * 0x9e3779b97f4a7c15ULL;
  const std::size_t left = text.size() % 8;
  if (!std::is_constant_evaluated() && left != 0 && text.size() > 8) return mix(h ^ to_word(text.data() + text.size() - 8, 8) >> (64 - 8 * left));
  return mix(h ^ to_word(text.data() + i, left));
}

/// Where pieces of one long text end: 4 bytes a piece. A piece has at most `piece_bytes_max`.
class Ends {
 public:
  static constexpr std::size_t piece_bytes_max = 1 << 20;
  std::size_t size() const { return ends_.size(); }
  std::uint64_t operator[](std::size_t i) const { return bases_[i / pieces_a_base] + ends_[i]; }
  void push_back(std::uint64_t end) {
    if (ends_.size() % pieces_a_base == 0) bases_.push_back(end);
    ends_.push_back(static_cast<std::uint32_t>(end - bases_.back()));
  }
  void resize_down(std::size_t size) {
    ends_.resize(size);
    bases_.resize((size + pieces_a_base - 1) / pieces_a_base);
  }
  void prefetch(std::size_t i) const { __builtin_prefetch(ends_.data() + i); }
  std::uint64_t bytes() const { return ends_.capacity() * 4 + bases_.capacity() * 8; }
  bool fits() const { return bases_.size() == (ends_.size() + pieces_a_base - 1) / pieces_a_base; }
  template <class Visit>
  void each_column(const Visit& visit) { visit(ends_); visit(bases_); }

 private:
  static constexpr std::size_t pieces_a_base = 2048;   // of a megabyte each they do not overflow 32 bits
  LargeArray<std::uint32_t> ends_;
  std::vector<std::uint64_t> bases_;
};

class TextPool {
 public:
  TextPool();
  /// Of a text longer than Ends::piece_bytes_max, its beginning.
  TextId intern(std::string_view text);
  /// As many at once: waiting for memory overlaps.
  void intern(std::span<const std::string_view> texts, TextId* ids);
  TextId find(std::string_view text) const;   // 0 when absent
  std::string_view text(TextId id) const {
    const std::uint64_t from = ends_[id];
    return {bytes_.data() + from, ends_[id + 1] - from};
  }
  void prefetch_end(TextId id) const { ends_.prefetch(id); }
  void prefetch_text(TextId id) const { __builtin_prefetch(bytes_.data() + ends_[id]); }
  std::uint64_t hash(TextId id) const { return hash_text(text(id)); }
  std::size_t size() const { return ends_.size() - 1; }   // with the empty text
  std::uint64_t bytes() const;
  /// Forgets the texts from `size` on, as if they had never been interned.
  void shrink(std::size_t size);
  /// Every array of the pool, in an order that does not change: for images (image.hpp).
  template <class Visit>
  void each_column(const Visit& visit) { visit(bytes_); ends_.each_column(visit); visit(slots_); }
  /// What was read from an image can be used.
  bool fits() const { return ends_.size() >= 2 && ends_.fits() && std::has_single_bit(slots_.size()) && ends_[ends_.size() - 1] == bytes_.size(); }

 private:
  /// The id in the lower bits, as many as number the slots; above it bits of the text's hash, so that hardly any other text is looked at. 0: free.
  using Slot = std::uint32_t;
  Slot id_mask() const { return static_cast<Slot>(slots_.size() - 1); }
  Slot print_of(std::uint64_t hash) const { return static_cast<Slot>(hash >> 32) & ~id_mask(); }
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  TextId intern_hashed(std::string_view text, std::uint64_t hash);
  void place(TextId id, std::uint64_t hash);
  void grow();

  LargeArray<char> bytes_;
  Ends ends_;                 // text id spans [ends_[id], ends_[id + 1])
  LargeArray<Slot> slots_;    // open addressing, a power of two
};

}  // namespace motcua::linkage
