// The room asks SQL, the engine's tests ask memory: in random worlds both answers are one, and what a comparison shows is the engine's difference.
#include <gtest/gtest.h>

#include <random>

#include "engines/contacts/difference.hpp"
#include "engines/contacts/memory_source.hpp"
#include "platform/assets/assets.hpp"
#include "rooms/tracing/policy.hpp"
#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

using namespace std::chrono_literals;

constexpr int persons = 9, rounds = 25;
const Date first_day{std::chrono::year{2021}, std::chrono::July, std::chrono::day{20}};

/// The facts of one round, as a file for the room and in memory for the engine. Rounds lie 40 days apart and know nothing of each other.
class World {
 public:
  World(TestHouse& house, const std::vector<std::string>& ids, unsigned round) : house_(house), ids_(ids), random_(round), start_(vietnam_midnight(first_day) + round * 960h) {
    for (const std::string& id : ids) names_.push_back(house.person(id));
    for (const std::string& name : names_) memory.person(name);
    for (int i = number(0, 40); i > 0; --i) number(0, 2) == 0 ? add_visit(i) : add_encounter();
    house_.import("encounters", encounters_);
    house_.import("visits", visits_, {.source = "visits" + std::to_string(round)});
  }
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to - 1)(random_); }
  Instant start() const { return start_; }
  const std::string& name(int i) const { return names_[static_cast<std::size_t>(i)]; }
  contacts::MemorySource memory;

 private:
  Instant some_time() { return start_ + std::chrono::minutes(30 * number(0, 48 * 8)); }
  void add_encounter() {
    const int a = number(0, persons), b = number(0, persons), minutes = number(1, 90);
    const Instant from = some_time();
    const std::string row = id(a) + "," + id(b) + "," + to_iso(from) + "," + std::to_string(minutes) + "\n";
    if (a == b || encounters_.find(id(a) + "," + id(b) + "," + to_iso(from)) != std::string::npos) return;
    encounters_ += row;
    memory.add_encounter(name(a), name(b), to_millis(from), to_millis(from + std::chrono::minutes(minutes)), contacts::Kind::encounter, -1, false);
  }
  void add_visit(int i) {
    const int a = number(0, persons), seat = number(0, 6), place = number(0, 3);
    const bool bus = number(0, 2) == 0;
    const Instant from = some_time(), to = from + std::chrono::minutes(number(1, 400));
    const std::string code = (bus ? "BUS" : "CAFE") + std::to_string(place), row = seat == 0 ? "" : std::to_string(seat);
    visits_ += std::to_string(i) + "," + id(a) + "," + code + "," + (bus ? "vehicle" : "venue") + "," + row + "," + to_iso(from) + "," + to_iso(to) + "\n";
    memory.add_visit(name(a), code, to_millis(from), to_millis(to), bus ? contacts::Kind::vehicle : contacts::Kind::venue, row);
  }
  std::string id(int i) const { return "id:" + ids_[static_cast<std::size_t>(i)]; }

  TestHouse& house_;
  const std::vector<std::string>& ids_;
  std::vector<std::string> names_;
  std::mt19937 random_;
  Instant start_;
  std::string encounters_ = "a,b,start,minutes\n", visits_ = "visit_id,person,place_code,kind,seat,from,to\n";
};

contacts::Question question_of(World& world, int who, Date onset, Instant sampled, const Policy& policy, int depth) {
  const InfectiousPeriod period = decide_infectious_period(policy, onset, sampled, {}, {});
  contacts::Question q;
  q.depth = depth;
  q.rules = to_rules(policy);
  q.seeds = {{world.memory.person(world.name(who)), {to_millis(period.from), contacts::never}}};
  return q;
}

