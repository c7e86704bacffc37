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
  float closeness;        // of an hour spent there, beside a household's
};
// Secondary attack falls from the household over care, class and office to places people pass through.
constexpr std::array<KindRow, kinds_count> kind_rows{{{"household", 1.0F},
                                                      {"work", 0.6F},
                                                      {"school", 0.6F},
                                                      {"health", 0.7F},
                                                      {"venue", 0.35F},
                                                      {"vehicle", 0.5F},
                                                      {"flight", 0.45F},
                                                      {"proximity", 0.85F},
                                                      {"encounter", 0.8F},
                                                      {"declared", 0.8F}}};
constexpr float seats_near_factor = 1.6F;     // within two rows of each other, known
constexpr float distance_known_factor = 1.15F;
constexpr float crowd_half = 40;              // so many others there halve the weight
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

bool is_near(const Visit& a, const Visit& b, const Rules& rules) {
  if (a.kind != Kind::vehicle && a.kind != Kind::flight) return true;
  if (a.seat.row == 0 || b.seat.row == 0) return true;
  return std::abs(a.seat.row - b.seat.row) <= rules.seat_rows_max;
}

bool is_near(const Encounter& encounter, const Rules& rules) {
  return encounter.distance_m < 0 || encounter.distance_m <= rules.distance_max_m + 1e-6;
}

float strength_of(Kind kind, Time overlap_ms, bool seats_near, float distance_m, int crowd) {
  constexpr float quarter_hour_ms = 15 * 60'000;
  float weight = kind_rows[static_cast<std::size_t>(kind)].closeness;
  if (seats_near) weight *= seats_near_factor;
  if (distance_m >= 0) weight *= distance_known_factor;
  if (kind == Kind::venue || kind == Kind::vehicle || kind == Kind::flight || kind == Kind::health)
    weight *= crowd_half / (crowd_half + static_cast<float>(std::max(0, crowd - 1)));
  weight *= 1 - std::exp(-static_cast<float>(overlap_ms) / quarter_hour_ms);
  return std::clamp(weight, strength_floor, 0.99F);
}

}  // namespace motcua::contacts
