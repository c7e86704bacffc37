#include "engines/contacts/clusters.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>

namespace motcua::contacts {
namespace {

Result<void> check(const std::vector<Seed>& seeds) {
  if (seeds.size() <= cluster_seeds_max) return {};
  return invalid("contacts.too_many_seeds", "seeds", {{"limit", std::to_string(cluster_seeds_max)}});
}

/// That a person is reached from a case, or a case from it. Level 0: it is the case.
struct Side { std::uint32_t seed; int level; Time at; float weight; };
using Sides = std::unordered_map<Person, std::vector<Side>>;

Result<Sides> sides_of(const std::vector<Seed>& seeds, Direction direction, const std::vector<Person>& stops, const AskOne& ask, bool& partial) {
  Sides sides;
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    const Interval& window = seeds[i].window;
    sides[seeds[i].person].push_back({i, 0, direction == Direction::forward ? window.from : window.to, 0});
    TRY_ASSIGN(const MetBy met, ask(seeds[i], direction, stops));
    partial = partial || met.partial;
    for (const Met& m : met.met) sides[m.person].push_back({i, m.level, m.at, m.weight});
  }
  return sides;
}

int nearer(int known, int level) { return known == 0 ? level : std::min(known, level); }

/// Where a bridge keeps what it learns about chains of one direction.
struct Through { std::uint32_t Bridge::*continues; int Bridge::*level_from; int Bridge::*level_to; };
constexpr Through a_to_b{&Bridge::from_a, &Bridge::level_a, &Bridge::level_b}, b_to_a{&Bridge::from_b, &Bridge::level_b, &Bridge::level_a};

void count_pairs(const std::vector<Side>& from, const std::vector<Side>& to, const Rules& rules, const Through& through, Bridge& bridge) {
  const Time least = std::max<Time>(rules.overlap_min_ms, 1);
  for (const Side& f : from) {
    bool any = false;
    for (const Side& t : to) {
      if (f.level == 0 || t.level == 0 || t.at - (f.at + rules.latent_ms) < least) continue;
      bridge.first_at = bridge.pairs++ == 0 ? f.at : std::min(bridge.first_at, f.at);
      bridge.*through.level_from = nearer(bridge.*through.level_from, f.level);
      bridge.*through.level_to = nearer(bridge.*through.level_to, t.level);
      any = true;
    }
    bridge.*through.continues += any;
  }
}

void find_between(const Sides& from, const Sides& to, const Rules& rules, const Through& through, std::unordered_map<Person, Bridge>& bridges) {
  for (const auto& [person, sides] : from)
    if (const auto met = to.find(person); met != to.end()) count_pairs(sides, met->second, rules, through, bridges[person]);
}

std::uint32_t count_linked(const Sides& from, const std::vector<Seed>& to) {
  std::uint32_t linked = 0;
  for (const Seed& seed : to)
    if (const auto sides = from.find(seed.person); sides != from.end())
      linked += static_cast<std::uint32_t>(std::count_if(sides->second.begin(), sides->second.end(), [&](const Side& s) { return s.level > 0 && s.at < seed.window.to; }));
  return linked;
}

}  // namespace

MetBy to_met(const Answer& answer, Direction direction) {
  MetBy out{{}, answer.partial};
  std::unordered_map<Person, Time> last;
  for (const Arrival& a : answer.arrivals) last[a.person] = direction == Direction::forward ? a.at : -a.at;
  for (const Reached& r : answer.reached) out.met.push_back({r.person, r.level, last.at(r.person), r.strength});
  return out;
}

Result<Bridges> find_bridges(const std::vector<Seed>& a, const std::vector<Seed>& b, const Rules& rules, const AskOne& ask) {
  TRY(check(a));
  TRY(check(b));
  std::vector<Person> cases;
  for (const auto* seeds : {&a, &b})
    for (const Seed& seed : *seeds) cases.push_back(seed.person);
  Bridges out;
  TRY_ASSIGN(const Sides from_a, sides_of(a, Direction::forward, cases, ask, out.partial));
  TRY_ASSIGN(const Sides to_b, sides_of(b, Direction::backward, cases, ask, out.partial));
  TRY_ASSIGN(const Sides from_b, sides_of(b, Direction::forward, cases, ask, out.partial));
  TRY_ASSIGN(const Sides to_a, sides_of(a, Direction::backward, cases, ask, out.partial));
  std::unordered_map<Person, Bridge> bridges;
  find_between(from_a, to_b, rules, a_to_b, bridges);
  find_between(from_b, to_a, rules, b_to_a, bridges);
  out.linked = count_linked(from_a, b) + count_linked(from_b, a);
  for (auto& [person, bridge] : bridges) {
    bridge.person = person;
    if (bridge.pairs > 0) out.bridges.push_back(bridge);
  }
  std::sort(out.bridges.begin(), out.bridges.end(), [](const Bridge& x, const Bridge& y) {
    return std::make_tuple(y.pairs, x.level_a + x.level_b, x.first_at, x.person) < std::make_tuple(x.pairs, y.level_a + y.level_b, y.first_at, y.person);
  });
  return out;
}

Result<Origins> find_origins(const std::vector<Seed>& cases, const AskOne& ask) {
  TRY(check(cases));
  Origins out;
  TRY_ASSIGN(const Sides sides, sides_of(cases, Direction::backward, {}, ask, out.partial));
  for (const auto& [person, reached] : sides) {
    Origin o{.person = person, .at = never};
    for (const Side& s : reached) {
      o.is_case = o.is_case || s.level == 0;
      ++o.cases;
      o.direct += s.level == 1;
      o.level_sum += s.level;
      o.weight += s.weight;
      o.at = std::min(o.at, s.at);
    }
    if (!o.is_case || o.cases > 1) out.origins.push_back(o);
  }
  std::sort(out.origins.begin(), out.origins.end(), [](const Origin& x, const Origin& y) {
    return std::tie(y.cases, x.level_sum, y.weight, x.at, x.person) < std::tie(x.cases, y.level_sum, x.weight, y.at, y.person);
  });
  return out;
}

}  // namespace motcua::contacts
