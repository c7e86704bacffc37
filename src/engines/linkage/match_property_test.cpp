// What holds for values of every kind, whatever they are.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engines/linkage/match_columns.hpp"

namespace motcua::linkage {
namespace {

constexpr FieldKind kinds[] = {FieldKind::name, FieldKind::text, FieldKind::date, FieldKind::year, FieldKind::id, FieldKind::phone, FieldKind::number, FieldKind::category,
                               FieldKind::email, FieldKind::address};

std::uint8_t level_of(FieldKind kind, const std::string& one, const std::string& other, bool vietnamese = false) {
  MatchSpec spec;
  spec.fields = {{"value", kind, vietnamese}};
  MatchTable table(spec);
  table.add(std::vector<std::string_view>{one});
  table.add(std::vector<std::string_view>{other});
  return compare_rows(table.columns(), 0, 1)[0];
}

RC_GTEST_PROP(MatchCompare, IsTheSameFromBothSides, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab 019-@./")));
  const std::string one = *letters, other = *letters;
  for (const FieldKind kind : kinds)
    for (const bool vietnamese : {false, true}) {
      const std::uint8_t level = level_of(kind, one, other, vietnamese);
      RC_ASSERT(level == level_of(kind, other, one, vietnamese));
      RC_ASSERT(level <= starting_parameters({"value", kind}).levels.size());
      RC_ASSERT(level_of(kind, one, one, vietnamese) <= level_same);
    }
}

RC_GTEST_PROP(MatchCompare, MoreLettersReplacedNeverCompareBetter, ()) {
  const std::string whole = "2718281845";
  std::vector<std::size_t> places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::size_t i = places.size(); i > 1; --i) std::swap(places[i - 1], places[*rc::gen::inRange<std::size_t>(0, i)]);
  for (const FieldKind kind : {FieldKind::id, FieldKind::text, FieldKind::name, FieldKind::address, FieldKind::email, FieldKind::phone, FieldKind::category}) {
    std::string changed = whole;
    std::uint8_t before = level_same;
    for (const std::size_t at : places) {
      changed[at] = kind == FieldKind::phone ? '9' : 'x';
      const std::uint8_t level = level_of(kind, whole, changed);
      RC_ASSERT(level >= before);
      before = level;
    }
  }
}

RC_GTEST_PROP(MatchCompare, NumbersFurtherAwayNeverCompareBetter, ()) {
  for (const FieldKind kind : {FieldKind::number, FieldKind::year}) {
    const int from = *rc::gen::inRange(1, 2000), near = *rc::gen::inRange(0, 500), far = near + *rc::gen::inRange(0, 500);
    RC_ASSERT(level_of(kind, std::to_string(from), std::to_string(from + near)) <= level_of(kind, std::to_string(from), std::to_string(from + far)));
  }
}

TEST(MatchCompare, KnownPairs) {
  struct Case { FieldKind kind; const char *one, *other; std::uint8_t level; };
  for (const Case& c : {Case{FieldKind::phone, "+84 912 345 678", "0912345678", 1}, Case{FieldKind::phone, "0912345678", "0912345687", 2},
                        Case{FieldKind::date, "19450203", "1945-02-03", 1}, Case{FieldKind::date, "1945-02-03", "1945-03-02", 2},
                        Case{FieldKind::email, "an.le@mail.org", "an.le@post.net", 2}, Case{FieldKind::number, "100", "100.5", 2},
                        Case{FieldKind::number, "100", "150", 5}, Case{FieldKind::number, "100", "100.0", 1}, Case{FieldKind::id, "A-12 345", "a12345", 1}, Case{FieldKind::id, "A12345", "A12354", 2},
                        Case{FieldKind::year, "1980", "1981", 2}, Case{FieldKind::category, "F", "f", 1}, Case{FieldKind::text, "", "x", 0}})
    EXPECT_EQ(level_of(c.kind, c.one, c.other), c.level) << c.one << " / " << c.other;
}

TEST(MatchCompare, SwappedValuesAreFoundWithSlips) {
  MatchSpec spec;
  spec.fields = {{"given", FieldKind::name}, {"surname", FieldKind::name}, {"street", FieldKind::address}, {"place", FieldKind::address}};
  MatchTable table(spec);
  table.add(std::vector<std::string_view>{"oscar", "moore", "hallen close", "warra"});
  table.add(std::vector<std::string_view>{"moore", "oscra", "warra", "halen close"});
  const Levels levels = compare_rows(table.columns(), 0, 1);
  for (std::size_t f = 0; f < 4; ++f) EXPECT_EQ(levels[f], swapped_level(spec.fields[f].kind)) << f;
}

}  // namespace
}  // namespace motcua::linkage
