// Declarations brought in on both databases: identity's half and ours together.
#include <gtest/gtest.h>

#include <fstream>

#include "rooms/declarations/declarations.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::declarations {
namespace {

class Declaring : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home_ = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    home_->now = *parse_instant("2021-11-21T12:00:00+07:00");
    identity_ = identity::make_identity(home_->house);
    residents_ = std::move(*residents::make_residents(home_->house, identity_->door()));
    room_ = std::move(*make_declarations(home_->house, identity_->door(), residents_->door()));
  }

  intake::Summary import(const std::string& kind, const std::string& text) {
    for (const auto& k : room_->kinds())
      if (k.name == kind) {
        auto done = intake::import_source(database(), tests::test_act("declarations.import"), k, {}, *intake::text_source(text), dir().str());
        EXPECT_TRUE(done.ok()) << done.failure().code << " " << done.failure().field << " " << done.failure().detail;
        return done ? *done : intake::Summary{};
      }
    ADD_FAILURE() << kind;
    return {};
  }

  template <class Ask>
  auto ask(Ask&& body) {
    return std::move(*database().read_value(std::forward<Ask>(body)));
  }
  std::vector<DeclarationSummary> of(const std::string& source, const std::string& record) {
    std::vector<std::string> subjects{identity_->door().subject_of(source, record)};
    return ask([&](storage::Reader& r) { return room_->door().of_subjects(r, subjects, 10); });
  }
  std::vector<Journey> at(const std::string& place) {
    std::vector<std::string> places{place};
    return ask([&](storage::Reader& r) { return room_->door().journeys_at(r, places, from_millis(0), from_millis(4'000'000'000'000)); });
  }

  std::unique_ptr<tests::PlatformHouse> home_;
  std::unique_ptr<identity::IdentityRoom> identity_;
  std::unique_ptr<residents::ResidentsRoom> residents_;
  std::unique_ptr<DeclarationsRoom> room_;
};

constexpr const char* ncovi_head = "declaration_id,declared_at,full_name,birth_date,sex,phone,symptoms,contact_case,from_affected_area,tầng\n";

TEST_P(Declaring, ncoviRowByRow) {
  const std::string text = std::string(ncovi_head) +
                           "A1,2021-11-10T08:00:00+07:00,Nguyễn Văn Thử,02/03/1990,Nam,0938000204,\"sốt, ho\",Có,2,5\n"
                           "A2,hôm qua,Trần Thị Mẫu,1991,Nữ,0938000205,,,,\n"
                           "A3,10/11/2021 09:00,Lê Văn Vẽ,31/02/1990,Nam,12,,có thể,,\n"
                           ",10/11/2021 09:00,Lê Văn Vẽ,1990,Nam,,,,,\n";
  auto first = import("ncovi", text);
  EXPECT_EQ(first.read, 4);
  EXPECT_EQ(first.accepted, 2);
  EXPECT_EQ(first.rejected, 2);
  EXPECT_EQ(first.warned, 1);   // A3: a day that is none, a phone that is none, an answer that is none
  auto a1 = of("ncovi", "A1");
  ASSERT_EQ(a1.size(), 1u);
  EXPECT_EQ(a1[0].symptoms, (std::vector<std::string>{"fever", "cough"}));
  EXPECT_TRUE(a1[0].contact_with_case);
  EXPECT_FALSE(a1[0].from_affected_area);
  EXPECT_EQ(to_iso(a1[0].declared_at), "2021-11-10T08:00:00+07:00");
  auto again = import("ncovi", text);
  EXPECT_EQ(again.unchanged, 2);
  EXPECT_EQ(again.accepted + again.updated, 0);
  auto changed = import("ncovi", std::string(ncovi_head) + "A1,2021-11-10T08:00:00+07:00,Nguyễn Văn Thử,02/03/1990,Nam,0938000204,không,Không,2,5\n");
  EXPECT_EQ(changed.updated, 1);
  EXPECT_TRUE(of("ncovi", "A1")[0].symptoms.empty());
  EXPECT_FALSE(of("ncovi", "A1")[0].contact_with_case);
}

TEST_P(Declaring, theSameRowTwiceInOneFile) {
  auto sum = import("ncovi", std::string(ncovi_head) + "B1,2021-11-10,Đỗ Thị Tre,1980,Nữ,,ho,,,\nB1,2021-11-10,Đỗ Thị Tre,1980,Nữ,,ho,,,\nB1,2021-11-11,Đỗ Thị Tre,1980,Nữ,,sốt,,,\n");
  EXPECT_EQ(sum.accepted, 1);
  EXPECT_EQ(sum.unchanged, 1);
  EXPECT_EQ(sum.updated, 1);
  EXPECT_EQ(of("ncovi", "B1")[0].symptoms, (std::vector<std::string>{"fever"}));
}

