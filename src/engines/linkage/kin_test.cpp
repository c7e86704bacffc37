// What keeps the third class of pairs from becoming something else: persons with faults, or strangers of one sex.
#include "engines/linkage/kin.hpp"

#include <gtest/gtest.h>

namespace motcua::linkage {
namespace {

FieldParameters field(const char* name, double m, double u) { return {name, {{std::string(name) + ".same", m, u}, {std::string(name) + ".differs", 1 - m, 1 - u}}}; }

TEST(Kin, ThatShareNoHouseAnyMoreAreBroughtBack) {
  const std::vector<MatchField> kinds = {{.name = "name", .kind = FieldKind::name}, {.name = "birth", .kind = FieldKind::date}, {.name = "sex", .kind = FieldKind::category},
                                         {.name = "phone", .kind = FieldKind::phone}, {.name = "address", .kind = FieldKind::address}};
  std::vector<FieldParameters> kin = {field("name", 0.0001, 0.0001), field("birth", 0.0003, 0.00004), field("sex", 0.97, 0.5), field("phone", 0.06, 3e-8),
                                      field("address", 0.002, 0.0001)};   // strangers of one sex, as learning once made them
  keep_kin_apart(kin, kinds, {false, false, true, false, true});
  EXPECT_DOUBLE_EQ(kin[2].levels[0].m, 0.5);
  EXPECT_GT(kin[3].levels[0].m, 0.1);
  EXPECT_GT(kin[4].levels[0].m, 0.1);
  EXPECT_LT(kin[1].levels[0].m, 0.01);
  for (const FieldParameters& f : kin) EXPECT_NEAR(f.levels[0].m + f.levels[1].m, 1, 1e-9) << f.field;
}

TEST(Kin, ThatAgreeOnBirthAndNameArePersons) {
  const std::vector<MatchField> kinds = {{.name = "name", .kind = FieldKind::name}, {.name = "birth", .kind = FieldKind::date}, {.name = "address", .kind = FieldKind::address}};
  std::vector<FieldParameters> kin = {field("name", 0.8, 0.0001), field("birth", 0.9, 0.00004), field("address", 0.7, 0.0001)};
  keep_kin_apart(kin, kinds, {false, false, true});
  EXPECT_LE(kin[0].levels[0].m, 0.11);
  EXPECT_LE(kin[1].levels[0].m, 0.11);
  EXPECT_DOUBLE_EQ(kin[2].levels[0].m, 0.7);
}

}  // namespace
}  // namespace motcua::linkage
