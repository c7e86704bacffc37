// Agreement levels by kind of field.
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "engines/linkage/distance.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/person_compare.hpp"

namespace motcua::linkage {
namespace {

constexpr double close_similarity = 0.92, close_bigrams = 0.93;

constexpr std::size_t unmatched_words_max = 8, slip_letters_min = 4;

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// One slip apart, or an initial and its word.
bool are_one_word(std::string_view x, std::string_view y) {
  if (has_digit(x) != has_digit(y)) return false;
  if (x.size() == 1 || y.size() == 1) return x[0] == y[0];
  return std::min(x.size(), y.size()) >= slip_letters_min && edit_distance(x, y, 1) <= 1;
}

/// The words of one value that the other lacks.
struct Unmatched {
  std::array<TextId, unmatched_words_max> words{};
  std::size_t count = 0;
  void add(TextId word) {
    if (count < unmatched_words_max) words[count] = word;
    ++count;
  }
};

double weight_of(const MatchColumn& c, TextId word) { return word < c.word_weights.size() ? c.word_weights[word] : 1; }

/// Weight that unmatched words have in common all the same. The heavier of two such words must not decide, so the smaller weight counts, on both sides.
/// Where very many are unmatched, few letters more or less do not matter.
double weight_alike(const MatchColumn& c, const Unmatched& a, const Unmatched& b) {
  if (std::max(a.count, b.count) > unmatched_words_max) return 0;
  struct Alike {
    double weight;
    std::size_t i, j;
    std::string_view first, second;   // the two words, so that equal weights come in an order of their own
  };
  std::array<Alike, unmatched_words_max * unmatched_words_max> alike;
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.count; ++i)
    for (std::size_t j = 0; j < b.count; ++j) {
      const std::string_view x = c.word_texts.text(a.words[i]), y = c.word_texts.text(b.words[j]);
      if (are_one_word(x, y)) alike[count++] = {std::min(weight_of(c, a.words[i]), weight_of(c, b.words[j])), i, j, std::min(x, y), std::max(x, y)};
    }
  std::sort(alike.begin(), alike.begin() + static_cast<std::ptrdiff_t>(count), [](const Alike& x, const Alike& y) {
    return x.weight != y.weight ? x.weight > y.weight : std::tie(x.first, x.second) < std::tie(y.first, y.second);
  });
  double sum = 0;
  std::uint32_t used_a = 0, used_b = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const Alike& pair = alike[k];
    if ((used_a >> pair.i & 1) != 0 || (used_b >> pair.j & 1) != 0) continue;
    used_a |= 1U << pair.i, used_b |= 1U << pair.j;
    sum += pair.weight;
  }
  return sum;
}

/// Each has a number that the other lacks.
bool have_different_numbers(const MatchColumn& c, const MatchValue& a, const MatchValue& b) {
  const auto has_own_number = [&c](const MatchValue& of, const MatchValue& other) {
    const auto words = c.words.begin();
    for (std::size_t i = of.first_word; i < of.first_word + std::size_t{of.words}; ++i)
      if (has_digit(c.word_texts.text(words[static_cast<std::ptrdiff_t>(i)])) && !std::binary_search(words + other.first_word, words + other.first_word + other.words, words[static_cast<std::ptrdiff_t>(i)])) return true;
    return false;
  };
  return has_own_number(a, b) && has_own_number(b, a);
}

