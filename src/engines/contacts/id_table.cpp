#include "engines/contacts/id_table.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace motcua::contacts {
namespace {

std::size_t shared_length(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

/// The first eight bytes as a number that is ordered as they are.
std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < 8; ++i) head = head << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return head;
}

}  // namespace

std::string_view IdTable::text(std::uint32_t number) const {
  const char* at = texts_.data() + offsets_[number];
  return {at + 2, static_cast<unsigned char>(at[0]) | static_cast<std::size_t>(static_cast<unsigned char>(at[1])) << 8};
}

Result<void> IdTable::fill(const Dictionary& known) {
  // Part by part in the order of numbers: each gets the number it has.
  TRY(known.all([&](std::uint32_t, std::string_view id) { number(id, content_hash(id)); }));
  known_ = size();
  return known_ == known.size() ? Result<void>{} : internal("contacts.defect", "an id stands twice");
}

/// Each pass looks at memory that the pass before has asked for.
void IdTable::numbers(std::span<const std::string_view> ids, std::uint32_t* into) {
  hashes_.resize(ids.size());
  const auto slot_of = [&](std::size_t i) -> const Slot& { return slots_[hashes_[i] & (slots_.size() - 1)]; };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    hashes_[i] = content_hash(ids[i]);
    __builtin_prefetch(&slot_of(i));
  }
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (const Slot& slot = slot_of(i); slot.number != empty) __builtin_prefetch(&offsets_[slot.number]);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (const Slot& slot = slot_of(i); slot.number != empty) __builtin_prefetch(&texts_[offsets_[slot.number]]);
  for (std::size_t i = 0; i < ids.size(); ++i) into[i] = number(ids[i], hashes_[i]);
}

std::uint32_t IdTable::number(std::string_view id, std::uint64_t hash) {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].number != empty; at = (at + 1) & (slots_.size() - 1))
    if (slots_[at].tag == tag && text(slots_[at].number) == id) return slots_[at].number;
  const std::uint32_t fresh = size();
  slots_[at] = {tag, fresh};
  offsets_.push_back(texts_.size());
  texts_.push_back(static_cast<char>(id.size() & 255));
  texts_.push_back(static_cast<char>(id.size() >> 8));
  texts_.insert(texts_.end(), id.begin(), id.end());
  if (2 * offsets_.size() > slots_.size()) grow();
  return fresh;
}

void IdTable::grow() {
  slots_.assign(slots_.size() * 2, {});
  for (std::uint32_t n = 0; n < size(); ++n) {
    const std::uint64_t hash = content_hash(text(n));
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].number != empty) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32), n};
  }
}

std::vector<std::string_view> IdTable::order() {
  struct Key { std::uint64_t head; std::uint32_t number; };      // what follows the part that all share decides nearly always
  std::size_t shared = known_ < size() ? text(known_).size() : 0;
  for (std::uint32_t n = known_; n < size(); ++n) shared = shared_length(text(known_).substr(0, shared), text(n));
  std::vector<Key> fresh(size() - known_);
  for (std::uint32_t n = known_; n < size(); ++n) fresh[n - known_] = {head_of(text(n).substr(shared)), n};
  std::sort(fresh.begin(), fresh.end(), [&](const Key& a, const Key& b) { return a.head != b.head ? a.head < b.head : text(a.number) < text(b.number); });
  final_.resize(fresh.size());
  std::vector<std::string_view> sorted(fresh.size());
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    final_[fresh[i].number - known_] = known_ + static_cast<std::uint32_t>(i);
    sorted[i] = text(fresh[i].number);
  }
  return sorted;
}

}  // namespace motcua::contacts
