#pragma once
// Small ZIP archives in memory (APPNOTE.TXT 6.3): written stored, read stored or deflated. No encryption, no ZIP64, no parts, no folders.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::zip {

struct Entry {
  std::string name;
  std::string bytes;
};

struct Limits {
  std::size_t entries_max = 16;
  std::size_t entry_bytes_max = 64u << 20;   // unpacked, so that a small file cannot fill the memory
};

/// Names are ASCII, of at most 255 bytes. All entries carry the oldest date the format knows: the bytes say nothing of when.
std::string write(std::span<const Entry> entries);

/// In the order of the central directory. Failures: zip.damaged (no archive, cut, overlong, wrong checksum, a name twice),
/// zip.unsupported (encrypted, another method, ZIP64, several parts), zip.too_large (too_large; `limit`).
Result<std::vector<Entry>> read(std::string_view archive, const Limits& limits = {});

}  // namespace motcua::zip
