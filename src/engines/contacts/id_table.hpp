#pragma once
// Ids while facts come in: text to number by a hash table. New ids get provisional numbers as they come; order() makes them final.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engines/contacts/dictionary.hpp"

namespace motcua::contacts {

class IdTable {
 public:
  /// Takes in the ids of a dictionary. contacts.file_damaged.
  Result<void> fill(const Dictionary& known);
  /// The numbers of ids, new ones if need be; `into` has as many places. Faster for some dozens at a time than one by one.
  void numbers(std::span<const std::string_view> ids, std::uint32_t* into);

  std::uint32_t known_count() const { return known_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(offsets_.size()); }
  /// Sorts the ids that are new since fill(); they are final from known_count() on.
  std::vector<std::string_view> order();
  /// After order(): the final number of a provisional one.
  std::uint32_t final_number(std::uint32_t provisional) const { return provisional < known_ ? provisional : final_[provisional - known_]; }

 private:
  struct Slot { std::uint32_t tag = 0, number = empty; };
  static constexpr std::uint32_t empty = UINT32_MAX;
  std::string_view text(std::uint32_t number) const;
  std::uint32_t number(std::string_view id, std::uint64_t hash);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::vector<std::uint64_t> offsets_;          // of each number's text
  std::vector<char> texts_;                     // length in two bytes, text
  std::vector<std::uint32_t> final_;
  std::vector<std::uint64_t> hashes_;           // of the ids numbers() was given
  std::uint32_t known_ = 0;
};

}  // namespace motcua::contacts
