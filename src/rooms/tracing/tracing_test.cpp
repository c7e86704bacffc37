// The room end to end on both databases: facts come in, a case is confirmed, people are found, called and found anew.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "rooms/tracing/bluezone.hpp"
#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class TracingRoomTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    house_->four_residents();
  }
  TestHouse& h() { return *house_; }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, TracingRoomTest, tests::both_engines(), tests::engine_name);

constexpr const char* cafe =
    "visit_id,person,place_code,place_name,ward_code,kind,seat,from,to\n"
    "1,id:079090000001,CAFE,Quán Cà phê,27280,venue,,2021-08-07 08:00,2021-08-07 09:00\n"
    "2,phone:0938000002,CAFE,Quán Cà phê,27280,venue,,2021-08-07 08:30,2021-08-07 09:30\n"
    "3,record:residents:079090000003,CAFE,,,venue,,2021-08-07 09:15,\n";

TEST_P(TracingRoomTest, VisitsLeadToNamedPeople) {
  const auto summary = h().import("visits", cafe);
  EXPECT_EQ(summary.accepted, 3);
  EXPECT_EQ(summary.rejected, 0);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id), "Bùi Văn Hai F1 via case 30; Cao Thị Ba F2 via Bùi Văn Hai 15");
}

TEST_P(TracingRoomTest, TheSameFileTwiceChangesNothingAndACorrectionIsOne) {
  h().import("visits", cafe);
  const auto again = h().import("visits", cafe);
  EXPECT_EQ(again.unchanged, 3);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  const Instant before = h().now;
  h().now += std::chrono::minutes(1);
  const auto corrected = h().import("visits", "visit_id,person,place_code,from,to\n2,phone:0938000002,OTHER,2021-08-07 08:30,2021-08-07 09:30\n");
  EXPECT_EQ(corrected.updated, 1);
  EXPECT_EQ(h().drawn(id), "");
  EXPECT_EQ(h().drawn(id, {.as_of = before}), "Bùi Văn Hai F1 via case 30; Cao Thị Ba F2 via Bùi Văn Hai 15") << "what was known then";
}

TEST_P(TracingRoomTest, EncountersOfBothSidesAndTheirDistance) {
  const std::string csv =
      "a,b,start,minutes,distance_m,kind\n"
      "id:079090000002,id:079090000001,2021-08-07 10:00,12.5,1.5,work\n"
      "id:079090000001,phone:0938000003,2021-08-07 11:00,20,3.5,\n"
      "id:079090000001,id:079090000001,2021-08-07 11:00,20,1,\n"
      "id:079090000001,id:079090000002,2021-08-07 11:00,-1,1,\n";
  const auto summary = h().import("encounters", csv);
  EXPECT_EQ(summary.accepted, 2);
  EXPECT_EQ(summary.rejected, 2);
  EXPECT_EQ(h().import("encounters", csv).unchanged, 2);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id), "Bùi Văn Hai F1 via case 12") << "3.5 m is no contact";
  const auto found = ok(h().door().trace(h().tracer(), {.case_id = id}));
  EXPECT_EQ(found.contacts[0].evidence, std::vector<std::string>{"work"});
  EXPECT_EQ(found.policy.name, "vn-2021-07");
}

TEST_P(TracingRoomTest, AFactAboutSomebodyUnknownWaitsAndResolvesByItself) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,phone:0938000099,2021-08-07 10:00,15\n");
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id})).total, 0);
  h().resident("079090000099", "Giang Văn Mới", "0938000099");
  h().link();
  ok(h().bus.drain());
  const ContactPage page = ok(h().door().list_contacts(h().tracer(), {.case_id = id}));
  ASSERT_EQ(page.total, 1);
  EXPECT_EQ(page.rows[0].full_name.reveal(), "Giang Văn Mới");
  EXPECT_EQ(page.rows[0].state, "open") << "and somebody is to call";
}

