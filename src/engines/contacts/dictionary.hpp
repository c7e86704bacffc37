#pragma once
// Any text as id: its number, and the text of a number. Numbers are dense from 0 on and never change. Each load that brought new ids left
// one sorted, front-coded file; the numbers of a file are one behind another in the order of its texts (bytes).
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

/// The bytes of a file, not sealed yet. Sorted, each id once.
std::vector<std::uint8_t> encode_ids(const std::vector<std::string_view>& sorted);

class Dictionary {
 public:
  /// A file whose first id has number `first`. Failures: those of CheckedFile::open; contacts.file_damaged.
  Result<void> add(std::unique_ptr<CheckedFile> file, std::uint32_t first, std::uint32_t count);

  std::uint32_t size() const { return size_; }
  /// Failures: contacts.file_damaged.
  Result<std::optional<std::uint32_t>> find(std::string_view id) const;
  Result<std::string> text(std::uint32_t number) const;
  /// The texts of many numbers, sorted, each once; calls visit(number, text).
  Result<void> texts(const std::vector<std::uint32_t>& sorted, const std::function<void(std::uint32_t, std::string_view)>& visit) const;
  /// All ids with their numbers, part by part.
  template <class Visit>
  Result<void> all(Visit&& visit) const {
    std::string id;
    for (const Part& part : parts_)
      for (std::uint32_t block = 0; block * ids_a_block < part.count; ++block) {
        Cursor at;
        TRY_ASSIGN(at, open_block(part, block));
        for (std::uint32_t i = block * ids_a_block; i < std::min(part.count, (block + 1) * ids_a_block); ++i) {
          if (!at.next(id)) return damaged(part);
          visit(part.first + i, std::string_view(id));
        }
      }
    return {};
  }
  /// Numbers are in the order of their texts throughout.
  bool sorted() const { return parts_.size() <= 1; }
  /// The order of the ids behind two numbers.
  bool before(std::uint32_t a, std::uint32_t b) const;
  /// Adds the names of files found damaged so far.
  void add_damaged(std::vector<std::string>& names) const;
  /// Checks every byte of every file.
  bool good() const;

 private:
  struct Part {
    std::unique_ptr<CheckedFile> file;
    std::uint32_t first, count;
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
  static Result<std::optional<std::uint32_t>> find_in(const Part& part, std::string_view id);

  std::vector<Part> parts_;
  std::uint32_t size_ = 0;
};

}  // namespace motcua::contacts
