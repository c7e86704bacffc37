#include "engines/linkage/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/vietnamese.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char to_small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Words of at most eight letters, sorted as numbers.
template <std::size_t N>
constexpr std::array<std::uint64_t, N> as_numbers(const std::string_view (&words)[N]) {
  std::array<std::uint64_t, N> numbers{};
  std::transform(std::begin(words), std::end(words), numbers.begin(), [](std::string_view w) { return to_word(w.data(), w.size()); });
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

template <std::size_t N>
bool contains(const std::array<std::uint64_t, N>& words, std::string_view word) {
  return word.size() <= 8 && std::binary_search(words.begin(), words.end(), to_word(word.data(), word.size()));
}

bool announces(std::string_view word) {
  static constexpr auto words = as_numbers({"so", "nha", "sn", "duong", "d", "pho", "hem", "ngo", "ngach", "kiet", "khu", "kp", "to", "thon",
      "ap", "xom", "phuong", "p", "xa", "x", "quan", "q", "huyen", "h", "tinh", "t", "tp", "tt", "tx", "thanh", "thi", "tran"});
  return contains(words, word);
}

}  // namespace

bool is_vietnamese_syllable(std::string_view text) {
  static constexpr auto initials = as_numbers({"", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng",
      "ngh", "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x"});
  static constexpr auto codas = as_numbers({"", "c", "ch", "m", "n", "ng", "nh", "p", "t"});
  static constexpr auto nuclei = as_numbers({"a", "e", "i", "o", "u", "y", "ai", "ao", "au", "ay", "eo", "eu", "ia", "ie", "iu",
      "oa", "oe", "oi", "oo", "ua", "ue", "ui", "uo", "uu", "uy", "ye", "ya", "ieu", "yeu", "oai", "oao", "oay", "oeo", "uai", "uay", "uoi", "uou",
      "uya", "uye", "uyu", "uao", "ueo", "uie"});
  std::size_t begin = 0;
  while (begin < text.size() && !is_vowel(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && is_vowel(text[end])) ++end;
  return end > begin && contains(initials, text.substr(0, begin)) && contains(nuclei, text.substr(begin, end - begin)) &&
         contains(codas, text.substr(end));
}

std::vector<Word> to_name_words(std::string_view utf8) {
  const std::string name = vietnamese::repair_typing(vietnamese::strip_titles(utf8));
  const std::string folded = vietnamese::fold(name), marked = vietnamese::fold_keeping_marks(name);
  const auto folded_words = vietnamese::words(folded), marked_words = vietnamese::words(marked);
  std::vector<Word> words;
  for (std::size_t i = 0; i < folded_words.size(); ++i) {
    const std::string_view with_marks = marked_words.size() == folded_words.size() ? marked_words[i] : folded_words[i];
    words.push_back({std::string(folded_words[i]), std::string(with_marks), with_marks != folded_words[i], is_vietnamese_syllable(folded_words[i])});
  }
  return words;
}

std::vector<Word> to_folded_name_words(std::string_view folded) {
  std::vector<Word> words;
  words.reserve(8);
  for (const std::string_view word : vietnamese::words(folded)) words.push_back({std::string(word), std::string(word), false, is_vietnamese_syllable(word)});
  return words;
}

std::string to_name_text(std::string_view utf8) { return vietnamese::fold(vietnamese::repair_typing(vietnamese::strip_titles(utf8))); }

std::vector<Word> to_address_words(std::string_view utf8) {
  std::vector<Word> words;
  const std::string text = to_address_text(utf8);
  for (const std::string_view word : vietnamese::words(text)) words.push_back({std::string(word)});
  return words;
}

std::string to_address_text(std::string_view utf8) {
  const std::string folded = vietnamese::fold(utf8);
  std::string text;
  text.reserve(folded.size());
  bool after_number = false;
  for (const std::string_view word : vietnamese::words(folded)) {
    const bool number = is_digit(word[0]);
    if (number || !announces(word)) {
      if (!text.empty()) text.push_back(number && after_number ? '/' : ' ');
      text.append(word);
    }
    after_number = number;
  }
  return text;
}

std::string to_folded(std::string_view utf8) { return vietnamese::fold(utf8); }

std::string to_small(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (static_cast<unsigned char>(c) > ' ') out.push_back(to_small_letter(c));
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
