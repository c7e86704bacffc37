// A slow reading of docs/formats.md section 6, sentence by sentence, and thousands of small random worlds in which the engine must agree.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engines/contacts/closeness.hpp"
#include "engines/contacts/memory_source.hpp"

namespace motcua::contacts {
namespace {

struct Contact {
  Person a, b;
  Interval span;
  Kind kind;
};

/// "two visits to one place make a contact over their overlap, when it is longer than zero"
std::vector<Contact> all_contacts(const MemorySource& world) {
  std::vector<Contact> out;
  for (const Encounter& e : world.encounters) out.push_back({e.person, e.other, e.span, e.kind});
  for (std::size_t i = 0; i < world.visits.size(); ++i)
    for (std::size_t j = i + 1; j < world.visits.size(); ++j) {
      const Visit& v = world.visits[i];
      const Visit& w = world.visits[j];
      if (v.place != w.place || v.person == w.person) continue;
      const Interval overlap = intersect(v.stay, w.stay);
      if (overlap.length() > 0) out.push_back({v.person, w.person, overlap, v.kind});
    }
  return out;
}

struct Expected {
  int level;
  Time at;
  Person via;
  Time minutes;
  friend bool operator==(const Expected&, const Expected&) = default;
};

class Reference {
 public:
  Reference(const MemorySource& world, const Question& q) : world_(world), q_(q), contacts_(all_contacts(world)) {}

  std::map<Person, Expected> run() {
    const bool forward = q_.direction == Direction::forward;
    const Seed& seed = q_.seeds.front();
    std::map<Person, Time> e{{seed.person, forward ? seed.window.from : seed.window.to}};
    std::map<Person, Expected> found;
    for (int k = 1; k <= q_.depth; ++k) {
      std::map<Person, Time> next = e;
      for (const auto& [a, at] : e)
        for (const auto& [b, overlap] : passed_on(a, at)) {
          const Time arrival = forward ? overlap.from : overlap.to;
          if (!next.contains(b) || (forward ? arrival < next[b] : arrival > next[b])) next[b] = arrival;
        }
      for (const auto& [b, at] : next)
        if (!e.contains(b)) found[b] = describe(b, k, at, e);
      e = next;
    }
    return found;
  }

 private:
  Time end_of(Person p) const {
    const auto i = world_.isolations.find(p);
    return i == world_.isolations.end() ? never : i->second;
  }

  /// Whom `near` (nearer to the seed, with E or L = at) gives it to, and during what.
  std::vector<std::pair<Person, Interval>> passed_on(Person near, Time at) const {
    const bool forward = q_.direction == Direction::forward;
    const Seed& seed = q_.seeds.front();
    Interval window;
    if (near == seed.person) window = seed.window;
    else if (forward) window = {at + q_.rules.latent_ms, end_of(near)};
    else window = {since_ever, at - q_.rules.latent_ms};
    std::vector<std::pair<Person, Interval>> out;
    for (const Contact& c : contacts_) {
      if (c.a != near && c.b != near) continue;
      const Person far = c.a == near ? c.b : c.a;
      if (far == seed.person || far == near) continue;
      Interval overlap = intersect(c.span, window);
      if (!forward) overlap.to = std::min(overlap.to, end_of(far));
      if (overlap.length() > 0 && overlap.length() >= q_.rules.overlap_min_ms) out.emplace_back(far, overlap);
    }
    return out;
  }

  Expected describe(Person b, int level, Time at, const std::map<Person, Time>& e) const {
    const bool forward = q_.direction == Direction::forward;
    Expected x{level, at, UINT32_MAX, 0};
    for (const auto& [a, known] : e)
      for (const auto& [to, overlap] : passed_on(a, known)) {
        if (to != b) continue;
        x.minutes += overlap.length();
        if ((forward ? overlap.from : overlap.to) == at && (x.via == UINT32_MAX || world_.before(a, x.via))) x.via = a;
      }
    return x;
  }