/// Values of one word are compared by their letters, the rest by their words. Texts that are alike but for a number (of a model, of a volume) have a
/// level of their own; in addresses a number is as often mistyped as meant.
std::uint8_t compare_texts(const MatchColumn& c, TextId a, TextId b) {
  constexpr std::uint8_t close = 2, most = 3, half = 4, some = 5, other_number = 6;
  const std::uint8_t differs = c.field.kind == FieldKind::text ? 8 : 7;
  const std::string_view x = c.text(a), y = c.text(b);
  const MatchValue &u = c.parsed[a], &v = c.parsed[b];
  const bool one_slip = edit_distance(x, y, 1) <= 1;
  if (c.field.kind == FieldKind::text && std::max(u.words, v.words) > 1 && have_different_numbers(c, u, v))
    return one_slip || word_similarity(c, u, v) >= 0.3 ? other_number : differs;
  if (one_slip) return close;
  if (std::max(u.words, v.words) <= 1) {
    const double similarity = jaro_winkler(x, y);
    return similarity >= close_similarity ? close : similarity >= 0.87 ? most : similarity >= 0.8 ? half : differs;
  }
  const double similarity = word_similarity(c, u, v);
  if (similarity >= 0.97 || bigram_dice(x, y) >= close_bigrams) return close;
  return similarity >= 0.8 ? most : similarity >= 0.55 ? half : similarity >= 0.3 ? some : differs;
}

std::uint8_t compare_names_of_table(const MatchColumn& c, TextId a, TextId b) {
  const std::string_view x = c.text(a), y = c.text(b);
  const double similarity = jaro_winkler(x, y);
  if (similarity >= close_similarity || edit_distance(x, y, 1) <= 1) return 2;
  const MatchValue &u = c.parsed[a], &v = c.parsed[b];
  const double common = u.words > 1 || v.words > 1 ? word_similarity(c, u, v) : 0;
  if (common >= 0.8 && std::min(u.words, v.words) > 1) return 2;
  if (similarity >= 0.8 || common >= 0.5) return 3;
  return 5;
}

/// The person model's levels in those of a table: An and Anh, Lan and Vân are other names however alike they look.
std::uint8_t compare_vietnamese(const MatchColumn& c, TextId a, TextId b) {
  switch (compare_names(c.people, c.names[a], c.names[b])) {
    case name_missing: return 0;
    case name_same_marked: case name_same_folded: return 1;
    case name_reordered: case name_typo: case name_middle_missing: return 2;
    case name_marks_differ: case name_similar: case name_middle_differs: return 3;
    default: return 5;
  }
}

std::uint8_t compare_dates(std::string_view x, std::string_view y) {
  if (x.size() != y.size()) {   // one of them is no day
    const std::size_t apart = edit_distance(x, y, 2);
    return apart <= 1 ? 2 : apart == 2 ? 3 : 5;
  }
  if (is_one_slip(x, y)) return 2;
  const std::string_view year_x = x.substr(0, 4), year_y = y.substr(0, 4), month_x = x.substr(4, 2), month_y = y.substr(4, 2),
                         day_x = x.substr(6, 2), day_y = y.substr(6, 2);
  if (year_x == year_y && month_x == day_y && day_x == month_y) return 2;
  if (year_x == year_y && (day_x == "00" || day_y == "00")) return 4;
  const int same = (year_x == year_y) + (month_x == month_y) + (day_x == day_y);
  if (same == 2 || edit_distance(x, y, 2) <= 2) return 3;
  return same == 1 && year_x == year_y ? 4 : 5;
}

std::uint8_t compare_codes(std::string_view x, std::string_view y) {
  const std::size_t apart = edit_distance(x, y, 2);
  return apart <= 1 ? 2 : apart == 2 && std::min(x.size(), y.size()) >= 6 ? 3 : 4;
}

/// Two digits changed places, or one is no year and one slip away from the other. (One other digit is another year as often as a slip.)
bool are_slipped_years(const MatchColumn& c, TextId a, TextId b) {
  const auto is_year = [&](TextId year) { return c.numbers[year] >= 1000 && c.numbers[year] < 2200; };
  const std::string_view x = c.text(a), y = c.text(b);
  if (is_year(a) && is_year(b)) return std::is_permutation(x.begin(), x.end(), y.begin(), y.end()) && is_one_slip(x, y);
  return (is_year(a) || is_year(b)) && edit_distance(x, y, 1) <= 1;
}

