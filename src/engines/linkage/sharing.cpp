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

void SharingCounts::add(const RecordSet::Columns& columns, RecordIndex from) {
  for (std::size_t r = from; r < columns.rows.size(); ++r) {
    const RecordRow& row = columns.rows[r];
    const std::uint32_t given = row.name == 0 ? 0 : columns.given(columns.name(row.name)).folded;
    for (const TextId phone : row.phone) count(contacts_, contact_names_, phone, given);
    count(addresses_, address_names_, row.address, given);
  }
}

}  // namespace motcua::linkage
