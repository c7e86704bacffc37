#include "engines/contacts/closeness.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace motcua::contacts {
namespace {

struct KindRow {
  std::string_view text;
  Nearness usual;
};
constexpr float no_crowd = std::numeric_limits<float>::infinity();
constexpr float crowd_half = 40;
constexpr double any_distance = 1e9;
constexpr std::array<KindRow, kinds_count> kind_rows{{{"household", {any_distance, any_row, 1.0F, no_crowd}},
                                                      {"work", {any_distance, any_row, 0.6F, no_crowd}},
                                                      {"school", {any_distance, any_row, 0.6F, no_crowd}},
                                                      {"health", {any_distance, any_row, 0.7F, crowd_half}},
                                                      {"venue", {any_distance, any_row, 0.35F, crowd_half}},
                                                      {"vehicle", {any_distance, 2, 0.5F, crowd_half}},
                                                      {"flight", {any_distance, 2, 0.45F, crowd_half}},
                                                      {"proximity", {any_distance, any_row, 0.85F, no_crowd}},
                                                      {"encounter", {any_distance, any_row, 0.8F, no_crowd}},
                                                      {"declared", {any_distance, any_row, 0.8F, no_crowd}}}};
constexpr float seats_near_factor = 1.6F;     // within two rows of each other, known
constexpr float distance_known_factor = 1.15F;
constexpr float strength_floor = 1e-4F;       // weak, but counted

}  // namespace

std::string_view to_text(Kind kind) { return kind_rows[static_cast<std::size_t>(kind)].text; }

std::optional<Kind> parse_kind(std::string_view text) {
  for (std::size_t i = 0; i < kind_rows.size(); ++i)
    if (kind_rows[i].text == text) return static_cast<Kind>(i);
  return std::nullopt;
}

Seat parse_seat(std::string_view text) {
  Seat seat;
  int digits = 0;
  int letters = 0;
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (std::isdigit(c) != 0) {
      seat.row = static_cast<std::int16_t>(seat.row * 10 + (c - '0'));
      if (++digits > 3) return {};
    } else if (std::isalpha(c) != 0) {
      seat.letter = static_cast<char>(std::toupper(c));
      if (++letters > 1) return {};
    } else if (c != ' ' && c != '-' && c != '.' && c != '/') {
      return {};
    }
  }
  if (seat.row == 0) return {};
  return seat;
}

NearnessTable usual_nearness() {
  NearnessTable table;
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = kind_rows[i].usual;
  return table;
}

bool seats_near(const Nearness& nearness, const Seat& a, const Seat& b) {
  return a.row == 0 || b.row == 0 || std::abs(a.row - b.row) <= nearness.seat_rows_max;
}

bool is_near(const Visit& a, const Visit& b, const Rules& rules) {
  return seats_near(rules.nearness[static_cast<std::size_t>(a.kind)], a.seat, b.seat) && seats_near(rules.nearness[static_cast<std::size_t>(b.kind)], a.seat, b.seat);
}

bool is_near(const Encounter& encounter, const Rules& rules) {
  const double limit = std::min(rules.distance_max_m, rules.nearness[static_cast<std::size_t>(encounter.kind)].distance_max_m);
  return encounter.distance_m < 0 || encounter.distance_m <= limit + 1e-6;
}

float strength_of(const Nearness& nearness, Time overlap_ms, bool near_seats, float distance_m, int crowd) {
  constexpr float quarter_hour_ms = 15 * 60'000;
  float weight = nearness.weight;
  if (near_seats) weight *= seats_near_factor;
  if (distance_m >= 0) weight *= distance_known_factor;
  if (crowd > 1) weight /= 1 + static_cast<float>(crowd - 1) / nearness.crowd_half;
  weight *= 1 - std::exp(-static_cast<float>(overlap_ms) / quarter_hour_ms);
  return std::clamp(weight, strength_floor, 0.99F);
}

}  // namespace motcua::contacts
