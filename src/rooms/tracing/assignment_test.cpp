// Who does what, on both databases: taken, let go, given to a colleague who works there.
#include <gtest/gtest.h>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class AssignmentTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    house_->four_residents();
    std::string met = "a,b,start,minutes\n";
    for (const char* other : {"2", "3", "4"}) met += std::string("id:079090000001,id:07909000000") + other + ",2021-08-07 10:00,15\n";
    house_->import("encounters", met);
    case_ = house_->confirm("079090000001", "2021-08-09T08:00:00+07:00");
    lead_ = house_->hire("dieu.phoi", "Điều phối", "tracing_supervisor", "vn");
    here_ = house_->hire("phuong.mot", "Phường Một", "ward_health_worker", "27280");
    there_ = house_->hire("phuong.hai", "Phường Hai", "ward_health_worker", "27283");
  }
  TestHouse& h() { return *house_; }
  Asker lead() { return h().as(lead_, "tracing_supervisor", "vn"); }
  Asker here() { return h().as(here_, "ward_health_worker", "27280"); }
  TaskView task_of(const std::string& name) {
    for (auto& t : ok(h().door().list_tasks(lead(), {.case_id = case_})).rows)
      if (t.full_name.reveal() == name) return std::move(t);
    throw std::runtime_error("no task of " + name);
  }
  std::string drawn(const std::vector<Workload>& colleagues) {
    std::string out;
    for (const auto& c : colleagues) out += (out.empty() ? "" : "; ") + c.display_name.reveal() + " " + std::to_string(c.open) + "/" + std::to_string(c.overdue);
    return out;
  }
  std::unique_ptr<TestHouse> house_;
  std::string case_, lead_, here_, there_;
};
INSTANTIATE_TEST_SUITE_P(Engines, AssignmentTest, tests::both_engines(), tests::engine_name);

TEST_P(AssignmentTest, ATaskIsGivenToWhoWorksWhereItIs) {
  struct Row { const char* whom; std::string account; const char* code; };
  for (const Row& row : {Row{"Bùi Văn Hai", here_, ""}, Row{"Bùi Văn Hai", there_, "tracing.account_unknown"}, Row{"Cao Thị Ba", there_, ""},
                         Row{"Cao Thị Ba", lead_, ""}, Row{"Cao Thị Ba", "acc_" + std::string(26, '0'), "tracing.account_unknown"},
                         Row{"Đỗ Văn Bốn", here_, ""},   // nobody knows his ward: the case's own
                         Row{"Đỗ Văn Bốn", there_, "tracing.account_unknown"}, Row{"Đỗ Văn Bốn", "", ""}}) {
    const TaskView task = task_of(row.whom);
    const auto done = h().door().assign_task(lead(), task.task_id, task.version, row.account);
    EXPECT_EQ(done ? "" : done.failure().code, row.code) << row.whom << " " << row.account;
    EXPECT_EQ(task_of(row.whom).assignee, done ? row.account : task.assignee) << row.whom;
  }
}

TEST_P(AssignmentTest, AWardsHealthWorkerDecidesAboutHerOwnAlone) {
  const auto assign = [&](const std::string& account) {
    const TaskView task = task_of("Bùi Văn Hai");
    const auto done = h().door().assign_task(here(), task.task_id, task.version, account);
    return done ? std::string() : done.failure().code;
  };
  EXPECT_EQ(assign(lead_), "tracing.not_yours_to_give");
  EXPECT_EQ(assign(here_), "");
  EXPECT_EQ(assign(""), "");
  const TaskView task = task_of("Bùi Văn Hai");
  ok(h().door().assign_task(lead(), task.task_id, task.version, lead_));
  EXPECT_EQ(assign(""), "tracing.not_yours_to_give") << "somebody else has it";
  EXPECT_EQ(h().door().assign_tasks(here(), {.task_ids = {task.task_id}, .all_of = {}}, here_).failure().code, "tracing.not_yours_to_give");
}

TEST_P(AssignmentTest, SeveralAreGivenAtOnceAndTheRestIsCounted) {
  const std::vector<std::string> ids{task_of("Bùi Văn Hai").task_id, task_of("Cao Thị Ba").task_id, "tsk_" + std::string(26, '0')};
  const Given chosen = ok(h().door().assign_tasks(lead(), {.task_ids = ids, .all_of = {}}, here_));
  EXPECT_EQ(chosen.given, 1);
  EXPECT_EQ(chosen.left, 2) << "one in another ward, one that is not there";
  const Given all = ok(h().door().assign_tasks(lead(), {.task_ids = {}, .all_of = TaskFilter{.case_id = case_, .class_name = "F1"}}, lead_));
  EXPECT_EQ(all.given, 3);
  EXPECT_EQ(ok(h().door().list_tasks(lead(), {.assignee = lead_})).total, 3);
  EXPECT_EQ(ok(h().door().list_tasks(lead(), {.unassigned = true})).total, 0);
  const std::vector<std::string> many(static_cast<std::size_t>(tasks_given_max) + 1, ids[0]);
  EXPECT_EQ(h().door().assign_tasks(lead(), {.task_ids = many, .all_of = {}}, lead_).failure().code, "tracing.too_many_tasks");
  const auto row = ok(h().door().list_contacts(lead(), {.case_id = case_, .sort = "name"})).rows.at(0);
  EXPECT_EQ(row.assignee_name.reveal(), "Điều phối") << "the case's list follows";
}

TEST_P(AssignmentTest, ColleaguesAreThoseWhoWorkThereWithWhatTheyHave) {
  ok(h().door().assign_tasks(lead(), {.task_ids = {task_of("Bùi Văn Hai").task_id}, .all_of = {}}, here_));
  EXPECT_EQ(drawn(ok(h().door().list_colleagues(lead(), {}))), "Phường Hai 0/0; Phường Một 1/0; Điều phối 0/0");
  h().now += std::chrono::days(2);
  const std::vector<std::string> there{task_of("Cao Thị Ba").task_id}, here{task_of("Bùi Văn Hai").task_id};
  EXPECT_EQ(drawn(ok(h().door().list_colleagues(lead(), there))), "Phường Hai 0/0; Điều phối 0/0");
  EXPECT_EQ(drawn(ok(h().door().list_colleagues(lead(), here))), "Phường Một 1/1; Điều phối 0/0");
  const Asker ward = h().as(there_, "tracer", "27283");
  EXPECT_EQ(drawn(ok(h().door().list_colleagues(ward, {}))), "Phường Hai 0/0; Điều phối 0/0");
  EXPECT_EQ(h().door().list_colleagues(ward, here).failure().code, "tracing.not_found") << "a task of another ward";
  EXPECT_EQ(ok(h().door().count_tasks_of(here_, 10)), 1);
  EXPECT_EQ(ok(h().door().count_tasks_of(here_, 0)), 0);
}

TEST_P(AssignmentTest, WardsAreCountedForTheAsker) {
  std::string drawn;
  for (const auto& count : ok(h().door().count_tasks_by_ward(lead()))) drawn += count.key + ":" + std::to_string(count.contacts) + " ";
  EXPECT_EQ(drawn, ":1 27280:1 27283:1 ");
  EXPECT_EQ(ok(h().door().count_tasks_by_ward(here())).size(), 1U);
}

}  // namespace
}  // namespace motcua::tracing
