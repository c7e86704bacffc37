#include "engines/linkage/sharing.hpp"

#include <algorithm>

namespace motcua::linkage {

bool NumberSet::insert(std::uint64_t number) {
  if (size_ * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mix(number) & mask;
  while (slots_[slot] != 0) {
    if (slots_[slot] == number) return false;
    slot = (slot + 1) & mask;
  }
  slots_[slot] = number;
  ++size_;
  return true;
}

/// Moves up what the freed slot had pushed on.
void NumberSet::erase(std::uint64_t number) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = mix(number) & mask;
  while (slots_[hole] != 0 && slots_[hole] != number) hole = (hole + 1) & mask;
  if (slots_[hole] == 0) return;
  for (std::size_t at = (hole + 1) & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const std::size_t wanted = mix(slots_[at]) & mask;
    if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = 0;
  --size_;
}

void NumberSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2, 0);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t number : old) {
    if (number == 0) continue;
    std::size_t slot = mix(number) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = number;
  }
}

void SharingCounts::count(std::vector<Sharing>& table, NumberSet& seen, std::uint32_t id, std::uint32_t name) {
  if (id == 0) return;
  if (id >= table.size()) table.resize(std::max<std::size_t>(id + 1, table.size() * 2));
  ++table[id].records;
  if (name != 0 && seen.insert(static_cast<std::uint64_t>(id) << 32 | name)) ++table[id].names;
}

namespace {

std::uint32_t given_of(const RecordSet::Columns& c, const RecordRow& row) { return row.name == 0 ? 0 : c.given(c.name(row.name)).folded; }

}  // namespace

void SharingCounts::remove(const RecordSet::Columns& c, RecordIndex gone, std::span<const RecordIndex> sharers) {
  const RecordRow& row = c.rows[gone];
  const std::uint32_t given = given_of(c, row);
  const auto leave = [&](std::vector<Sharing>& table, NumberSet& seen, std::uint32_t id, const auto& has) {
    if (id == 0) return;
    --table[id].records;
    const bool name_stays = std::any_of(sharers.begin(), sharers.end(), [&](RecordIndex r) { return has(c.rows[r]) && given_of(c, c.rows[r]) == given; });
    if (given == 0 || name_stays) return;
    seen.erase(static_cast<std::uint64_t>(id) << 32 | given);
    --table[id].names;
  };
  for (std::size_t k = 0; k < phones_max; ++k)
    if (k == 0 || row.phone[k] != row.phone[0])
      leave(contacts_, contact_names_, row.phone[k], [&](const RecordRow& r) { return std::find(r.phone.begin(), r.phone.end(), row.phone[k]) != r.phone.end(); });
  leave(addresses_, address_names_, row.address, [&](const RecordRow& r) { return r.address == row.address; });
}

void SharingCounts::add(const RecordSet::Columns& columns, RecordIndex from) {
  for (std::size_t r = from; r < columns.rows.size(); ++r) {
    const RecordRow& row = columns.rows[r];
    const std::uint32_t given = given_of(columns, row);
    for (std::size_t k = 0; k < phones_max; ++k)
      if (k == 0 || row.phone[k] != row.phone[0]) count(contacts_, contact_names_, row.phone[k], given);
    count(addresses_, address_names_, row.address, given);
  }
}

}  // namespace motcua::linkage