TEST_P(TracingRoomTest, ALaterFactReclassifiesEveryoneDownstream) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000003,2021-08-08 10:00,15\nid:079090000003,id:079090000004,2021-08-08 12:00,15\n");
  ok(h().bus.drain());
  const ContactPage page = ok(h().door().list_contacts(h().tracer(), {.case_id = id, .sort = "name"}));
  ASSERT_EQ(page.rows.size(), 3U);
  EXPECT_EQ(page.rows[0].class_name, "F1");
  EXPECT_EQ(page.rows[1].full_name.reveal(), "Cao Thị Ba");
  EXPECT_EQ(page.rows[1].class_name, "F1") << "was F2";
  EXPECT_EQ(page.rows[2].class_name, "F2");
  EXPECT_EQ(ok(h().door().retrace(tests::test_act(), id)).reclassified, 0) << "nothing left to change";
}

TEST_P(TracingRoomTest, MinutesCountOnceHoweverManyTellOfThem) {
  h().import("visits", cafe);
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 08:40,15\nid:079090000001,id:079090000002,2021-08-07 08:50,20\n");
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id, {.depth = 1}), "Bùi Văn Hai F1 via case 40") << "8:30 to 9:10";
}

/// Bùi, isolated on some day, met An on the 7th of August and Cao the day after: two weeks on, the isolation is over.
TEST_P(TracingRoomTest, AnIsolationThatIsOverEndsNothing) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\nid:079090000002,id:079090000003,2021-08-08 10:00,15\n");
  CaseInput input{.record_source = "residents", .record_id = "079090000001", .sampled_at = at("2021-08-09T08:00:00+07:00"), .onset = Date{std::chrono::year{2021}, std::chrono::August, std::chrono::day{8}}};
  const std::string id = ok(h().door().confirm_case(h().tracer(), input));      // infectious from the 5th on
  const std::string bui = h().confirm("079090000002", "2021-07-01T08:00:00+07:00");
  for (const auto& [isolated, expected] : {std::pair{"2021-07-22 00:00", "Bùi Văn Hai F1 via case 15; Cao Thị Ba F2 via Bùi Văn Hai 15"}, {"2021-07-22 00:01", "Bùi Văn Hai F1 via case 15"}}) {
    const int version = ok(h().door().get_case(h().tracer(), bui)).version;
    ok(h().door().amend_case(h().tracer(), bui, version, {.isolated_at = at(isolated)}));
    EXPECT_EQ(h().drawn(id), expected) << isolated;
  }
}

TEST_P(TracingRoomTest, IsolationEndsAChain) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\nid:079090000002,id:079090000003,2021-08-08 10:00,15\n");
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id})).total, 2);
  const auto f1 = ok(h().door().list_contacts(h().tracer(), {.case_id = id, .class_name = "F1"}));
  ok(h().door().record_isolation(h().tracer(), f1.rows.at(0).contact_id, at("2021-08-08 09:00")));
  ok(h().bus.drain());
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id})).total, 1);
  const auto tasks = ok(h().door().list_tasks(h().tracer(), {.case_id = id, .state = "cancelled"}));
  EXPECT_EQ(tasks.total, 1) << "nobody needs to call who is no contact";
  EXPECT_EQ(ok(h().door().get_contact(h().tracer(), f1.rows[0].contact_id)).isolated_at, at("2021-08-08 09:00"));
}

TEST_P(TracingRoomTest, ADeclaredJourneyMeetsACheckInOnTheSameBus) {
  h().import("visits", "visit_id,person,place_code,place_name,kind,seat,from,to\n1,id:079090000001,50H-123.45,Xe 50H-123.45,vehicle,12A,2021-08-07 08:00,2021-08-07 09:00\n"
                       "2,id:079090000003,50H-123.45,,vehicle,20,2021-08-07 08:00,2021-08-07 09:00\n");
  h().journeys.journeys = {{h().people->door().subject_of("residents", "079090000002"), "vehicle:50H12345:2021-08-07", "vehicle", "13", at("2021-08-07 08:35"), at("2021-08-07 09:10")}};
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id), "Bùi Văn Hai F1 via case 25") << "row 20 is too far";
  const auto page = ok(h().door().list_contacts(h().tracer(), {.case_id = id}));
  EXPECT_EQ(page.rows[0].reason.key, "tracing.reason.vehicle_seat");
  EXPECT_EQ(page.rows[0].reason.values.at("seat"), "13");
  EXPECT_EQ(page.rows[0].reason.values.at("via_seat"), "12A");
  const std::string other = h().confirm("079090000002", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(other), "An Văn Một F1 via case 25") << "and the other way round";
}

