// The generic matcher on public data with known answers, unsupervised, with one default configuration.
#include "engines/linkage/match.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

std::filesystem::path data_dir() {
  if (const char* dir = std::getenv("MOTCUA_TEST_DATA")) return dir;
  return std::filesystem::path(MOTCUA_SOURCE_DIR).parent_path() / "shared" / "data";
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \r\"");
  return from == std::string::npos ? std::string() : text.substr(from, text.find_last_not_of(" \r\"") - from + 1);
}

struct Csv {
  std::map<std::string, std::size_t> columns;
  std::vector<std::vector<std::string>> rows;
  const std::string& at(std::size_t row, const std::string& column) const { return rows[row][columns.at(column)]; }
};

/// Enough for these files: no quoted commas.
Csv read_csv(const std::filesystem::path& file) {
  Csv csv;
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> values;
    std::size_t from = 0;
    for (;;) {
      const std::size_t to = std::min(line.find(',', from), line.size());
      values.push_back(trimmed(line.substr(from, to - from)));
      if (to == line.size()) break;
      from = to + 1;
    }
    if (csv.columns.empty()) {
      for (std::size_t i = 0; i < values.size(); ++i) csv.columns[values[i]] = i;
      continue;
    }
    values.resize(csv.columns.size());
    csv.rows.push_back(values);
  }
  return csv;
}

/// "rec-17-dup-0" and "rec-17-org" are person 17.
std::uint32_t person_in_rec_id(const std::string& id) { return static_cast<std::uint32_t>(std::stoul(id.substr(4))); }

struct Outcome {
  Accuracy accuracy;
  MatchResult result;
};
Outcome run(const MatchSpec& spec, const Csv& csv, const std::vector<std::uint32_t>& truth, std::string_view model = {}) {
  MatchTable table(spec);
  for (const auto& row : csv.rows) {
    std::vector<std::string_view> values;
    for (const MatchField& f : spec.fields) values.push_back(row[csv.columns.at(f.name)]);
    table.add(values);
  }
  auto result = match_table(spec, table, model);
  EXPECT_TRUE(result.ok());
  if (!result) return {};
  return {accuracy_of(result->cluster_of, truth), std::move(*result)};
}

MatchSpec febrl_spec(bool with_id) {
  MatchSpec spec;
  spec.fields = {{"given_name", FieldKind::name}, {"surname", FieldKind::name}, {"street_number", FieldKind::category}, {"address_1", FieldKind::address},
                 {"address_2", FieldKind::address}, {"suburb", FieldKind::text}, {"postcode", FieldKind::id}, {"state", FieldKind::category},
                 {"date_of_birth", FieldKind::date}};
  if (with_id) spec.fields.push_back({"soc_sec_id", FieldKind::id});
  return spec;
}

void report(const std::string& name, const Outcome& r) {
  std::printf("%-24s pairs %lu precision %.4f recall %.4f f1 %.4f blocks %zu\n", name.c_str(), r.result.statistics.pairs_scored, r.accuracy.precision,
              r.accuracy.recall, r.accuracy.f1, r.result.blocks.size());
}

TEST(MatchPublicData, Febrl) {
  struct Case { const char* file; bool with_id; double f1_min; };
  for (const Case& c : {Case{"dataset1.csv", true, 0.999}, Case{"dataset1.csv", false, 0.998}, Case{"dataset2.csv", true, 0.999}, Case{"dataset2.csv", false, 0.999},
                        Case{"dataset3.csv", true, 0.999}, Case{"dataset3.csv", false, 0.999}}) {
    const auto file = data_dir() / "febrl" / c.file;
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no test data";
    const Csv csv = read_csv(file);
    std::vector<std::uint32_t> truth;
    for (std::size_t r = 0; r < csv.rows.size(); ++r) truth.push_back(person_in_rec_id(csv.at(r, "rec_id")));
    const Outcome r = run(febrl_spec(c.with_id), csv, truth);
    report(std::string(c.file) + (c.with_id ? " with id" : ""), r);
    EXPECT_GE(r.accuracy.f1, c.f1_min) << c.file << c.with_id;
  }
}

TEST(MatchPublicData, OpenCrUganda) {
  const auto file = data_dir() / "opencr-uganda" / "uganda_patients.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no test data";
  const Csv csv = read_csv(file);
  std::vector<std::uint32_t> truth;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) truth.push_back(person_in_rec_id(csv.at(r, "rec_id")));
  MatchSpec spec;
  spec.fields = {{"sex", FieldKind::category}, {"date_of_birth", FieldKind::date}, {"given_name", FieldKind::name}, {"surname", FieldKind::name}, {"phone_number", FieldKind::phone}};
  const Outcome without = run(spec, csv, truth);
  report("uganda", without);
  EXPECT_GE(without.accuracy.f1, 0.998);
  spec.fields.push_back({"uganda_nin", FieldKind::id});
  spec.fields.push_back({"art_number", FieldKind::id});
  const Outcome with = run(spec, csv, truth);
  report("uganda with ids", with);
  EXPECT_GE(with.accuracy.f1, 0.999);
}

TEST(MatchPublicData, SplinkFake1000) {
  const auto file = data_dir() / "splink-fake1000" / "fake_1000.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no test data";
  const Csv csv = read_csv(file);
  std::vector<std::uint32_t> truth;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) truth.push_back(static_cast<std::uint32_t>(std::stoul(csv.at(r, "cluster"))));
  MatchSpec spec;
  spec.fields = {{"first_name", FieldKind::name}, {"surname", FieldKind::name}, {"dob", FieldKind::date}, {"city", FieldKind::category}, {"email", FieldKind::email}};
  const Outcome r = run(spec, csv, truth);
  report("fake_1000", r);
  EXPECT_GE(r.accuracy.f1, 0.94);
}

