// What a changed fact does to a stored list: everything that follows from it in one transaction, or nothing; and in whatever order, the same end.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class RetraceTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    house_->four_residents();
    house_->import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\nid:079090000002,id:079090000003,2021-08-08 10:00,15\n"
                                 "id:079090000001,id:079090000004,2021-08-01 10:00,15\n");
  }
  TestHouse& h() { return *house_; }
  void sql(const std::string& statement) {
    ok(database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(tx.execute(statement, {}));
      return {};
    }));
  }
  /// Every stored row of contacts and tasks, the case, the sums of wards, and how many events are out: "Bùi F1 open; ...".
  std::string stored(const std::string& case_id) {
    std::string out;
    const auto add = [&](const std::string& statement, const storage::Values& values) {
      out += "|";
      ok(database().read([&](storage::Reader& r) {
        return r.query(statement, values, [&](const storage::Row& row) { out += row.string(0) + " " + row.string(1) + " " + row.string(2) + ";"; });
      }));
    };
    add("SELECT person_id, CAST(level AS TEXT), state FROM tracing_contact WHERE case_id = $1 ORDER BY person_id", {case_id});
    add("SELECT person_id, CAST(level AS TEXT), state FROM tracing_task WHERE case_id = $1 ORDER BY person_id, state", {case_id});
    add("SELECT ward_code, CAST(contacts AS TEXT), CAST(f1 AS TEXT) FROM tracing_case_ward WHERE case_id = $1 ORDER BY ward_code", {case_id});
    add("SELECT COALESCE(onset, ''), CAST(contacts AS TEXT), CAST(version AS TEXT) FROM tracing_case WHERE case_id = $1", {case_id});
    return out;
  }
  std::string confirm() {
    CaseInput input{.record_source = "residents", .record_id = "079090000001", .sampled_at = at("2021-08-09T08:00:00+07:00"), .onset = day(8)};
    return ok(h().door().confirm_case(everywhere(tests::test_act("tracing.confirm_case")), input));
  }
  static Date day(unsigned n) { return Date{std::chrono::year{2021}, std::chrono::August, std::chrono::day{n}}; }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, RetraceTest, tests::both_engines(), tests::engine_name);

TEST_P(RetraceTest, AFailureInTheMiddleLeavesNothingHalfDone) {
  const std::string id = confirm();
  ok(h().bus.drain());
  const std::string before = stored(id);
  for (const std::string table : {"tracing_case_ward", "events_outbox"}) {      // after the contacts are written; at the very end
    sql("ALTER TABLE " + table + " RENAME TO hidden");
    const auto changed = h().door().amend_case(h().tracer(), id, 1, {.onset = day(4)});
    sql("ALTER TABLE hidden RENAME TO " + table);
    EXPECT_FALSE(changed.ok()) << table;
    EXPECT_EQ(stored(id), before) << table;
  }
  ok(h().door().amend_case(h().tracer(), id, 1, {.onset = day(4)}));
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id})).total, 3) << "and the change can be made again";
}

TEST_P(RetraceTest, TasksAreWithdrawnAndOpenedWithTheList) {
  const std::string id = confirm();
  EXPECT_EQ(ok(h().door().list_tasks(h().tracer(), {.case_id = id})).total, 2);
  ok(h().door().amend_case(h().tracer(), id, 1, {.onset = day(11)}));      // nobody was met from the 8th on
  EXPECT_EQ(ok(h().door().list_tasks(h().tracer(), {.case_id = id})).total, 0);
  EXPECT_EQ(ok(h().door().list_tasks(h().tracer(), {.case_id = id, .state = "cancelled"})).total, 2);
  ok(h().door().amend_case(h().tracer(), id, 2, {.onset = day(4)}));
  EXPECT_EQ(ok(h().door().list_tasks(h().tracer(), {.case_id = id})).total, 3) << "the two again, and one more";
  EXPECT_EQ(ok(h().door().list_tasks(h().tracer(), {.case_id = id, .state = "cancelled"})).total, 0);
}

TEST_P(RetraceTest, AnAnswerThatWasOvertakenIsGivenAgain) {
  const std::string id = confirm();
  h().journeys.meanwhile = [&] {      // another process brings in a fact and traces the case, while this one answers from what it saw before
    h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000003,2021-08-07 12:00,20\n");
    EXPECT_EQ(ok(h().door().retrace(tests::test_act(), id)).reclassified, 1);
  };
  ok(h().door().retrace(tests::test_act(), id));
  const auto f1 = ok(h().door().list_contacts(h().tracer(), {.case_id = id, .class_name = "F1"}));
  EXPECT_EQ(f1.total, 2) << "the older answer is not written over the newer";
}

/// An import and a change of the case, one after the other in both orders and at once: one and the same list.
TEST_P(RetraceTest, TwoChangesAtOnceEndAsOneAfterTheOther) {
  const std::string id = confirm();
  const auto import = [&] { h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000003,2021-08-05 10:00,20\n"); };
  const auto retrace = [&] { ok(h().door().retrace(tests::test_act(), id)); };
  const auto amend = [&](int version, unsigned onset) { ok(h().door().amend_case(h().tracer(), id, version, {.onset = day(onset)})); };
  amend(1, 4);
  import();
  ok(h().bus.drain());
  const std::string one_after_the_other = ok(h().door().list_contacts(h().tracer(), {.case_id = id})).rows.empty() ? "" : stored(id);
  sql("DELETE FROM tracing_encounter WHERE from_at = " + std::to_string(to_millis(at("2021-08-05 10:00"))));
  amend(2, 8);
  ok(h().bus.drain());
  retrace();
  std::thread first([&] { amend(3, 4); });
  std::thread second([&] {
    import();
    retrace();
  });
  std::thread third(retrace);
  for (std::thread* t : {&first, &second, &third}) t->join();
  ok(h().bus.drain());
  sql("UPDATE tracing_case SET version = 2");
  EXPECT_EQ(stored(id), one_after_the_other);
}

}  // namespace
}  // namespace motcua::tracing
