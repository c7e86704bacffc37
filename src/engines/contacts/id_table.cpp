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

constexpr std::uint64_t look_ups_free = 256;     // in the dictionary; and one for so many of its ids:
constexpr std::uint64_t ids_a_look_up = 16;

std::string_view IdTable::text(std::uint64_t at) const {
  const char* bytes = texts_.data() + at;
  return {bytes + 2, static_cast<unsigned char>(bytes[0]) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[1])) << 8};
}

Result<void> IdTable::take_in() {
  taken_in_ = true;
  return below_->all([&](std::uint32_t number, std::string_view id) {
    const std::uint64_t hash = content_hash(id);
    if (find(id, hash) == empty) insert(id, hash, number);
  });
}

/// Each pass looks at memory that the pass before has asked for.
Result<void> IdTable::numbers(std::span<const std::string_view> ids, std::uint32_t* into) {
  hashes_.resize(ids.size());
  const auto slot_of = [&](std::size_t i) -> const Slot& { return slots_[hashes_[i] & (slots_.size() - 1)]; };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    hashes_[i] = content_hash(ids[i]);
    __builtin_prefetch(&slot_of(i));
  }
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (const Slot& slot = slot_of(i); slot.entry != empty) __builtin_prefetch(&entries_[slot.entry]);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (const Slot& slot = slot_of(i); slot.entry != empty) __builtin_prefetch(&texts_[entries_[slot.entry].text]);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    TRY_ASSIGN(into[i], number(ids[i], hashes_[i]));
  }
  return {};
}

std::uint32_t IdTable::find(std::string_view id, std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].entry != empty; at = (at + 1) & (slots_.size() - 1))
    if (slots_[at].tag == tag && text(entries_[slots_[at].entry].text) == id) return slots_[at].entry;
  return empty;
}

Result<std::uint32_t> IdTable::number(std::string_view id, std::uint64_t hash) {
  if (const std::uint32_t entry = find(id, hash); entry != empty) return entries_[entry].number;
  if (known_ > 0 && !taken_in_) {
    if (++asked_below_ > look_ups_free + below_->count() / ids_a_look_up) {
      TRY(take_in());
      if (const std::uint32_t entry = find(id, hash); entry != empty) return entries_[entry].number;
    } else {
      TRY_ASSIGN(const auto known, below_->find(id));
      if (known) return insert(id, hash, *known);
    }
  }
  const std::uint32_t fresh = size();
  fresh_.push_back(static_cast<std::uint32_t>(entries_.size()));
  return insert(id, hash, fresh);
}

std::uint32_t IdTable::insert(std::string_view id, std::uint64_t hash, std::uint32_t number) {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].entry != empty) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(entries_.size())};
  entries_.push_back({texts_.size(), number});
  texts_.push_back(static_cast<char>(id.size() & 255));
  texts_.push_back(static_cast<char>(id.size() >> 8));
  texts_.insert(texts_.end(), id.begin(), id.end());
  if (2 * entries_.size() > slots_.size()) grow();
  return number;
}

void IdTable::grow() {
  slots_.assign(slots_.size() * 2, {});
  for (std::uint32_t e = 0; e < entries_.size(); ++e) {
    const std::uint64_t hash = content_hash(text(entries_[e].text));
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].entry != empty) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32), e};
  }
}

std::vector<NumberedId> IdTable::order() {
  struct Key { std::uint64_t head; std::uint32_t fresh; };       // what follows the part that all share decides nearly always
  const auto text_of = [&](std::uint32_t fresh) { return text(entries_[fresh_[fresh]].text); };
  const auto count = static_cast<std::uint32_t>(fresh_.size());
  std::size_t shared = count > 0 ? text_of(0).size() : 0;
  for (std::uint32_t n = 0; n < count; ++n) shared = shared_length(text_of(0).substr(0, shared), text_of(n));
  std::vector<Key> keys(count);
  for (std::uint32_t n = 0; n < count; ++n) keys[n] = {head_of(text_of(n).substr(shared)), n};
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) { return a.head != b.head ? a.head < b.head : text_of(a.fresh) < text_of(b.fresh); });
  final_.resize(count);
  std::vector<NumberedId> sorted(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    final_[keys[i].fresh] = known_ + i;
    sorted[i] = {text_of(keys[i].fresh), known_ + i};
  }
  return sorted;
}

}  // namespace motcua::contacts
