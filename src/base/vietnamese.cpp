#include "base/vietnamese.hpp"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <array>
#include <cstring>

#include "base/vietnamese_letters.hpp"

namespace motcua::vietnamese {
namespace {

constexpr std::size_t word_letters_max = 32;  // longer "words" are no syllables; their tones stay where they are

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }
bool is_consonant(char c) { return c >= 'a' && c <= 'z' && !is_vowel(c); }
bool is_blank(char32_t c) { return c == ' ' || c == 0xA0 || (c >= 9 && c <= 13) || (c >= 0x2000 && c <= 0x200A) || c == 0x3000 || c == 0x202F; }
bool is_dropped(char32_t c) { return c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF; }

/// Composed Latin is in NFC as it stands; anything else is asked of ICU.
bool may_need_composing(std::string_view text) {
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    if (static_cast<unsigned char>(*p) < 0x80) {
      ++p;
      continue;
    }
    const char32_t c = next_character(p, end);
    if (c >= 0x300 && !(c >= 0x1E00 && c < 0x1F00)) return true;
  }
  return false;
}

/// Bytes that are not UTF-8 become zero-width, which every caller drops.
std::string composed(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfc = unorm2_getNFCInstance(&status);
  std::u16string wide(text.size() + 1, u'\0'), out(text.size() * 3 + 8, u'\0');
  int32_t wide_length = 0;
  u_strFromUTF8WithSub(wide.data(), static_cast<int32_t>(wide.size()), &wide_length, text.data(), static_cast<int32_t>(text.size()), 0x200B, nullptr, &status);
  const int32_t n = unorm2_normalize(nfc, wide.data(), wide_length, out.data(), static_cast<int32_t>(out.size()), &status);
  std::string utf8(static_cast<std::size_t>(n > 0 ? n : 0) * 3 + 1, '\0');
  int32_t length = 0;
  u_strToUTF8(utf8.data(), static_cast<int32_t>(utf8.size()), &length, out.data(), n, &status);
  if (U_FAILURE(status)) return std::string(text);
  utf8.resize(static_cast<std::size_t>(length));
  return utf8;
}

bool ends_with_consonant(std::string_view out) {
  const std::size_t n = out.size();
  return n > 0 && (is_consonant(out[n - 1]) || (n > 1 && out[n - 1] == 'u' && out[n - 2] == 'q'));
}

/// Final y after a consonant is i.
void close_folded_word(std::string& out) {
  if (!out.empty() && out.back() == 'y' && ends_with_consonant(std::string_view(out).substr(0, out.size() - 1))) out.back() = 'i';
}

/// One letter of a word being folded: a Vietnamese one, or another character as it is.
struct Unit {
  Letter letter;
  char32_t other = 0;
  bool vowel() const { return is_vowel(letter.base); }
};

/// A word in the making for fold_keeping_marks.
class Word {
 public:
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == word_letters_max; }
  void add(Unit unit) { units_[size_++] = unit; }

  void close(std::string& out, bool whole) {
    if (whole) {
      place_tone();
      write_y_as_i();
    }
    for (std::size_t i = 0; i < size_; ++i) append_utf8(out, units_[i].letter.base ? compose(units_[i].letter) : units_[i].other);
    size_ = 0;
  }

 private:
  /// Where two plain vowels (oa, oe, uy) share a tone: the first bears it at the end of a word, the second before a consonant.
  void place_tone() {
    std::size_t toned = size_;
    for (std::size_t i = 0; i < size_; ++i) {
      if (units_[i].letter.tone == Tone::level) continue;
      if (toned != size_) return;  // two tones: no syllable
      toned = i;
    }
    if (toned == size_) return;
    std::size_t first = toned, last = toned;
    while (first > 0 && units_[first - 1].vowel()) --first;
    while (last + 1 < size_ && units_[last + 1].vowel()) ++last;
    const bool belongs_to_onset = first > 0 && last > first &&
        ((units_[first - 1].letter.base == 'q' && units_[first].letter.base == 'u') ||
         (units_[first - 1].letter.base == 'g' && units_[first].letter.base == 'i'));
    if (belongs_to_onset) ++first;
    if (last != first + 1 || !is_glide(units_[first].letter, units_[last].letter)) return;
    const Tone tone = units_[toned].letter.tone;
    units_[first].letter.tone = units_[last].letter.tone = Tone::level;
    units_[last + 1 == size_ ? first : last].letter.tone = tone;
  }

  static bool is_glide(const Letter& a, const Letter& b) {
    if (a.quality != Quality::none || b.quality != Quality::none) return false;
    return (a.base == 'o' && (b.base == 'a' || b.base == 'e')) || (a.base == 'u' && b.base == 'y');
  }

  void write_y_as_i() {
    if (size_ < 2 || units_[size_ - 1].letter.base != 'y') return;
    const char before = units_[size_ - 2].letter.base;
    const bool after_qu = before == 'u' && size_ > 2 && units_[size_ - 3].letter.base == 'q';
    if (is_consonant(before) || after_qu) units_[size_ - 1].letter.base = 'i';
  }

  std::array<Unit, word_letters_max> units_;
  std::size_t size_ = 0;
};

}  // namespace

