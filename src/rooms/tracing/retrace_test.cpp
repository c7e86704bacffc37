// What a changed fact does to a stored list: everything that follows from it in one transaction, or nothing; and in whatever order, the same end.
#include <gtest/gtest.h>

#include <thread>

#include "platform/assets/assets.hpp"
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/policy.hpp"
#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

/// A database whose n-th writing statement fails: as when the disk is full, the connection gone.
class FailingDatabase : public storage::Database {
 public:
  explicit FailingDatabase(storage::Database& inner) : inner_(inner) {}
  int fail_at = 0, written = 0;                        // 0: none fails

  Result<void> read(const ReadBody& body) override { return inner_.read(body); }
  Result<void> write(const Act& act, const WriteBody& body) override {
    return inner_.write(act, [&](storage::Transaction& tx) {
      Counted counted(tx, *this);
      return body(counted);
    });
  }
  void set_audit_sink(std::shared_ptr<storage::AuditSink> sink) override { inner_.set_audit_sink(std::move(sink)); }
  Result<std::vector<std::string>> migrate(const std::vector<storage::Migration>& m) override { return inner_.migrate(m); }
  Result<void> backup_to(const std::string& file) override { return inner_.backup_to(file); }
  Result<std::vector<std::string>> check_integrity() override { return inner_.check_integrity(); }
  bool is_postgres() const override { return inner_.is_postgres(); }

 private:
  class Counted : public storage::Transaction {
   public:
    Counted(storage::Transaction& inner, FailingDatabase& all) : inner_(inner), all_(all) {}
    Result<void> query(std::string_view sql, const storage::Values& v, const storage::RowVisitor& visit) override { return inner_.query(sql, v, visit); }
    Result<std::int64_t> execute(std::string_view sql, const storage::Values& v) override {
      TRY(count());
      return inner_.execute(sql, v);
    }
    Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<storage::Values>& sets) override {
      TRY(count());
      return inner_.execute_many(sql, sets);
    }
    Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns, const std::vector<storage::Values>& rows) override {
      TRY(count());
      return inner_.bulk_insert(table, columns, rows);
    }
    void note(AuditNote note) override { inner_.note(std::move(note)); }
    const Act& act() const override { return inner_.act(); }

   private:
    Result<void> count() const { return ++all_.written == all_.fail_at ? Result<void>(unavailable("storage.unavailable", "test")) : Result<void>(); }
    storage::Transaction& inner_;
    FailingDatabase& all_;
  };
  storage::Database& inner_;
};

class RetraceTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    failing_ = std::make_unique<FailingDatabase>(database());
    house_ = std::make_unique<TestHouse>(*failing_, dir().str());
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
  /// What is stored of both cases, the events that are out, and the lines of audit.
  std::string stored(const std::string& a, const std::string& b) {
    std::string out = stored(a) + stored(b);
    for (const std::string table : {"events_outbox", "audit_entry"})
      ok(database().read([&](storage::Reader& r) {
        return r.query("SELECT COUNT(*) FROM " + table, {}, [&](const storage::Row& row) { out += "|" + std::to_string(row.integer(0)); });
      }));
    return out;
  }
  Desk desk() {
    return {h().house, {h().people->door(), h().journeys}, ok(read_policies(assets::list("policies/vn-"))), ok(h().keys->secret("tracing-contact-ids", 32))};
  }
  std::string confirm() {
    CaseInput input{.record_source = "residents", .record_id = "079090000001", .sampled_at = at("2021-08-09T08:00:00+07:00"), .onset = day(8)};
    return ok(h().door().confirm_case(everywhere(tests::test_act("tracing.confirm_case")), input));
  }
  static Date day(unsigned n) { return Date{std::chrono::year{2021}, std::chrono::August, std::chrono::day{n}}; }
  FailingDatabase& failing() { return *failing_; }
  std::unique_ptr<FailingDatabase> failing_;
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

/// One fact, two lists: whichever statement fails, neither has changed; when none does, both have, with their tasks, events and lines of audit.
TEST_P(RetraceTest, AChangedFactMakesAllItsListsAnewOrNone) {
  const std::string one = confirm(), other = h().confirm("079090000004", "2021-08-09T08:00:00+07:00");
  ok(h().bus.drain());
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000004,2021-08-07 12:00,20\n");
  const std::string before = stored(one, other);
  const Desk the_desk = desk();
  int statements = 1;
  for (;; ++statements) {
    failing().written = 0;
    failing().fail_at = statements;
    if (retrace_open_cases(the_desk, tests::test_act())) break;
    ASSERT_EQ(stored(one, other), before) << "statement " << statements;
  }
  failing().fail_at = 0;
  EXPECT_GT(statements, 10);
  EXPECT_NE(stored(one), before.substr(0, stored(one).size()));
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = one})).total, 3);
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = other})).total, 2) << "An, and Bùi whom An met afterwards";
  const std::string after = stored(one, other);
  ok(retrace_open_cases(the_desk, tests::test_act()));
  EXPECT_EQ(stored(one, other), after) << "and nothing more to say";
}

/// A fact comes in, and all cases are looked at, while a case is being confirmed that neither sees: the new list has it all the same.
TEST_P(RetraceTest, AFactThatCameWhileACaseWasConfirmedIsInItsList) {
  confirm();
  ok(h().bus.drain());
  h().journeys.meanwhile = [&] {
    h().import("encounters", "a,b,start,minutes\nid:079090000003,id:079090000004,2021-08-07 12:00,20\n");
    ok(h().bus.drain());
  };
  const std::string id = h().confirm("079090000004", "2021-08-09T08:00:00+07:00");
  ok(h().bus.drain());
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id, .class_name = "F1"})).total, 2);
}

/// Nothing but her isolation concerns other lists.
TEST_P(RetraceTest, OnlyAnIsolationAsksForOtherLists) {
  const std::string id = confirm();
  ok(h().bus.drain());
  const auto asked = [&] { return ok(database().read_value([](storage::Reader& r) { return store::read_turn(r); })); };
  const auto turns = asked();
  ok(h().door().amend_case(h().tracer(), id, 1, {.onset = day(4)}));
  ok(h().bus.drain());
  EXPECT_EQ(asked(), turns);
  ok(h().door().amend_case(h().tracer(), id, 2, {.isolated_at = at("2021-08-08T12:00:00+07:00")}));
  ok(h().bus.drain());
  EXPECT_EQ(asked(), turns + 1);
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
