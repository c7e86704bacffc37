// What stands around a name and inside it: titles, remarks, family, middle and given name.
#include <algorithm>
#include <array>

#include "base/vietnamese.hpp"

namespace motcua::vietnamese {
namespace {

// Sorted. The fourteen that bear 90 % of the people, and the next that a register of a city holds by the hundred.
constexpr std::array<std::string_view, 100> family_names{
    "an",   "au",   "bach",  "bang", "banh",  "be",    "bien", "bo",    "bui",    "cam",  "can",   "cao",   "chau",  "che",  "chu",
    "chung", "chuong", "cu", "cung", "dam",   "dang",  "danh", "dao",   "dau",    "dich", "diep",  "dieu",  "dinh",  "do",   "doan",
    "dong", "duong", "giang", "giap", "ha",   "han",   "ho",   "hoa",   "hoang",  "hong", "hua",   "hung",  "huynh", "khong", "khuat",
    "khuc", "khuong", "kieu", "kim", "la",    "lac",   "lai",  "lam",   "le",     "li",   "lo",    "luc",   "luong", "luu",  "ma",
    "mac",  "mach", "mai",   "nghiem", "ngo", "ngoc",  "nguyen", "nhan", "ninh", "nong",  "ong",   "pham",  "phan",  "phi",  "pho",
    "phung", "quach", "quan", "son", "ta",    "tang",  "thach", "thai", "than",  "tieu",  "to",    "ton",   "tong",  "tran", "trang",
    "trieu", "trinh", "truong", "tu", "van",  "vi",    "vien", "vo",    "vu",    "vuong"};

// Folded. Sure ones are no names at all; the others are titles only before a family name ("ANH NGUYEN VAN B").
constexpr std::array<std::string_view, 9> sure_titles{"bn", "mr", "mrs", "ms", "bs", "ths", "benhnhan", "dr", "kh"};
constexpr std::array<std::string_view, 13> likely_titles{"ong", "ba", "anh", "chi", "em", "co", "chu", "bac", "cu", "chau", "be", "o", "b"};
// Spelled with these marks they are words for a person, never family names.
constexpr std::array<std::string_view, 8> marked_titles{"bà", "chị", "cô", "chú", "bác", "cụ", "cháu", "bé"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "BN91", "BN" and its number.
bool is_patient_number(std::string_view folded) {
  if (folded.starts_with("bn")) folded.remove_prefix(2);
  return !folded.empty() && folded.find_first_not_of("0123456789") == folded.npos;
}

std::string_view without_remark(std::string_view name) {
  const std::size_t open = name.find('(');
  if (open != name.npos && open > 0 && name.back() == ')') name = name.substr(0, open);
  while (!name.empty() && (name.back() == ' ' || name.back() == ',' || name.back() == ';' || name.back() == '.')) name.remove_suffix(1);
  return name;
}

/// "Ô.Nguyễn" is two words.
std::string with_blank_after_first_dot(std::string_view name) {
  std::string text(name);
  const std::size_t dot = name.find('.');
  if (dot != name.npos && dot > 0 && dot <= 4 && dot + 1 < name.size() && name[dot + 1] != ' ') text.insert(dot + 1, " ");
  return text;
}

/// No title begins with this letter: most family names need no closer look.
bool begins_no_title(char c) {
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'z' && std::string_view("abcdekmot").find(small) == std::string_view::npos;
}

bool is_title(std::string_view word, std::string_view next, std::size_t words_after) {
  if (begins_no_title(word[0])) return false;
  const std::string folded = fold(word);
  if (is_one_of(sure_titles, folded) || is_patient_number(folded)) return true;
  if (!is_one_of(likely_titles, folded)) return false;
  if (is_one_of(marked_titles, fold_keeping_marks(word)) || word.ends_with('.')) return true;
  return is_family_name(fold(next)) && (words_after > 2 || !is_family_name(folded));  // Chu Văn An is no uncle
}

}  // namespace

bool is_family_name(std::string_view folded_word) {
  return std::binary_search(family_names.begin(), family_names.end(), folded_word);
}

std::string strip_titles(std::string_view name) {
  std::string text = with_blank_after_first_dot(without_remark(name));
  std::vector<std::string_view> parts = words(text);
  std::size_t first = 0;
  if (parts.size() > 2 && !begins_no_title(parts[0][0]) && fold(parts[0]) == "benh" && fold(parts[1]) == "nhan") first = 2;
  while (parts.size() - first > 2 && is_title(parts[first], parts[first + 1], parts.size() - first - 1)) ++first;
  if (first == 0 && parts.size() == 2 && is_title(parts[0], {}, 1) && !is_family_name(fold(parts[0]))) first = 1;
  if (first == parts.size()) return {};
  return first == 0 ? text : text.substr(static_cast<std::size_t>(parts[first].data() - text.data()));
}

Result<std::string> clean_name(std::string_view text) {
  TRY_ASSIGN(auto name, normalise_name(text));
  name = repair_typing(strip_titles(name));
  if (fold(name).empty()) return invalid("text.empty");
  return name;
}

NameParts split_name(std::string_view name) {
  const auto parts = words(name);
  NameParts out;
  if (parts.empty()) return out;
  out.given = parts.back();
  if (parts.size() == 1) return out;
  out.family = parts.front();
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    if (i > 1) out.middle += ' ';
    out.middle += parts[i];
  }
  return out;
}

}  // namespace motcua::vietnamese
