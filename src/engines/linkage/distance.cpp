#include "engines/linkage/distance.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace motcua::linkage {
namespace {

constexpr std::size_t edit_bytes_max = 255, jaro_bytes_max = 64, bigram_bytes_max = 64;

void trim_common(std::string_view& a, std::string_view& b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) { a.remove_prefix(1); b.remove_prefix(1); }
  while (!a.empty() && !b.empty() && a.back() == b.back()) { a.remove_suffix(1); b.remove_suffix(1); }
}

/// Hyyrö's bit-parallel optimal string alignment distance; a is at most 64 bytes.
std::size_t edit_distance_64(std::string_view a, std::string_view b) {
  thread_local std::array<std::uint64_t, 256> where{};   // all zero between calls
  for (std::size_t i = 0; i < a.size(); ++i) where[static_cast<unsigned char>(a[i])] |= std::uint64_t{1} << i;
  std::uint64_t plus = ~std::uint64_t{0}, minus = 0, diagonal = 0, match_before = 0;
  std::size_t distance = a.size();
  const std::uint64_t last = std::uint64_t{1} << (a.size() - 1);
  for (const char c : b) {
    const std::uint64_t match = where[static_cast<unsigned char>(c)];
    const std::uint64_t swapped = (((~diagonal) & match) << 1) & match_before;
    diagonal = (((match & plus) + plus) ^ plus) | match | minus | swapped;
    std::uint64_t right = minus | ~(diagonal | plus);
    std::uint64_t left = diagonal & plus;
    distance += (right & last) != 0;
    distance -= (left & last) != 0;
    right = (right << 1) | 1;
    left <<= 1;
    plus = left | ~(diagonal | right);
    minus = right & diagonal;
    match_before = match;
  }
  for (const char c : a) where[static_cast<unsigned char>(c)] = 0;
  return distance;
}

std::size_t edit_distance_rows(std::string_view a, std::string_view b) {
  std::array<std::array<std::uint16_t, edit_bytes_max + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint16_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = static_cast<std::uint16_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::uint16_t best = std::min<std::uint16_t>({static_cast<std::uint16_t>(above[j] + 1), static_cast<std::uint16_t>(row[j - 1] + 1),
                                                    static_cast<std::uint16_t>(above[j - 1] + (a[i - 1] != b[j - 1]))});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = std::min<std::uint16_t>(best, static_cast<std::uint16_t>(rows[(i - 2) % 3][j - 2] + 1));
      row[j] = best;
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  trim_common(a, b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.size();
  if (limit == 1) return b.size() == 1 || (a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0]) ? 1 : 2;
  if (b.size() > edit_bytes_max) return limit + 1;
  return a.size() <= 64 ? edit_distance_64(a, b) : edit_distance_rows(a, b);
}

double jaro_winkler(std::string_view a, std::string_view b) {
  a = a.substr(0, jaro_bytes_max);
  b = b.substr(0, jaro_bytes_max);
  if (a == b) return 1;
  if (a.empty() || b.empty()) return 0;
  if (a.size() > b.size() || (a.size() == b.size() && a > b)) std::swap(a, b);   // greedy matching is not symmetric by itself
  const std::size_t window = std::max<std::size_t>(b.size() / 2, 1) - 1;
  thread_local std::array<std::uint64_t, 256> where{};   // all zero between calls
  for (std::size_t j = 0; j < b.size(); ++j) where[static_cast<unsigned char>(b[j])] |= std::uint64_t{1} << j;
  std::uint64_t matched_a = 0, matched_b = 0;
  std::size_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t from = i > window ? ~std::uint64_t{0} << (i - window) : ~std::uint64_t{0};
    const std::uint64_t to = i + window >= 63 ? ~std::uint64_t{0} : (std::uint64_t{2} << (i + window)) - 1;
    const std::uint64_t free = where[static_cast<unsigned char>(a[i])] & from & to & ~matched_b;
    matched_b |= free & (~free + 1);   // the first of them
    matched_a |= static_cast<std::uint64_t>(free != 0) << i;
    matches += free != 0;
  }
  for (const char c : b) where[static_cast<unsigned char>(c)] = 0;
  if (matches == 0) return 0;
  std::size_t half_transpositions = 0;
  for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
    if ((matched_a >> i & 1) == 0) continue;
    while ((matched_b >> j & 1) == 0) ++j;
    half_transpositions += a[i] != b[j++];
  }
  const double m = static_cast<double>(matches);
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + (m - static_cast<double>(half_transpositions) / 2) / m) / 3;
  std::size_t prefix = 0;
  while (prefix < std::min<std::size_t>(4, a.size()) && a[prefix] == b[prefix]) ++prefix;
  return jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro);
}

double bigram_dice(std::string_view a, std::string_view b) {
  using Bigrams = std::array<std::uint16_t, bigram_bytes_max + 1>;
  const auto take = [](std::string_view text, Bigrams& bigrams) {
    unsigned before = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const unsigned at = i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
      bigrams[i] = static_cast<std::uint16_t>(before << 8 | at);
      before = at;
    }
    std::sort(bigrams.begin(), bigrams.begin() + static_cast<std::ptrdiff_t>(text.size()) + 1);
    return text.size() + 1;
  };
  a = a.substr(0, bigram_bytes_max);
  b = b.substr(0, bigram_bytes_max);
  if (a == b) return 1;
  if (a.empty() || b.empty()) return 0;
  Bigrams x, y;
  const std::size_t n = take(a, x), m = take(b, y);
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    common += x[i] == y[j];
    const bool next_x = x[i] <= y[j], next_y = y[j] <= x[i];
    i += next_x;
    j += next_y;
  }
  return 2.0 * static_cast<double>(common) / static_cast<double>(n + m);
}

bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (i == a.size()) return false;
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace motcua::linkage