bool is_clean_utf8(std::string_view text) {
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const char32_t c = next_character(p, end);
    if (c == not_a_character || c == 0) return false;
  }
  return true;
}

Result<std::string> normalise_name(std::string_view text) {
  if (text.size() > name_bytes_max) return invalid("text.too_long", {}, {{"bytes_max", std::to_string(name_bytes_max)}});
  if (!is_clean_utf8(text))
    return invalid(std::memchr(text.data(), 0, text.size()) ? "text.nul_byte" : "text.not_utf8");
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const char32_t c = next_character(p, end);
    if (is_blank(c)) {
      blank = true;
    } else if (!is_dropped(c)) {
      if (blank && !out.empty()) out += ' ';
      blank = false;
      append_utf8(out, c);
    }
  }
  return may_need_composing(out) ? composed(out) : out;  // last: what was dropped may have stood between a letter and its mark
}

std::string fold(std::string_view text) {
  const auto& table = fold_table();
  std::string out;
  out.reserve(text.size());
  bool in_word = false, blank = false;
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    char32_t c = next_character(p, end);
    if (c == not_a_character) continue;
    c = c < table_size ? table[c] : fold_rare(c);
    if (c == dropped) continue;
    if (c == ' ') {
      if (in_word) close_folded_word(out);
      in_word = false;
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    in_word = true;
    if (c < 0x80) out += static_cast<char>(c);
    else append_utf8(out, c);
  }
  if (in_word) close_folded_word(out);
  return out;
}

std::string fold_keeping_marks(std::string_view text) {
  std::string kept;
  if (may_need_composing(text)) text = kept = composed(text);
  const auto& table = fold_table();
  const auto& letters = letter_table();
  std::string out;
  out.reserve(text.size());
  Word word;
  bool whole = true, blank = false;
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    char32_t c = next_character(p, end);
    if (c == not_a_character) continue;
    if (c >= table_size) c = fold_rare(c);
    const char32_t kind = c < table_size ? table[c] : c;
    if (c == dropped || kind == dropped) continue;
    if (kind == ' ') {
      word.close(out, whole);
      whole = true;
      blank = !out.empty();
      continue;
    }
    if (word.full()) {
      word.close(out, false);
      whole = false;
    }
    if (blank) out += ' ';
    blank = false;
    const char32_t small = c < table_size && letters[c].base ? c : to_small(c);
    word.add(small < table_size ? Unit{letters[small], small} : Unit{{}, small});
  }
  word.close(out, whole);
  return out;
}

bool has_marks(std::string_view text) {
  const auto& letters = letter_table();
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const char32_t c = next_character(p, end);
    if (c >= 0x300 && c < 0x370) return true;
    if (c < table_size && letters[c].base && (letters[c].tone != Tone::level || letters[c].quality != Quality::none)) return true;
  }
  return false;
}

std::string title_case(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool at_start = true;
  for (const char *p = name.data(), *end = p + name.size(); p < end;) {
    const char32_t c = next_character(p, end);
    if (c == not_a_character) continue;
    append_utf8(out, at_start ? to_capital(c) : to_small(c));
    at_start = c == ' ' || c == '-' || c == '.' || c == '(';
  }
  return out;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  out.reserve(8);   // a name, mostly
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace motcua::vietnamese
