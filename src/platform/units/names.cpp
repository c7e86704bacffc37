#include "platform/units/names.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/vietnamese.hpp"

namespace motcua::units {

namespace {

constexpr std::pair<std::string_view, Kind> two_word_kinds[] = {
    {"thanh pho", Kind::city}, {"thi xa", Kind::town}, {"thi tran", Kind::township}, {"dac khu", Kind::special_zone}};

constexpr std::pair<std::string_view, Kind> one_word_kinds[] = {
    {"tinh", Kind::province},       {"t", Kind::province},  {"tp", Kind::city},       {"quan", Kind::urban_district},
    {"q", Kind::urban_district},    {"huyen", Kind::rural_district}, {"h", Kind::rural_district}, {"tx", Kind::town},
    {"phuong", Kind::ward},         {"p", Kind::ward},      {"ph", Kind::ward},       {"f", Kind::ward},
    {"xa", Kind::commune},          {"x", Kind::commune},   {"tt", Kind::township},   {"dk", Kind::special_zone}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto word : vietnamese::words(text)) out.emplace_back(word);
  return out;
}

/// "q1" -> "q" "1"; "tphcm" -> "tp" "hcm". The marked words are split at the same place, for prefix letters bear no marks.
void unglue_first(std::vector<std::string>& folded, std::vector<std::string>& marked) {
  if (folded.empty() || marked.empty()) return;
  const auto& word = folded.front();
  std::size_t cut = 0;
  for (const auto& [prefix, kind] : one_word_kinds)
    if (word.size() > prefix.size() && word.starts_with(prefix) && is_digit(word[prefix.size()])) cut = std::max(cut, prefix.size());
  if (cut == 0 && word.size() > 3 && (word.starts_with("tp") || word.starts_with("tx"))) cut = 2;
  if (cut == 0 || marked.front().size() <= cut || marked.front().substr(0, cut) != word.substr(0, cut)) return;
  folded.insert(folded.begin() + 1, word.substr(cut));
  folded.front().resize(cut);
  marked.insert(marked.begin() + 1, marked.front().substr(cut));
  marked.front().resize(cut);
}

std::string joined(const std::vector<std::string>& words, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += words[i];
  if (all_digits(out)) out.erase(0, std::min(out.find_first_not_of('0'), out.size() - 1));
  return out;
}

/// The kind in front and how many words it takes.
std::pair<Kind, std::size_t> kind_of(const std::vector<std::string>& folded) {
  if (folded.size() > 2)
    for (const auto& [words, kind] : two_word_kinds)
      if (folded[0] + " " + folded[1] == words) return {kind, 2};
  if (folded.size() > 1)
    for (const auto& [word, kind] : one_word_kinds)
      if (folded[0] == word) return {kind, 1};
  return {Kind::none, 0};
}

}  // namespace

NameReading read_official(std::string_view name) {
  const auto folded = words_of(vietnamese::fold(name)), marked = words_of(vietnamese::fold_keeping_marks(name));
  const auto [kind, taken] = kind_of(folded);
  return {kind, joined(folded, taken), joined(marked, std::min(taken, marked.size()))};
}

std::vector<NameReading> read_written(std::string_view text) {
  auto folded = words_of(vietnamese::fold(text)), marked = words_of(vietnamese::fold_keeping_marks(text));
  if (folded.empty()) return {};
  std::vector<NameReading> readings;
  const NameReading whole{Kind::none, joined(folded, 0), joined(marked, 0)};
  auto kind = kind_of(folded);
  if (kind.second == 0) {
    unglue_first(folded, marked);
    kind = kind_of(folded);
  }
  if (kind.second > 0) readings.push_back({kind.first, joined(folded, kind.second), joined(marked, std::min(kind.second, marked.size()))});
  readings.push_back(whole);
  return readings;
}

bool may_be(Kind kind, Level level) {
  switch (kind) {
    case Kind::none: return true;
    case Kind::province: return level == Level::province;
    case Kind::city: return level != Level::ward;
    case Kind::urban_district:
    case Kind::rural_district:
    case Kind::town: return level == Level::district;
    default: return level == Level::ward;
  }
}

bool name_less(const std::string& a, const std::string& b) {
  const auto x = read_official(a), y = read_official(b);
  const bool x_number = all_digits(x.key), y_number = all_digits(y.key);
  if (x_number != y_number) return x_number;
  if (x_number && x.key != y.key) return x.key.size() != y.key.size() ? x.key.size() < y.key.size() : x.key < y.key;
  return x.key != y.key ? x.key < y.key : a < b;
}

}  // namespace motcua::units
