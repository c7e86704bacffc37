#include "engines/linkage/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace motcua::linkage {
namespace {

/// A letter taken apart: base, quality ('^' circumflex, '(' breve, '+' horn, '-' stroke, 0 none) and tone 0..5.
struct Letter {
  char base = 0;
  char quality = 0;
  char tone = 0;   // 1 grave, 2 hook, 3 tilde, 4 acute, 5 dot below
  char second = 0; // of ligatures: æ, œ, ß
};

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return 0xFFFD;
  char32_t code = first & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if ((byte(at) & 0xC0) != 0x80) return 0xFFFD;
    code = (code << 6) | (byte(at++) & 0x3F);
  }
  return code;
}

/// U+1EA0..U+1EF9, two code points (capital, small) each.
constexpr std::array<Letter, 45> vietnamese_block = {{
    {'a', 0, 5}, {'a', 0, 2}, {'a', '^', 4}, {'a', '^', 1}, {'a', '^', 2}, {'a', '^', 3}, {'a', '^', 5}, {'a', '(', 4}, {'a', '(', 1},
    {'a', '(', 2}, {'a', '(', 3}, {'a', '(', 5}, {'e', 0, 5}, {'e', 0, 2}, {'e', 0, 3}, {'e', '^', 4}, {'e', '^', 1}, {'e', '^', 2},
    {'e', '^', 3}, {'e', '^', 5}, {'i', 0, 2}, {'i', 0, 5}, {'o', 0, 5}, {'o', 0, 2}, {'o', '^', 4}, {'o', '^', 1}, {'o', '^', 2},
    {'o', '^', 3}, {'o', '^', 5}, {'o', '+', 4}, {'o', '+', 1}, {'o', '+', 2}, {'o', '+', 3}, {'o', '+', 5}, {'u', 0, 5}, {'u', 0, 2},
    {'u', '+', 4}, {'u', '+', 1}, {'u', '+', 2}, {'u', '+', 3}, {'u', '+', 5}, {'y', 0, 1}, {'y', 0, 5}, {'y', 0, 2}, {'y', 0, 3}}};

/// U+00E0..U+00FF.
constexpr std::array<Letter, 32> latin_block = {{
    {'a', 0, 1}, {'a', 0, 4}, {'a', '^', 0}, {'a', 0, 3}, {'a'}, {'a'}, {'a', 0, 0, 'e'}, {'c'}, {'e', 0, 1}, {'e', 0, 4}, {'e', '^', 0},
    {'e'}, {'i', 0, 1}, {'i', 0, 4}, {'i'}, {'i'}, {'d', '-', 0}, {'n'}, {'o', 0, 1}, {'o', 0, 4}, {'o', '^', 0}, {'o', 0, 3}, {'o'}, {},
    {'o'}, {'u', 0, 1}, {'u', 0, 4}, {'u'}, {'u'}, {'y', 0, 4}, {'t', 0, 0, 'h'}, {'y'}}};

/// U+0100..U+017E: the base letters of Latin Extended-A.
constexpr std::string_view extended_bases =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllbnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz";

Letter to_letter(char32_t code) {
  if (code >= 'A' && code <= 'Z') return {static_cast<char>(code + 32)};
  if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) return {static_cast<char>(code)};
  if (code == 0xDF) return {'s', 0, 0, 's'};
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return latin_block[code - 0xC0];
  if (code >= 0xE0 && code <= 0xFF && code != 0xF7) return latin_block[code - 0xE0];
  if (code == 0x102 || code == 0x103) return {'a', '(', 0};
  if (code == 0x110 || code == 0x111) return {'d', '-', 0};
  if (code == 0x128 || code == 0x129) return {'i', 0, 3};
  if (code == 0x168 || code == 0x169) return {'u', 0, 3};
  if (code == 0x1A0 || code == 0x1A1) return {'o', '+', 0};
  if (code == 0x1AF || code == 0x1B0) return {'u', '+', 0};
  if (code >= 0x100 && code < 0x100 + extended_bases.size()) return {extended_bases[code - 0x100]};
  if (code >= 0x1EA0 && code <= 0x1EF9) return vietnamese_block[(code - 0x1EA0) / 2];
  return {};
}