TEST_P(TracingRoomTest, BluezoneSightingsResolveWhenTheKeyArrives) {
  const std::string key(64, 'a');
  const Instant seen = at("2021-08-07T10:05:00+07:00");
  const auto blids = ok(identifiers_of_day(ok(parse_base_key(key)), at("2021-07-01T10:00:00+07:00"), utc_day(seen)));
  const std::string blid = to_hex_upper(blids[static_cast<std::size_t>(slot_of(seen) % slots_a_day)]);
  std::string trace;
  for (int minute : {0, 5, 9}) trace += "\t" + blid + "\t-60\t" + std::to_string(to_millis(seen) / 1000 + minute * 60) + "\n";   // seconds: an iPhone
  intake::ImportOptions options;
  options.reporter_phone = "0938000001";
  const auto first = h().import("bluezone-trace", trace, options);
  EXPECT_EQ(first.accepted, 3);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id), "");
  const auto users = h().import("bluezone-users", "phone,base_key,registered_at\n0938000002," + key + ",2021-07-01 10:00\n");
  EXPECT_EQ(users.accepted, 1);
  h().link();
  ok(h().bus.drain());
  EXPECT_EQ(h().drawn(id), "Bùi Văn Hai F1 via case 14");
  EXPECT_EQ(h().import("bluezone-trace", trace, options).unchanged, 3);
  EXPECT_EQ(h().import("bluezone-users", "phone,base_key,registered_at\n0938000002," + key + ",2021-07-01 10:00\n").unchanged, 1);
  const auto kept = ok(database().read_value([](storage::Reader& r) {
    return r.list("SELECT sealed FROM tracing_proximity_key", {}, [](const storage::Row& row) { return row.bytes(0); });
  }));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_GT(kept[0].size(), 32U) << "sealed, with nonce and tag";
}

TEST_P(TracingRoomTest, WhatLiesOutsideTheAreaIsNotThere) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  Asker nobody = h().tracer();
  nobody.areas = {};
  Asker elsewhere = h().tracer();
  elsewhere.areas = {"00001"};
  const auto all = ok(h().door().list_contacts(h().tracer(), {.case_id = id}));
  for (const Asker& asker : {nobody, elsewhere}) {
    EXPECT_EQ(ok(h().door().list_cases(asker, {})).total, 0);
    EXPECT_EQ(ok(h().door().list_tasks(asker, {})).total, 0);
    const std::string absent = "cas_" + std::string(26, '0');
    EXPECT_EQ(h().door().get_case(asker, id).failure().code, h().door().get_case(asker, absent).failure().code);
    EXPECT_EQ(h().door().get_case(asker, id).failure().kind, FailureKind::not_found);
    EXPECT_EQ(h().door().get_contact(asker, all.rows[0].contact_id).failure().code, "tracing.not_found");
    EXPECT_EQ(h().door().list_contacts(asker, {.case_id = id}).failure().code, "tracing.not_found");
    EXPECT_EQ(h().door().trace(asker, {.case_id = id}).failure().code, "tracing.not_found");
    EXPECT_EQ(h().door().export_contacts(asker, {.case_id = id}).failure().code, "tracing.not_found");
    EXPECT_EQ(h().door().record_call(asker, all.rows[0].task_id, 1, {.outcome = "reached"}).failure().code, "tracing.not_found");
  }
  Asker ward = h().tracer();
  ward.areas = {"27283"};
  const auto mine = h().door().list_contacts(ward, {.case_id = id});
  ASSERT_TRUE(mine.ok()) << mine.failure().code;
  EXPECT_EQ(mine->total, 1) << "her ward's contact, and no other";
}

