#include "engines/linkage/sharing.hpp"

#include <algorithm>

namespace motcua::linkage {

std::size_t NumberSet::slot_of(std::uint64_t number) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>(static_cast<Wide>(mix(number)) * slots_.size() >> 64);
}

bool NumberSet::insert(std::uint64_t number) {
  if (size_ * 5 >= slots_.size() * 4) grow();
  std::size_t slot = slot_of(number);
  for (; slots_[slot] != 0; slot = after(slot))
    if (slots_[slot] == number) return false;
  slots_[slot] = number;
  ++size_;
  return true;
}

/// Moves up what the freed slot had pushed on.
void NumberSet::erase(std::uint64_t number) {
  const auto way = [&](std::size_t from, std::size_t to) { return to >= from ? to - from : to + slots_.size() - from; };
  std::size_t hole = slot_of(number);
  while (slots_[hole] != 0 && slots_[hole] != number) hole = after(hole);
  if (slots_[hole] == 0) return;
  for (std::size_t at = after(hole); slots_[at] != 0; at = after(at)) {
    if (way(slot_of(slots_[at]), at) < way(hole, at)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = 0;
  --size_;
}

/// By a quarter: what stands empty is memory that nobody uses.
void NumberSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() + slots_.size() / 4, 0);
  old.swap(slots_);
  for (const std::uint64_t number : old) {
    if (number == 0) continue;
    std::size_t slot = slot_of(number);
    while (slots_[slot] != 0) slot = after(slot);
    slots_[slot] = number;
  }
}

namespace {

std::uint64_t to_number(std::uint32_t id, std::uint32_t name) { return static_cast<std::uint64_t>(id) << 32 | name; }

}  // namespace

void SharingCounts::count(std::vector<Shared>& table, NumberSet& seen, std::uint32_t id, std::uint32_t name) {
  if (id == 0) return;
  if (id >= table.size()) table.resize(std::max<std::size_t>(id + 1, table.size() * 2));
  Shared& s = table[id];
  ++s.records;
  if (name == 0 || (s.is_name != 0 && s.names == name)) return;
  if (s.names == 0) {
    s.names = name & 0x7fffffff;
    s.is_name = 1;
    return;
  }
  if (s.is_name != 0) {
    seen.insert(to_number(id, s.names));
    s.names = 1;
    s.is_name = 0;
  }
  if (seen.insert(to_number(id, name))) ++s.names;
}

/// None of its records has this name any more.
void SharingCounts::discount(Shared& s, NumberSet& seen, std::uint32_t id, std::uint32_t name) {
  if (s.is_name != 0) {
    s.names = 0;
    s.is_name = 0;
    return;
  }
  seen.erase(to_number(id, name));
  --s.names;
}

namespace {

std::uint32_t given_of(const RecordSet::Columns& c, const RecordRow& row) { return row.name == 0 ? 0 : c.given(c.name(row.name)).folded; }

}  // namespace

void SharingCounts::remove(const RecordSet::Columns& c, RecordIndex gone, std::span<const RecordIndex> sharers) {
  const RecordRow& row = c.rows[gone];
  const std::uint32_t given = given_of(c, row);
  const auto leave = [&](std::vector<Shared>& table, NumberSet& seen, std::uint32_t id, const auto& has) {
    if (id == 0) return;
    --table[id].records;
    const bool name_stays = std::any_of(sharers.begin(), sharers.end(), [&](RecordIndex r) { return has(c.rows[r]) && given_of(c, c.rows[r]) == given; });
    if (given == 0 || name_stays) return;
    discount(table[id], seen, id, given);
  };
  for (std::size_t k = 0; k < phones_max; ++k)
    if (k == 0 || row.phone[k] != row.phone[0])
      leave(contacts_, contact_names_, row.phone[k], [&](const RecordRow& r) { return std::find(r.phone.begin(), r.phone.end(), row.phone[k]) != r.phone.end(); });
  leave(addresses_, address_names_, row.address, [&](const RecordRow& r) { return r.address == row.address; });
}

void SharingCounts::add(const RecordSet::Columns& columns, RecordIndex from, const ParallelFor& parallel_for) {
  const auto add_contacts = [&](const RecordRow& row) {
    for (std::size_t k = 0; k < phones_max; ++k)
      if (k == 0 || row.phone[k] != row.phone[0]) count(contacts_, contact_names_, row.phone[k], given_of(columns, row));
  };
  const auto add_address = [&](const RecordRow& row) { count(addresses_, address_names_, row.address, given_of(columns, row)); };
  run(parallel_for, 2, [&](std::size_t half) {
    for (std::size_t r = from; r < columns.rows.size(); ++r) half == 0 ? add_contacts(columns.rows[r]) : add_address(columns.rows[r]);
  });
}

}  // namespace motcua::linkage