/// Combining marks of decomposed text; false when the code point is none of them.
bool combine(char32_t code, Letter& letter) {
  switch (code) {
    case 0x300: letter.tone = 1; return true;
    case 0x309: letter.tone = 2; return true;
    case 0x303: letter.tone = 3; return true;
    case 0x301: letter.tone = 4; return true;
    case 0x323: letter.tone = 5; return true;
    case 0x302: letter.quality = '^'; return true;
    case 0x306: letter.quality = '('; return true;
    case 0x31B: letter.quality = '+'; return true;
    default: return code >= 0x300 && code <= 0x36F;
  }
}

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string folded_of(const std::vector<Letter>& letters) {
  std::string text;
  for (const Letter& l : letters) {
    text.push_back(l.base);
    if (l.second != 0) text.push_back(l.second);
  }
  return text;
}

/// What a Telex or VNI keyboard leaves when the input method was off, put back. Letters after the first vowel that no Vietnamese
/// syllable has there (s f r x j w, a doubled vowel, digits) are keystrokes.
std::vector<Letter> without_keystrokes(const std::vector<Letter>& letters) {
  constexpr std::string_view telex_tones = " frxsj";   // by our tone numbers
  std::vector<Letter> out;
  bool vowel_seen = false;
  char tone = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char c = letters[i].base;
    Letter* last = out.empty() ? nullptr : &out.back();
    const auto mark = [&](char quality, std::string_view on) {
      for (auto it = out.rbegin(); it != out.rend(); ++it)
        if (on.find(it->base) != std::string_view::npos) { it->quality = quality; return; }
    };
    if (vowel_seen && telex_tones.find(c) != std::string_view::npos) { tone = static_cast<char>(telex_tones.find(c)); continue; }
    if (is_digit(c)) {
      if (c == '1') tone = 4; else if (c == '2') tone = 1; else if (c == '3') tone = 2; else if (c == '4') tone = 3; else if (c == '5') tone = 5;
      else if (c == '6') mark('^', "aeo"); else if (c == '7') mark('+', "ou"); else if (c == '8') mark('(', "a"); else if (c == '9') mark('-', "d");
      continue;
    }
    if (c == 'w') { mark(last && last->base == 'a' ? '(' : '+', "aou"); if (vowel_seen) continue; }
    if (last && c == last->base && (c == 'a' || c == 'e' || c == 'o')) { last->quality = '^'; continue; }
    if (last && c == 'd' && last->base == 'd') { last->quality = '-'; continue; }
    vowel_seen = vowel_seen || is_vowel(c);
    out.push_back(letters[i]);
  }
  if (tone != 0 && !out.empty()) out.back().tone = tone;
  return out;
}

bool needs_decoding(const std::vector<Letter>& letters) {
  return letters.size() >= 3 && std::none_of(letters.begin(), letters.end(), [](const Letter& l) { return l.quality != 0 || l.tone != 0; }) &&
         !is_digit(letters[0].base) && !is_vietnamese_syllable(folded_of(letters));
}

/// y and i at the end of an open syllable are one: Lý = Lí, Quý = Quí.
void settle_i(std::string& text, std::size_t end) {
  if (end < 2 || text[end - 1] != 'y') return;
  const char before = text[end - 2];
  const bool after_qu = before == 'u' && end >= 3 && text[end - 3] == 'q';
  if (!is_vowel(before) || after_qu) text[end - 1] = 'i';
}

Word to_word(std::vector<Letter> letters, WordKind kind) {
  if (kind == WordKind::name && needs_decoding(letters)) {
    auto decoded = without_keystrokes(letters);
    if (is_vietnamese_syllable(folded_of(decoded))) letters = std::move(decoded);
  }
  Word word;
  char tone = 0;
  for (const Letter& l : letters) {
    word.folded.push_back(l.base);
    word.marked.push_back(l.base);
    if (l.second != 0) { word.folded.push_back(l.second); word.marked.push_back(l.second); }
    if (l.quality != 0) word.marked.push_back(l.quality);
    if (l.tone != 0) tone = l.tone;
    word.has_marks = word.has_marks || l.quality != 0 || l.tone != 0;
  }
  settle_i(word.folded, word.folded.size());
  settle_i(word.marked, word.marked.size());
  if (tone != 0) word.marked.push_back(static_cast<char>('0' + tone));
  word.syllable = is_vietnamese_syllable(word.folded);
  return word;
}

void drop_titles(std::vector<Word>& words) {
  static const std::unordered_set<std::string> titles = {"bn", "ong", "ba", "anh", "chi", "mr", "mrs", "ms", "o"};
  while (words.size() >= 3 && titles.contains(words[0].folded) && (words[0].folded == "bn" || is_common_family_name(words[1].folded)))
    words.erase(words.begin());
}

