#include "engines/contacts/number_table.hpp"

#include <charconv>

#include "base/large_pages.hpp"

namespace motcua::contacts {

std::size_t NumberTable::find(std::uint64_t id) const {
  std::size_t at = place_of(id);
  while (slots_[at].taken && slots_[at].id != id) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void NumberTable::grow() {
  std::vector<Slot> old;
  old.swap(slots_);
  --shift_;
  slots_.reserve(2 * old.size());
  prefer_large_pages(slots_.data(), 2 * old.size() * sizeof(Slot));
  slots_.resize(2 * old.size());
  for (const Slot& slot : old)
    if (slot.taken) slots_[find(slot.id)] = slot;
}

Result<void> NumberTable::numbers(std::span<const std::uint64_t> ids, std::uint32_t* into, IdTable& texts) {
  for (const std::uint64_t id : ids) __builtin_prefetch(&slots_[place_of(id)]);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Slot& slot = slots_[find(ids[i])];
    if (slot.taken) {
      into[i] = slot.number;
      continue;
    }
    char text[20];
    const std::string_view id(text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, ids[i]).ptr - text));
    TRY(texts.numbers({&id, 1}, &into[i]));
    slot = {ids[i], into[i], true};
    if (2 * ++count_ > slots_.size()) grow();
  }
  return {};
}

}  // namespace motcua::contacts
