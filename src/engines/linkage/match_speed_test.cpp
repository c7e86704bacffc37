// What the shortcuts promise: the same answer as without them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <thread>

#include "engines/linkage/distance.hpp"
#include "engines/linkage/match_model.hpp"

namespace motcua::linkage::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string changed(std::string text, std::mt19937_64& random) {
  if (text.empty()) return text;
  const std::size_t at = random() % text.size();
  switch (random() % 4) {
    case 0: text[at] = static_cast<char>(text[at] >= '0' && text[at] <= '9' ? '0' + random() % 10 : 'a' + random() % 26); break;
    case 1: text.erase(at, 1); break;
    case 2: if (at + 1 < text.size()) std::swap(text[at], text[at + 1]); break;
    default: text.clear();
  }
  return text;
}

/// People with later records of some of them, in no order.
Rows made_up(std::size_t persons, std::uint64_t seed) {
  static const char* const surnames[] = {"nguyen", "tran", "le", "pham", "hoang", "vu"};
  static const char* const names[] = {"lan", "huong", "minh", "tuan", "hung", "mai", "anh", "linh", "son", "hai", "thu", "ha"};
  std::mt19937_64 random(seed);
  const auto digits = [&](std::size_t n) {
    std::string text;
    while (text.size() < n) text.push_back(static_cast<char>('0' + random() % 10));
    return text;
  };
  Rows rows;
  for (std::size_t p = 0; p < persons; ++p) {
    const std::string birth = std::to_string(1950 + random() % 60) + "0" + std::to_string(1 + random() % 9) + std::to_string(10 + random() % 18);
    rows.push_back({surnames[random() % 6], names[random() % 12], birth, digits(12), "09" + digits(8), std::to_string(random() % 90) + " le loi", random() % 2 ? "nam" : "nu"});
    for (std::size_t later = random() % 3; later > 0; --later) {
      std::vector<std::string> row = rows.back();
      for (std::size_t slips = 1 + random() % 3; slips > 0; --slips) {
        const std::size_t field = random() % row.size();
        row[field] = changed(row[field], random);
      }
      if (random() % 8 == 0) std::swap(row[0], row[1]);
      rows.push_back(row);
    }
  }
  std::shuffle(rows.begin(), rows.end(), random);
  return rows;
}

MatchSpec made_up_spec() {
  MatchSpec spec;
  spec.fields = {{"surname", FieldKind::name}, {"name", FieldKind::name}, {"birth", FieldKind::date}, {"id", FieldKind::id}, {"phone", FieldKind::phone},
                 {"address", FieldKind::address}, {"sex", FieldKind::category}};
  return spec;
}

MatchTable to_table(const MatchSpec& spec, const Rows& rows) {
  MatchTable table(spec);
  for (const auto& row : rows) table.add(std::vector<std::string_view>(row.begin(), row.end()));
  return table;
}

void on_four_threads(std::size_t n, const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&] { for (std::size_t i = next++; i < n; i = next++) body(i); });
}

/// For each row the set of rows it is with, by what the rows say.
std::multiset<std::multiset<std::vector<std::string>>> clusters_of(const MatchResult& result, const Rows& rows) {
  std::map<std::uint32_t, std::multiset<std::vector<std::string>>> clusters;
  for (std::size_t r = 0; r < rows.size(); ++r) clusters[result.cluster_of[r]].insert(rows[r]);
  std::multiset<std::multiset<std::vector<std::string>>> all;
  for (auto& [number, rows_in] : clusters) all.insert(std::move(rows_in));
  return all;
}

TEST(MatchSpeed, AnswerDependsNeitherOnThreadsNorOnTheOrderOfRows) {
  for (const std::size_t persons : {600UL, 4000UL}) {   // all pairs compared; blocks
    Rows rows = made_up(persons, persons);
    MatchSpec spec = made_up_spec();
    const auto one = match_table(spec, to_table(spec, rows));
    spec.options.parallel_for = on_four_threads;
    MatchTable table(spec);
    std::vector<std::string_view> values;
    for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
    table.add_rows(values, 1, on_four_threads);
    const auto four = match_table(spec, table);
    ASSERT_TRUE(one.ok() && four.ok());
    EXPECT_EQ(one->cluster_of, four->cluster_of);
    EXPECT_EQ(one->model_json, four->model_json);
    ASSERT_EQ(one->pairs.size(), four->pairs.size());

    const auto before = clusters_of(*one, rows);
    std::reverse(rows.begin(), rows.end());
    std::rotate(rows.begin(), rows.begin() + 137, rows.end());
    const auto moved = match_table(spec, to_table(spec, rows));
    ASSERT_TRUE(moved.ok());
    EXPECT_EQ(one->model_json, moved->model_json);
    EXPECT_EQ(before, clusters_of(*moved, rows));
  }
}

