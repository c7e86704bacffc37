// A small epidemic that walks along the town's contacts.
#include <algorithm>

#include "app/simulate_world.hpp"

namespace motcua::app::town {
namespace {

// Delta variant, 2021: infectious from the second day, mostly for a week; two days from onset to the swab; one in six never falls ill.
constexpr Minute infectious_from = 2 * day_minutes, infectious_until = 9 * day_minutes;
constexpr double incubation_days = 4.5, swab_days = 2.0, share_without_symptoms = 0.17, share_found_without_symptoms = 0.7;
constexpr double household_chance_a_day = 0.10;
constexpr Minute never = INT64_MAX / 2;

Minute days(double n) { return static_cast<Minute>(n * static_cast<double>(day_minutes)); }

}  // namespace

Outbreak::Outbreak(World& world) : world_(world), case_of_(world.town.people.size(), nobody) {}

void Outbreak::seed(Prng& random) {
  auto wanted = 4 + world_.town.people.size() / 10'000;
  for (std::size_t tries = 0; cases_.size() < wanted && tries < wanted * 100; ++tries) {
    auto i = static_cast<Index>(random.below(world_.town.people.size()));
    const auto& p = world_.town.people[i];
    if (p.references == 0 || world_.town.age(p) < 18 || case_of_[i] != nobody) continue;
    infect(random, nobody, i, world_.first_midnight - random.between(0, 3) * day_minutes + 10 * 60);
  }
}

void Outbreak::infect(Prng& random, Index infector, Index person, Minute at) {
  Case c{.person = person, .infector = infector, .infected = at};
  if (!random.chance(share_without_symptoms)) {
    c.onset = at + days(std::clamp(random.normal(incubation_days, 1.2), 2.0, 9.0));
    c.sampled = c.onset + days(std::clamp(random.exponential(swab_days), 0.5, 6.0));
  } else if (random.chance(share_found_without_symptoms)) {
    c.sampled = at + days(random.normal(7, 1.5));
  }
  if (c.sampled != 0) {  // swabs are taken by day
    auto midnight = (c.sampled - last_midnight) / day_minutes * day_minutes + last_midnight;
    if (midnight > c.sampled) midnight -= day_minutes;
    c.sampled = midnight + 8 * 60 + random.between(0, 8 * 60);
    if (c.onset != 0 && c.sampled < c.onset) c.sampled += day_minutes;
  }
  case_of_[person] = static_cast<std::uint32_t>(cases_.size());
  cases_.push_back(c);
}

bool Outbreak::is_infectious(const Case& c, Minute at) const {
  return at >= c.infected + infectious_from && at < c.infected + infectious_until && (c.sampled == 0 || at < c.sampled);
}

Minute Outbreak::isolated_at(Index person) const {
  auto n = case_of_[person];
  return n == nobody || cases_[n].sampled == 0 ? never : cases_[n].sampled;
}

bool Outbreak::is_isolated(Index person, Minute at) const { return at >= isolated_at(person); }

void Outbreak::meet(Prng& random, Index a, Index b, Minute start, Minute minutes, double chance_an_hour) {
  if (case_of_[a] == nobody) std::swap(a, b);
  if (case_of_[a] == nobody || case_of_[b] != nobody || !is_infectious(cases_[case_of_[a]], start)) return;
  auto hours = std::min(8.0, static_cast<double>(minutes) / 60.0);
  if (random.chance(chance_an_hour * hours)) infect(random, a, b, start + minutes / 2);
}

void Outbreak::meet_households(Prng& random, Minute midnight) {
  const auto known = cases_.size();
  for (std::size_t n = 0; n < known; ++n) {
    const auto c = cases_[n];
    auto evening = midnight + 20 * 60;
    if (!is_infectious(c, evening)) continue;
    const auto& home = world_.town.households[world_.town.people[c.person].household];
    for (Index i = home.first; i < home.first + home.size; ++i)
      if (case_of_[i] == nobody && world_.town.people[i].references != 0 && random.chance(household_chance_a_day)) infect(random, c.person, i, evening);
  }
}

void Outbreak::write(Prng& random) {
  for (const auto& c : cases_) {
    bool found = c.sampled != 0 && c.sampled < world_.end();
    if (found) write_test(world_, random, c.person, c.sampled, true);
    auto onset = c.onset != 0 && c.onset < world_.end() ? iso_minute(c.onset).substr(0, 10) : "";
    world_.files.cases.row({c.infector == nobody ? "" : person_id(c.infector), person_id(c.person), iso_minute(c.infected), onset,
                            found ? iso_minute(c.sampled) : "", found ? iso_minute(c.sampled) : ""});
  }
}

}  // namespace motcua::app::town