void drop_announcers(std::vector<Word>& words) {
  static const std::unordered_set<std::string> announcers = {"so", "nha", "sn", "duong", "d", "pho", "hem", "ngo", "ngach", "kiet", "khu",
      "kp", "to", "thon", "ap", "xom", "phuong", "p", "xa", "x", "quan", "q", "huyen", "h", "tinh", "t", "tp", "tt", "tx", "thanh", "thi", "tran"};
  std::vector<Word> kept;
  for (Word& word : words)
    if (!announcers.contains(word.folded)) kept.push_back(std::move(word));
  if (!kept.empty()) words = std::move(kept);
}

}  // namespace

bool is_vietnamese_syllable(std::string_view text) {
  static const std::unordered_set<std::string_view> initials = {"", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng",
      "ngh", "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x"};
  static const std::unordered_set<std::string_view> codas = {"", "c", "ch", "m", "n", "ng", "nh", "p", "t"};
  static const std::unordered_set<std::string_view> nuclei = {"a", "e", "i", "o", "u", "y", "ai", "ao", "au", "ay", "eo", "eu", "ia", "ie", "iu",
      "oa", "oe", "oi", "oo", "ua", "ue", "ui", "uo", "uu", "uy", "ye", "ya", "ieu", "yeu", "oai", "oao", "oay", "oeo", "uai", "uay", "uoi", "uou",
      "uya", "uye", "uyu", "uao", "ueo", "uie"};
  std::size_t begin = 0;
  while (begin < text.size() && !is_vowel(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && is_vowel(text[end])) ++end;
  return end > begin && initials.contains(text.substr(0, begin)) && nuclei.contains(text.substr(begin, end - begin)) &&
         codas.contains(text.substr(end));
}

bool is_common_family_name(std::string_view folded) {
  static const std::unordered_set<std::string_view> families = {"nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang",
      "bui", "do", "ho", "ngo", "duong", "li", "dinh", "truong", "dao", "doan", "lam", "mai", "trinh", "cao", "ha", "luong", "ta", "thai", "chau",
      "luu", "phung", "tang", "quach", "vuong", "kieu", "to", "la", "dam", "nghiem", "thach", "kim", "son", "danh"};
  return families.contains(folded);
}

std::vector<Word> to_words(std::string_view utf8, WordKind kind) {
  std::vector<Word> words;
  std::vector<Letter> letters;
  const auto flush = [&] {
    if (!letters.empty()) words.push_back(to_word(std::move(letters), kind));
    letters.clear();
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t code = next_code_point(utf8, at);
    const Letter letter = to_letter(code);
    if (letter.base != 0) {
      const bool unit_glued = kind == WordKind::address && !letters.empty() && is_digit(letter.base) && !is_digit(letters.back().base) &&
                              letters.back().base != '/';
      if (unit_glued) flush();   // "Q9", "kp3": the number is a word of its own
      letters.push_back(letter);
    } else if (!letters.empty() && combine(code, letters.back())) {
      continue;
    } else if (code == 0x200B || code == 0x200C || code == 0x200D || code == 0xFEFF) {
      continue;
    } else if (kind == WordKind::address && code == '/' && !letters.empty() && is_digit(letters[0].base)) {
      letters.push_back({'/'});
    } else if (code >= 0x370 && code != 0xFFFD && !(code >= 0x2000 && code <= 0x206F)) {   // other scripts: kept as they are
      static constexpr std::string_view hex = "0123456789abcdef";
      for (int shift = 20; shift >= 0; shift -= 4)
        if ((code >> shift) != 0) letters.push_back({hex[(code >> shift) & 15]});
    } else {
      flush();
    }
  }
  flush();
  kind == WordKind::name ? drop_titles(words) : drop_announcers(words);
  return words;
}

std::string to_folded(std::string_view utf8) {
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t from = at;
    const char32_t code = next_code_point(utf8, at);
    const Letter letter = to_letter(code);
    Letter ignored;
    if (letter.base == 0 && combine(code, ignored)) continue;
    if (code <= ' ' || code == 0xA0) { blank = !out.empty(); continue; }
    if (blank) out.push_back(' ');
    blank = false;
    if (letter.base == 0) out.append(utf8.substr(from, at - from));
    else out.push_back(letter.base);
    if (letter.second != 0) out.push_back(letter.second);
  }
  return out;
}

std::string to_alnum(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if ((c >= 'A' && c <= 'Z') || is_digit(c)) out.push_back(c);
  }
  return out;
}

}  // namespace motcua::linkage
