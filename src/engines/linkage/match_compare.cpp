// Agreement levels by kind of field.
#include <algorithm>
#include <cmath>

#include "engines/linkage/distance.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/person_compare.hpp"

namespace motcua::linkage {
namespace {

constexpr double close_similarity = 0.92;

/// Share of common words of the shorter value.
double common_words(const MatchColumn& c, const MatchValue& a, const MatchValue& b) {
  if (a.words == 0 || b.words == 0) return 0;
  int common = 0;
  for (int i = 0; i < a.words; ++i) {
    const TextId word = c.words[a.first_word + static_cast<std::size_t>(i)];
    common += std::binary_search(c.words.begin() + b.first_word, c.words.begin() + b.first_word + b.words, word);
  }
  return static_cast<double>(common) / std::min(a.words, b.words);
}

std::uint8_t compare_texts(const MatchColumn& c, TextId a, TextId b) {
  const std::string_view x = c.text(a), y = c.text(b);
  const double similarity = jaro_winkler(x, y);
  if (similarity >= close_similarity || edit_distance(x, y, 1) <= 1) return 2;
  const MatchValue &u = c.parsed[a], &v = c.parsed[b];
  const double common = u.words > 1 || v.words > 1 ? common_words(c, u, v) : 0;
  if (common >= 0.99 && std::min(u.words, v.words) > 1) return 2;
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

std::uint8_t compare_numbers(double x, double y) {
  const double apart = std::abs(x - y), size = std::max(std::abs(x), std::abs(y));
  return apart <= 0.01 * size ? 2 : apart <= 0.1 * size ? 3 : 4;
}

std::uint8_t compare_emails(std::string_view x, std::string_view y) {
  const std::string_view local_x = x.substr(0, x.find('@')), local_y = y.substr(0, y.find('@'));
  if (local_x == local_y || edit_distance(x, y, 1) <= 1) return 2;
  return jaro_winkler(local_x, local_y) >= 0.9 ? 3 : 4;
}

}  // namespace

FieldParameters starting_parameters(const MatchField& field) {
  const auto levels = [&](std::initializer_list<std::pair<const char*, std::pair<double, double>>> list) {
    FieldParameters p{field.name, {}};
    for (const auto& [code, mu] : list) p.levels.push_back({field.name + "." + code, mu.first, mu.second});
    return p;
  };
  switch (field.kind) {
    case FieldKind::name:
      return levels({{"same", {0.80, 0.01}}, {"close", {0.09, 0.005}}, {"similar", {0.04, 0.02}}, {"swapped", {0.01, 0.001}}, {"differs", {0.06, 0.964}}});
    case FieldKind::text: return levels({{"same", {0.75, 0.01}}, {"close", {0.10, 0.005}}, {"similar", {0.05, 0.03}}, {"swapped", {0.01, 0.001}}, {"differs", {0.09, 0.954}}});
    case FieldKind::address: return levels({{"same", {0.75, 0.002}}, {"close", {0.10, 0.002}}, {"similar", {0.05, 0.02}}, {"swapped", {0.01, 0.001}}, {"differs", {0.09, 0.975}}});
    case FieldKind::date:
      return levels({{"same", {0.84, 1e-4}}, {"one_slip", {0.06, 1e-3}}, {"close", {0.05, 0.01}}, {"same_year", {0.02, 0.01}}, {"differs", {0.03, 0.9789}}});
    case FieldKind::year: return levels({{"same", {0.90, 0.015}}, {"near", {0.05, 0.03}}, {"differs", {0.05, 0.955}}});
    case FieldKind::id: return levels({{"same", {0.88, 1e-5}}, {"one_slip", {0.06, 1e-4}}, {"close", {0.02, 1e-3}}, {"differs", {0.04, 0.99889}}});
    case FieldKind::phone: return levels({{"same", {0.75, 1e-4}}, {"one_slip", {0.05, 1e-4}}, {"close", {0.02, 1e-3}}, {"differs", {0.18, 0.9988}}});
    case FieldKind::number: return levels({{"same", {0.80, 0.02}}, {"near", {0.05, 0.01}}, {"close", {0.05, 0.05}}, {"differs", {0.10, 0.92}}});
    case FieldKind::category: return levels({{"same", {0.92, 0.2}}, {"differs", {0.08, 0.8}}});
    case FieldKind::email: return levels({{"same", {0.75, 1e-4}}, {"close", {0.10, 1e-3}}, {"similar", {0.05, 0.01}}, {"differs", {0.10, 0.9889}}});
  }
  return {};
}

std::uint8_t swapped_level(FieldKind kind) { return kind == FieldKind::name || kind == FieldKind::text || kind == FieldKind::address ? 4 : 0; }

std::uint8_t compare_values(const MatchColumn& c, TextId a, TextId b) {
  if (a == 0 || b == 0) return 0;
  if (a == b) return level_same;
  switch (c.field.kind) {
    case FieldKind::name: return c.field.vietnamese ? compare_vietnamese(c, a, b) : compare_texts(c, a, b);
    case FieldKind::text: case FieldKind::address: return compare_texts(c, a, b);
    case FieldKind::date: return compare_dates(c.text(a), c.text(b));
    case FieldKind::year: return std::abs(c.numbers[a] - c.numbers[b]) <= 1 ? 2 : 3;
    case FieldKind::id: case FieldKind::phone: return are_far_apart(c.codes[a], c.codes[b]) ? 4 : compare_codes(c.text(a), c.text(b));
    case FieldKind::number: return compare_numbers(c.numbers[a], c.numbers[b]);
    case FieldKind::category: return 2;
    case FieldKind::email: return compare_emails(c.text(a), c.text(b));
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