  const MemorySource& world_;
  const Question& q_;
  std::vector<Contact> contacts_;
};

/// Strongest product over all chains of at most `left` more contacts, by trying them all (worlds of encounters only).
void try_chains(const MemorySource& world, const Question& q, Person at, Time arrival, float strength, int used, std::vector<std::map<Person, float>>& best) {
  if (used == q.depth) return;
  const Seed& seed = q.seeds.front();
  const auto i = world.isolations.find(at);
  const Interval window = at == seed.person ? seed.window : Interval{arrival + q.rules.latent_ms, i == world.isolations.end() ? never : i->second};
  for (const Encounter& e : world.encounters) {
    if (e.person != at && e.other != at) continue;
    const Person to = e.person == at ? e.other : e.person;
    if (to == seed.person || to == at) continue;
    const Interval overlap = intersect(e.span, window);
    if (overlap.length() <= 0 || overlap.length() < q.rules.overlap_min_ms) continue;
    const float s = strength * strength_of(q.rules.nearness[static_cast<std::size_t>(e.kind)], overlap.length(), false, e.distance_m, 0);
    auto& row = best[static_cast<std::size_t>(used + 1)];
    row[to] = std::max(row[to], s);
    try_chains(world, q, to, overlap.from, s, used + 1, best);
  }
}

constexpr Time minute = 60'000;
std::string name_of(int i) { return std::string(1, static_cast<char>('A' + i)); }

void fill(MemorySource& world, bool with_visits) {
  for (int i = 0; i < 7; ++i) world.person(name_of((i * 3) % 7));         // handles in another order than names
  const auto number = [](int from, int to) { return *rc::gen::inRange(from, to); };
  for (int n = number(0, 14); n > 0; --n) {
    const int a = number(0, 7);
    const int b = number(0, 7);
    const Time from = number(0, 30) * minute;
    if (a != b) world.add_encounter(name_of(a), name_of(b), from, from + number(1, 9) * minute, static_cast<Kind>(number(7, 10)));
  }
  if (with_visits)
    for (int n = number(0, 14); n > 0; --n) {
      const Time from = number(0, 30) * minute;
      world.add_visit(name_of(number(0, 7)), std::string(1, static_cast<char>('x' + number(0, 3))), from, from + number(1, 12) * minute);
    }
  for (int n = number(0, 3); n > 0; --n) world.isolate(name_of(number(0, 7)), number(0, 35) * minute);
}

Question random_question(MemorySource& world) {
  const auto number = [](int from, int to) { return *rc::gen::inRange(from, to); };
  Question q;
  const Time from = number(0, 20) * minute;
  q.seeds = {{world.person(name_of(number(0, 7))), {from, from + number(1, 25) * minute}}};
  q.depth = number(1, 6);
  q.direction = number(0, 2) == 0 ? Direction::forward : Direction::backward;
  q.rules.latent_ms = number(0, 4) * minute;
  q.rules.overlap_min_ms = number(0, 4) * minute;
  return q;
}

std::string show(const std::map<Person, Expected>& m, const MemorySource& w) {
  std::string s;
  for (const auto& [p, x] : m)
    s += w.id_of(p) + " F" + std::to_string(x.level) + " at " + std::to_string(x.at / minute) + " via " + w.id_of(x.via) + " " +
         std::to_string(x.minutes / minute) + "; ";
  return s;
}

RC_GTEST_PROP(ContactsReference, EngineAgreesEverywhere, ()) {
  MemorySource world;
  fill(world, true);
  const Question q = random_question(world);
  const auto answer = trace(world, q);
  RC_ASSERT(answer.ok());
  std::map<Person, Expected> ours;
  for (const Reached& r : answer->reached) ours[r.person] = {r.level, r.at, r.via, r.overlap_total_ms};
  const auto theirs = Reference(world, q).run();
  if (ours != theirs) RC_LOG() << "ours: " << show(ours, world) << "\nreference: " << show(theirs, world);
  RC_ASSERT(ours == theirs);
}

RC_GTEST_PROP(ContactsReference, ChainsRespectTimeAndEndAtThePerson, ()) {
  MemorySource world;
  fill(world, true);
  const Question q = random_question(world);
  const auto answer = trace(world, q);
  RC_ASSERT(answer.ok());
  for (const Reached& r : answer->reached)
    for (const auto link : {r.earliest, r.strongest}) {
      const auto steps = answer->chain(link);
      RC_ASSERT(static_cast<int>(steps.size()) == r.level);
      RC_ASSERT(steps.front().from == q.seeds.front().person);
      RC_ASSERT(steps.back().to == r.person);
      for (std::size_t i = 1; i < steps.size(); ++i) {
        RC_ASSERT(steps[i].from == steps[i - 1].to);
        const auto& [before, after] = q.direction == Direction::forward ? std::tie(steps[i - 1], steps[i]) : std::tie(steps[i], steps[i - 1]);
        const Time wait = q.direction == Direction::forward ? after.overlap.from - before.overlap.from : after.overlap.to - before.overlap.to;
        RC_ASSERT(wait >= q.rules.latent_ms);
      }
    }
}

RC_GTEST_PROP(ContactsReference, TheStrongestChainIsTheStrongest, ()) {
  MemorySource world;
  fill(world, false);
  Question q = random_question(world);
  q.direction = Direction::forward;
  q.depth = std::min(q.depth, 4);
  const auto answer = trace(world, q);
  RC_ASSERT(answer.ok());
  std::vector<std::map<Person, float>> best(static_cast<std::size_t>(q.depth + 1));
  try_chains(world, q, q.seeds.front().person, 0, 1, 0, best);
  for (const Reached& r : answer->reached) RC_ASSERT(r.strength == best[static_cast<std::size_t>(r.level)][r.person]);
}

RC_GTEST_PROP(ContactsReference, TheOrderOfFactsDoesNotMatter, ()) {
  MemorySource world;
  fill(world, true);
  const Question q = random_question(world);
  MemorySource turned;
  for (Person p = 0; p < world.persons(); ++p) turned.person(world.id_of(p));
  for (auto e = world.encounters.rbegin(); e != world.encounters.rend(); ++e)
    turned.add_encounter(world.id_of(e->person), world.id_of(e->other), e->span.from, e->span.to, e->kind);
  for (auto v = world.visits.rbegin(); v != world.visits.rend(); ++v)
    turned.add_visit(world.id_of(v->person), world.place_id(v->place), v->stay.from, v->stay.to);
  turned.isolations = world.isolations;
  const auto a = trace(world, q);
  const auto b = trace(turned, q);
  RC_ASSERT(a.ok() && b.ok());
  RC_ASSERT(a->reached.size() == b->reached.size());
  for (std::size_t i = 0; i < a->reached.size(); ++i) {
    RC_ASSERT(a->reached[i].person == b->reached[i].person);
    RC_ASSERT(a->reached[i].strength == b->reached[i].strength);
    RC_ASSERT(a->reached[i].via == b->reached[i].via);
    const auto x = a->chain(a->reached[i].strongest);
    const auto y = b->chain(b->reached[i].strongest);
    for (std::size_t s = 0; s < x.size(); ++s) RC_ASSERT(x[s].from == y[s].from && x[s].overlap == y[s].overlap);
  }
}

}  // namespace
}  // namespace motcua::contacts
