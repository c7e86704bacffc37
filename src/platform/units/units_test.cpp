#include "platform/units/units.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/vietnamese.hpp"
#include "tests/support/database.hpp"

namespace motcua::units {
namespace {

using namespace std::chrono_literals;
constexpr Date in_2021{2021y, std::chrono::July, 15d};
constexpr Date in_2026{2026y, std::chrono::January, 1d};

/// A corner of both maps, enough for the rules; some codes are made up.
const char* const some_units = R"(code,name,level,parent_code,valid_from,valid_to
79,Thành phố Hồ Chí Minh,province,,2021-11-01,2025-06-30
79,Thành phố Hồ Chí Minh,province,,2025-07-01,
764,Quận Gò Vấp,district,79,2021-11-01,2025-06-30
760,Quận 1,district,79,2021-11-01,2025-06-30
767,Quận Tân Phú,district,79,2021-11-01,2025-06-30
769,Thành phố Thủ Đức,district,79,2021-11-01,2025-06-30
26899,Phường 17,ward,764,2021-11-01,2025-06-30
26734,Phường Tân Định,ward,760,2021-11-01,2025-06-30
26743,Phường Bến Thành,ward,760,2021-11-01,2025-06-30
26836,Phường Tân Phú,ward,769,2021-11-01,2025-06-30
27088,Phường Thảo Điền,ward,769,2021-11-01,2025-06-30
26743,Phường Bến Thành,ward,79,2025-07-01,
27028,Phường Tân Phú,ward,79,2025-07-01,
26884,Phường Gò Vấp,ward,79,2025-07-01,
24,Tỉnh Bắc Giang,province,,2021-11-01,2025-06-30
24,Tỉnh Bắc Ninh,province,,2025-07-01,
27,Tỉnh Bắc Ninh,province,,2021-11-01,2025-06-30
74,Tỉnh Bình Dương,province,,2021-11-01,2025-06-30
724,Thành phố Thuận An,district,74,2021-11-01,2025-06-30
25978,Phường Lái Thiêu,ward,724,2021-11-01,2025-06-30
25979,Phường Lái Thiêu,ward,79,2025-07-01,
10,Tỉnh Lào Cai,province,,2021-11-01,2025-06-30
088,Thị xã Sa Pa,district,10,2021-11-01,2025-06-30
03001,Phường Sa Pa,ward,088,2021-11-01,2025-06-30
03002,Phường Sa Pả,ward,088,2021-11-01,2025-06-30
82,Tỉnh Tiền Giang,province,,2021-11-01,2025-06-30
817,Thị xã Cai Lậy,district,82,2021-11-01,2025-06-30
820,Huyện Cai Lậy,district,82,2021-11-01,2025-06-30
)";

class UnitsTest : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override { return {"platform/units/", "platform/intake/"}; }
  void SetUp() override {
    DatabaseTest::SetUp();
    units_ = std::make_unique<Units>(database());
    import_text(some_units);
  }
  intake::Summary import_text(const std::string& csv) {
    const auto file = dir().file("units.csv");
    std::ofstream(file) << csv;
    return import(file);
  }
  intake::Summary import(const std::string& file) {
    const auto summary = intake::import_file(database(), tests::test_act(), units_kind(*units_), {}, file, dir().file("data"));
    EXPECT_TRUE(summary) << summary.failure().code << " " << summary.failure().field << " " << summary.failure().detail;
    return summary ? *summary : intake::Summary{};
  }
  std::string resolved(const std::string& w, const std::string& d, const std::string& p, Date on = in_2021) {
    const auto r = units_->resolve(w, d, p, on);
    return r.ward_code + "/" + r.district_code + "/" + r.province_code + (r.ambiguous ? "?" : "");
  }
  std::unique_ptr<Units> units_;
};
INSTANTIATE_TEST_SUITE_P(Engines, UnitsTest, tests::both_engines(), tests::engine_name);

TEST_P(UnitsTest, TheSameListTwiceChangesNothing) {
  const auto again = import_text(some_units);
  EXPECT_EQ(again.read, 28);
  EXPECT_EQ(again.unchanged, 28);
  const auto renamed = import_text("code;name;level;parent_code;valid_from\n769;Thành phố Thủ Đức (mới);district;79;2021-11-01\n");
  EXPECT_EQ(renamed.updated, 1);
  EXPECT_EQ(units_->find("769", in_2021)->name, "Thành phố Thủ Đức (mới)");
}

