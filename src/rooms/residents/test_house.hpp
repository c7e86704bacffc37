#pragma once
// A house with identity and residents, on both databases; for the tests of this room.
#include <gtest/gtest.h>

#include <memory>
#include <regex>

#include "rooms/residents/residents.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::residents {

using tests::ok;

class ResidentsHouse : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    identity_room = identity::make_identity(home->house);
    room = ok(make_residents(home->house, identity_room->door()));
  }
  Residents& door() { return room->door(); }

  /// The six digits of the one message that was sent; `to`: where it must have gone.
  std::string code_sent(const std::string& to = {}) {
    const auto messages = home->fetch_messages();
    EXPECT_EQ(messages.size(), 1u);
    if (messages.size() != 1) return {};
    EXPECT_TRUE(to.empty() || messages[0].starts_with("To: " + to + "\n")) << messages[0];
    std::smatch digits;
    EXPECT_TRUE(std::regex_search(messages[0], digits, std::regex("(^|[^0-9])([0-9]{6})([^0-9]|$)", std::regex::multiline))) << messages[0];
    return digits[2];
  }
  /// Whose session this token is.
  std::optional<http::Resident> resident(const std::string& session_token) {
    http::Request request;
    request.cookies[std::string(session_cookie)] = session_token;
    ok(door().identify()(request, nullptr));
    return request.resident;
  }
  /// The population register has this person, with a phone of their own.
  void registered(const Details& d) {
    identity::SourceRecord r;
    r.source = r.kind = "residents";
    r.record_id = r.id_number = d.id_number;
    r.full_name = d.full_name, r.birth = d.birth, r.sex = d.sex, r.phone = d.phone, r.phone_is_own = true;
    std::vector<intake::Warning> warnings;
    const std::shared_ptr<const identity::PreparedRecord> records[] = {ok(identity_room->door().prepare(r, warnings))};
    ok(database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(identity_room->door().save(tx, records));
      return {};
    }));
    link();
  }
  void link() { ok(identity_room->door().link(tests::test_act("identity.link"), {})); }
  /// What `SELECT COUNT(*) FROM ` with this behind it finds.
  std::int64_t count(const std::string& from) {
    return ok(database().read_value([&](storage::Reader& r) { return r.find("SELECT COUNT(*) FROM " + from, {}, [](const storage::Row& row) { return row.integer(0); }); })).value_or(-1);
  }

  std::unique_ptr<tests::PlatformHouse> home;
  std::unique_ptr<identity::IdentityRoom> identity_room;
  std::unique_ptr<ResidentsRoom> room;
};

}  // namespace motcua::residents
