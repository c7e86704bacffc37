// People whom staff receive, on both databases.
#include <gtest/gtest.h>

#include "platform/audit/audit.hpp"
#include "rooms/residents/residents.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::residents {
namespace {

using tests::ok;

const Details hoa{"Trần Thị Hoa", "1950-02-03", "female", "079150000009", "0938000300", "12 Lê Lợi", "", "", ""};
Details with(Details d, std::string Details::*member, std::string value) {
  d.*member = std::move(value);
  return d;
}

class ReceptionTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    database().set_audit_sink(ok(audit::make_sink(home->house.keys, {.now = home->house.now})));
    people = identity::make_identity(home->house);
    room = ok(make_residents(home->house, people->door()));
  }
  Residents& door() { return room->door(); }
  std::int64_t count(const std::string& sql) {
    return ok(database().read_value([&](storage::Reader& r) { return r.find(sql, {}, [](const storage::Row& row) { return row.integer(0); }); })).value_or(-1);
  }
  Act staff{"acc_gate", "gate_staff", "declaring", "declarations.declare", "req_1"};
  std::unique_ptr<tests::PlatformHouse> home;
  std::unique_ptr<identity::IdentityRoom> people;
  std::unique_ptr<ResidentsRoom> room;
};
INSTANTIATE_TEST_SUITE_P(Engines, ReceptionTest, tests::both_engines(), tests::engine_name);

TEST_P(ReceptionTest, WhoComesAgainIsFound) {
  const auto first = ok(door().receive(staff, {hoa}));
  EXPECT_EQ(first.basis, Basis::official);
  const struct { const char* what; Details told; bool same; } cases[] = {
      {"the same", hoa, true},
      {"typed in capitals without marks", with(hoa, &Details::full_name, "TRAN THI HOA"), true},
      {"another phone, the same number and name", with(hoa, &Details::phone, "0938000301"), true},
      {"no number, the same name, birth and (newest) phone", with(hoa, &Details::id_number, ""), true},
      {"neither number nor phone", with(with(hoa, &Details::id_number, ""), &Details::phone, ""), false},
      {"the same phone, another name", with(with(hoa, &Details::id_number, ""), &Details::full_name, "Trần Văn Bình"), false},
      {"the same phone, name and birth, another number", with(hoa, &Details::id_number, "079150000010"), false},
      {"her number under another name", with(hoa, &Details::full_name, "Lê Thị Mai"), false},
  };
  for (const auto& c : cases) EXPECT_EQ(ok(door().receive(staff, {c.told})).handle == first.handle, c.same) << c.what;
  const auto now = ok(door().received_person(staff, first.handle));
  EXPECT_EQ(now.details.reveal().full_name, "Trần Thị Hoa") << "a keyboard without marks takes none away";
  EXPECT_EQ(now.details.reveal().id_number, "079150000009") << "what is left empty stays";
}

TEST_P(ReceptionTest, OneRecordEachAndEveryUseIsOnRecord) {
  const auto first = ok(door().receive(staff, {hoa}));
  ok(door().receive(staff, {with(hoa, &Details::address, "5 Trần Phú")}));
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_record"), 1);
  EXPECT_EQ(ok(door().received_person(staff, first.handle)).details.reveal().address, "5 Trần Phú");
  EXPECT_EQ(count("SELECT COUNT(*) FROM audit_entry WHERE actor = 'acc_gate' AND subject = '" + first.subject + "'"), 3);
  for (const char* handle : {"", "prs_0123456789abcdefghjkmnpqrs", "prs_' OR 1=1 --"}) EXPECT_EQ(door().received_person(staff, handle).failure().code, "residents.no_such_person");
}

TEST_P(ReceptionTest, BadDetailsChangeNothing) {
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::full_name, "")}).failure().field, "full_name");
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::birth, "31/02/1950")}).failure().field, "birth");
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::id_number, "12")}).failure().field, "id_number");
  EXPECT_FALSE(door().receive(staff, {with(hoa, &Details::full_name, std::string(1 << 20, 'x'))}).ok());
  EXPECT_FALSE(door().receive(staff, {with(hoa, &Details::full_name, std::string("A\0B", 3))}).ok());
  EXPECT_EQ(count("SELECT COUNT(*) FROM residents_received"), 0);
  EXPECT_EQ(count("SELECT COUNT(*) FROM residents_received_key"), 0);
}

TEST_P(ReceptionTest, ACardThatIsNoneOpensNothing) {
  EXPECT_EQ(door().person_of_card(staff, "MCC:hello").failure().code, "residents.card_unreadable");
  EXPECT_EQ(door().person_of_card(staff, "MCC:0123456789abcdefghjkmnpqrs").failure().code, "residents.no_such_card");
}

}  // namespace
}  // namespace motcua::residents
