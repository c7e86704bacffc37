#include "rooms/identity/kinds.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

class KindsTest : public tests::DatabaseTest {
 protected:
  intake::Summary import(const std::string& kind, const std::string& csv) {
    TestHouse house(database(), dir().file("home"));
    for (const auto& k : house.room->kinds()) {
      if (k.name != kind) continue;
      auto summary = intake::import_source(database(), tests::test_act("imports.import"), k, {}, *intake::text_source(csv), dir().file("home"));
      EXPECT_TRUE(summary) << summary.failure().code << " " << summary.failure().field;
      return summary ? *summary : intake::Summary{};
    }
    ADD_FAILURE() << kind;
    return {};
  }
  std::string text(const std::string& sql) {
    auto found = database().read_value([&](storage::Reader& r) { return r.find(sql, {}, [](const storage::Row& row) { return row.string(0); }); });
    return found && *found ? **found : "(none)";
  }
  static std::string content(const std::string& file) {
    std::ifstream in(file);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, KindsTest, tests::both_engines(), tests::engine_name);

TEST_P(KindsTest, residents) {
  const std::string csv =
      "id_number,Old ID number,full_name,birth_date,sex,phone,address,ward_code,household_id,ethnicity\n"
      "079190000013,271450009,Trần Thị Minh Đào,08/07/1990,Nữ,0938000203,12 Lê Lợi,26740,H-1,Kinh\n"
      ",,Lê Hoa,1990,Nữ,,,,,\n"
      "079190000014,,Lê Hoa,31/02/1990,Nữ,,,,,\n"
      "079190000015,,Lê Hoa,1990,Nữ,12,,,,\n";
  const auto first = import("residents", csv);
  EXPECT_EQ(first.read, 4);
  EXPECT_EQ(first.accepted, 2);
  EXPECT_EQ(first.rejected, 2);
  EXPECT_EQ(first.warned, 1);
  const std::string rejected = content(first.rejected_file);
  EXPECT_NE(rejected.find("2,id_number,"), std::string::npos) << rejected;
  EXPECT_NE(rejected.find("3,birth_date,"), std::string::npos) << rejected;
  EXPECT_EQ(text("SELECT payload FROM identity_record WHERE record_id = '079190000013'"), R"({"ethnicity":"Kinh"})");
  EXPECT_EQ(text("SELECT old_id_number FROM identity_record WHERE record_id = '079190000013'"), "271450009");
  EXPECT_EQ(text("SELECT payload FROM identity_record WHERE record_id = '079190000015'"), R"({"phone_as_told":"12"})");
  EXPECT_EQ(import("residents", csv).unchanged, 2);
}

TEST_P(KindsTest, tests_and_doses) {
  const auto tests = import("tests",
      "sample_code,full_name,birth_date,birth_year,sex,phone,id_number,collected_at,method,result,ct,lab\n"
      "S-1,Trần Thị Minh Đào,,1990,Nữ,0938000203,,2021-07-20 08:00,pcr,POS,21.5,HCDC\n"
      "S-2,Trần Thị Minh Đào,,1990,Nữ,,,2021-07-20 08:00,PCR,MAYBE,,\n"
      "S-3,Trần Thị Minh Đào,,1990,Nữ,,,yesterday,PCR,NEG,,\n");
  EXPECT_EQ(tests.accepted, 1);
  EXPECT_EQ(tests.rejected, 2);
  const std::string rejected = content(tests.rejected_file);
  EXPECT_NE(rejected.find("2,result,"), std::string::npos) << rejected;
  EXPECT_NE(rejected.find("3,collected_at,"), std::string::npos) << rejected;
  EXPECT_EQ(text("SELECT payload FROM identity_record WHERE record_id = 'S-1'"), R"({"method":"PCR","result":"POS","ct":"21.5","lab":"HCDC"})");
  EXPECT_EQ(text("SELECT birth FROM identity_record WHERE record_id = 'S-1'"), "1990");
  EXPECT_EQ(text("SELECT reference FROM identity_claim WHERE is_own = 1"), "(none)");  // a desk writes down whichever phone it is given
  const auto doses = import("doses", "dose_id;full_name;vaccine;injected_at;phone\nV-1;Trần Thị Minh Đào;AstraZeneca;20/07/2021;\nV-2;;AstraZeneca;20/07/2021;\n");
  EXPECT_EQ(doses.accepted, 1);
  EXPECT_EQ(doses.rejected, 1);
}

}  // namespace
}  // namespace motcua::identity
