#include "engines/linkage/pool.hpp"

#include <algorithm>
#include <array>

namespace motcua::linkage {
namespace {

constexpr std::size_t at_once = 32;   // looks at memory that overlap

}  // namespace

TextPool::TextPool() : slots_(64, 0) {
  ends_.push_back(0);
  ends_.push_back(0);
}

std::size_t TextPool::slot_of(std::string_view wanted, std::uint64_t hash) const {
  const Slot mask = id_mask(), print = print_of(hash);
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0 && ((slots_[slot] & ~mask) != print || text(slots_[slot] & mask) != wanted)) slot = (slot + 1) & mask;
  return slot;
}

TextId TextPool::find(std::string_view wanted) const {
  wanted = wanted.substr(0, Ends::piece_bytes_max);
  return wanted.empty() ? 0 : slots_[slot_of(wanted, hash_text(wanted))] & id_mask();
}

TextId TextPool::intern(std::string_view wanted) {
  wanted = wanted.substr(0, Ends::piece_bytes_max);
  return wanted.empty() ? 0 : intern_hashed(wanted, hash_text(wanted));
}

TextId TextPool::intern_hashed(std::string_view wanted, std::uint64_t hash) {
  std::size_t slot = slot_of(wanted, hash);
  if (slots_[slot] != 0) return slots_[slot] & id_mask();
  if (size() * 4 >= slots_.size() * 3) {
    grow();
    slot = slot_of(wanted, hash);
  }
  const auto id = static_cast<TextId>(size());
  bytes_.insert(bytes_.end(), wanted.begin(), wanted.end());
  ends_.push_back(bytes_.size());
  slots_[slot] = print_of(hash) | id;
  return id;
}

void TextPool::intern(std::span<const std::string_view> texts, TextId* ids) {
  std::array<std::uint64_t, at_once> hashes;
  for (std::size_t from = 0; from < texts.size(); from += at_once) {
    const auto part = texts.subspan(from, std::min(at_once, texts.size() - from));
    std::array<TextId, at_once> likely{};
    for (std::size_t i = 0; i < part.size(); ++i) {
      hashes[i] = hash_text(part[i].substr(0, Ends::piece_bytes_max));
      __builtin_prefetch(&slots_[hashes[i] & id_mask()]);
    }
    for (std::size_t i = 0; i < part.size(); ++i)
      if (const Slot slot = slots_[hashes[i] & id_mask()]; slot != 0 && (slot & ~id_mask()) == print_of(hashes[i])) prefetch_end(likely[i] = slot & id_mask());
    for (std::size_t i = 0; i < part.size(); ++i)
      if (likely[i] != 0) prefetch_text(likely[i]);
    for (std::size_t i = 0; i < part.size(); ++i)
      ids[from + i] = part[i].empty() ? 0 : intern_hashed(part[i].substr(0, Ends::piece_bytes_max), hashes[i]);
  }
}

void TextPool::place(TextId id, std::uint64_t hash) {
  std::size_t slot = hash & id_mask();
  while (slots_[slot] != 0) slot = (slot + 1) & id_mask();
  slots_[slot] = print_of(hash) | id;
}

/// In the order of the ids, which `shrink` relies on.
void TextPool::grow() {
  slots_.assign(slots_.size() * 2, 0);
  std::array<std::uint64_t, at_once> hashes;
  for (std::size_t from = 1; from < size(); from += at_once) {
    const std::size_t to = std::min(size(), from + at_once);
    for (std::size_t id = from; id < to; ++id) {
      hashes[id - from] = hash(static_cast<TextId>(id));
      __builtin_prefetch(&slots_[hashes[id - from] & id_mask()], 1);
    }
    for (std::size_t id = from; id < to; ++id) place(static_cast<TextId>(id), hashes[id - from]);
  }
}

/// Youngest first: no older text was ever pushed on by a younger one, so a freed slot breaks no chain.
void TextPool::shrink(std::size_t size) {
  for (auto id = static_cast<TextId>(this->size()); id-- > size;) {
    std::size_t slot = hash(id) & id_mask();
    while ((slots_[slot] & id_mask()) != id) slot = (slot + 1) & id_mask();
    slots_[slot] = 0;
  }
  if (size >= this->size()) return;
  bytes_.resize(ends_[size]);
  ends_.resize_down(size + 1);
}

std::uint64_t TextPool::bytes() const { return bytes_.capacity() + ends_.bytes() + slots_.capacity() * sizeof(Slot); }

}  // namespace motcua::linkage