TEST_P(TracingRoomTest, TasksAreAssignedCalledAndClosed) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  auto tasks = ok(h().door().list_tasks(h().tracer(), {.case_id = id}));
  ASSERT_EQ(tasks.total, 2);
  const TaskView first = tasks.rows[0];
  EXPECT_EQ(first.due_at, h().now + std::chrono::hours(12)) << "F1, by the policy";
  const std::string account = h().hire("an.nguyen", "Nguyễn An", "tracer", "vn");
  ok(h().door().assign_task(h().tracer(), first.task_id, 1, account));
  EXPECT_EQ(h().door().assign_task(h().tracer(), first.task_id, 1, "").failure().code, "tracing.task_moved_on");
  ok(h().door().record_call(h().tracer(), first.task_id, 2, {.outcome = "no_answer", .note = "máy bận"}));
  EXPECT_EQ(h().door().record_call(h().tracer(), first.task_id, 3, {.outcome = "appointment"}).failure().code, "tracing.appointment_missing");
  ok(h().door().record_call(h().tracer(), first.task_id, 3, {.outcome = "reached"}));
  const TaskView done = ok(h().door().get_task(h().tracer(), first.task_id));
  EXPECT_EQ(done.state, "done");
  EXPECT_EQ(done.assignee, account);
  EXPECT_EQ(done.assignee_name.reveal(), "Nguyễn An");
  ASSERT_EQ(done.history.size(), 2U);
  EXPECT_EQ(done.history[1].note, "máy bận");
  EXPECT_EQ(h().door().record_call(h().tracer(), first.task_id, 4, {.outcome = "reached"}).failure().code, "tracing.task_closed");
  const auto row = ok(h().door().list_contacts(h().tracer(), {.case_id = id, .state = "done"}));
  EXPECT_EQ(row.total, 1) << "the list follows the task";
  ok(h().door().retrace(tests::test_act(), id));
  EXPECT_EQ(ok(h().door().get_task(h().tracer(), first.task_id)).state, "done") << "a new trace forgets no call";
}

TEST_P(TracingRoomTest, ConfirmingTwiceIsOneCaseAndAChangeIsTraced) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().confirm("079090000001", "2021-08-09T08:00:00+07:00"), id);
  CaseInput nobody;
  nobody.record_source = "residents";
  nobody.record_id = "000000000000";
  nobody.sampled_at = at("2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().door().confirm_case(h().tracer(), nobody).failure().code, "tracing.person_unknown");
  nobody.record_id = "079090000002";
  nobody.sampled_at = at("2031-08-09T08:00:00+07:00");
  EXPECT_EQ(h().door().confirm_case(h().tracer(), nobody).failure().code, "tracing.time_unlikely");
  nobody.sampled_at = at("2021-07-01T08:00:00+07:00");
  nobody.record_id = "000000000000";
  const struct { int days; const char* refused; } onsets[] = {{-61, "tracing.onset_far_from_sample onset"}, {-60, "tracing.person_unknown record"}, {21, "tracing.person_unknown record"}, {22, "tracing.onset_far_from_sample onset"}};
  for (const auto& row : onsets) {
    nobody.onset = Date{std::chrono::sys_days(Date{std::chrono::year{2021}, std::chrono::July, std::chrono::day{1}}) + std::chrono::days(row.days)};
    const Failure refused = h().door().confirm_case(h().tracer(), nobody).failure();
    EXPECT_EQ(refused.code + " " + refused.field, row.refused) << row.days;
  }
  CaseChange change;
  change.isolated_at = std::optional<Instant>(at("2021-08-07T08:40:00+07:00"));
  ok(h().door().amend_case(h().tracer(), id, 1, change));
  EXPECT_EQ(h().door().amend_case(h().tracer(), id, 1, change).failure().code, "tracing.case_moved_on");
  const auto page = ok(h().door().list_contacts(h().tracer(), {.case_id = id}));
  EXPECT_EQ(page.rows.at(0).minutes, 10);
  const CaseView view = ok(h().door().get_case(h().tracer(), id));
  EXPECT_EQ(view.by_class.at(0).key, "F1");
  EXPECT_EQ(view.by_class.at(0).contacts, 1);
  ok(h().door().close_case(h().tracer(), id, 2));
  EXPECT_EQ(ok(h().door().list_cases(h().tracer(), {.state = "open"})).total, 0);
}