/// By how many rows lie between the two, so that levels fit any scale; by proportion where rows were not counted.
std::uint8_t compare_numbers(const MatchColumn& c, TextId a, TextId b) {
  enum : std::uint8_t { near = 2, close, rough, differs };
  const double x = c.numbers[a], y = c.numbers[b];
  if (x == y) return level_same;
  if (a < c.places.size() && b < c.places.size()) {
    const double between = std::abs(c.places[a] - c.places[b]);
    return between <= 0.003 ? near : between <= 0.015 ? close : between <= 0.06 ? rough : differs;
  }
  const double apart = std::abs(x - y), size = std::max(std::abs(x), std::abs(y));
  return apart <= 0.01 * size ? near : apart <= 0.05 * size ? close : apart <= 0.2 * size ? rough : differs;
}

}  // namespace

std::uint8_t compare_addresses(std::string_view x, std::string_view y) {
  if (x == y) return level_same;
  const std::string_view local_x = x.substr(0, x.find('@')), local_y = y.substr(0, y.find('@'));
  if (local_x == local_y || edit_distance(x, y, 1) <= 1) return 2;
  return jaro_winkler(local_x, local_y) >= 0.9 ? 3 : 4;
}

double word_similarity(const MatchColumn& c, const MatchValue& a, const MatchValue& b) {
  const TextId *x = c.words.data() + a.first_word, *y = c.words.data() + b.first_word;
  double of_a = 0, of_b = 0, common = 0;
  Unmatched only_a, only_b;
  for (int i = 0, j = 0; i < a.words || j < b.words;) {
    if (j == b.words || (i < a.words && x[i] < y[j])) {
      of_a += weight_of(c, x[i]);
      only_a.add(x[i++]);
    } else if (i == a.words || y[j] < x[i]) {
      of_b += weight_of(c, y[j]);
      only_b.add(y[j++]);
    } else {
      const double weight = weight_of(c, x[i++]);
      ++j;
      of_a += weight, of_b += weight, common += weight;
    }
  }
  if (of_a <= 0 || of_b <= 0) return 0;
  common += weight_alike(c, only_a, only_b);
  return common / (of_a + of_b) + common / (2 * std::min(of_a, of_b));
}

FieldParameters starting_parameters(const MatchField& field) {
  const auto levels = [&](std::initializer_list<std::pair<const char*, std::pair<double, double>>> list) {
    FieldParameters p{field.name, {}};
    for (const auto& [code, mu] : list) p.levels.push_back({field.name + "." + code, mu.first, mu.second});
    return p;
  };
  switch (field.kind) {
    case FieldKind::name:
      return levels({{"same", {0.80, 0.01}}, {"close", {0.09, 0.005}}, {"similar", {0.04, 0.02}}, {"swapped", {0.01, 0.001}}, {"differs", {0.06, 0.964}}});
    case FieldKind::text:
      return levels({{"same", {0.65, 0.005}}, {"close", {0.12, 0.002}}, {"most", {0.08, 0.003}}, {"half", {0.05, 0.01}}, {"some", {0.03, 0.03}}, {"other_number", {0.005, 0.01}}, {"swapped", {0.01, 0.001}}, {"differs", {0.055, 0.939}}});
    case FieldKind::address:
      return levels({{"same", {0.70, 0.002}}, {"close", {0.11, 0.002}}, {"most", {0.05, 0.003}}, {"half", {0.03, 0.02}}, {"some", {0.02, 0.03}}, {"swapped", {0.01, 0.001}}, {"differs", {0.08, 0.942}}});
    case FieldKind::date:
      return levels({{"same", {0.84, 1e-4}}, {"one_slip", {0.06, 1e-3}}, {"close", {0.05, 0.01}}, {"same_year", {0.02, 0.01}}, {"differs", {0.03, 0.9789}}});
    case FieldKind::year: return levels({{"same", {0.90, 0.015}}, {"near", {0.05, 0.03}}, {"differs", {0.05, 0.955}}});
    case FieldKind::id: return levels({{"same", {0.88, 1e-5}}, {"one_slip", {0.06, 1e-4}}, {"close", {0.02, 1e-3}}, {"differs", {0.04, 0.99889}}});
    case FieldKind::phone: return levels({{"same", {0.75, 1e-4}}, {"one_slip", {0.05, 1e-4}}, {"close", {0.02, 1e-3}}, {"differs", {0.18, 0.9988}}});
    case FieldKind::number: return levels({{"same", {0.78, 0.02}}, {"near", {0.05, 0.006}}, {"close", {0.04, 0.024}}, {"rough", {0.03, 0.09}}, {"differs", {0.10, 0.86}}});
    case FieldKind::category: return levels({{"same", {0.92, 0.2}}, {"differs", {0.08, 0.8}}});
    case FieldKind::email: return levels({{"same", {0.75, 1e-4}}, {"close", {0.10, 1e-3}}, {"similar", {0.05, 0.01}}, {"differs", {0.10, 0.9889}}});
  }
  return {};
}

