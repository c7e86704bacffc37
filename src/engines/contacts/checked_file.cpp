#include "engines/contacts/checked_file.hpp"

#include <algorithm>
#include <utility>

#include "base/hash.hpp"
#include "engines/contacts/bits.hpp"

namespace motcua::contacts {
namespace {

std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  return content_hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::uint64_t blocks_of(std::uint64_t payload) { return (payload + block_bytes - 1) / block_bytes; }

}  // namespace

std::uint64_t seal(std::vector<std::uint8_t>& payload) {
  const std::size_t size = payload.size();
  for (std::size_t at = 0; at < size; at += block_bytes) {
    const std::uint64_t h = hash_of({payload.data() + at, std::min(block_bytes, size - at)});
    for (int i = 0; i < 8; ++i) payload.push_back(static_cast<std::uint8_t>(h >> (8 * i)));
  }
  return hash_of({payload.data() + size, payload.size() - size});
}

Result<std::unique_ptr<CheckedFile>> CheckedFile::open(const Folder& folder, const std::string& name, std::uint64_t size, std::uint64_t hash) {
  auto file = std::make_unique<CheckedFile>();
  TRY_ASSIGN(file->file_, folder.map(name));
  const auto bytes = file->file_->bytes();
  const std::uint64_t blocks = blocks_of(size);
  if (size > bytes.size() || bytes.size() - size != blocks * 8 || hash_of(bytes.subspan(size)) != hash)
    return Failure{FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", name}}, {}};
  file->name_ = name;
  file->hash_ = hash;
  file->payload_ = bytes.first(size);
  file->table_ = bytes.data() + size;
  file->blocks_ = blocks;
  file->known_ = std::make_unique<std::atomic<std::uint64_t>[]>(blocks / 64 + 1);
  return file;
}

bool CheckedFile::check(std::uint64_t block) const {
  if (block >= blocks_) return note_damage();
  const std::uint64_t at = block * block_bytes;
  if (hash_of(payload_.subspan(at, std::min<std::uint64_t>(block_bytes, payload_.size() - at))) != load64(table_ + block * 8)) return note_damage();
  known_[block >> 6].fetch_or(1ULL << (block & 63));
  return true;
}

bool CheckedFile::good() const {
  for (std::uint64_t block = 0; block < blocks_; ++block)
    if (!check(block)) return false;
  all_good_.store(true);
  return true;
}

}  // namespace motcua::contacts
