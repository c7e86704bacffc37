#include "rooms/venues/model.hpp"

#include <algorithm>
#include <array>

#include "platform/toml/toml.hpp"

namespace motcua::venues {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// What stands between the digits of a short code as people write them.
bool is_between(char c) { return c == ' ' || c == '.' || c == '-' || c == '\t' || c == '\r' || c == '\n'; }

/// The last part of the address on a poster.
std::string_view last_part(std::string_view text) {
  if (const auto end = text.find_first_of("?#"); end != std::string_view::npos) text = text.substr(0, end);
  const auto slash = text.rfind('/');
  return slash == std::string_view::npos ? text : text.substr(slash + 1);
}

bool is_poster_code(std::string_view text) {
  return text.size() == poster_code_chars && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); });
}

}  // namespace

Result<std::vector<Kind>> read_kinds(std::string_view text) {
  constexpr std::array<std::string_view, 5> visits{"venue", "vehicle", "work", "school", "health"};
  TRY_ASSIGN(const auto file, toml::parse(text, "policies/venues.toml"));
  TRY(file.only({"kind"}));
  TRY_ASSIGN(const auto tables, file.tables("kind"));
  std::vector<Kind> kinds;
  for (const auto& table : tables) {
    TRY(table.only({"name", "visit", "stay_min", "from", "to", "confidence"}));
    Kind kind;
    TRY_ASSIGN(kind.name, table.text("name"));
    TRY_ASSIGN(kind.visit, table.text("visit"));
    if (std::find(visits.begin(), visits.end(), kind.visit) == visits.end()) return table.failure("venues.policy_invalid", "visit");
    TRY_ASSIGN(const auto minutes, table.integer("stay_min", 1, 2880));
    kind.stay = std::chrono::minutes(minutes);
    TRY_ASSIGN(kind.from, table.date("from"));
    if (table.has("to")) {
      TRY_ASSIGN(kind.to, table.date("to"));
    }
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

const Kind* find_kind(const std::vector<Kind>& kinds, std::string_view name, Date on) {
  for (const Kind& kind : kinds)
    if (kind.name == name && kind.from <= on && (!kind.to || on < *kind.to)) return &kind;
  return nullptr;
}

char check_digit(std::string_view digits) {
  // A totally anti-symmetric quasigroup of order 10 with a diagonal of zeros: H. Michael Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004.
  static constexpr std::array<std::string_view, 10> table{"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
                                                          "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"};
  int at = 0;
  for (const char c : digits) at = table[static_cast<std::size_t>(at)][static_cast<std::size_t>(c - '0')] - '0';
  return static_cast<char>('0' + at);
}

std::string to_short_code(std::uint64_t random) {
  constexpr std::uint64_t first = 10'000'000, count = 90'000'000;
  std::string digits = std::to_string(first + random % count);
  digits += check_digit(digits);
  return digits;
}

std::string in_groups(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % 3 == 0) out += ' ';
    out += code[i];
  }
  return out;
}

Result<std::string> parse_code(std::string_view text) {
  constexpr std::size_t text_bytes_max = 500;
  if (text.size() > text_bytes_max) return invalid("venues.code_unreadable", "code");
  std::string digits;
  if (std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_between(c); }))
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  if (digits.size() == short_code_digits) {
    if (check_digit(digits) != '0') return invalid("venues.code_mistyped", "code");
    return digits;
  }
  std::string code(last_part(text));
  std::transform(code.begin(), code.end(), code.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  while (!code.empty() && is_between(code.back())) code.pop_back();
  if (!is_poster_code(code)) return invalid("venues.code_unreadable", "code");
  return code;
}

std::optional<std::int64_t> to_shown(std::int64_t count) {
  if (count < count_min) return std::nullopt;
  return count / count_min * count_min;
}

}  // namespace motcua::venues
