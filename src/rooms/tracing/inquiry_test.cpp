// What is asked of a case beside its list, on both databases.
#include <gtest/gtest.h>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class InquiryTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    house_->four_residents();
  }
  TestHouse& h() { return *house_; }
  std::string name_of(const std::string& id_number) { return h().person(id_number); }
  std::int64_t count(const Comparison& c, const std::string& change) {
    for (const Count& n : c.by_change)
      if (n.key == change) return n.contacts;
    return -1;
  }
  /// "reclassified F2>F1 Cao Thị Ba; gone F1>- Bùi Văn Hai"
  std::string drawn(const Comparison& c) {
    const auto level = [](int n) { return n == 0 ? std::string("-") : "F" + std::to_string(n); };
    std::string out;
    for (const auto& r : c.rows)
      out += (out.empty() ? "" : "; ") + std::string(to_text(r.change)) + " " + level(r.level_before) + ">" + level(r.level_after) + " " + r.contact.full_name.reveal();
    return out;
  }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, InquiryTest, tests::both_engines(), tests::engine_name);

constexpr const char* one = "079090000001";
constexpr const char* two = "079090000002";
constexpr const char* three = "079090000003";

TEST_P(InquiryTest, WhatWasKnownThenBesideNow) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\nid:079090000002,id:079090000003,2021-08-08 10:00,15\n");
  const std::string id = h().confirm(one, "2021-08-09T08:00:00+07:00");
  const Instant then = h().now;
  h().now += std::chrono::hours(1);
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000003,2021-08-08 12:00,15\nid:079090000003,id:079090000004,2021-08-08 13:00,15\n");
  const auto found = ok(h().door().compare(h().tracer(), {.case_id = id, .as_of = then}));
  EXPECT_EQ(drawn(found), "reclassified F2>F1 Cao Thị Ba; added ->F2 Đỗ Văn Bốn; same F1>F1 Bùi Văn Hai");
  const auto added = ok(h().door().compare(h().tracer(), {.case_id = id, .as_of = then, .change = "added"}));
  EXPECT_EQ(drawn(added), "added ->F2 Đỗ Văn Bốn");
  EXPECT_EQ(added.total, 1);
  EXPECT_EQ(count(added, "same"), 1) << "the counts are of all";
  const auto page = ok(h().door().compare(h().tracer(), {.case_id = id, .as_of = then, .page = 2, .page_size = 2}));
  EXPECT_EQ(drawn(page), "same F1>F1 Bùi Văn Hai");
}

TEST_P(InquiryTest, WhatIfTheSymptomsBeganOnAnotherDay) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-01 10:00,15\nid:079090000001,id:079090000003,2021-08-07 10:00,15\n");
  CaseInput input{.record_source = "residents", .record_id = one, .sampled_at = at("2021-08-09T08:00:00+07:00"), .onset = Date{std::chrono::year{2021}, std::chrono::August, std::chrono::day{8}}};
  const std::string id = ok(h().door().confirm_case(h().tracer(), input));
  EXPECT_EQ(h().drawn(id), "Cao Thị Ba F1 via case 15");
  EXPECT_EQ(drawn(ok(h().door().compare(h().tracer(), {.case_id = id, .onset_days = -5}))), "added ->F1 Bùi Văn Hai; same F1>F1 Cao Thị Ba");
  EXPECT_EQ(drawn(ok(h().door().compare(h().tracer(), {.case_id = id, .onset_days = 3}))), "gone F1>- Cao Thị Ba");
  EXPECT_EQ(h().drawn(id), "Cao Thị Ba F1 via case 15") << "asking changes nothing";
  EXPECT_EQ(h().door().compare(h().tracer(), {.case_id = id, .onset_days = 8}).failure().code, "tracing.number_out_of_range");
  // What it foretells is what comes of the change.
  ok(h().door().amend_case(h().tracer(), id, 1, {.onset = Date{std::chrono::year{2021}, std::chrono::August, std::chrono::day{3}}}));
  EXPECT_EQ(ok(h().door().list_contacts(h().tracer(), {.case_id = id})).total, 2);
}

