#include "base/vietnamese_letters.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <optional>

namespace motcua::vietnamese {
namespace {

struct Tables {
  std::array<char16_t, table_size> fold{};
  std::array<Letter, table_size> letters{};
  char16_t composed[26][5][6] = {};  // base, quality, tone
};

std::u16string decomposed(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfkd = unorm2_getNFKDInstance(&status);
  UChar buffer[32];
  const int n = unorm2_getDecomposition(nfkd, static_cast<UChar32>(c), buffer, 32, &status);
  if (U_FAILURE(status) || n < 0) return {static_cast<char16_t>(c)};
  return {buffer, static_cast<std::size_t>(n)};
}

bool is_zero_width(char32_t c) { return c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF; }
bool is_apostrophe(char32_t c) { return c == '\'' || c == '`' || c == 0xB4 || c == 0x2BC || c == 0x2018 || c == 0x2019; }

/// Letters that no decomposition takes apart.
char32_t stroke_removed(char32_t c) {
  switch (c) {
    case 0x111: case 0x110: case 0xD0: case 0xF0: case 0x189: case 0x256: return 'd';  // đ, and the Icelandic and African look-alikes
    case 0x142: return 'l';
    case 0xF8: return 'o';
    case 0x131: return 'i';
    default: return c;
  }
}

char16_t folded(char32_t c) {
  if (u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK && c >= 0x300 && c < 0x370) return dropped;
  if (is_zero_width(c) || is_apostrophe(c)) return dropped;
  for (int round = 0; round < 4; ++round) {  // Ǻ -> Å -> A -> a: until nothing changes
    const auto parts = decomposed(c);
    const char32_t first = parts.empty() ? c : parts[0];
    const char32_t small = stroke_removed(static_cast<char32_t>(u_tolower(static_cast<UChar32>(first))));
    if (small == c) break;
    c = small;
  }
  if (is_apostrophe(c)) return dropped;  // ŉ comes apart into an apostrophe and n
  const bool kept = u_isalnum(static_cast<UChar32>(c)) || (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_MN_MASK | U_GC_MC_MASK)) != 0;
  return kept && c < 0x10000 ? static_cast<char16_t>(c) : u' ';
}

std::optional<Quality> quality_of(char16_t mark) {
  switch (mark) {
    case 0x302: return Quality::circumflex;
    case 0x306: return Quality::breve;
    case 0x31B: return Quality::horn;
    default: return std::nullopt;
  }
}

std::optional<Tone> tone_of(char16_t mark) {
  switch (mark) {
    case 0x301: return Tone::acute;
    case 0x300: return Tone::grave;
    case 0x309: return Tone::hook;
    case 0x303: return Tone::tilde;
    case 0x323: return Tone::dot;
    default: return std::nullopt;
  }
}

/// One quality and one tone at most: letters with two of a kind (ṹ) are other languages'.
bool add_mark(Letter& letter, char16_t mark) {
  if (auto quality = quality_of(mark); quality && letter.quality == Quality::none) return letter.quality = *quality, true;
  if (auto tone = tone_of(mark); tone && letter.tone == Tone::level) return letter.tone = *tone, true;
  return false;
}

bool possible(const Letter& l) {
  const std::string_view vowels = "aeiouy";
  const bool vowel = vowels.find(l.base) != vowels.npos;
  if (l.tone != Tone::level && !vowel) return false;
  switch (l.quality) {
    case Quality::none: return true;
    case Quality::circumflex: return l.base == 'a' || l.base == 'e' || l.base == 'o';
    case Quality::breve: return l.base == 'a';
    case Quality::horn: return l.base == 'o' || l.base == 'u';
    case Quality::stroke: return l.base == 'd';
  }
  return false;
}

Letter taken_apart(char32_t c) {
  if (c == 0x110 || c == 0x111 || c == 0xD0 || c == 0xF0 || c == 0x189) return {'d', Quality::stroke, Tone::level};
  UErrorCode status = U_ZERO_ERROR;
  UChar buffer[8];
  const UNormalizer2* nfd = unorm2_getNFDInstance(&status);
  const int n = unorm2_getDecomposition(nfd, static_cast<UChar32>(c), buffer, 8, &status);
  const std::u16string parts = n < 0 ? std::u16string(1, static_cast<char16_t>(c)) : std::u16string(buffer, static_cast<std::size_t>(n));
  const char32_t base = parts[0] < 0x80 ? static_cast<char32_t>(u_tolower(parts[0])) : 0;
  if (base < 'a' || base > 'z') return {};
  Letter letter{static_cast<char>(base)};
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (!add_mark(letter, parts[i])) return {};
  return possible(letter) ? letter : Letter{};
}

const Tables& tables() {
  static const Tables built = [] {
    Tables t;
    for (char32_t c = 0; c < table_size; ++c) {
      t.fold[c] = folded(c);
      t.letters[c] = taken_apart(c);
      const Letter& l = t.letters[c];
      if (l.base && u_tolower(static_cast<UChar32>(c)) == static_cast<UChar32>(c) && c != 0xF0)
        t.composed[l.base - 'a'][static_cast<int>(l.quality)][static_cast<int>(l.tone)] = static_cast<char16_t>(c);
    }
    return t;
  }();
  return built;
}

}  // namespace

const std::array<char16_t, table_size>& fold_table() { return tables().fold; }
const std::array<Letter, table_size>& letter_table() { return tables().letters; }

char32_t fold_rare(char32_t c) {
  if (is_zero_width(c) || is_apostrophe(c)) return dropped;
  const char16_t first = c < 0x10000 ? folded(c) : u' ';
  if (c < 0x10000) return first < table_size ? tables().fold[first] : first;
  if (!u_isalnum(static_cast<UChar32>(c))) return ' ';
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

bool is_capital(char32_t c) { return u_isupper(static_cast<UChar32>(c)); }
char32_t to_small(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }
char32_t to_capital(char32_t c) { return static_cast<char32_t>(u_toupper(static_cast<UChar32>(c))); }

char32_t compose(const Letter& l) {
  return tables().composed[l.base - 'a'][static_cast<int>(l.quality)][static_cast<int>(l.tone)];
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

}  // namespace motcua::vietnamese
