// A town where people are hard to tell apart: what the links are worth for each kind of them.
#include <map>

#include "tests/sim/town.hpp"

namespace motcua::tests {
namespace {

struct Bound {
  double precision, recall;
};
// Below what was measured at 20,000 people (docs/accuracy.md): a town of 4,000 has some dozens of each kind.
const std::map<std::string, Bound> bounds{{"twin", {0.97, 0.95}},          {"namesake", {0.97, 0.95}},        {"one_phone", {0.97, 0.93}},
                                          {"declared_by_relative", {0.97, 0.90}}, {"renamed_ward", {0.98, 0.95}}, {"shared_old_card", {0.97, 0.95}},
                                          {"sex_against_card", {0.97, 0.93}}};

TEST(HarderTown, everyKindIsToldApart) {
  TempDir dir;
  const std::string town = dir.file("town"), home_dir = dir.file("home");
  ASSERT_TRUE(app::simulate_town({.people = 4'000, .days = 3, .seed = 5, .out_dir = town, .harder = true}));
  const auto home = open_installation(home_dir);
  for (const char* kind : {"units", "residents", "bluezone-users", "ncovi", "vhd", "tests", "doses"}) import_kind(*home, home_dir, kind, town + "/" + kind + ".csv");
  ASSERT_TRUE(home->rooms().identity->door().link(home->act("identity.link"), {.full = true}));
  const auto links = links_against(*home, dir.file("links.csv"), town + "/truth/persons.csv");
  EXPECT_GE(links.all.f1(), 0.97) << app::to_table(links);
  ASSERT_EQ(links.by_difficulty.size(), bounds.size());
  for (const auto& d : links.by_difficulty) {
    const Bound& bound = bounds.at(d.difficulty);
    EXPECT_GT(d.persons, 10) << d.difficulty;
    EXPECT_GE(d.score.precision(), bound.precision) << d.difficulty;
    EXPECT_GE(d.score.recall(), bound.recall) << d.difficulty;
  }
}

}  // namespace
}  // namespace motcua::tests