TEST(MatchSpeed, APairIsGivenUpOnlyWhenItCannotReachTheThreshold) {
  const Rows rows = made_up(300, 3);
  const MatchSpec spec = made_up_spec();
  const MatchTable table = to_table(spec, rows);
  TableModel model;
  for (const MatchColumn& column : table.columns().columns) model.fields.push_back(starting_parameters(column.field));
  model.frequencies.resize(spec.fields.size());
  model.frequencies[0] = {{{"nguyen", 120}, {"tran", 60}, {"vu", 2}}, 300};
  const RowScorer scorer(table.columns(), model, false);
  std::size_t given_up = 0;
  for (RecordIndex a = 0; a < rows.size(); ++a)
    for (RecordIndex b = a + 1; b < rows.size(); ++b) {
      const double whole = scorer.bits(a, b, -1000);
      EXPECT_EQ(whole, scorer.bits(b, a, -1000));
      for (const double at_least : {-20.0, 0.0, 3.17}) {
        const double bits = scorer.bits(a, b, at_least);
        if (whole >= at_least) EXPECT_EQ(bits, whole);
        else EXPECT_LT(bits, at_least);
        given_up += bits != whole;
      }
    }
  EXPECT_GT(given_up, rows.size());   // or the shortcut is none
}

RC_GTEST_PROP(MatchSpeed, FarApartMeansMoreThanTwoEdits, ()) {
  std::string a = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789"))), b = a;
  for (int edits = *rc::gen::inRange(0, 5); edits > 0 && !b.empty(); --edits) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, b.size());
    const char digit = *rc::gen::elementOf(std::string("0123456789"));
    switch (*rc::gen::inRange(0, 4)) {
      case 0: b[at] = digit; break;
      case 1: b.erase(at, 1); break;
      case 2: b.insert(at, 1, digit); break;
      default: if (at + 1 < b.size()) std::swap(b[at], b[at + 1]);
    }
  }
  if (are_far_apart(to_digit_code(a), to_digit_code(b))) RC_ASSERT(edit_distance(a, b, 9) > 2);
}

TEST(MatchSpeed, DigitsFarApartAreSeen) {
  struct Case { const char *a, *b; bool far; };
  for (const Case& c : {Case{"079301234567", "079309876512", true}, Case{"0912345678", "0912345679", false}, Case{"0912345678", "0923456781", false},
                        Case{"0912345678", "9012345687", false}, Case{"0912345678", "", false}, Case{"1234567890123456", "6543210987654321", false}})
    EXPECT_EQ(are_far_apart(to_digit_code(c.a), to_digit_code(c.b)), c.far) << c.a << " " << c.b;
}

/// Records whose keys are given.
class Listed : public KeySource {
 public:
  Listed(std::vector<std::vector<std::vector<std::uint64_t>>> keys, std::size_t families) : keys_(std::move(keys)), families_(families) {}
  std::size_t records() const override { return keys_.size(); }
  std::size_t families() const override { return families_; }
  void keys(RecordIndex r, std::size_t family, std::vector<std::uint64_t>& out) const override { out = keys_[r][family]; }
  std::size_t refinements() const override { return 0; }
  std::uint64_t refinement(RecordIndex, std::size_t) const override { return 0; }

 private:
  std::vector<std::vector<std::vector<std::uint64_t>>> keys_;
  std::size_t families_;
};

TEST(MatchSpeed, CandidatesAreThePairsThatShareAKey) {
  std::mt19937_64 random(5);
  std::vector<std::vector<std::vector<std::uint64_t>>> keys(3000, std::vector<std::vector<std::uint64_t>>(3));
  for (auto& record : keys)
    for (std::size_t family = 0; family < 3; ++family)
      for (std::size_t n = random() % 3; n > 0; --n) {
        const std::uint64_t value = random() % 800;   // a record may have a key twice; some keys differ in the lowest bits only
        record[family].push_back(family < 2 || value % 2 != 0 ? combine_hash(family, value) : 0x1234'5678'0000'0000ULL + value);
      }
  std::set<std::uint64_t> expected;
  for (RecordIndex a = 0; a < keys.size(); ++a)
    for (RecordIndex b = a + 1; b < keys.size(); ++b)
      for (std::size_t family = 0; family < 3; ++family)
        for (const std::uint64_t key : keys[a][family])
          if (std::find(keys[b][family].begin(), keys[b][family].end(), key) != keys[b][family].end()) expected.insert(to_pair(a, b));
  std::vector<std::uint32_t> rank(keys.size());
  std::iota(rank.begin(), rank.end(), 0);
  const Listed source(keys, 3);
  for (const ParallelFor& parallel_for : {ParallelFor{}, ParallelFor{on_four_threads}}) {
    const Candidates candidates = find_candidates(source, rank, {.block_records_max = 3000, .parallel_for = parallel_for});
    EXPECT_TRUE(std::equal(candidates.pairs.begin(), candidates.pairs.end(), expected.begin(), expected.end()));
  }
}

}  // namespace
}  // namespace motcua::linkage::test
