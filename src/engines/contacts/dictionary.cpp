#include "engines/contacts/dictionary.hpp"

#include <algorithm>
#include <numeric>

#include "engines/contacts/bits.hpp"

namespace motcua::contacts {
namespace {

constexpr std::uint64_t magic_in_order = 0x31534449434d;   // "MCIDS1"
constexpr std::uint64_t magic_numbered = 0x32534449434d;   // "MCIDS2": with tables of numbers
constexpr std::size_t head_bytes = 16;            // magic, count; then the offset of each block and of the end
constexpr unsigned nibble_escape = 15;            // the rest follows as a number of 7 bits a byte

void put64(std::vector<std::uint8_t>& out, std::size_t at, std::uint64_t value) { std::memcpy(out.data() + at, &value, sizeof value); }

void put_number(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (; value >= 128; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 128));
  out.push_back(static_cast<std::uint8_t>(value));
}

/// One byte says how much is shared with the id before and how much is new.
void put_id(std::vector<std::uint8_t>& out, std::string_view before, std::string_view id) {
  const auto shared = static_cast<std::size_t>(std::mismatch(before.begin(), before.end(), id.begin(), id.end()).second - id.begin());
  const std::size_t fresh = id.size() - shared;
  out.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(shared, nibble_escape) | std::min<std::size_t>(fresh, nibble_escape) << 4));
  if (shared >= nibble_escape) put_number(out, shared - nibble_escape);
  if (fresh >= nibble_escape) put_number(out, fresh - nibble_escape);
  out.insert(out.end(), id.begin() + static_cast<std::ptrdiff_t>(shared), id.end());
}

}  // namespace

std::vector<std::uint8_t> encode_ids(const std::vector<NumberedId>& sorted, std::uint32_t first, std::uint32_t span) {
  bool in_order = sorted.size() == span;
  for (std::uint32_t i = 0; in_order && i < span; ++i) in_order = sorted[i].number == first + i;
  const std::size_t blocks = (sorted.size() + ids_a_block - 1) / ids_a_block;
  std::vector<std::uint8_t> out(head_bytes + 8 * (blocks + 1));
  put64(out, 0, in_order ? magic_in_order : magic_numbered);
  put64(out, 8, sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool begins = i % ids_a_block == 0;
    if (begins) put64(out, head_bytes + 8 * (i / ids_a_block), out.size());
    put_id(out, begins ? std::string_view() : sorted[i - 1].text, sorted[i].text);
  }
  put64(out, head_bytes + 8 * blocks, out.size());
  if (in_order) return out;
  std::vector<std::uint32_t> numbers, places(sorted.size());
  for (const NumberedId& id : sorted) numbers.push_back(id.number);
  std::iota(places.begin(), places.end(), 0U);
  std::sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) { return numbers[a] < numbers[b]; });
  for (const auto* table : {&numbers, &places}) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(table->data());
    out.insert(out.end(), bytes, bytes + 4 * table->size());
  }
  return out;
}

bool Dictionary::Cursor::number(std::uint64_t& value) {
  std::uint64_t read = 0;
  for (unsigned shift = 0; at < end && shift < 28; shift += 7) {
    const std::uint8_t byte = *at++;
    read |= static_cast<std::uint64_t>(byte & 127) << shift;
    if (byte < 128) {
      value += read;
      return true;
    }
  }
  return false;
}

bool Dictionary::Cursor::next(std::string& id) {
  if (at >= end) return false;
  const std::uint8_t byte = *at++;
  std::uint64_t shared = byte & 15U;
  std::uint64_t fresh = byte >> 4;
  if (shared == nibble_escape && !number(shared)) return false;
  if (fresh == nibble_escape && !number(fresh)) return false;
  if (shared > id.size() || fresh > static_cast<std::uint64_t>(end - at)) return false;
  id.resize(shared);
  id.append(reinterpret_cast<const char*>(at), fresh);
  at += fresh;
  return true;
}

