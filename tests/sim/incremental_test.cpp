// New files are linked to the persons that are there as if all had come at once.
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "tests/sim/town.hpp"

namespace motcua::tests {
namespace {

constexpr const char* kinds[] = {"units", "residents", "bluezone-users", "ncovi", "vhd", "tests", "doses"};
constexpr int late_every = 8;                 // records of each file come later: few enough to be linked as what is new
constexpr double same_pairs_min = 0.99;
constexpr double gone_share_max = 0.02;        // of persons: two that turn out to be one leave one id

/// Every eighth record of a file into `late`, the others into `early`.
void part(const std::string& file, const std::string& early, const std::string& late) {
  std::ifstream in(file);
  std::ofstream to_early(early), to_late(late);
  std::string line;
  std::getline(in, line);
  to_early << line << '\n', to_late << line << '\n';
  for (int n = 1; std::getline(in, line); ++n) (n % late_every == 0 ? to_late : to_early) << line << '\n';
}

identity::Identity::LinkSummary link(app::Installation& home, bool full) {
  auto done = home.rooms().identity->door().link(home.act("identity.link"), {.full = full});
  if (!done) throw std::runtime_error(done.failure().code);
  return *done;
}

/// "source,record_id" -> person, from an export. With `as_truth` also written as a truth file.
std::map<std::string, std::string> persons(app::Installation& home, const std::string& file, const std::string& as_truth = {}) {
  const auto written = home.rooms().identity->door().export_links(home.act("identity.export_links"), file);
  if (!written) throw std::runtime_error(written.failure().code);
  std::ifstream in(file);
  std::ofstream truth(as_truth.empty() ? file + ".truth" : as_truth);
  truth << "source,record_id,person\n";
  std::map<std::string, std::string> out;
  std::string line;
  for (std::getline(in, line); std::getline(in, line);) {
    const auto record = line.find(',', line.find(',') + 1), person = line.find(',', record + 1);
    out[line.substr(0, record)] = line.substr(record + 1, person - record - 1);
    truth << line.substr(0, person) << '\n';
  }
  return out;
}

TEST(Incremental, newFilesJoinThePersonsThatAreThere) {
  TempDir dir;
  const std::string town = dir.file("town");
  ASSERT_TRUE(app::simulate_town({.people = 3'000, .days = 7, .seed = 11, .out_dir = town}));

  const std::string whole_dir = dir.file("at_once"), parts_dir = dir.file("in_parts");
  const auto at_once = open_installation(whole_dir), in_parts = open_installation(parts_dir);
  for (const char* kind : kinds) {
    const std::string file = town + "/" + kind + ".csv";
    import_kind(*at_once, whole_dir, kind, file);
    const bool is_units = std::string_view(kind) == "units";
    if (!is_units) part(file, dir.file(std::string("early-") + kind), dir.file(std::string("late-") + kind));
    import_kind(*in_parts, parts_dir, kind, is_units ? file : dir.file(std::string("early-") + kind));
  }
  link(*at_once, true);
  persons(*at_once, dir.file("full.csv"), dir.file("full_as_truth.csv"));
  link(*in_parts, true);
  const auto before = persons(*in_parts, dir.file("before.csv"));
  for (const char* kind : kinds)
    if (std::string_view(kind) != "units") import_kind(*in_parts, parts_dir, kind, dir.file(std::string("late-") + kind));
  link(*in_parts, false);
  const auto after = persons(*in_parts, dir.file("after.csv"));

  const auto same = app::evaluate_link(dir.file("after.csv"), dir.file("full_as_truth.csv"));
  ASSERT_TRUE(same) << same.failure().code;
  EXPECT_EQ(same->unknown_records, 0);
  EXPECT_GE(same->all.f1(), same_pairs_min) << app::to_table(*same);

  std::set<std::string> was, is;
  for (const auto& [record, person] : before) was.insert(person);
  for (const auto& [record, person] : after) is.insert(person);
  std::size_t gone = 0;
  for (const auto& person : was) gone += is.contains(person) ? 0 : 1;
  EXPECT_LE(static_cast<double>(gone), gone_share_max * static_cast<double>(was.size()));
  EXPECT_GT(after.size(), before.size());

  const auto idle = link(*in_parts, false);
  EXPECT_EQ(idle.pairs_scored, 0);
  EXPECT_EQ(persons(*in_parts, dir.file("idle.csv")), after);
}

}  // namespace
}  // namespace motcua::tests