Csv small_table() {
  Csv csv;
  csv.columns = {{"name", 0}, {"born", 1}, {"city", 2}};
  for (int i = 0; i < 60; ++i) {
    const std::string name = "person" + std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)), born = std::to_string(1930 + i) + "-0" + std::to_string(1 + i % 9) + "-17";
    csv.rows.push_back({name, born, "hue"});
    csv.rows.push_back({i % 7 == 0 ? name + "x" : name, born, i % 5 == 0 ? "" : "hue"});
  }
  return csv;
}
MatchSpec small_spec() {
  MatchSpec spec;
  spec.fields = {{"name", FieldKind::name}, {"born", FieldKind::date}, {"city", FieldKind::category}};
  return spec;
}

TEST(Match, ModelReadBackScoresTheSame) {
  const Csv csv = small_table();
  std::vector<std::uint32_t> truth;
  for (std::uint32_t i = 0; i < csv.rows.size(); ++i) truth.push_back(i / 2);
  const Outcome first = run(small_spec(), csv, truth), again = run(small_spec(), csv, truth, first.result.model_json);
  EXPECT_GE(first.accuracy.f1, 0.99);
  EXPECT_EQ(first.result.cluster_of, again.result.cluster_of);
  ASSERT_EQ(first.result.pairs.size(), again.result.pairs.size());
  for (std::size_t i = 0; i < first.result.pairs.size(); ++i) EXPECT_EQ(first.result.pairs[i].pair.bits, again.result.pairs[i].pair.bits);
}

TEST(Match, HouseholdsStayApart) {
  const Town town = make_town({.people = 2000, .seed = 31});
  MatchSpec spec;
  spec.fields = {{"name", FieldKind::name, true}, {"birth", FieldKind::date}, {"phone", FieldKind::phone}, {"id", FieldKind::id},
                 {"ward", FieldKind::category}, {"address", FieldKind::address, true}};
  std::vector<std::string> phases;
  spec.phase_done = [&](std::string_view phase) { phases.emplace_back(phase); };
  MatchTable table(spec);
  for (const PersonRecord& r : town.records) {
    const std::string birth = r.birth.year == 0 ? std::string() : to_iso(r.birth);
    table.add(std::vector<std::string_view>{r.full_name, birth, r.phones.empty() ? std::string_view() : r.phones[0].number, r.id_number, r.ward_code, r.address});
  }
  const auto result = match_table(spec, table);
  ASSERT_TRUE(result.ok());
  const Accuracy a = accuracy_of(result->cluster_of, town.truth);
  EXPECT_GE(a.f1, 0.96);
  EXPECT_GE(a.precision, 0.965);
  EXPECT_EQ(phases, (std::vector<std::string>{"blocks", "learn", "pairs", "link"}));
}

TEST(Match, LinkModeComparesAcrossFilesOnly) {
  MatchSpec spec = small_spec();
  spec.mode = MatchSpec::Mode::link;
  spec.one_to_one = true;
  MatchTable table(spec);
  const Csv csv = small_table();
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    const std::vector<std::string_view> values(csv.rows[r].begin(), csv.rows[r].end());
    table.add(values, 1 + static_cast<int>(r % 2));
    if (r == 0) table.add(values, 1);   // a second row of the first file that is the same in everything
  }
  const auto result = match_table(spec, table);
  ASSERT_TRUE(result.ok());
  std::map<std::uint32_t, int> size;
  for (const std::uint32_t c : result->cluster_of) EXPECT_LE(++size[c], 2);
  EXPECT_NE(result->cluster_of[0], result->cluster_of[1]);
}

TEST(Match, WrongSpecsAreNamed) {
  struct Case { MatchSpec spec; const char* code; };
  MatchSpec twice = small_spec();
  twice.fields.push_back(twice.fields[0]);
  MatchSpec block = small_spec();
  block.blocks = {{"nothing"}};
  MatchSpec probability = small_spec();
  probability.options.link_probability = 1.5;
  for (const Case& c : {Case{{}, "linkage.no_fields"}, Case{twice, "linkage.duplicate_field"}, Case{block, "linkage.unknown_block_field"}, Case{probability, "linkage.bad_probability"}}) {
    const auto result = match_table(c.spec, MatchTable(c.spec));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure().code, c.code);
  }
  EXPECT_EQ(match_table(small_spec(), MatchTable(small_spec()), "{}").failure().code, "linkage.model_unreadable");
  EXPECT_FALSE(parse_field_kind("colour").ok());
}

TEST(Match, OddTablesEndWithASaneAnswer) {
  MatchSpec spec = small_spec();
  MatchTable empty(spec), one(spec), same(spec), blank(spec);
  EXPECT_TRUE(match_table(spec, empty).ok());
  one.add(std::vector<std::string_view>{"a", "b", "c"});
  EXPECT_EQ(match_table(spec, one)->cluster_of.size(), 1u);
  for (int i = 0; i < 10000; ++i) same.add(std::vector<std::string_view>{"an", "1990-03-02", "hue"});
  const auto copies = match_table(spec, same);
  ASSERT_TRUE(copies.ok());
  EXPECT_LT(copies->statistics.pairs_scored, 3'000'000u);
  for (int i = 0; i < 100; ++i) blank.add(std::vector<std::string_view>{"", "", ""});
  EXPECT_EQ(match_table(spec, blank)->statistics.persons, 100u);
}

}  // namespace
}  // namespace motcua::linkage::test