TEST_P(UnitsTest, BadRowsAreRejectedWithTheirField) {
  const struct { const char* row; int rejected; } cases[] = {
      {"1,Thành phố Hà Nội,province,,2020-01-01,", 0},   // the zero comes back
      {"1a,Tỉnh Lạ,province,,,", 1},        {"123,Tỉnh Lạ,province,,,", 1},  {"88,Tỉnh Lạ,county,,,", 1},
      {"88,Tỉnh Lạ,province,79,,", 1},      {"888,Huyện Lạ,district,,,", 1}, {"00008,Xã Lạ,ward,79000,,", 1},
      {"88,Tỉnh Lạ,province,,31/02/2021,", 1}, {"88,Tỉnh Lạ,province,,2021,", 1}, {"88,Tỉnh Lạ,province,,2021-02-01,2021-01-01", 1},
      {"88,,province,,,", 1},
  };
  for (const auto& c : cases)
    EXPECT_EQ(import_text(std::string("code,name,level,parent_code,valid_from,valid_to\n") + c.row + "\n").rejected, c.rejected) << c.row;
  EXPECT_EQ(units_->full_name("01", in_2021), "Thành phố Hà Nội");
}

TEST_P(UnitsTest, OneCodeIsTwoProvincesInTime) {
  EXPECT_EQ(units_->find("24", in_2021)->name, "Tỉnh Bắc Giang");
  EXPECT_EQ(units_->find("24", in_2026)->name, "Tỉnh Bắc Ninh");
  EXPECT_EQ(units_->find("27", in_2026)->name, "Tỉnh Bắc Ninh") << "gone, but it has a name still";
  EXPECT_FALSE(units_->find("99", in_2021));
  EXPECT_EQ(units_->full_name("26899", in_2021), "Phường 17, Quận Gò Vấp, Thành phố Hồ Chí Minh");
  EXPECT_EQ(units_->full_name("26899", in_2026), "Phường 17, Quận Gò Vấp, Thành phố Hồ Chí Minh");
  EXPECT_EQ(units_->full_name("26884", in_2026), "Phường Gò Vấp, Thành phố Hồ Chí Minh");
  EXPECT_EQ(units_->full_name("99999", in_2026), "99999");
}

TEST_P(UnitsTest, WhatPeopleWriteResolves) {
  const struct { const char *ward, *district, *province, *expected; } cases[] = {
      {"Phường 17", "Quận Gò Vấp", "Thành phố Hồ Chí Minh", "26899/764/79"},
      {"P.17", "Q. Gò Vấp", "TP.HCM", "26899/764/79"},
      {"Phuong 17", "go vap", "tphcm", "26899/764/79"},
      {"p17", "QUAN GO VAP", "SG", "26899/764/79"},
      {"F.17", "Gò Vấp", "Sài Gòn", "26899/764/79"},
      {"017", "Gò Vấp", "", "26899/764/79"},
      {"Bến Thành", "Q1", "HCM", "26743/760/79"},
      {"Bến Thành", "Quận 01", "", "26743/760/79"},
      {"Tân Phú", "Quận 9", "TP Hồ Chí Minh", "26836/769/79"},
      {"Thảo Điền", "Quận 2", "HCM", "27088/769/79"},
      {"Thảo Điền", "", "", "27088/769/79"},
      {"Thao Dien", "TP Thu Duc", "", "27088/769/79"},
      {"", "Quận 9", "HCM", "/769/79"},
      {"", "", "hồ chí minh", "//79"},
      {"Không Có", "Gò Vấp", "HCM", "/764/79"},
      {"", "", "Không Có", "//"},
      {"Phường Sa Pả", "Sa Pa", "Lào Cai", "03002/088/10"},
      {"Phường Sa Pa", "Sa Pa", "Lào Cai", "03001/088/10"},
      {"Phuong Sa Pa", "Sa Pa", "Lao Cai", "/088/10?"},
      {"", "TX Cai Lậy", "Tiền Giang", "/817/82"},
      {"", "H. Cai Lay", "Tien Giang", "/820/82"},
      {"", "Cai Lậy", "Tiền Giang", "//82?"},
      {"", "", "", "//"},
      {" , ", ".", "-", "//"},
  };
  for (const auto& c : cases) EXPECT_EQ(resolved(c.ward, c.district, c.province), c.expected) << c.ward << " | " << c.district << " | " << c.province;
}

