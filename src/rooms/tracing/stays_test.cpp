// Stays told as they happen: facts like any other, and only what an open case asked about wakes it.
#include <gtest/gtest.h>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class StaysTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().path());
    h().four_residents();
    tell({"v0", "checkin", "phone:+84938000001", "vnu_a", "venue", at("2021-08-08T10:00:00+07:00"), at("2021-08-08T11:00:00+07:00")});
    case_id_ = h().confirm("079090000001", "2021-08-10T08:00:00+07:00");
    settle();
  }
  TestHouse& h() { return *house_; }
  void tell(const Stay& stay) {
    ok(database().write(tests::test_act(), [&](storage::Transaction& tx) { return h().door().tell_stays(tx, {&stay, 1}); }));
  }
  void settle() {
    h().now += std::chrono::seconds(5);
    ok(h().bus.drain());
  }
  std::int64_t looks() {
    std::int64_t turn = 0;
    ok(database().read([&](storage::Reader& r) { return r.query("SELECT turn FROM tracing_retrace WHERE id = 1", {}, [&](const storage::Row& row) { turn = row.integer(0); }); }));
    return turn;
  }
  std::int64_t listed() { return ok(h().door().list_contacts(h().tracer(), {.case_id = case_id_})).total; }

  std::unique_ptr<TestHouse> house_;
  std::string case_id_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StaysTest, tests::both_engines(), tests::engine_name);

constexpr const char* from = "2021-08-08T10:30:00+07:00";
constexpr const char* to = "2021-08-08T11:30:00+07:00";

TEST_P(StaysTest, AStayWakesACaseOnlyWhereItsTraceAsked) {
  const struct { const char* about; Stay stay; bool wakes; std::int64_t contacts; } cases[] = {
      {"elsewhere", {"v1", "checkin", "phone:+84938000002", "vnu_b", "venue", at(from), at(to)}, false, 0},
      {"the same place before", {"v2", "checkin", "phone:+84938000002", "vnu_a", "venue", at("2021-08-08T08:00:00+07:00"), at("2021-08-08T09:00:00+07:00")}, false, 0},
      {"beside the case", {"v3", "checkin", "phone:+84938000002", "vnu_a", "venue", at(from), at(to)}, true, 1},
      {"where the new contact goes later", {"v4", "checkin", "phone:+84938000002", "vnu_c", "venue", at("2021-08-09T10:00:00+07:00"), at("2021-08-09T11:00:00+07:00")}, true, 1},
      {"beside that contact there", {"v5", "checkin", "phone:+84938000003", "vnu_c", "venue", at("2021-08-09T10:10:00+07:00"), at("2021-08-09T11:00:00+07:00")}, true, 2},
  };
  for (const auto& c : cases) {
    const auto before = looks();
    tell(c.stay);
    settle();
    EXPECT_EQ(looks() > before, c.wakes) << c.about;
    EXPECT_EQ(listed(), c.contacts) << c.about;
    settle();
  }
}

TEST_P(StaysTest, ToldAgainCorrectedAndWithdrawn) {
  Stay stay{"v1", "checkin", "phone:+84938000002", "vnu_a", "venue", at(from), at(to)};
  tell(stay);
  tell(stay);
  settle();
  EXPECT_EQ(listed(), 1);
  const auto count = [&] {
    return ok(database().read_value([&](storage::Reader& r) { return h().door().count_stays(r, "vnu_a", "checkin", at("2021-08-08T00:00:00+07:00"), at(to)); }));
  };
  EXPECT_EQ(count(), 2);
  stay.to = at("2021-08-08T10:40:00+07:00");
  h().now += std::chrono::seconds(1);
  tell(stay);
  const auto held = ok(database().read_value([&](storage::Reader& r) { return h().door().find_stay(r, "checkin", "v1"); }));
  EXPECT_EQ(held->to, stay.to);
  EXPECT_EQ(count(), 2);
  h().now += std::chrono::seconds(1);
  const bool gone = ok(database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return h().door().withdraw_stay(tx, stay); }));
  EXPECT_TRUE(gone);
  settle();
  EXPECT_EQ(listed(), 0);
  EXPECT_EQ(count(), 1);
}

TEST_P(StaysTest, AClosedCaseWatchesNothing) {
  ok(h().door().close_case(h().tracer(), case_id_, 1));
  const auto before = looks();
  tell({"v3", "checkin", "phone:+84938000002", "vnu_a", "venue", at(from), at(to)});
  settle();
  EXPECT_EQ(looks(), before);
}

}  // namespace
}  // namespace motcua::tracing
