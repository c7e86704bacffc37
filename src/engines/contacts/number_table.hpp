#pragma once
// Ids that are numbers while facts come in: an id is the number's decimal text. In front of an IdTable, which sees each of them once.
#include <cstdint>
#include <span>
#include <vector>

#include "engines/contacts/id_table.hpp"

namespace motcua::contacts {

class NumberTable {
 public:
  /// What `texts` calls these ids; `into` has as many places. Faster for some dozens at a time. Failures: those of IdTable::numbers.
  Result<void> numbers(std::span<const std::uint64_t> ids, std::uint32_t* into, IdTable& texts);

 private:
  struct Slot { std::uint64_t id = 0; std::uint32_t number = 0; bool taken = false; };
  std::size_t place_of(std::uint64_t id) const { return (id * 0x9e3779b97f4a7c15ULL) >> shift_; }
  std::size_t find(std::uint64_t id) const;             // its slot, or the free one where it belongs
  void grow();

  unsigned shift_ = 64 - 10;
  std::size_t count_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
};

}  // namespace motcua::contacts