TEST_P(TracingRoomTest, ACaseThatMayBeNobodySaysSo) {
  h().import("visits", cafe);
  const CaseView traced = ok(h().door().get_case(h().tracer(), h().confirm("079090000001", "2021-08-09T08:00:00+07:00")));
  EXPECT_TRUE(traced.one_record);
  EXPECT_FALSE(traced.empty_trace);
  const CaseView empty = ok(h().door().get_case(h().tracer(), h().confirm("079090000004", "2021-08-09T08:00:00+07:00")));
  EXPECT_TRUE(empty.empty_trace);
  Asker ward = h().tracer();
  ward.areas = {"27283"};
  EXPECT_FALSE(ok(h().door().get_case(ward, traced.case_id)).empty_trace) << "others have contacts, though not her ward";
}

TEST_P(TracingRoomTest, ListsSearchSortAndPage) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  struct Row { ContactFilter filter; std::int64_t total; const char* first; };
  for (const Row& r : {Row{{.case_id = id}, 2, "Bùi Văn Hai"}, Row{{.case_id = id, .class_name = "F2"}, 1, "Cao Thị Ba"}, Row{{.case_id = id, .search = "thi ba"}, 1, "Cao Thị Ba"},
                       Row{{.case_id = id, .search = "0938000002"}, 1, "Bùi Văn Hai"}, Row{{.case_id = id, .search = "%"}, 2, "Bùi Văn Hai"},
                       Row{{.case_id = id, .sort = "name", .descending = true}, 2, "Cao Thị Ba"}, Row{{.case_id = id, .page = 2, .page_size = 1}, 2, "Cao Thị Ba"},
                       Row{{.case_id = id, .ward_code = "27283"}, 1, "Cao Thị Ba"}, Row{{.case_id = id, .sort = "due"}, 2, "Bùi Văn Hai"}}) {
    const ContactPage page = ok(h().door().list_contacts(h().tracer(), r.filter));
    EXPECT_EQ(page.total, r.total) << r.filter.search << r.filter.sort;
    ASSERT_FALSE(page.rows.empty());
    EXPECT_EQ(page.rows[0].full_name.reveal(), r.first) << r.filter.search << r.filter.sort;
  }
  EXPECT_EQ(h().door().list_contacts(h().tracer(), {.case_id = id, .sort = "1; DROP TABLE tracing_case"}).failure().code, "tracing.sort_unknown");
  const auto chain = ok(h().door().get_chain(h().tracer(), {.case_id = id}));
  EXPECT_EQ(chain.nodes.size(), 3U);
  EXPECT_EQ(chain.edges.size(), 2U);
  EXPECT_EQ(ok(h().door().get_chain(h().tracer(), {.case_id = id, .nodes_max = 1})).left_out, 1);
  const auto events = ok(h().door().list_timeline(h().tracer(), id, 10));
  EXPECT_EQ(events.front().kind, "infectious_from");
  const auto met = std::find_if(events.begin(), events.end(), [](const TimelineEvent& e) { return e.kind == "exposure"; });
  ASSERT_NE(met, events.end());
  EXPECT_EQ(met->class_name, "F1");
  EXPECT_FALSE(met->full_name.reveal().empty());   // a line that names nobody helps nobody
}

