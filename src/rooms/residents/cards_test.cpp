// Printed cards, on both databases: who holds one, and what becomes of wrong PINs, lost cards and helpers.
#include "rooms/residents/cards.hpp"

#include <thread>

#include "base/document_qr.hpp"
#include "rooms/residents/test_house.hpp"

namespace motcua::residents {
namespace {

const Details hoa{"Trần Thị Hoa", "1950-02-03", "female", "079150000009", "", "12 Lê Lợi", "", "", ""};

class CardsTest : public ResidentsHouse {
 protected:
  void SetUp() override {
    ResidentsHouse::SetUp();
    accounts.emplace(ok(Accounts::make(home->house)));
    people.emplace(home->house, identity_room->door(), *accounts);
    reception.emplace(ok(Reception::make(home->house, *people)));
    cards.emplace(ok(Cards::make(home->house, *accounts, *reception)));
    person = ok(door().receive(staff, {hoa}));
  }
  http::Resident resident(const Entered& entered) { return ok(accounts->find(entered.token.reveal())).value(); }
  bool is_in(const Entered& entered) { return ok(accounts->find(entered.token.reveal())).has_value(); }
  http::Resident by_phone(const std::string& phone) {
    const auto arrived = ok(door().arrive(origin, phone));
    return resident(ok(door().enter(origin, arrived.token.reveal(), code_sent(), false)));
  }
  static std::string other(const std::string& pin) { return pin == "000000" ? "000001" : "000000"; }

  Act staff{"acc_gate", "gate_staff", "declaring", "residents.issue_card", "req_1"};
  Origin origin{"10.0.0.1", "req_test", "Phone", "vi"};
  std::optional<Accounts> accounts;
  std::optional<People> people;
  std::optional<Reception> reception;
  std::optional<Cards> cards;
  Person person;
};
INSTANTIATE_TEST_SUITE_P(Engines, CardsTest, tests::both_engines(), tests::engine_name);

TEST_P(CardsTest, TheCodeSaysWhoAndThePinOpensWhatIsTheirs) {
  const auto card = ok(cards->issue(staff, person.handle));
  EXPECT_TRUE(std::holds_alternative<CardQr>(ok(parse_document_qr(card.code))));
  EXPECT_EQ(ok(door().person_of_card(staff, card.code)).handle, person.handle);
  const auto entered = ok(cards->enter(origin, card.code, " " + card.pin.reveal().substr(0, 3) + " " + card.pin.reveal().substr(3)));
  const auto people_now = ok(door().list_people(resident(entered)));
  ASSERT_EQ(people_now.size(), 1u);
  EXPECT_EQ(people_now[0].handle, person.handle);
  EXPECT_EQ(people_now[0].subject, person.subject);
  EXPECT_EQ(people_now[0].assurance, Assurance::said);
  EXPECT_TRUE(ok(door().list_proxies(resident(entered))).empty());
}

TEST_P(CardsTest, AVisitEndsByItself) {
  const auto card = ok(cards->issue(staff, person.handle));
  const auto entered = ok(cards->enter(origin, card.code, card.pin.reveal()));
  EXPECT_EQ(entered.cookie_age.count(), 0);
  home->now += std::chrono::minutes(4);
  EXPECT_TRUE(is_in(entered));
  home->now += std::chrono::minutes(7);
  EXPECT_FALSE(is_in(entered));
}

TEST_P(CardsTest, FiveWrongPinsLockAndANewCardIsTheWayOut) {
  const auto card = ok(cards->issue(staff, person.handle));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(cards->enter(origin, card.code, other(card.pin.reveal())).failure().code, "residents.card_or_pin_wrong") << i;
  EXPECT_EQ(cards->enter(origin, card.code, "").failure().code, "residents.card_locked");
  EXPECT_EQ(cards->enter(origin, card.code, card.pin.reveal()).failure().code, "residents.card_locked") << "the right PIN comes too late";
  EXPECT_EQ(ok(door().person_of_card(staff, card.code)).handle, person.handle) << "a gate still knows who it is";
  const auto next = ok(cards->issue(staff, person.handle));
  EXPECT_TRUE(is_in(ok(cards->enter(origin, next.code, next.pin.reveal()))));
}

TEST_P(CardsTest, ManyGuessesAtOneMomentAreFive) {
  const auto card = ok(cards->issue(staff, person.handle));
  std::vector<std::thread> threads;
  std::atomic<int> looked_at = 0;
  for (int i = 0; i < 12; ++i)
    threads.emplace_back([&, i] {
      const auto tried = cards->enter({"10.0.1." + std::to_string(i), "req_test", "", "vi"}, card.code, other(card.pin.reveal()));
      if (tried.failure().code == "residents.card_or_pin_wrong") ++looked_at;
    });
  for (auto& t : threads) t.join();
  EXPECT_LE(looked_at, pin_tries_max);
  EXPECT_EQ(cards->enter(origin, card.code, card.pin.reveal()).failure().code, "residents.card_locked");
}

TEST_P(CardsTest, AReplacedOrRevokedCardIsDeadAtOnceWithWhoCameInByIt) {
  const auto first = ok(cards->issue(staff, person.handle));
  const auto entered = ok(cards->enter(origin, first.code, first.pin.reveal()));
  const auto second = ok(cards->issue(staff, person.handle));
  EXPECT_FALSE(is_in(entered));
  EXPECT_EQ(door().person_of_card(staff, first.code).failure().code, "residents.no_such_card");
  EXPECT_EQ(cards->enter(origin, first.code, first.pin.reveal()).failure().code, "residents.card_or_pin_wrong");
  const auto again = ok(cards->enter(origin, second.code, second.pin.reveal()));
  ok(cards->revoke(staff, person.handle, second.card));
  EXPECT_FALSE(is_in(again));
  EXPECT_EQ(cards->revoke(staff, person.handle, second.card).failure().code, "residents.no_such_card");
  EXPECT_EQ(cards->revoke(staff, person.handle, "").failure().code, "residents.no_such_card");
  EXPECT_EQ(cards->issue(staff, "prs_0123456789abcdefghjkmnpqrs").failure().code, "residents.no_such_person");
}

TEST_P(CardsTest, ACounterServesWhoStandsBeforeIt) {
  const Act another{"acc_other", "gate_staff", "declaring", "residents.issue_card", "req_1"};
  EXPECT_EQ(cards->issue(another, person.handle).failure().code, "residents.no_such_person");
  EXPECT_EQ(cards->let_help(another, person.handle, "0938000204", "spoken").failure().code, "residents.no_such_person");
  const auto card = ok(cards->issue(staff, person.handle));
  EXPECT_EQ(cards->revoke(another, person.handle, card.card).failure().code, "residents.no_such_person");
  ok(door().person_of_card(another, card.code));
  EXPECT_TRUE(cards->get_present(another, person.handle)) << "who shows the card is there";
  home->now += presence_max + std::chrono::seconds(1);
  EXPECT_EQ(cards->get_present(staff, person.handle).failure().code, "residents.no_such_person");
}

TEST_P(CardsTest, NeitherCodeNorPinStandsInTheDatabase) {
  const auto card = ok(cards->issue(staff, person.handle));
  const std::string token = ok(parse_card_code(card.code)).token;
  const auto rows = ok(database().read_value([](storage::Reader& r) {
    return r.list("SELECT card_hash || ' ' || id || ' ' || person || ' ' || pin_hash FROM residents_card", {}, [](const storage::Row& row) { return row.string(0); });
  }));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].find(token), std::string::npos);
  EXPECT_NE(rows[0].find("$argon2id$"), std::string::npos);
}

