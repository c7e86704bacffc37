#include "engines/linkage/pool.hpp"

namespace motcua::linkage {

TextPool::TextPool() : ends_{0, 0}, slots_(64, 0) {}

std::size_t TextPool::slot_of(std::string_view wanted, std::uint32_t print) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = print & mask;
  while (slots_[slot] != 0 && (print_in(slots_[slot]) != print || text(id_in(slots_[slot])) != wanted)) slot = (slot + 1) & mask;
  return slot;
}

TextId TextPool::find(std::string_view wanted) const {
  return wanted.empty() ? 0 : id_in(slots_[slot_of(wanted, static_cast<std::uint32_t>(hash_text(wanted)))]);
}

TextId TextPool::intern(std::string_view wanted) {
  if (wanted.empty()) return 0;
  const auto print = static_cast<std::uint32_t>(hash_text(wanted));
  std::size_t slot = slot_of(wanted, print);
  if (slots_[slot] != 0) return id_in(slots_[slot]);
  if (size() * 4 >= slots_.size() * 3) {
    grow();
    slot = slot_of(wanted, print);
  }
  const auto id = static_cast<TextId>(size());
  bytes_.append(wanted);
  ends_.push_back(bytes_.size());
  slots_[slot] = static_cast<Slot>(print) << 32 | id;
  return id;
}

/// In the order of the ids, which `shrink` relies on.
void TextPool::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (TextId id = 1; id < size(); ++id) {
    const auto print = static_cast<std::uint32_t>(hash(id));
    std::size_t slot = print & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<Slot>(print) << 32 | id;
  }
}

/// Youngest first: no older text was ever pushed on by a younger one, so a freed slot breaks no chain.
void TextPool::shrink(std::size_t size) {
  const std::size_t mask = slots_.size() - 1;
  for (auto id = static_cast<TextId>(this->size()); id-- > size;) {
    std::size_t slot = hash(id) & mask;
    while (id_in(slots_[slot]) != id) slot = (slot + 1) & mask;
    slots_[slot] = 0;
  }
  if (size >= this->size()) return;
  bytes_.resize(ends_[size]);
  ends_.resize(size + 1);
}

std::uint64_t TextPool::bytes() const { return bytes_.capacity() + ends_.capacity() * 8 + slots_.capacity() * sizeof(Slot); }

}  // namespace motcua::linkage
