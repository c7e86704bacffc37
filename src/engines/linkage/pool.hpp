#pragma once
// Distinct texts, each once, behind 32-bit numbers. 0 is the empty text.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::linkage {

using TextId = std::uint32_t;

/// 64-bit hash, the same on every machine and in every version: blocking keys are stored by callers.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 32; x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32; x *= 0xd6e8feb86659fd93ULL;
  return x ^ (x >> 32);
}
constexpr std::uint64_t combine_hash(std::uint64_t a, std::uint64_t b) { return mix(a * 0x9e3779b97f4a7c15ULL + b + 0x632be59bd9b4e019ULL); }
constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t h = seed ^ (text.size() * 0x9e3779b97f4a7c15ULL);
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < 8; ++k) word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i + k])) << (8 * k);
    h = mix(h ^ word) * 0x9e3779b97f4a7c15ULL;
  }
  std::uint64_t rest = 0;
  for (std::size_t k = 0; k < text.size() % 8; ++k) rest |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i + k])) << (8 * k);
  return mix(h ^ rest);
}

class TextPool {
 public:
  TextPool();
  TextId intern(std::string_view text);
  TextId find(std::string_view text) const;   // 0 when absent
  std::string_view text(TextId id) const { return std::string_view(bytes_).substr(ends_[id], ends_[id + 1] - ends_[id]); }
  std::uint64_t hash(TextId id) const { return hash_text(text(id)); }
  std::size_t size() const { return ends_.size() - 1; }   // with the empty text
  std::uint64_t bytes() const;
  /// Frees what only `intern` and `find` need: neither may be called again.
  void seal() { slots_ = {}; }
  /// Forgets the texts from `size` on, as if they had never been interned.
  void shrink(std::size_t size);
  /// Every array of the pool, in an order that does not change: for images (image.hpp).
  template <class Visit>
  void each_column(const Visit& visit) { visit(bytes_); visit(ends_); visit(slots_); }

 private:
  /// A slot: the id, and above it 32 bits of the text's hash, so that hardly any other text is looked at. 0: free.
  using Slot = std::uint64_t;
  static constexpr TextId id_in(Slot slot) { return static_cast<TextId>(slot); }
  static constexpr std::uint32_t print_in(Slot slot) { return static_cast<std::uint32_t>(slot >> 32); }
  std::size_t slot_of(std::string_view text, std::uint32_t print) const;
  void grow();

  std::string bytes_;
  std::vector<std::uint64_t> ends_;   // text id spans [ends_[id], ends_[id + 1])
  std::vector<Slot> slots_;           // open addressing, a power of two
};

}  // namespace motcua::linkage
