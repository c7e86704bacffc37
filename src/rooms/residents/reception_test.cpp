// People whom staff receive, on both databases.
#include "platform/audit/audit.hpp"
#include "rooms/residents/test_house.hpp"

namespace motcua::residents {
namespace {

const Details hoa{"Trần Thị Hoa", "1950-02-03", "female", "079150000009", "0938000300", "12 Lê Lợi", "", "", ""};
Details with(Details d, std::string Details::*member, std::string value) {
  d.*member = std::move(value);
  return d;
}

class ReceptionTest : public ResidentsHouse {
 protected:
  void SetUp() override {
    ResidentsHouse::SetUp();
    database().set_audit_sink(ok(audit::make_sink(home->house.keys, {.now = home->house.now})));
  }
  Act staff{"acc_gate", "gate_staff", "declaring", "declarations.declare", "req_1"};
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
  EXPECT_EQ(count("identity_record"), 1);
  EXPECT_EQ(ok(door().received_person(staff, first.handle)).details.reveal().address, "5 Trần Phú");
  EXPECT_EQ(count("audit_entry WHERE actor = 'acc_gate' AND subject = '" + first.subject + "'"), 3);
  for (const char* handle : {"", "prs_0123456789abcdefghjkmnpqrs", "prs_' OR 1=1 --"}) EXPECT_EQ(door().received_person(staff, handle).failure().code, "residents.no_such_person");
}

TEST_P(ReceptionTest, BadDetailsChangeNothing) {
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::full_name, "")}).failure().field, "full_name");
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::birth, "31/02/1950")}).failure().field, "birth");
  EXPECT_EQ(door().receive(staff, {with(hoa, &Details::id_number, "12")}).failure().field, "id_number");
  EXPECT_FALSE(door().receive(staff, {with(hoa, &Details::full_name, std::string(1 << 20, 'x'))}).ok());
  EXPECT_FALSE(door().receive(staff, {with(hoa, &Details::full_name, std::string("A\0B", 3))}).ok());
  EXPECT_EQ(count("residents_received"), 0);
  EXPECT_EQ(count("residents_received_key"), 0);
}

TEST_P(ReceptionTest, ACardThatIsNoneOpensNothing) {
  EXPECT_EQ(door().person_of_card(staff, "MCC:hello").failure().code, "residents.card_unreadable");
  EXPECT_EQ(door().person_of_card(staff, "MCC:0123456789abcdefghjkmnpqrs").failure().code, "residents.no_such_card");
}

}  // namespace
}  // namespace motcua::residents