TEST_P(TracingRoomTest, BackwardFindsWhoMayHaveInfectedTheCase) {
  h().import("encounters", "a,b,start,minutes\nid:079090000002,id:079090000001,2021-08-01 10:00,15\nid:079090000003,id:079090000002,2021-07-30 10:00,15\nid:079090000004,id:079090000002,2021-08-02 10:00,15\n");
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  EXPECT_EQ(h().drawn(id, {.direction = Direction::backward}), "Bùi Văn Hai F1 via case 15; Cao Thị Ba F2 via Bùi Văn Hai 15");
}

TEST_P(TracingRoomTest, PersonPagesSeeTheCasesThatLeadToThem) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  const std::vector<std::string> persons{h().person("079090000001"), h().person("079090000003")};
  const auto links = ok(database().read_value([&](storage::Reader& r) { return h().door().cases_of(r, persons); }));
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].class_name, "F0");
  EXPECT_EQ(links[1].class_name, "F2");
  EXPECT_EQ(links[1].case_id, id);
}

/// Keeps what was noted, in place of the chain.
class NotesKept : public storage::AuditSink {
 public:
  std::vector<AuditNote> notes;
  Result<void> append(storage::Transaction&, std::span<const Entry> entries) override {
    for (const Entry& e : entries)
      if (e.note != nullptr) notes.push_back(*e.note);
    return {};
  }
};

TEST_P(TracingRoomTest, EveryPersonShownIsOnRecord) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  auto sink = std::make_shared<NotesKept>();
  database().set_audit_sink(sink);
  const auto reads_of = [&](const std::function<void()>& look) {
    sink->notes.clear();
    look();
    std::set<std::string> subjects;
    for (const AuditNote& n : sink->notes)
      if (n.read && !n.subject.empty()) subjects.insert(n.subject);
    return subjects.size();
  };
  std::string contact, task;
  EXPECT_EQ(reads_of([&] {
    const auto page = ok(h().door().list_contacts(h().tracer(), {.case_id = id}));
    contact = page.rows.at(1).contact_id;
    task = page.rows.at(1).task_id;
  }), 2U);
  EXPECT_EQ(reads_of([&] { ok(h().door().list_cases(h().tracer(), {})); }), 1U);
  EXPECT_EQ(reads_of([&] { ok(h().door().get_case(h().tracer(), id)); }), 1U);
  EXPECT_EQ(reads_of([&] { ok(h().door().get_contact(h().tracer(), contact)); }), 3U) << "the names on the path too";
  EXPECT_EQ(reads_of([&] { ok(h().door().trace(h().tracer(), {.case_id = id})); }), 3U);
  EXPECT_EQ(reads_of([&] { ok(h().door().get_chain(h().tracer(), {.case_id = id})); }), 3U);
  EXPECT_EQ(reads_of([&] { ok(h().door().export_contacts(h().tracer(), {.case_id = id})); }), 2U);
  EXPECT_EQ(reads_of([&] { ok(h().door().list_tasks(h().tracer(), {.case_id = id})); }), 2U);
  EXPECT_EQ(reads_of([&] { ok(h().door().get_task(h().tracer(), task)); }), 1U);
  database().set_audit_sink(nullptr);
}

TEST_P(TracingRoomTest, ForgetsOnTimeButNotWhatAnOpenCaseNeeds) {
  h().import("visits", cafe);
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  const auto visits = [&](const char* when, bool count_only) {
    for (const Purged& p : ok(h().room->purge(tests::test_act(), at(when), count_only)))
      if (p.what == "tracing.purge_visits") return p.rows;
    return std::int64_t{-1};
  };
  EXPECT_EQ(visits("2021-09-30T00:00:00+07:00", false), 0) << "the case is open";
  ok(h().door().close_case(h().tracer(), id, 1));
  EXPECT_EQ(visits("2021-09-30T00:00:00+07:00", false), 0) << "closed less than 60 days ago";
  EXPECT_EQ(visits("2021-12-30T00:00:00+07:00", true), 3);
  EXPECT_EQ(visits("2021-12-30T00:00:00+07:00", false), 3);
  EXPECT_EQ(visits("2021-12-30T00:00:00+07:00", false), 0);
}

}  // namespace
}  // namespace motcua::tracing
