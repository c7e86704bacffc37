#pragma once
// A file whose bytes are checked block by block when they are first read. Behind the payload stands a table with a hash of each block;
// whoever names the file keeps the hash of that table, and so the hash of everything.
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/folder.hpp"

namespace motcua::contacts {

inline constexpr std::size_t block_bytes = 16 * 1024;

/// Appends the table to the payload; the hash of the table.
std::uint64_t seal(std::vector<std::uint8_t>& payload);

class CheckedFile {
 public:
  /// Looks at size and table only, so that opening costs nothing. Failures: those of the folder, contacts.file_damaged (corrupt).
  static Result<std::unique_ptr<CheckedFile>> open(const Folder& folder, const std::string& name, std::uint64_t size, std::uint64_t hash);

  const std::string& name() const { return name_; }
  std::span<const std::uint8_t> payload() const { return payload_; }
  std::uint64_t hash() const { return hash_; }

  /// True: these bytes are inside and what was written. Any thread may ask.
  bool good(std::uint64_t offset, std::uint64_t length) const {
    if (offset > payload_.size() || length > payload_.size() - offset) return note_damage();
    if (all_good_.load(std::memory_order_relaxed)) return true;
    const std::uint64_t last = (offset + (length > 0 ? length - 1 : 0)) / block_bytes;
    for (std::uint64_t block = offset / block_bytes; block <= last; ++block)
      if (((known_[block >> 6].load(std::memory_order_relaxed) >> (block & 63)) & 1) == 0 && !check(block)) return false;
    return true;
  }
  /// Checks all of it.
  bool good() const;
  bool damaged() const { return damaged_.load(); }
  bool note_damage() const { damaged_.store(true); return false; }

 private:
  bool check(std::uint64_t block) const;

  std::string name_;
  std::unique_ptr<MappedFile> file_;
  std::span<const std::uint8_t> payload_;
  const std::uint8_t* table_ = nullptr;
  std::uint64_t hash_ = 0, blocks_ = 0;
  mutable std::unique_ptr<std::atomic<std::uint64_t>[]> known_;   // a bit a block: found good
  mutable std::atomic<bool> all_good_{false}, damaged_{false};
};

}  // namespace motcua::contacts
