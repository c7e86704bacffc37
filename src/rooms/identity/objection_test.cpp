// Promise 8: every citizen can see who looked at her record, when, in what role and why, and can object; on both databases.
#include "rooms/identity/objection.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/ids.hpp"
#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

class Promise08 : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    database().set_audit_sink(*audit::make_sink(*house_->keys, {.now = [this] { return house_->now; }}));
    std::vector<intake::Warning> warnings;
    auto prepared = house_->door().prepare(told("residents", "1", "An Văn Một", "1990-01-01", "Nam", "0938000001", "079090000001"), warnings);
    ASSERT_TRUE(prepared) << prepared.failure().code;
    const std::shared_ptr<const PreparedRecord> records[] = {*prepared};
    ASSERT_TRUE(database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(house_->door().save(tx, records));
      return {};
    }));
    ASSERT_TRUE(house_->door().link(tests::test_act("identity.link"), {}));
    const std::string subjects[] = {house_->door().subject_of("residents", "1")};
    const auto persons = database().read_value([&](storage::Reader& reader) { return house_->door().persons_of(reader, subjects); });
    ASSERT_TRUE(persons);
    person_ = persons->begin()->second;
  }
  Viewer viewer(std::string action) const { return {{"acc_counter", "tracer", "identity-review", std::move(action), "req_1"}, {""}}; }
  PersonView view(std::string action = "identity.view_person") {
    auto seen = house_->door().view_person(viewer(std::move(action)), person_);
    EXPECT_TRUE(seen);
    return std::move(*seen);
  }
  std::vector<audit::Entry> looks(const PersonView& person) {
    const audit::Filter filter{.subjects = audit_subjects_of(person)};
    return database().read_value([&](storage::Reader& reader) { return audit::list_entries(reader, filter); })->entries;
  }
  Act auditor() const { return {"acc_auditor", "auditor", "audit", "identity.list_objections", "req_2"}; }

  std::unique_ptr<TestHouse> house_;
  std::string person_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Promise08, tests::both_engines(), tests::engine_name);

TEST_P(Promise08, EveryLookHasWhoWhenRoleAndWhy) {
  const auto before = looks(view()).size();
  const auto entries = looks(view("identity.view_readers"));
  ASSERT_EQ(entries.size(), before + 1);
  EXPECT_EQ(entries[0].actor, "acc_counter");
  EXPECT_EQ(entries[0].role, "tracer");
  EXPECT_EQ(entries[0].purpose, "identity-review");
  EXPECT_EQ(entries[0].action, "identity.view_readers");
  EXPECT_EQ(entries[0].at, house_->now);
  EXPECT_TRUE(entries[0].read);
}

TEST_P(Promise08, AnObjectionIsRecordedReadByTheAuditorAndAnsweredOnce) {
  const auto person = view();
  const auto entry = looks(person).front();
  const auto id = make_objection(house_->house, viewer("identity.record_objection"), person, to_hex(entry.hash), "Tôi không quen người này.");
  ASSERT_TRUE(id) << id.failure().code;
  const auto all = list_objections(house_->house, auditor());
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().entry_seq, entry.seq);
  EXPECT_EQ(all->front().words.reveal(), "Tôi không quen người này.");
  EXPECT_EQ(all->front().state, ObjectionState::open);
  const auto answered = answer_objection(house_->house, viewer("identity.answer_objection"), person, *id, true, "Đã thu hồi quyền.");
  ASSERT_TRUE(answered) << answered.failure().code;
  EXPECT_EQ(answer_objection(house_->house, viewer("identity.answer_objection"), person, *id, false, "Không.").failure().code, "identity.objection_answered");
  const auto hers = objections_of(house_->house, person_);
  ASSERT_TRUE(hers);
  EXPECT_EQ(hers->front().state, ObjectionState::upheld);
  EXPECT_EQ(hers->front().answer.reveal(), "Đã thu hồi quyền.");
  const auto entries = looks(person);
  for (const char* action : {"identity.record_objection", "identity.list_objections", "identity.answer_objection"})
    EXPECT_TRUE(std::any_of(entries.begin(), entries.end(), [&](const audit::Entry& e) { return e.action == action; })) << action << " is on record with her";
}

TEST_P(Promise08, WhatCannotBeAnObjectionIsRefused) {
  const auto person = view();
  const auto act = viewer("identity.record_objection");
  EXPECT_EQ(make_objection(house_->house, act, person, "", " \n").failure().code, "identity.objection_empty");
  EXPECT_EQ(make_objection(house_->house, act, person, "", std::string(objection_bytes_max + 1, 'x')).failure().code, "identity.objection_long");
  EXPECT_EQ(make_objection(house_->house, act, person, std::string(64, '0'), "Tôi phản đối.").failure().code, "identity.objection_entry_unknown");
  EXPECT_EQ(answer_objection(house_->house, act, person, "obj_00000000000000000000000000", true, "Vâng.").failure().code, "identity.no_such_objection");
  EXPECT_TRUE(objections_of(house_->house, person_)->empty());
}

}  // namespace
}  // namespace motcua::identity