std::uint8_t swapped_level(FieldKind kind) { return kind == FieldKind::name ? 4 : kind == FieldKind::text ? 7 : kind == FieldKind::address ? 6 : 0; }

std::uint8_t compare_values(const MatchColumn& c, TextId a, TextId b) {
  if (a == 0 || b == 0) return 0;
  if (a == b) return level_same;
  switch (c.field.kind) {
    case FieldKind::name: return c.field.vietnamese ? compare_vietnamese(c, a, b) : compare_names_of_table(c, a, b);
    case FieldKind::text: case FieldKind::address: return compare_texts(c, a, b);
    case FieldKind::date: return compare_dates(c.text(a), c.text(b));
    case FieldKind::year: return std::abs(c.numbers[a] - c.numbers[b]) <= 1 || are_slipped_years(c, a, b) ? 2 : 3;
    case FieldKind::id: case FieldKind::phone: return are_far_apart(c.codes[a], c.codes[b]) ? 4 : compare_codes(c.text(a), c.text(b));
    case FieldKind::number: return compare_numbers(c, a, b);
    case FieldKind::category: return 2;
    case FieldKind::email: return compare_addresses(c.text(a), c.text(b));
  }
  return 0;
}

Levels compare_rows(const MatchTable::Columns& table, RecordIndex a, RecordIndex b) {
  Levels levels{};
  const TextId *row_a = table.row(a), *row_b = table.row(b);
  for (std::size_t f = 0; f < table.columns.size(); ++f) levels[f] = compare_values(table.columns[f], row_a[f], row_b[f]);
  find_swapped_values(table, a, b, levels);
  return levels;
}

/// Equal, or one slip apart: as `close` is for names of one column.
static bool are_alike(std::string_view x, std::string_view y) {
  return x == y || jaro_winkler(x, y) >= close_similarity || edit_distance(x, y, 1) <= 1;
}

void find_swapped_values(const MatchTable::Columns& table, RecordIndex a, RecordIndex b, Levels& levels) {
  const auto differs = [](FieldKind kind, std::uint8_t level) { return swapped_level(kind) != 0 && level >= swapped_level(kind); };
  const std::size_t n = table.columns.size();
  const TextId *row_a = table.row(a), *row_b = table.row(b);
  for (std::size_t f = 0; f < n; ++f) {
    const MatchColumn& x = table.columns[f];
    if (!differs(x.field.kind, levels[f])) continue;
    for (std::size_t g = f + 1; g < n; ++g) {
      const MatchColumn& y = table.columns[g];
      if (x.field.kind == y.field.kind && differs(y.field.kind, levels[g]) && are_alike(x.text(row_a[f]), y.text(row_b[g])) && are_alike(y.text(row_a[g]), x.text(row_b[f])))
        levels[f] = levels[g] = swapped_level(x.field.kind);
    }
  }
}

}  // namespace motcua::linkage
