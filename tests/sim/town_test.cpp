// The whole way from exports to contact lists, against the truth of the town they came from.
#include "tests/sim/town.hpp"

namespace motcua::tests {
namespace {

constexpr double share_min = 0.97, false_merges_max = 0.005;   // docs/accuracy.md says how far above them we are

TEST(Town, linksAndTracesAreWhatHappened) {
  TempDir dir;
  app::Globals globals;
  globals.data_dir = dir.file("home");
  const auto home = open_installation(globals.data_dir);
  const auto demo = app::make_demo(*home, globals, {.people = 5'000, .days = 21, .seed = 7}, [](const std::string&, const std::string&) {});
  ASSERT_TRUE(demo) << demo.failure().code;
  EXPECT_GT(demo->cases, 0);

  const std::string truth = globals.data_dir + "/town/truth/";
  const auto links = links_against(*home, dir.file("links.csv"), truth + "persons.csv");
  EXPECT_GE(links.all.f1(), share_min) << app::to_table(links);
  EXPECT_LE(links.false_merge_share, false_merges_max) << app::to_table(links);

  const auto asker = tracing::everywhere(home->act("tracing.evaluate"));
  const auto traces = app::evaluate_trace(home->rooms().tracing->door(), asker, {.links_file = dir.file("links.csv"), .contacts_file = truth + "contacts.csv"});
  ASSERT_TRUE(traces) << traces.failure().code;
  const auto all = traces->by_class.at("all");
  EXPECT_GT(all.true_contacts, 100);
  EXPECT_GE(all.recall(), share_min) << app::to_json(*traces);
  EXPECT_GE(all.precision(), share_min) << app::to_json(*traces);
}

}  // namespace
}  // namespace motcua::tests
