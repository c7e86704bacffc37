#include "platform/audit/chain.hpp"

#include <algorithm>
#include <charconv>

namespace motcua::audit {
namespace {

void put_number(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void put_field(std::string& out, std::string_view field) {
  put_number(out, static_cast<std::int64_t>(field.size()));
  out += ':';
  out += field;
  out += ',';
}

void put_number_field(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  put_field(out, {digits, static_cast<std::size_t>(end - digits)});
}

/// Length of the well-formed UTF-8 sequence at `text[at]`; 0 when there is none (RFC 3629, table of section 4).
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) { return byte(i) >= low && byte(i) <= high; };
  const unsigned b = byte(at);
  if (b == 0) return 0;
  if (b < 0x80) return 1;
  if (b >= 0xc2 && b <= 0xdf) return follows(at + 1) ? 2 : 0;
  if (b >= 0xe0 && b <= 0xef)
    return follows(at + 1, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf) && follows(at + 2) ? 3 : 0;
  if (b >= 0xf0 && b <= 0xf4)
    return follows(at + 1, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  return 0;
}

}  // namespace

const std::string& canonical_form(const Entry& e, std::string& scratch) {
  scratch.clear();
  put_field(scratch, to_hex(e.prev));
  put_number_field(scratch, e.seq);
  put_number_field(scratch, to_millis(e.at));
  for (const std::string* field : {&e.actor, &e.role, &e.purpose, &e.action, &e.object, &e.subject, &e.area, &e.detail, &e.request})
    put_field(scratch, *field);
  put_field(scratch, e.read ? "1" : "0");
  return scratch;
}

crypto::Hash256 hash_of(const Entry& entry, std::string& scratch) { return crypto::sha256(canonical_form(entry, scratch)); }

std::string checkpoint_text(std::int64_t seq, const crypto::Hash256& hash, Instant at) {
  return "motcua audit checkpoint\n" + std::to_string(seq) + "\n" + to_hex(hash) + "\n" + std::to_string(to_millis(at)) + "\n";
}

std::string bounded_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  out.reserve(std::min(text.size(), bytes_max));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t n = sequence_at(text, at);
    if (out.size() + std::max<std::size_t>(n, 1) > bytes_max) break;
    if (n == 0)
      out += '?';
    else
      out.append(text, at, n);
    at += std::max<std::size_t>(n, 1);
  }
  return out;
}

}  // namespace motcua::audit
