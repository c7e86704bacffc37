#include "engines/linkage/match_parts.hpp"

#include <algorithm>
#include <utility>

#include "engines/linkage/block.hpp"
#include "engines/linkage/hash_sort.hpp"

namespace motcua::linkage {
namespace {

/// Of a number's head or tail: they do not overlap, and a character more or less moves neither.
std::size_t end_length(std::string_view text) { return text.size() >= 12 ? 6 : text.size() >= 8 ? 4 : text.size() >= 6 ? 3 : 0; }

}  // namespace

std::uint64_t hash_of_part(const MatchColumn& c, TextId value, Part part) {
  if (value == 0) return 0;
  const std::string_view text = c.text(value);
  switch (part) {
    case Part::value: return hash_text(text, 1);
    case Part::skeleton: return c.parsed[value].skeleton;
    case Part::year: return hash_text(text.substr(0, 4), 2);
    case Part::year_month: return text.substr(4, 2) == "00" ? 0 : hash_text(text.substr(0, 6), 3);
    case Part::month_day: return text.ends_with("00") ? 0 : hash_text(text.substr(text.size() - 4), 4);
    case Part::local: return hash_text(text.substr(0, text.find('@')), 5);
    case Part::head: return end_length(text) == 0 ? 0 : hash_text(text.substr(0, end_length(text)), 6);
    case Part::tail: return end_length(text) == 0 ? 0 : hash_text(text.substr(text.size() - end_length(text)), 7);
    case Part::words: return 0;   // more than one
  }
  return 0;
}

std::vector<Part> parts_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::name: return {Part::value, Part::skeleton};
    case FieldKind::date: return {Part::value, Part::year_month, Part::month_day, Part::year};
    case FieldKind::email: return {Part::value, Part::local};
    case FieldKind::text: case FieldKind::address: return {Part::value, Part::skeleton};
    case FieldKind::id: case FieldKind::phone: return {Part::value, Part::head, Part::tail};
    default: return {Part::value};
  }
}

std::string_view name_of(Part part) {
  constexpr std::string_view names[] = {"", "(sound)", "(year)", "(year, month)", "(month, day)", "(before @)", "(first characters)", "(last characters)", "(rare words)"};
  return names[static_cast<std::size_t>(part)];
}

std::vector<std::uint32_t> number_parts(const MatchColumn& c, Part part) {
  std::vector<KeyEntry> hashes;
  hashes.reserve(c.values.size());
  for (TextId value = 1; value < c.values.size(); ++value)
    if (const std::uint64_t hash = hash_of_part(c, value, part); hash != 0) hashes.emplace_back(hash, value);
  sort_by_hash(hashes, [](const KeyEntry& e) { return e.key(); });
  std::vector<std::uint32_t> numbers(c.values.size(), 0);
  std::uint32_t number = 0;
  for (std::uint64_t before = 0; const KeyEntry& e : hashes) {
    number += e.key() != std::exchange(before, e.key());
    numbers[e.record] = number;
  }
  return numbers;
}

RareWords find_rare_words(const MatchTable::Columns& table, std::size_t field) {
  const MatchColumn& c = table.columns[field];
  const std::vector<std::uint32_t> holding = table.rows_with_word(field);
  std::vector<std::pair<std::uint64_t, TextId>> order;   // numbered by what the words are, not by when they came
  for (TextId word = 1; word < holding.size(); ++word)
    if (holding[word] > 1 && holding[word] <= RareWords::rows_max) order.emplace_back(c.word_texts.hash(word), word);
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> number(holding.size(), 0), rows_of(order.size() + 1, 0);
  for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i].second] = i + 1;

  RareWords found{.of_value = std::vector<RareWords::Words>(c.values.size(), RareWords::Words{})};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rare;   // rows, number
  for (TextId v = 1; v < c.parsed.size(); ++v) {
    rare.clear();
    if (c.parsed[v].words < 2) continue;   // one word is the value itself
    for (std::size_t w = c.parsed[v].first_word; w < c.parsed[v].first_word + std::size_t{c.parsed[v].words}; ++w)
      if (number[c.words[w]] != 0) rare.emplace_back(holding[c.words[w]], number[c.words[w]]);
    std::sort(rare.begin(), rare.end());
    std::uint32_t rows = 0;
    for (std::size_t i = 0; i < std::min(rare.size(), RareWords::words_max) && (rows += rare[i].first) <= RareWords::rows_max; ++i) found.of_value[v][i] = rare[i].second;
  }
  double pairs = 0, filled = 0;
  for (RecordIndex r = 0; r < table.rows(); ++r) {
    const RareWords::Words& words = found.of_value[table.value(r, field)];
    filled += words[0] != 0;
    for (const std::uint32_t word : words)
      if (word != 0) pairs += rows_of[word]++;
  }
  const double rows = std::max(1.0, static_cast<double>(table.rows()));
  found.pairs_per_record = pairs / rows;
  found.filled = filled / rows;
  return found;
}

}  // namespace motcua::linkage
