#include "engines/linkage/home.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace motcua::linkage {
namespace {
constexpr double moved_start = 0.03, start_pairs = 200, moved_min = 0.002, moved_max = 0.25;
constexpr double many_share = 0.3;   // strangers agree so often (sex): says nothing of where
}  // namespace

Home find_home(const std::vector<MatchField>& kinds, const std::vector<FieldParameters>& fields, const std::vector<bool>& grouped) {
  Home home{.fields = 0, .moved = moved_start};
  for (std::size_t f = 0; f < kinds.size(); ++f) {
    const FieldKind kind = kinds[f].kind;
    const bool of_groups = grouped[f] && fields[f].levels.front().u < many_share;
    if (kind == FieldKind::address || ((kind == FieldKind::text || kind == FieldKind::category || kind == FieldKind::id) && of_groups)) home.fields |= 1u << f;
  }
  return std::popcount(home.fields) > 1 ? home : Home{};
}

double home_bits(const Home& home, double sum) { return home.moved <= 0 ? sum : std::log2((1 - home.moved) * std::exp2(sum) + home.moved); }

double stayed(const Home& home, double sum) {
  const double likely = (1 - home.moved) * std::exp2(sum);
  return home.moved <= 0 ? 1 : likely / (likely + home.moved);
}

double learn_moved(const Moves& moves) {
  return std::clamp((moves.moved + moved_start * start_pairs) / (moves.pairs + start_pairs), moved_min, moved_max);
}

}  // namespace motcua::linkage
