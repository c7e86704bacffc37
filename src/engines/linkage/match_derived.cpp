#include "engines/linkage/match_derived.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "engines/linkage/pool.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t letters_min = 3;           // of a name to be found in an address: shorter ones are found anywhere
constexpr double rows_made_of_names_min = 0.1;

/// The address without the names of its row, and the fields they stand in.
struct Rest {
  std::string text;
  std::uint32_t made_of = 0;
};

Rest without_names(const MatchTable::Columns& table, RecordIndex row, std::size_t field) {
  std::vector<std::pair<std::string_view, std::size_t>> words;   // longest first, whatever the order of columns
  for (std::size_t f = 0; f < table.columns.size(); ++f) {
    const MatchColumn& c = table.columns[f];
    if (c.field.kind != FieldKind::name || table.value(row, f) == 0) continue;
    const MatchValue& name = c.parsed[table.value(row, f)];
    for (std::size_t w = name.first_word; w < name.first_word + std::size_t{name.words}; ++w)
      if (const std::string_view word = c.word_texts.text(c.words[w]); word.size() >= letters_min) words.emplace_back(word, f);
  }
  std::sort(words.begin(), words.end(), [](const auto& x, const auto& y) { return x.first.size() != y.first.size() ? x.first.size() > y.first.size() : x.first < y.first; });
  Rest rest{std::string(table.columns[field].text(table.value(row, field)))};
  for (const auto& [word, f] : words) {
    const std::size_t at = rest.text.find(word);
    if (at == std::string::npos || at >= rest.text.find('@')) continue;
    rest.text.replace(at, word.size(), "-");
    rest.made_of |= std::uint32_t{1} << f;
  }
  return rest;
}

/// How often each level comes up between two rests, drawn in an order of their own.
std::vector<double> levels_between(std::vector<std::string> rests, std::size_t levels) {
  constexpr std::uint64_t draws = 4000;
  std::sort(rests.begin(), rests.end());
  std::vector<double> seen(levels + 1, 0.5);
  for (std::uint64_t i = 0; i < draws; ++i) {
    const std::uint64_t draw = mix(i + 1);
    seen[compare_addresses(rests[(draw >> 32) % rests.size()], rests[(draw & 0xffffffff) % rests.size()])] += 1;
  }
  for (double& share : seen) share /= draws;
  return seen;
}

DerivedAddresses find_in(const MatchTable::Columns& table, std::size_t field) {
  const std::size_t values = table.columns[field].values.size();
  DerivedAddresses found{.field = field, .made_of = std::vector<std::uint32_t>(values, 0), .shared = std::vector<float>(values, 0)};
  std::unordered_map<std::string, std::uint32_t> number;
  std::vector<std::pair<TextId, std::uint32_t>> told_as;   // value, number of its rest
  std::vector<std::string> rests;
  double told = 0;
  for (RecordIndex r = 0; r < table.rows(); ++r) {
    const TextId value = table.value(r, field);
    if (value == 0) continue;
    ++told;
    const Rest rest = without_names(table, r, field);
    if (rest.made_of == 0) continue;
    found.made_of[value] |= rest.made_of;
    rests.push_back(rest.text);
    told_as.emplace_back(value, number.emplace(rest.text, static_cast<std::uint32_t>(number.size())).first->second);
  }
  const double derived = static_cast<double>(rests.size());
  if (rests.empty() || derived < rows_made_of_names_min * told) return {};
  found.of_names = levels_between(std::move(rests), starting_parameters(table.columns[field].field).levels.size());
  for (double& share : found.of_names) share *= derived / told;
  std::sort(told_as.begin(), told_as.end());
  told_as.erase(std::unique(told_as.begin(), told_as.end()), told_as.end());
  std::vector<double> addresses(number.size(), 0);
  for (const auto& [value, rest] : told_as) ++addresses[rest];
  for (const auto& [value, rest] : told_as) found.shared[value] = std::max(found.shared[value], static_cast<float>((addresses[rest] - 1) / static_cast<double>(values)));
  return found;
}

}  // namespace

std::vector<DerivedAddresses> find_derived_addresses(const MatchTable::Columns& table) {
  std::vector<DerivedAddresses> all;
  for (std::size_t f = 0; f < table.columns.size(); ++f) {
    if (table.columns[f].field.kind != FieldKind::email) continue;
    if (DerivedAddresses found = find_in(table, f); !found.made_of.empty()) all.push_back(std::move(found));
  }
  return all;
}

}  // namespace motcua::linkage
