// Cases closed long ago keep their shape and lose their people, on both databases.
#include <gtest/gtest.h>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class PseudonymsTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    h().four_residents();
    h().import("visits", "visit_id,person,place_code,from,to\n1,id:079090000001,CAFE,2021-08-07 08:00,2021-08-07 09:00\n2,id:079090000002,CAFE,2021-08-07 08:30,2021-08-07 09:30\n"
                         "3,id:079090000003,CAFE,2021-08-07 09:10,2021-08-07 09:40\n");
  }
  TestHouse& h() { return *house_; }
  std::int64_t purge(bool count_only) {
    for (const auto& line : ok(h().room->purge(tests::test_act(), h().now, count_only)))
      if (line.what == "tracing.purge_names") return line.rows;
    return -1;
  }
  /// Levels, minutes, and whether the chain still hangs together.
  std::string shape(const std::string& case_id) {
    std::string out;
    const auto view = ok(h().door().get_case(h().tracer(), case_id));
    for (const auto& row : ok(h().door().list_contacts(h().tracer(), {.case_id = case_id})).rows) {
      const auto contact = ok(h().door().get_contact(h().tracer(), row.contact_id));
      out += std::to_string(row.level) + " " + std::to_string(static_cast<int>(row.minutes)) + (contact.path.front().from_person == view.person_id ? " from the case" : " from nobody") +
             (contact.path.back().to_person == row.person_id ? "; " : " to nobody; ");
    }
    return out;
  }
  /// Everything about cases that stands in the database, as one text.
  std::string everything() {
    std::string out;
    for (const char* sql : {"SELECT subject, person_id, search_text FROM tracing_case", "SELECT person_id, via_person, search_text || path || earliest_path || reason FROM tracing_contact",
                            "SELECT subject, person_id, '' FROM tracing_task", "SELECT note, '', '' FROM tracing_call"})
      ok(database().read([&](storage::Reader& r) {
        return r.query(sql, {}, [&](const storage::Row& row) { out += row.string(0) + " " + row.string(1) + " " + row.string(2) + "\n"; });
      }));
    return out;
  }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PseudonymsTest, tests::both_engines(), tests::engine_name);

TEST_P(PseudonymsTest, AfterHalfAYearOfAClosedCaseOnlyTheShapeIsLeft) {
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  const std::string before = shape(id);
  EXPECT_EQ(before, "1 30 from the case; 2 20 from the case; ");
  h().now += std::chrono::hours(24 * 181);
  EXPECT_EQ(purge(true), 0) << "open cases keep their people";
  ok(h().door().close_case(h().tracer(), id, ok(h().door().get_case(h().tracer(), id)).version));
  EXPECT_EQ(purge(true), 1);
  EXPECT_EQ(purge(false), 1);
  EXPECT_EQ(purge(false), 0) << "once";
  EXPECT_EQ(shape(id), before);
  const std::string left = everything();
  for (const char* who : {"079090000001", "079090000002", "079090000003"}) {
    EXPECT_EQ(left.find(h().person(who)), std::string::npos) << who;
    EXPECT_EQ(left.find(h().people->door().subject_of("residents", who)), std::string::npos) << who;
  }
  for (const char* word : {"an van mot", "bui van hai", "cao thi ba", "0938"}) EXPECT_EQ(left.find(word), std::string::npos) << word;
  for (const auto& row : ok(h().door().list_contacts(h().tracer(), {.case_id = id})).rows) EXPECT_EQ(row.full_name.reveal(), "");
}

TEST_P(PseudonymsTest, ACaseClosedYesterdayKeepsItsPeople) {
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  ok(h().door().close_case(h().tracer(), id, ok(h().door().get_case(h().tracer(), id)).version));
  h().now += std::chrono::hours(24 * 179);
  EXPECT_EQ(purge(false), 0);
  EXPECT_NE(everything().find("bui van hai"), std::string::npos);
}

}  // namespace
}  // namespace motcua::tracing