constexpr const char* vhd_head = "id,createdAt,type,otherUser,fullName,birthYear,phone,flightCode,vehicleCode,seat,startTime,vehicle\n";

TEST_P(Declaring, vhdKeepsJourneys) {
  auto sum = import("vhd", std::string(vhd_head) +
                               "v1,2021-11-07T10:00:00+07:00,HDLocal,0,NGUYỄN VĂN THỬ,1990,0938000204,VN1188,,12A,08/11/2021 07:30,airplane\n"
                               "v2,2021-11-07T10:00:00+07:00,HDLocal,1,LÊ THỊ BÉ,2010,0938000204,vn-1188,,12B,08/11/2021 07:30,airplane\n"
                               "v3,2021-11-07T10:00:00+07:00,HDLocal,0,TRẦN VĂN MẪU,1985,0938000206,,50H-123.45,3,sáng mai,other\n"
                               "v4,2021-11-07T10:00:00+07:00,HDXX,0,TRẦN VĂN MẪU,1985,0938000206,,,,,\n"
                               "v5,2021-11-07T10:00:00+07:00,HDHealth,0,TRẦN VĂN MẪU,năm nào,0938000206,,,,,\n"
                               "v6,2021-11-07T10:00:00+07:00,HDHealth,0,TRẦN VĂN MẪU,1985,12,,,,,\n");
  EXPECT_EQ(sum.accepted, 3);
  EXPECT_EQ(sum.rejected, 3);
  EXPECT_EQ(sum.warned, 1);
  auto flight = at("flight:VN1188:2021-11-08");
  ASSERT_EQ(flight.size(), 2u);
  EXPECT_EQ(to_iso(flight[0].from), "2021-11-08T07:30:00+07:00");
  EXPECT_EQ(to_iso(flight[0].to), "2021-11-08T09:30:00+07:00");
  std::vector<std::string> subjects{identity_->door().subject_of("vhd", "v1")};
  auto mine = ask([&](storage::Reader& r) { return room_->door().journeys_of(r, subjects, *parse_instant("2021-11-08T09:00:00+07:00"), *parse_instant("2021-11-08T10:00:00+07:00")); });
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_EQ(mine[0].seat, "12A");
  auto later = ask([&](storage::Reader& r) { return room_->door().journeys_of(r, subjects, *parse_instant("2021-11-08T09:30:00+07:00"), *parse_instant("2021-11-08T10:00:00+07:00")); });
  EXPECT_TRUE(later.empty()) << "intervals are half-open";
  import("vhd", std::string(vhd_head) + "v1,2021-11-07T10:00:00+07:00,HDHealth,0,NGUYỄN VĂN THỬ,1990,0938000204,,,,,\n");
  EXPECT_EQ(at("flight:VN1188:2021-11-08").size(), 1u) << "a corrected declaration takes its journey back";
}

TEST_P(Declaring, rejectedFieldsAreNamedAsTheFileNamesThem) {
  auto sum = import("vhd", std::string(vhd_head) + "v6,2021-11-07T10:00:00+07:00,HDHealth,0,TRẦN VĂN MẪU,1985,12,,,,,\nv7,2021-11-07,HDHealth,0,???,1985,0938000206,,,,,\n");
  std::ifstream file(sum.rejected_file);
  std::string line;
  std::vector<std::string> fields;
  while (std::getline(file, line)) fields.push_back(line.substr(0, line.find(',', line.find(',') + 1)));
  EXPECT_EQ(fields, (std::vector<std::string>{"row,field", "1,phone", "2,fullName"}));
}

TEST_P(Declaring, forgetsOnTime) {
  import("ncovi", std::string(ncovi_head) + "C1,2021-10-01,Đỗ Thị Tre,1980,Nữ,,ho,,,\nC2,2021-11-10,Đỗ Thị Tre,1980,Nữ,,ho,,,\n");
  import("vhd", std::string(vhd_head) + "v1,2021-10-20,HDLocal,0,NGUYỄN VĂN THỬ,1990,0938000204,VN1188,,12A,21/10/2021 07:30,airplane\n");
  auto counted = room_->purge(tests::test_act("declarations.purge"), home_->now, true);
  EXPECT_EQ((*counted)[0].rows, 1);
  EXPECT_EQ((*counted)[1].rows, 1);
  EXPECT_EQ(of("ncovi", "C1").size(), 1u) << "counting deletes nothing";
  ASSERT_TRUE(room_->purge(tests::test_act("declarations.purge"), home_->now, false).ok());
  EXPECT_TRUE(of("ncovi", "C1").empty());
  EXPECT_EQ(of("ncovi", "C2").size(), 1u);
  EXPECT_TRUE(at("flight:VN1188:2021-10-21").empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Declaring, tests::both_engines(), tests::engine_name);

}  // namespace
}  // namespace motcua::declarations