TEST_P(CardsTest, CardAndPinJoinWhatStaffToldToAnAccountAndAPhoneAloneNever) {
  Details with_phone = hoa;
  with_phone.phone = "0938000300";
  const auto told = ok(door().receive(staff, {with_phone}));
  const auto herself = by_phone("0938000300");
  EXPECT_TRUE(ok(door().list_people(herself)).empty()) << "her number was told at the counter: that proves nothing";
  const auto card = ok(cards->issue(staff, told.handle));
  EXPECT_EQ(cards->claim(origin, herself, card.code, other(card.pin.reveal())).failure().code, "residents.card_or_pin_wrong");
  ok(cards->claim(origin, herself, card.code, card.pin.reveal()));
  const auto people_now = ok(door().list_people(herself));
  ASSERT_EQ(people_now.size(), 1u);
  EXPECT_EQ(people_now[0].handle, told.handle);
  EXPECT_EQ(cards->claim(origin, herself, card.code, card.pin.reveal()).failure().code, "residents.card_is_yours");

  const auto holder = resident(ok(cards->enter(origin, card.code, card.pin.reveal())));
  const auto proxies = ok(door().list_proxies(holder));
  ASSERT_EQ(proxies.size(), 1u) << "by the card one sees the phone that took it";
  ok(door().end_proxy(origin, holder, proxies[0].handle));
  EXPECT_TRUE(ok(door().list_people(herself)).empty());
}

TEST_P(CardsTest, AHelperNamedBeforeAnOfficialIsSeenAndEnded) {
  EXPECT_EQ(cards->let_help(staff, person.handle, "0938000204", "").failure().field, "manner");
  EXPECT_EQ(cards->let_help(staff, person.handle, "12", "spoken").failure().field, "phone");
  ok(cards->let_help(staff, person.handle, "0938000204", "spoken"));
  const auto helper = by_phone("0938000204");
  const auto helped = ok(door().list_people(helper));
  ASSERT_EQ(helped.size(), 1u);
  EXPECT_EQ(helped[0].handle, person.handle);
  EXPECT_EQ(helped[0].basis, Basis::official);

  const auto card = ok(cards->issue(staff, person.handle));
  const auto herself = resident(ok(cards->enter(origin, card.code, card.pin.reveal())));
  const auto proxies = ok(door().list_proxies(herself));
  ASSERT_EQ(proxies.size(), 1u);
  EXPECT_EQ(proxies[0].relation, Relation::helped);
  ok(door().end_proxy(origin, herself, proxies[0].handle));
  EXPECT_EQ(door().get_person(helper, person.handle).failure().code, "residents.no_such_person");
  ok(cards->let_help(staff, person.handle, "0938000204", "written"));
  EXPECT_TRUE(door().get_person(helper, person.handle)) << "given anew";
  const auto listed = ok(database().read_value([&](storage::Reader& r) { return cards->list_helpers(r, person); }));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(cards->end_help(staff, person.handle, "cns_x").failure().code, "residents.no_such_person");
  ok(cards->end_help(staff, person.handle, listed[0].consent));
  EXPECT_FALSE(door().get_person(helper, person.handle));
}

TEST_P(CardsTest, APrintedCardIsAPdfWithNothingPersonalButTheName) {
  const auto card = ok(cards->issue(staff, person.handle));
  for (const Paper paper : {Paper::a4, Paper::roll}) EXPECT_TRUE(ok(print_card(home->texts, "vi", card, paper)).starts_with("%PDF-"));
}

}  // namespace
}  // namespace motcua::residents