TEST_P(UnitsTest, OldAddressesStillResolveAfterTheReform) {
  EXPECT_EQ(resolved("Phường Bến Thành", "", "TP.HCM", in_2026), "26743//79");
  EXPECT_EQ(resolved("P.17", "Gò Vấp", "TP.HCM", in_2026), "26899/764/79") << "only the old map has it";
  EXPECT_EQ(resolved("Tân Phú", "", "HCM", in_2026), "27028//79");
  EXPECT_EQ(resolved("Tân Phú", "Quận 9", "HCM", in_2026), "26836/769/79") << "the district says which map is meant";
  EXPECT_EQ(resolved("Lái Thiêu", "", "Bình Dương", in_2026), "25979//79") << "a province that was merged";
  EXPECT_EQ(resolved("Phường Gò Vấp", "", "HCM", in_2021), "26884//79") << "a new name before its time";
}

TEST_P(UnitsTest, AnAreaContainsWhatLiesInItOnBothMaps) {
  const struct { const char *area, *unit; bool expected; } cases[] = {
      {"764", "26899", true},  {"79", "26899", true},   {"760", "26899", false}, {"26899", "26899", true}, {"26899", "764", false},
      {"79", "26884", true},   {"764", "26884", false}, {"vn", "26899", true},   {"", "26899", false},     {"79", "", false},
      {"760", "26743", true},  {"79", "25978", true},   {"74", "25978", true},   {"74", "25979", true},    {"724", "25979", true},
      {"25979", "25978", true}, {"24", "27", true},     {"27", "24", false},     {"74", "79", false},      {"99", "26899", false},
  };
  for (const auto& c : cases) EXPECT_EQ(units_->contains(c.area, c.unit), c.expected) << c.area << " contains " << c.unit;
}

TEST_P(UnitsTest, SuccessorsAreKnownOrSaidToBeUnknown) {
  using Evidence = Successor::Evidence;
  const struct { const char* code; Date on; const char* successor; Evidence evidence; const char* province; } cases[] = {
      {"26899", in_2021, "26899", Evidence::unchanged, "79"},   {"26743", in_2026, "26743", Evidence::unchanged, "79"},
      {"25978", in_2026, "25979", Evidence::same_name, "79"},   {"26899", in_2026, "", Evidence::unknown, "79"},
      {"26836", in_2026, "27028", Evidence::same_name, "79"},   {"27", in_2026, "24", Evidence::merged_province, "24"},
      {"764", in_2026, "", Evidence::unknown, "79"},            {"99999", in_2026, "", Evidence::unknown, ""},
  };
  for (const auto& c : cases) {
    const auto s = units_->successor(c.code, c.on);
    EXPECT_EQ(s.code, c.successor) << c.code;
    EXPECT_EQ(s.evidence, c.evidence) << c.code;
    EXPECT_EQ(s.province_code, c.province) << c.code;
  }
}

