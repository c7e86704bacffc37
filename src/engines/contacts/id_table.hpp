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
  /// Ids that this dictionary knows have their numbers there; it must outlive the table. Few ids are looked up there one by one; when they get
  /// many, all of it is taken in.
  void over(const Dictionary& known) { below_ = &known, known_ = known.size(); }
  /// The numbers of ids, new ones if need be; `into` has as many places. Faster for some dozens at a time than one by one.
  /// contacts.file_damaged.
  Result<void> numbers(std::span<const std::string_view> ids, std::uint32_t* into);

  std::uint32_t known_count() const { return known_; }
  std::uint32_t size() const { return known_ + static_cast<std::uint32_t>(fresh_.size()); }
  /// Sorts the ids that are new; they have final numbers from known_count() on, in this order.
  std::vector<NumberedId> order();
  /// After order(): the final number of a provisional one.
  std::uint32_t final_number(std::uint32_t provisional) const { return provisional < known_ ? provisional : final_[provisional - known_]; }

 private:
  struct Slot { std::uint32_t tag = 0, entry = empty; };
  struct Entry { std::uint64_t text; std::uint32_t number; };    // where its text stands in texts_
  static constexpr std::uint32_t empty = UINT32_MAX;
  std::string_view text(std::uint64_t at) const;
  std::uint32_t find(std::string_view id, std::uint64_t hash) const;
  std::uint32_t insert(std::string_view id, std::uint64_t hash, std::uint32_t number);
  Result<std::uint32_t> number(std::string_view id, std::uint64_t hash);
  Result<void> take_in();
  void grow();

  const Dictionary* below_ = nullptr;
  std::uint32_t known_ = 0;
  bool taken_in_ = false;                       // the dictionary, all of it
  std::uint64_t asked_below_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> fresh_;            // entries of new ids
  std::vector<char> texts_;                     // length in two bytes, text
  std::vector<std::uint32_t> final_;
  std::vector<std::uint64_t> hashes_;           // of the ids numbers() was given
};

}  // namespace motcua::contacts