std::string drawn(World& world, const contacts::Answer& answer) {
  std::set<std::string> lines;
  for (const auto& r : answer.reached)
    lines.insert(world.memory.id_of(r.person) + " " + std::to_string(r.level) + " " + std::to_string(r.at) + " " + std::to_string(r.together_ms / 60'000) + " " + std::to_string(r.first_at) + " " + std::to_string(r.last_at));
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

std::string drawn(const TraceResult& found) {
  std::set<std::string> lines;
  for (const auto& c : found.contacts)
    lines.insert(c.person_id + " " + std::to_string(c.level) + " " + std::to_string(to_millis(c.exposed_at)) + " " + std::to_string(std::llround(c.minutes)) + " " + std::to_string(to_millis(c.first_contact_at)) + " " + std::to_string(to_millis(c.last_contact_at)));
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

std::set<std::string> changes_of(World& world, const contacts::Difference& d) {
  std::set<std::string> out;
  for (const auto& c : d.changes) {
    const int before = c.before ? c.before->level : 0, after = c.after ? c.after->level : 0;
    if (before != after) out.insert(world.memory.id_of(c.person) + " " + std::to_string(before) + ">" + std::to_string(after));
  }
  return out;
}

std::set<std::string> changes_of(const Comparison& c) {
  std::set<std::string> out;
  for (const auto& r : c.rows)
    if (r.change != Change::same) out.insert(r.contact.person_id + " " + std::to_string(r.level_before) + ">" + std::to_string(r.level_after));
  return out;
}

TEST(Agreement, TheRoomAnswersAsTheEngineDoes) {
  const auto made = tests::make_test_database(tests::EngineKind::sqlite);
  TestHouse house(*made->database, made->dir.str());
  std::vector<std::string> ids;
  for (int i = 0; i < persons; ++i) {
    ids.push_back("07909000000" + std::to_string(i));
    house.resident(ids.back(), "Người Số " + std::string(1, static_cast<char>('A' + i)), "093800000" + std::to_string(i));
  }
  house.link();
  const auto policies = ok(read_policies(assets::list("policies/vn-")));
  house.now = vietnam_midnight(first_day) + (rounds + 1) * 960h;
  std::size_t people = 0, moved = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    World world(house, ids, round);
    const int who = world.number(0, persons), days = world.number(1, 8) * (world.number(0, 2) == 0 ? 1 : -1);
    const Date onset = vietnam_date(world.start() + 24h * world.number(1, 7));
    const Instant sampled = world.start() + 192h;
    const Policy& policy = policy_on(policies, vietnam_date(sampled));
    const std::string id = ok(house.door().confirm_case(house.tracer(), {.record_source = "residents", .record_id = ids[static_cast<std::size_t>(who)], .sampled_at = sampled, .onset = onset}));
    for (const int depth : {1, 2, 5}) {
      const auto found = ok(house.door().trace(house.tracer(), {.case_id = id, .depth = depth}));
      const auto expected = ok(contacts::trace(world.memory, question_of(world, who, onset, sampled, policy, depth)));
      ASSERT_EQ(drawn(found), drawn(world, expected)) << "round " << round << " depth " << depth;
      people += expected.reached.size();
    }
    const auto question = question_of(world, who, onset, sampled, policy, 2);
    const Date other = Date{std::chrono::sys_days(onset) + std::chrono::days(days > 7 ? 7 : days < -7 ? -7 : days)};
    const auto before = ok(contacts::trace(world.memory, question));
    const auto difference = ok(contacts::difference(world.memory, question, before, question_of(world, who, other, sampled, policy, 2).seeds));
    const int asked = static_cast<int>((std::chrono::sys_days(other) - std::chrono::sys_days(onset)).count());
    const auto compared = ok(house.door().compare(house.tracer(), {.case_id = id, .onset_days = asked, .page_size = page_size_max}));
    ASSERT_EQ(changes_of(compared), changes_of(world, difference)) << "round " << round;
    moved += changes_of(compared).size();
  }
  EXPECT_GT(people, 100U) << "worlds in which nobody meets say nothing";
  EXPECT_GT(moved, 10U);
}

}  // namespace
}  // namespace motcua::tracing