TEST_P(UnitsTest, FreeAddressesAreSplit) {
  const struct { const char *text, *street, *ward, *district, *province; } cases[] = {
      {"12 Lê Đức Thọ, P.17, Q. Gò Vấp, TP.HCM", "12 Lê Đức Thọ", "P.17", "Q. Gò Vấp", "TP.HCM"},
      {"12 Lê Đức Thọ P.17 Q.Gò Vấp TPHCM", "12 Lê Đức Thọ", "P.17", "Q.Gò Vấp", "TPHCM"},
      {"Tổ 5, khu phố 3, Thảo Điền, Thủ Đức, Hồ Chí Minh, Việt Nam", "Tổ 5, khu phố 3", "Thảo Điền", "Thủ Đức", "Hồ Chí Minh"},
      {"358/25/5A Đường số 3, phường Bến Thành, TP. Hồ Chí Minh", "358/25/5A Đường số 3", "phường Bến Thành", "", "TP. Hồ Chí Minh"},
      {"Phường 17, Quận Gò Vấp", "", "Phường 17", "Quận Gò Vấp", ""},
      {"số 1 phố vắng", "số 1 phố vắng", "", "", ""},
      {"", "", "", "", ""},
      {",,,", "", "", "", ""},
  };
  for (const auto& c : cases) {
    const auto parts = units_->parse_address(c.text);
    EXPECT_EQ(parts.street, c.street) << c.text;
    EXPECT_EQ(parts.ward, c.ward) << c.text;
    EXPECT_EQ(parts.district, c.district) << c.text;
    EXPECT_EQ(parts.province, c.province) << c.text;
  }
  EXPECT_EQ(units_->resolve_address("12 Lê Đức Thọ, P.17, Q. Gò Vấp, TP.HCM", in_2021).best(), "26899");
  EXPECT_EQ(units_->resolve_address(std::string(100'000, ','), in_2021).best(), "");
}

TEST_P(UnitsTest, ListsInTheOrderOfNames) {
  import_text("code,name,level,parent_code\n26001,Phường 10,ward,764\n26002,Phường 2,ward,764\n26003,Phường An Nhơn,ward,764\n");
  std::vector<std::string> names;
  for (const auto& unit : units_->list(Level::ward, "764", Date{2022y, std::chrono::January, 1d})) names.push_back(unit.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Phường 2", "Phường 10", "Phường 17", "Phường An Nhơn"}));
}

/// The official lists of both maps, where they are at hand.
class RealMapTest : public UnitsTest {
 protected:
  void SetUp() override {
    const auto data = tests::test_data_dir();
    if (data.empty() || !std::filesystem::exists(data + "/vn-units/units-2021.csv")) GTEST_SKIP() << "no vn-units";
    DatabaseTest::SetUp();
    units_ = std::make_unique<Units>(database());
    EXPECT_EQ(import(data + "/vn-units/units-2021.csv").accepted, 11'367);
    EXPECT_EQ(import(data + "/vn-units/units-2025.csv").accepted, 3'355);
  }
};
INSTANTIATE_TEST_SUITE_P(Sqlite, RealMapTest, testing::Values(tests::EngineKind::sqlite), tests::engine_name);

TEST_P(RealMapTest, EveryWardOf2021ResolvesFromItsOwnName) {
  int wards = 0, found = 0, address_wrong = 0, unmarked_wrong = 0, unmarked_ambiguous = 0;
  for (const auto& ward : units_->list(Level::ward, "", in_2021)) {
    const auto up = units_->ancestors(ward.code, in_2021);
    ASSERT_EQ(up.size(), 2U) << ward.code;
    ++wards;
    if (units_->resolve(ward.name, up[0].name, up[1].name, in_2021).ward_code == ward.code) ++found;
    const auto address = units_->resolve_address("số 5, " + ward.name + ", " + up[0].name + ", " + up[1].name, in_2021);
    if (address.ward_code != ward.code) ++address_wrong;
    const auto unmarked = units_->resolve(vietnamese::fold(ward.name), vietnamese::fold(up[0].name), vietnamese::fold(up[1].name), in_2021);
    if (unmarked.ambiguous) ++unmarked_ambiguous;
    else if (unmarked.ward_code != ward.code) ++unmarked_wrong;
  }
  EXPECT_EQ(wards, 10'599);
  EXPECT_EQ(found, wards);
  EXPECT_EQ(address_wrong, 0);
  EXPECT_EQ(unmarked_wrong, 0);
  EXPECT_EQ(unmarked_ambiguous, 2 * 21) << "21 pairs in one district differ by marks alone";
}

TEST_P(RealMapTest, EveryWardOf2025ResolvesAndManyOf2021HaveASuccessor) {
  int found = 0;
  const auto wards = units_->list(Level::ward, "", in_2026);
  EXPECT_EQ(wards.size(), 3'321U);
  for (const auto& ward : wards)
    if (units_->resolve(ward.name, "", units_->ancestors(ward.code, in_2026)[0].name, in_2026).ward_code == ward.code) ++found;
  EXPECT_EQ(found, 3'321);
  int by_code = 0, by_name = 0, unknown = 0;
  for (const auto& ward : units_->list(Level::ward, "", in_2021)) {
    const auto s = units_->successor(ward.code, in_2026);
    using Evidence = Successor::Evidence;
    (s.evidence == Evidence::same_name ? by_name : s.evidence == Evidence::unknown ? unknown : by_code)++;
    EXPECT_EQ(s.province_code.size(), 2U) << ward.code;
  }
  RecordProperty("same_code", by_code);
  RecordProperty("same_name", by_name);
  RecordProperty("unknown", unknown);
  EXPECT_GT(by_code, 3'000);
}

TEST_P(RealMapTest, SixtyThreeProvincesBecomeThirtyFour) {
  std::set<std::string> heirs;
  const auto old = units_->list(Level::province, "", in_2021);
  EXPECT_EQ(old.size(), 63U);
  for (const auto& province : old) {
    const auto heir = units_->successor(province.code, in_2026).code;
    ASSERT_TRUE(units_->find(heir, in_2026)) << province.code;
    EXPECT_EQ(units_->find(heir, in_2026)->valid_to, std::nullopt);
    heirs.insert(heir);
  }
  EXPECT_EQ(heirs.size(), 34U);
}

}  // namespace
}  // namespace motcua::units