Failure Dictionary::damaged(const Part& part) {
  part.file->note_damage();
  return {FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", part.file->name()}}, {}};
}

Result<Dictionary::Cursor> Dictionary::open_block(const Part& part, std::uint32_t block) {
  const auto payload = part.file->payload();
  const std::uint64_t at = head_bytes + 8ULL * block;
  if (!part.file->good(at, 16)) return damaged(part);
  const std::uint64_t from = load64(payload.data() + at);
  const std::uint64_t to = load64(payload.data() + at + 8);
  if (from > to || !part.file->good(from, to - from)) return damaged(part);
  return Cursor{payload.data() + from, payload.data() + to};
}

Result<void> Dictionary::add(std::unique_ptr<CheckedFile> file, std::uint32_t first, std::uint32_t span, std::uint32_t count) {
  Part part{std::move(file), first, span, count, true};
  const auto payload = part.file->payload();
  const std::uint64_t blocks = (std::uint64_t{count} + ids_a_block - 1) / ids_a_block;
  if (!part.file->good(0, head_bytes) || load64(payload.data() + 8) != count || first != size_ || count > span) return damaged(part);
  part.in_order = load64(payload.data()) == magic_in_order;
  if (!part.in_order) {
    if (load64(payload.data()) != magic_numbered || !part.file->good(head_bytes + 8 * blocks, 8)) return damaged(part);
    part.numbers_at = load64(payload.data() + head_bytes + 8 * blocks);
    if (part.numbers_at > payload.size() || payload.size() - part.numbers_at < 8ULL * count) return damaged(part);
  } else if (count != span) {
    return damaged(part);
  }
  size_ += span;
  count_ += count;
  parts_.push_back(std::move(part));
  return {};
}

Result<std::uint32_t> Dictionary::number_of(const Part& part, std::uint32_t place) {
  if (part.in_order) return part.first + place;
  const std::uint64_t at = part.numbers_at + 4ULL * place;
  if (!part.file->good(at, 4)) return damaged(part);
  std::uint32_t number;
  std::memcpy(&number, part.file->payload().data() + at, sizeof number);
  if (number - part.first >= part.span) return damaged(part);
  return number;
}

/// Where among the texts of its part the number stands; none: it was forgotten.
Result<std::optional<std::uint32_t>> Dictionary::place_of(const Part& part, std::uint32_t number) {
  if (part.in_order) return std::optional(number - part.first);
  std::uint32_t from = 0, to = part.count;
  while (from < to) {
    const std::uint32_t middle = from + (to - from) / 2;
    const std::uint64_t at = part.numbers_at + 4ULL * part.count + 4ULL * middle;
    if (!part.file->good(at, 4)) return damaged(part);
    std::uint32_t place;
    std::memcpy(&place, part.file->payload().data() + at, sizeof place);
    if (place >= part.count) return damaged(part);
    TRY_ASSIGN(const std::uint32_t here, number_of(part, place));
    if (here == number) return std::optional(place);
    if (here < number) from = middle + 1;
    else to = middle;
  }
  return std::optional<std::uint32_t>();
}

Result<std::optional<std::uint32_t>> Dictionary::find_in(const Part& part, std::string_view id) {
  std::uint32_t from = 0, to = (part.count + ids_a_block - 1) / ids_a_block;
  std::string text;
  while (to - from > 1) {                       // the last block that does not begin behind the id
    const std::uint32_t middle = (from + to) / 2;
    Cursor at;
    TRY_ASSIGN(at, open_block(part, middle));
    text.clear();
    if (!at.next(text)) return damaged(part);
    (text <= id ? from : to) = middle;
  }
  if (to == 0) return std::optional<std::uint32_t>();
  Cursor at;
  TRY_ASSIGN(at, open_block(part, from));
  text.clear();
  for (std::uint32_t i = from * ids_a_block; i < std::min(part.count, (from + 1) * ids_a_block); ++i) {
    if (!at.next(text)) return damaged(part);
    if (text != id) continue;
    TRY_ASSIGN(const std::uint32_t number, number_of(part, i));
    return std::optional(number);
  }
  return std::optional<std::uint32_t>();
}

Result<std::optional<std::uint32_t>> Dictionary::find(std::string_view id) const {
  for (const Part& part : parts_) {
    TRY_ASSIGN(const auto found, find_in(part, id));
    if (found) return found;
  }
  return std::optional<std::uint32_t>();
}

Result<std::string> Dictionary::text(std::uint32_t number) const {
  std::string found;
  TRY(texts({number}, [&](std::uint32_t, std::string_view id) { found = id; }));
  return found;
}

Result<void> Dictionary::texts(const std::vector<std::uint32_t>& sorted, const std::function<void(std::uint32_t, std::string_view)>& visit) const {
  struct Asked { std::uint32_t place, number; };
  std::vector<Asked> asked;
  std::string id;
  auto number = sorted.begin();
  for (const Part& part : parts_) {
    asked.clear();
    for (; number != sorted.end() && *number - part.first < part.span; ++number) {
      TRY_ASSIGN(const auto place, place_of(part, *number));
      if (!place) return internal("contacts.defect", "a number without an id");
      asked.push_back({*place, *number});
    }
    if (!part.in_order) std::sort(asked.begin(), asked.end(), [](const Asked& a, const Asked& b) { return a.place < b.place; });
    Cursor at;
    std::uint32_t next = 0, behind = 0;                // the place the cursor gives next, where its block ends
    for (const Asked& a : asked) {
      if (a.place >= behind) {
        TRY_ASSIGN(at, open_block(part, a.place / ids_a_block));
        next = a.place / ids_a_block * ids_a_block;
        behind = next + ids_a_block;
        id.clear();
      }
      for (; next <= a.place; ++next)
        if (!at.next(id)) return damaged(part);
      visit(a.number, id);
    }
  }
  return number == sorted.end() ? Result<void>{} : internal("contacts.defect", "a number without an id");
}

bool Dictionary::before(std::uint32_t a, std::uint32_t b) const {
  for (const Part& part : parts_)
    if (part.in_order && a - part.first < part.count && b - part.first < part.count) return a < b;
  const auto text_a = text(a);
  const auto text_b = text(b);
  return text_a && text_b ? *text_a < *text_b : a < b;
}

void Dictionary::add_damaged(std::vector<std::string>& names) const {
  for (const Part& part : parts_)
    if (part.file->damaged()) names.push_back(part.file->name());
}

bool Dictionary::good() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.file->good(); });
}

}  // namespace motcua::contacts
