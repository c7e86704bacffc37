#pragma once
// Any text as id: its number, and the text of a number. Numbers never change; each file holds those of a range, and the ranges stand one behind
// another from 0 on. A load that brings new ids writes one sorted, front-coded file whose numbers are in the order of its texts (bytes). Where
// files were merged, or ids forgotten, the order is another and numbers are missing: such a file has tables of them.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/contacts/checked_file.hpp"

namespace motcua::contacts {

inline constexpr std::size_t id_bytes_max = 1'000;     // longer ids are refused
inline constexpr std::uint32_t ids_a_block = 64;        // of them the first is whole, the others say what differs from the one before

struct NumberedId { std::string_view text; std::uint32_t number = 0; };

/// The bytes of a file, not sealed yet, of ids sorted by text, each once, with numbers of [first, first + span).
std::vector<std::uint8_t> encode_ids(const std::vector<NumberedId>& sorted, std::uint32_t first, std::uint32_t span);

class Dictionary {
 public:
  /// A file of `count` ids with numbers of [first, first + span). Failures: contacts.file_damaged.
  Result<void> add(std::unique_ptr<CheckedFile> file, std::uint32_t first, std::uint32_t span, std::uint32_t count);

  std::uint32_t size() const { return size_; }           // numbers are below it
  std::uint32_t count() const { return count_; }         // ids
  /// Failures: contacts.file_damaged.
  Result<std::optional<std::uint32_t>> find(std::string_view id) const;
  Result<std::string> text(std::uint32_t number) const;
  /// The texts of many numbers, sorted, each once; calls visit(number, text), not in order.
  Result<void> texts(const std::vector<std::uint32_t>& sorted, const std::function<void(std::uint32_t, std::string_view)>& visit) const;
  /// All ids with their numbers, by part from `from` on, each part in the order of its texts.
  template <class Visit>
  Result<void> all(Visit&& visit, std::size_t from = 0) const {
    std::string id;
    for (std::size_t p = from; p < parts_.size(); ++p) {
      const Part& part = parts_[p];
      for (std::uint32_t block = 0; block * ids_a_block < part.count; ++block) {
        Cursor at;
        TRY_ASSIGN(at, open_block(part, block));
        id.clear();
        for (std::uint32_t i = block * ids_a_block; i < std::min(part.count, (block + 1) * ids_a_block); ++i) {
          if (!at.next(id)) return damaged(part);
          TRY_ASSIGN(const std::uint32_t number, number_of(part, i));
          visit(number, std::string_view(id));
        }
      }
    }
    return {};
  }
  /// Numbers are in the order of their texts throughout.
  bool sorted() const { return parts_.empty() || (parts_.size() == 1 && parts_[0].in_order); }
  /// The order of the ids behind two numbers.
  bool before(std::uint32_t a, std::uint32_t b) const;
  /// Adds the names of files found damaged so far.
  void add_damaged(std::vector<std::string>& names) const;
  /// Checks every byte of every file.
  bool good() const;

 private:
  struct Part {
    std::unique_ptr<CheckedFile> file;
    std::uint32_t first, span, count;
    bool in_order;                       // number = first + place in the order of texts; otherwise:
    std::uint64_t numbers_at = 0;        // of each place, and behind it the places in the order of numbers
  };
  /// Walks the ids of a block.
  struct Cursor {
    const std::uint8_t* at = nullptr;
    const std::uint8_t* end = nullptr;
    bool next(std::string& id);
    bool number(std::uint64_t& value);
  };
  static Failure damaged(const Part& part);
  static Result<Cursor> open_block(const Part& part, std::uint32_t block);
  static Result<std::uint32_t> number_of(const Part& part, std::uint32_t place);
  static Result<std::optional<std::uint32_t>> place_of(const Part& part, std::uint32_t number);
  static Result<std::optional<std::uint32_t>> find_in(const Part& part, std::string_view id);

  std::vector<Part> parts_;
  std::uint32_t size_ = 0, count_ = 0;
};

}  // namespace motcua::contacts
