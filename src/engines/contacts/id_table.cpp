#include "engines/contacts/id_table.hpp"

#include <algorithm>
#include <numeric>

#include "base/hash.hpp"

namespace motcua::contacts {

std::string_view IdTable::text(std::uint32_t number) const {
  const char* at = texts_.data() + offsets_[number];
  return {at + 2, static_cast<unsigned char>(at[0]) | static_cast<std::size_t>(static_cast<unsigned char>(at[1])) << 8};
}

Result<void> IdTable::fill(const Dictionary& known) {
  // Part by part in the order of numbers: each gets the number it has.
  TRY(known.all([&](std::uint32_t, std::string_view id) { number(id); }));
  known_ = size();
  return known_ == known.size() ? Result<void>{} : internal("contacts.defect", "an id stands twice");
}

std::uint32_t IdTable::number(std::string_view id) {
  const std::uint64_t hash = content_hash(id);
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
  std::vector<std::uint32_t> fresh(size() - known_);
  std::iota(fresh.begin(), fresh.end(), known_);
  std::sort(fresh.begin(), fresh.end(), [&](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
  final_.resize(fresh.size());
  std::vector<std::string_view> sorted(fresh.size());
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    final_[fresh[i] - known_] = known_ + static_cast<std::uint32_t>(i);
    sorted[i] = text(fresh[i]);
  }
  return sorted;
}

}  // namespace motcua::contacts
