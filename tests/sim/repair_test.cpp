// A dose register with a good quarter of its rows wrong, held against the town's other exports.
#include <cstdio>

#include "app/evaluate_repair.hpp"
#include "tests/sim/town.hpp"

namespace motcua::tests {
namespace {

constexpr double repaired_min = 0.80, wrongly_repaired_max = 0.005;   // docs/accuracy.md says how far we are

identity::RepairSummary repair(app::Installation& home, const std::string& file, bool apply, const std::function<void(const identity::RepairRow&)>& each) {
  const identity::RepairOptions options{.apply = apply, .repair_id = crypto::random_id("rep")};
  auto done = home.rooms().identity->door().repair_doses(home.act("identity.repair_doses"), *intake::file_source(file), options, each);
  if (!done) throw std::runtime_error(done.failure().code);
  return *done;
}

TEST(Repair, mostWrongRowsAreRepairedAndHardlyOneWrongly) {
  TempDir dir;
  const std::string town = dir.file("town"), home_dir = dir.file("home"), doses = town + "/dose-register.csv";
  ASSERT_TRUE(app::simulate_town({.people = 5'000, .days = 3, .seed = 7, .out_dir = town}));
  const auto home = open_installation(home_dir);
  for (const char* kind : {"units", "residents", "bluezone-users", "ncovi", "vhd", "tests"}) import_kind(*home, home_dir, kind, town + "/" + kind + ".csv");
  ASSERT_TRUE(home->rooms().identity->door().link(home->act("identity.link"), {.full = true}));
  ASSERT_TRUE(home->rooms().identity->door().export_links(home->act("identity.export_links"), dir.file("links.csv")));

  auto truth = app::RepairTruth::load(town + "/truth/dose-register.csv", dir.file("links.csv"));
  ASSERT_TRUE(truth) << truth.failure().code;
  std::int64_t rows = 0;
  const auto dry = repair(*home, doses, false, [&](const identity::RepairRow& row) {
    EXPECT_EQ(row.row, ++rows);
    truth->take(row);
  });
  const auto& found = truth->evaluation();
  EXPECT_EQ(dry.read, rows);
  EXPECT_EQ(dry.read, dry.right + dry.repaired + dry.review + dry.left);
  EXPECT_GT(found.wrong_rows, rows / 5);
  EXPECT_GE(found.repaired_share(), repaired_min);
  EXPECT_LE(found.wrongly_repaired_share(), wrongly_repaired_max);

  // Done for good, the rows among the others: the same again, and nothing new the second time.
  const auto applied = repair(*home, doses, true, [](const identity::RepairRow&) {});
  EXPECT_EQ(applied.read, rows);
  EXPECT_GE(applied.recorded, applied.corrections);
  const auto again = repair(*home, doses, true, [](const identity::RepairRow&) {});
  EXPECT_EQ(again.recorded, 0);
  EXPECT_EQ(again.repaired, applied.repaired);
}

}  // namespace
}  // namespace motcua::tests
