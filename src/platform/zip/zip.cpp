#include "platform/zip/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <set>

namespace motcua::zip {
namespace {

constexpr std::uint32_t local_magic = 0x04034b50, central_magic = 0x02014b50, end_magic = 0x06054b50;
constexpr std::size_t local_bytes = 30, central_bytes = 46, end_bytes = 22;
constexpr std::size_t comment_bytes_max = 65535;
constexpr std::uint16_t version_needed = 20, stored = 0, deflated = 8, encrypted_flag = 1;
constexpr std::uint16_t oldest_date = 0x21;   // 1 January 1980

Failure damaged() { return invalid("zip.damaged", "archive"); }
Failure unsupported() { return invalid("zip.unsupported", "archive"); }

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}
std::uint32_t number(std::string_view bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int i = 0; i < size; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)])} << (8 * i);
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// What the local header and the central directory both say of an entry.
std::string common(const Entry& entry) {
  std::string out;
  put(out, version_needed, 2), put(out, 0, 2), put(out, stored, 2), put(out, 0, 2), put(out, oldest_date, 2);
  put(out, checksum(entry.bytes), 4), put(out, entry.bytes.size(), 4), put(out, entry.bytes.size(), 4), put(out, entry.name.size(), 2), put(out, 0, 2);
  return out;
}

struct Directory {
  std::size_t entries = 0, at = 0, bytes = 0;
};

/// The end record is the last thing that fits its own length of comment.
Result<Directory> find_directory(std::string_view archive) {
  if (archive.size() < end_bytes) return damaged();
  const std::size_t last = archive.size() - end_bytes, first = last > comment_bytes_max ? last - comment_bytes_max : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (number(archive, at, 4) != end_magic || at + end_bytes + number(archive, at + 20, 2) != archive.size()) continue;
    const Directory found{number(archive, at + 10, 2), number(archive, at + 16, 4), number(archive, at + 12, 4)};
    if (number(archive, at + 4, 2) != 0 || number(archive, at + 6, 2) != 0 || found.entries != number(archive, at + 8, 2)) return unsupported();
    if (found.entries == 0xffff || found.at == 0xffffffff) return unsupported();   // ZIP64
    if (found.at > at || found.bytes > at - found.at) return damaged();
    return found;
  }
  return damaged();
}

Result<std::string> inflate(std::string_view packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return unavailable("zip.damaged", "inflateInit2");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = ::inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0 && stream.total_out == size;
  inflateEnd(&stream);
  if (!whole) return damaged();
  return out;
}

/// One line of the central directory at `at`, which moves behind it.
Result<Entry> read_entry(std::string_view archive, std::size_t end, std::size_t& at, const Limits& limits) {
  if (end - at < central_bytes || number(archive, at, 4) != central_magic) return damaged();
  const std::size_t flags = number(archive, at + 8, 2), method = number(archive, at + 10, 2), crc = number(archive, at + 16, 4);
  const std::size_t packed = number(archive, at + 20, 4), size = number(archive, at + 24, 4), name = number(archive, at + 28, 2), local = number(archive, at + 42, 4);
  const std::size_t whole = central_bytes + name + number(archive, at + 30, 2) + number(archive, at + 32, 2);
  if (end - at < whole) return damaged();
  Entry entry{std::string(archive.substr(at + central_bytes, name)), {}};
  at += whole;
  if ((flags & encrypted_flag) != 0 || (method != stored && method != deflated)) return unsupported();
  if (size > limits.entry_bytes_max) return Failure{FailureKind::too_large, "zip.too_large", "archive", {}, {{"limit", std::to_string(limits.entry_bytes_max)}}};
  if (local > archive.size() || archive.size() - local < local_bytes || number(archive, local, 4) != local_magic) return damaged();
  const std::size_t data = local + local_bytes + number(archive, local + 26, 2) + number(archive, local + 28, 2);
  if (data > archive.size() || archive.size() - data < packed) return damaged();
  const std::string_view bytes = archive.substr(data, packed);
  if (method == stored && packed != size) return damaged();
  if (method == stored) entry.bytes = bytes;
  else {
    TRY_ASSIGN(entry.bytes, inflate(bytes, size));
  }
  if (checksum(entry.bytes) != crc) return damaged();
  return entry;
}

}  // namespace

std::string write(std::span<const Entry> entries) {
  std::string out, directory;
  for (const Entry& entry : entries) {
    const std::size_t at = out.size();
    put(out, local_magic, 4), out += common(entry), out += entry.name, out += entry.bytes;
    put(directory, central_magic, 4), put(directory, version_needed, 2), directory += common(entry);
    put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 4), put(directory, at, 4);   // comment, part, attributes, place
    directory += entry.name;
  }
  const std::size_t at = out.size();
  out += directory;
  put(out, end_magic, 4), put(out, 0, 4), put(out, entries.size(), 2), put(out, entries.size(), 2), put(out, directory.size(), 4), put(out, at, 4), put(out, 0, 2);
  return out;
}

Result<std::vector<Entry>> read(std::string_view archive, const Limits& limits) {
  TRY_ASSIGN(const Directory directory, find_directory(archive));
  if (directory.entries > limits.entries_max) return Failure{FailureKind::too_large, "zip.too_large", "archive", {}, {{"limit", std::to_string(limits.entries_max)}}};
  std::vector<Entry> entries;
  std::set<std::string> names;
  std::size_t at = directory.at;
  for (std::size_t i = 0; i < directory.entries; ++i) {
    TRY_ASSIGN(auto entry, read_entry(archive, directory.at + directory.bytes, at, limits));
    if (!names.insert(entry.name).second) return damaged();
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace motcua::zip
