// Residue of input methods: the keys a person pressed, not the letters they meant.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include "base/vietnamese.hpp"
#include "base/vietnamese_letters.hpp"

namespace motcua::vietnamese {
namespace {

constexpr std::size_t typed_syllable_max = 12;  // "nghieengj" has 9 keys

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }
using Letters = std::vector<Letter>;

const std::set<std::string, std::less<>>& onsets() {
  static const std::set<std::string, std::less<>> all{"", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng",
      "ngh", "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"};
  return all;
}

const std::set<std::string, std::less<>>& codas() {
  static const std::set<std::string, std::less<>> all{"", "c", "ch", "m", "n", "ng", "nh", "p", "t"};
  return all;
}

/// Vowel groups as written without tones, and the same without any mark (names of people who type none).
const std::set<std::string, std::less<>>& nuclei() {
  static const std::set<std::string, std::less<>> all = [] {
    std::set<std::string, std::less<>> set;
    for (std::string_view v : {"a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu",
             "ia", "iê", "iêu", "iu", "oa", "oă", "oai", "oao", "oay", "oe", "oeo", "oi", "ôi", "ơi", "ua", "uâ", "uây", "uê", "ui",
             "uô", "uôi", "uơ", "uy", "uya", "uyê", "uyu", "ưa", "ưi", "ươ", "ươi", "ươu", "ưu", "yê", "yêu"}) {
      set.emplace(v);
      set.insert(fold(v));
    }
    return set;
  }();
  return all;
}

std::string spelled(std::span<const Letter> letters, bool keep_quality) {
  std::string out;
  for (Letter l : letters) {
    l.tone = Tone::level;
    if (!keep_quality) l.quality = Quality::none;
    append_utf8(out, compose(l));
  }
  return out;
}

/// How many letters the onset takes; "qu" and "gi" before a vowel belong to it.
std::size_t onset_length(const Letters& word) {
  std::size_t n = 0;
  while (n < word.size() && !is_vowel(word[n].base)) ++n;
  const bool glide = n == 1 && word.size() > 2 && is_vowel(word[2].base) &&
      ((word[0].base == 'q' && word[1].base == 'u') || (word[0].base == 'g' && word[1].base == 'i'));
  return glide ? 2 : n;
}

bool is_syllable(const Letters& word) {
  for (const Letter& l : word)
    if (l.base < 'a' || l.base > 'z') return false;
  const std::size_t onset = onset_length(word);
  std::size_t coda = onset;
  while (coda < word.size() && is_vowel(word[coda].base)) ++coda;
  if (coda == onset) return false;
  const std::span<const Letter> all(word);
  for (std::size_t i = 0; i < word.size(); ++i)
    if (word[i].quality == Quality::stroke && (i != 0 || onset != 1)) return false;
  return onsets().contains(spelled(all.first(onset), false)) && nuclei().contains(spelled(all.subspan(onset, coda - onset), true)) &&
         codas().contains(spelled(all.subspan(coda), false));
}

std::optional<Letters> read_letters(std::string_view word, bool& has_digits) {
  Letters out;
  const auto& letters = letter_table();
  for (const char *p = word.data(), *end = p + word.size(); p < end;) {
    const char32_t c = next_character(p, end);
    if (c >= '0' && c <= '9') {
      out.push_back({static_cast<char>(c)});
      has_digits = true;
      continue;
    }
    if (c >= table_size || letters[c].base == 0) return std::nullopt;
    out.push_back(letters[c]);
  }
  if (out.empty() || out.size() > typed_syllable_max) return std::nullopt;
  return out;
}

/// The vowel that bears the tone: the one with a mark of its own (the last of them), else by the place rules of fold_keeping_marks.
void put_tone(Letters& word, Tone tone) {
  const std::size_t first = onset_length(word);
  std::size_t last = first;
  while (last < word.size() && is_vowel(word[last].base)) ++last;
  if (last == first) return;
  std::size_t at = first;
  for (std::size_t i = first; i < last; ++i)
    if (word[i].quality != Quality::none) at = i;
  if (word[at].quality == Quality::none) {
    const std::size_t count = last - first;
    if (count == 3 || (count == 2 && last < word.size())) at = first + 1;
  }
  word[at].tone = tone;
}

std::optional<Tone> telex_tone(char key) {
  switch (key) {
    case 's': return Tone::acute;
    case 'f': return Tone::grave;
    case 'r': return Tone::hook;
    case 'x': return Tone::tilde;
    case 'j': return Tone::dot;
    default: return std::nullopt;
  }
}

/// Takes one tone key out of what follows the first vowel; false when two stand there.
bool take_tone(Letters& word, std::optional<Tone>& tone, std::optional<Tone> (*tone_of)(char)) {
  bool vowel_seen = false;
  for (std::size_t i = 0; i < word.size();) {
    const auto found = vowel_seen ? tone_of(word[i].base) : std::nullopt;
    vowel_seen = vowel_seen || is_vowel(word[i].base);
    if (!found) {
      ++i;
      continue;
    }
    if (tone) return false;
    tone = found;
    word.erase(word.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return true;
}

/// aa ee oo -> circumflex, dd -> đ, w after a, o, u (or both of uo) -> breve or horn.
bool take_telex_marks(Letters& word) {
  bool changed = false;
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    Letter& a = word[i];
    const char b = word[i + 1].base;
    const bool plain = a.quality == Quality::none && word[i + 1].quality == Quality::none;
    if (plain && a.base == b && (b == 'a' || b == 'e' || b == 'o')) a.quality = Quality::circumflex;
    else if (plain && i == 0 && a.base == 'd' && b == 'd') a.quality = Quality::stroke;
    else if (b == 'w' && a.base == 'a' && plain) a.quality = Quality::breve;
    else if (b == 'w' && (a.base == 'o' || a.base == 'u') && plain) {
      a.quality = Quality::horn;
      if (a.base == 'o' && i > 0 && word[i - 1].base == 'u' && !(i == 2 && word[0].base == 'q')) word[i - 1].quality = Quality::horn;
    } else continue;
    word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    changed = true;
  }
  return changed;
}

std::optional<Letters> from_telex(Letters word) {
  std::optional<Tone> tone;
  if (!take_tone(word, tone, telex_tone)) return std::nullopt;
  const bool changed = take_telex_marks(word);
  if ((!tone && !changed) || !is_syllable(word)) return std::nullopt;
  if (tone) {
    for (const Letter& l : word)
      if (l.tone != Tone::level) return std::nullopt;
    put_tone(word, *tone);
  }
  return word;
}

std::optional<Tone> vni_tone(char key) {
  constexpr std::array<Tone, 5> tones{Tone::acute, Tone::grave, Tone::hook, Tone::tilde, Tone::dot};
  if (key < '1' || key > '5') return std::nullopt;
  return tones[static_cast<std::size_t>(key - '1')];
}

/// 6: circumflex, 7: horn, 8: breve, 9: đ; each on the last letter before it that can bear it.
bool take_vni_marks(Letters& word) {
  for (std::size_t i = 0; i < word.size();) {
    const char key = word[i].base;
    if (key < '6' || key > '9') {
      ++i;
      continue;
    }
    const std::string_view bearers = key == '6' ? "aeo" : key == '7' ? "ou" : key == '8' ? "a" : "d";
    const Quality quality = key == '6' ? Quality::circumflex : key == '7' ? Quality::horn : key == '8' ? Quality::breve : Quality::stroke;
    std::size_t at = i;
    while (at > 0 && bearers.find(word[at - 1].base) == bearers.npos) --at;
    if (at == 0) return false;
    word[at - 1].quality = quality;
    const bool both = key == '7' && word[at - 1].base == 'o' && at > 1 && word[at - 2].base == 'u' && !(at == 3 && word[0].base == 'q');
    if (both) word[at - 2].quality = Quality::horn;
    word.erase(word.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return true;
}

std::optional<Letters> from_vni(Letters word) {
  std::optional<Tone> tone;
  if (!take_tone(word, tone, vni_tone) || !take_vni_marks(word) || !is_syllable(word)) return std::nullopt;
  if (tone) put_tone(word, *tone);
  return word;
}

/// Capitals as the word had them: all, the first, or none.
std::string cased_like(std::string_view original, const Letters& word) {
  int capitals = 0, letters = 0;
  for (const char *p = original.data(), *end = p + original.size(); p < end;) {
    const char32_t c = next_character(p, end);
    capitals += is_capital(c);
    letters += !(c >= '0' && c <= '9');
  }
  const bool all = letters > 1 && capitals == letters;
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = compose(word[i]);
    append_utf8(out, all || (capitals > 0 && i == 0) ? to_capital(c) : c);
  }
  return out;
}

/// The word repaired, as it came when it is a syllable already, or nothing when it is no Vietnamese word either way.
std::optional<std::string> repaired(std::string_view word, bool& changed) {
  bool has_digits = false;
  auto letters = read_letters(word, has_digits);
  if (!letters) return std::nullopt;
  if (!has_digits && is_syllable(*letters)) return std::string(word);
  const auto meant = has_digits ? from_vni(*letters) : from_telex(*letters);
  if (!meant) return std::nullopt;
  changed = true;
  return cased_like(word, *meant);
}

/// Only letters the two methods use as keys can be residue; most names have none and are not looked at further.
bool may_hold_residue(std::string_view name) {
  bool vowel_seen = false;   // in the word so far; any letter beyond ASCII may be one
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = static_cast<char>(name[i] | 0x20);
    if ((name[i] >= '1' && name[i] <= '9') || c == 'w' || c == 'f' || c == 'j') return true;
    const bool repeats = i > 0 && c == static_cast<char>(name[i - 1] | 0x20) && (c == 'a' || c == 'e' || c == 'o' || c == 'd');
    const bool tone_after_vowel = vowel_seen && (c == 's' || c == 'r' || c == 'x');
    if (repeats || tone_after_vowel) return true;
    vowel_seen = name[i] != ' ' && (vowel_seen || is_vowel(c) || static_cast<unsigned char>(name[i]) >= 0x80);
  }
  return false;
}

}  // namespace

std::string repair_typing(std::string_view name) {
  if (!may_hold_residue(name)) return std::string(name);
  const auto parts = words(name);
  if (parts.size() < 2) return std::string(name);  // one word alone could be anybody's ("Max")
  std::string out;
  bool changed = false;
  for (std::string_view part : parts) {
    auto word = repaired(part, changed);
    if (!word) return std::string(name);
    if (!out.empty()) out += ' ';
    out += *word;
  }
  return changed ? out : std::string(name);
}

}  // namespace motcua::vietnamese