TEST_P(InquiryTest, PlacesByTheContactsTheyMade) {
  h().import("visits",
             "visit_id,person,place_code,place_name,kind,from,to\n1,id:079090000001,CAFE,Quán Cà phê,venue,2021-08-07 08:00,2021-08-07 09:00\n"
             "2,id:079090000002,CAFE,Quán Cà phê,venue,2021-08-07 08:30,2021-08-07 09:30\n3,id:079090000003,CAFE,Quán Cà phê,venue,2021-08-07 08:45,2021-08-07 10:00\n");
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000004,2021-08-08 10:00,15\n");
  const std::string id = h().confirm(one, "2021-08-09T08:00:00+07:00");
  const Places found = ok(h().door().list_places(h().tracer(), id));
  ASSERT_EQ(found.rows.size(), 2U);
  EXPECT_EQ(found.rows[0].place_name, "Quán Cà phê");
  EXPECT_EQ(found.rows[0].contacts, 2);
  EXPECT_NEAR(found.rows[0].share, 2.0 / 3, 1e-9);
  EXPECT_EQ(found.rows[1].kind, "encounter");
  EXPECT_EQ(found.contacts, 3);
}

TEST_P(InquiryTest, SourcesAreRankedCasesFirst) {
  h().import("encounters",
             "a,b,start,minutes\nid:079090000002,id:079090000001,2021-08-02 10:00,300\nid:079090000003,id:079090000001,2021-08-03 10:00,20\n"
             "id:079090000004,id:079090000002,2021-08-01 10:00,60\n");
  const std::string known = h().confirm(three, "2021-08-01T08:00:00+07:00");
  const std::string id = h().confirm(one, "2021-08-09T08:00:00+07:00");
  const Sources found = ok(h().door().list_sources(h().tracer(), id));
  ASSERT_EQ(found.rows.size(), 3U);
  EXPECT_EQ(found.rows[0].contact.full_name.reveal(), "Cao Thị Ba") << "a confirmed case, though she met her shorter";
  EXPECT_EQ(found.rows[0].case_id, known);
  EXPECT_EQ(found.rows[1].contact.full_name.reveal(), "Bùi Văn Hai");
  EXPECT_GT(found.rows[1].strength, found.rows[0].strength);
  EXPECT_EQ(found.rows[2].contact.level, 2);
  Asker elsewhere = h().tracer();
  elsewhere.areas = {"27280"};          // the known case lives in another ward
  const Sources seen = ok(h().door().list_sources(elsewhere, id));
  for (const auto& s : seen.rows) EXPECT_NE(s.contact.full_name.reveal(), "Cao Thị Ba");
}

TEST_P(InquiryTest, PeopleWhoLinkTwoCases) {
  h().import("encounters",
             "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\nid:079090000003,id:079090000002,2021-08-07 12:00,15\n"
             "id:079090000003,id:079090000004,2021-08-07 14:00,15\n");
  const std::string here = h().confirm(one, "2021-08-09T08:00:00+07:00"), there = h().confirm(three, "2021-08-09T08:00:00+07:00");
  const auto linked = ok(h().door().list_linked_cases(h().tracer(), here));
  ASSERT_EQ(linked.size(), 1U);
  EXPECT_EQ(linked[0].summary.case_id, there);
  const Bridges found = ok(h().door().list_bridges(h().tracer(), here, there));
  ASSERT_GE(found.rows.size(), 1U);
  EXPECT_EQ(found.rows[0].here.full_name.reveal(), "Bùi Văn Hai");
  EXPECT_EQ(found.rows[0].here.class_name, "F1");
  EXPECT_EQ(found.rows[0].there.class_name, "F1");
  EXPECT_EQ(found.there_is, 2) << "the other case herself is F2 of this one, over the same person";
  EXPECT_EQ(h().door().list_bridges(h().tracer(), here, here).failure().code, "tracing.not_found");
}

TEST_P(InquiryTest, ClosedToThoseElsewhereAndOnRecord) {
  h().import("encounters", "a,b,start,minutes\nid:079090000001,id:079090000002,2021-08-07 10:00,15\n");
  const std::string id = h().confirm(one, "2021-08-09T08:00:00+07:00");
  Asker elsewhere = h().tracer();
  elsewhere.areas = {"00001"};
  EXPECT_EQ(h().door().compare(elsewhere, {.case_id = id, .onset_days = 1}).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().list_places(elsewhere, id).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().list_sources(elsewhere, id).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().list_linked_cases(elsewhere, id).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().list_bridges(elsewhere, id, id).failure().code, "tracing.not_found");
}

}  // namespace
}  // namespace motcua::tracing
