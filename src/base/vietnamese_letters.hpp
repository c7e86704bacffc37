#pragma once
// Letters taken apart: tables built once from ICU, for the functions of vietnamese.hpp. Not for use outside base.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace motcua::vietnamese {

enum class Quality : std::uint8_t { none, circumflex, breve, horn, stroke };                 // a, â, ă, ơ, đ
enum class Tone : std::uint8_t { level, acute, grave, hook, tilde, dot };                    // a, á, à, ả, ã, ạ

/// A letter of the Vietnamese alphabet in small form; `base` is 0 when the character is none.
struct Letter {
  char base = 0;
  Quality quality = Quality::none;
  Tone tone = Tone::level;
};

inline constexpr std::size_t table_size = 0x2000;  // Latin, its additions and combining marks lie below
inline constexpr char16_t dropped = 0;

/// What a character becomes in fold(): a letter or digit, ' ' for a separator, `dropped` for marks, apostrophes, zero-width.
const std::array<char16_t, table_size>& fold_table();
const std::array<Letter, table_size>& letter_table();
/// The same beyond the tables (full-width forms, other scripts).
char32_t fold_rare(char32_t c);
bool is_capital(char32_t c);
char32_t to_small(char32_t c);
char32_t to_capital(char32_t c);

char32_t compose(const Letter& letter);
void append_utf8(std::string& out, char32_t c);

/// Reads one character; advances at least one byte; bytes that are not UTF-8 give `not_a_character`.
inline constexpr char32_t not_a_character = 0xFFFFFFFF;
inline char32_t next_character(const char*& p, const char* end) {
  const auto at = [&](int i) { return static_cast<unsigned char>(p[i]); };
  const unsigned char c = at(0);
  if (c < 0x80) return ++p, c;
  const auto tail = [&](int i) { return p + i < end && (at(i) & 0xC0) == 0x80; };
  if (c >= 0xC2 && c < 0xE0 && tail(1)) {
    const char32_t r = (c & 0x1Fu) << 6 | (at(1) & 0x3Fu);
    return p += 2, r;
  }
  if (c >= 0xE0 && c < 0xF0 && tail(1) && tail(2)) {
    const char32_t r = (c & 0x0Fu) << 12 | (at(1) & 0x3Fu) << 6 | (at(2) & 0x3Fu);
    if (r >= 0x800 && (r < 0xD800 || r > 0xDFFF)) return p += 3, r;
  }
  if (c >= 0xF0 && c < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const char32_t r = (c & 0x07u) << 18 | (at(1) & 0x3Fu) << 12 | (at(2) & 0x3Fu) << 6 | (at(3) & 0x3Fu);
    if (r >= 0x10000 && r <= 0x10FFFF) return p += 4, r;
  }
  return ++p, not_a_character;
}

}  // namespace motcua::vietnamese
