// What somebody would try at the door, on both databases.
#include <thread>

#include "rooms/residents/people.hpp"
#include "rooms/residents/test_house.hpp"

namespace motcua::residents {
namespace {

class AttackTest : public ResidentsHouse {
 protected:
  void SetUp() override {
    ResidentsHouse::SetUp();
    accounts.emplace(ok(Accounts::make(home->house)));
    people.emplace(home->house, identity_room->door(), *accounts);
  }
  static Origin from(int i) { return {"10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250), "req_test", "", "vi"}; }
  static std::string wrong(const std::string& code, int i) {
    char text[8];
    std::snprintf(text, sizeof text, "%06d", (std::stoi(code) + 1 + i) % 1'000'000);
    return text;
  }
  /// At once, one thread each; how many came in.
  int enter_at_once(int times, const std::string& token, const std::function<std::string(int)>& code) {
    std::atomic<int> in = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < times; ++i)
      threads.emplace_back([&, i] {
        if (door().enter(from(i), token, code(i), false)) ++in;
      });
    for (auto& t : threads) t.join();
    return in;
  }

  std::optional<Accounts> accounts;
  std::optional<People> people;
};
INSTANTIATE_TEST_SUITE_P(Engines, AttackTest, tests::both_engines(), tests::engine_name);

TEST_P(AttackTest, GuessesFromManyAddressesAtOnceAreFive) {
  const auto arrived = ok(door().arrive(from(0), "0938000204"));
  const std::string code = code_sent();
  EXPECT_EQ(enter_at_once(16, arrived.token.reveal(), [&](int i) { return wrong(code, i); }), 0);
  EXPECT_EQ(door().enter(from(99), arrived.token.reveal(), code, false).failure().code, "auth.code_not_accepted") << "the right one comes too late";
}

TEST_P(AttackTest, ACodeUsedByManyAtOnceOpensOnce) {
  const auto arrived = ok(door().arrive(from(0), "0938000204"));
  const std::string code = code_sent();
  EXPECT_EQ(enter_at_once(4, arrived.token.reveal(), [&](int) { return code; }), 1);
}

TEST_P(AttackTest, OneAddressAsksForThirtyCodesAndOnePhoneForFour) {
  int sent = 0;
  for (int i = 0; i < 40; ++i) sent += door().arrive(from(0), "09380010" + std::to_string(10 + i)).ok() ? 1 : 0;
  EXPECT_EQ(sent, auth::codes_by_address.tries_max);
  home->fetch_messages();
  sent = 0;
  for (int i = 1; i < 12; ++i) sent += door().arrive(from(i), "0938000204").ok() ? 1 : 0;
  EXPECT_EQ(sent, auth::codes_by_phone.tries_max);
  EXPECT_EQ(door().arrive(from(50), "0938000204").failure().code, "auth.too_many_tries");
  EXPECT_TRUE(door().arrive(from(51), "0938000205")) << "nobody else is kept out";
}

TEST_P(AttackTest, APhoneThatManyNameLearnsNothingOfThem) {
  const Act staff{"acc_gate", "gate_staff", "declaring", "residents.receive", "req_1"};
  for (int i = 0; i < 60; ++i) ok(door().receive(staff, {{.full_name = "Nguyễn Văn " + std::string(1, static_cast<char>('A' + i % 26)) + std::to_string(i), .birth = "1980", .sex = "male", .phone = "0938000204"}}));
  const auto arrived = ok(door().arrive(from(0), "0938000204"));
  const auto entered = ok(door().enter(from(0), arrived.token.reveal(), code_sent(), false));
  EXPECT_FALSE(entered.knows_person);
  const auto who = resident(entered.token.reveal()).value();
  EXPECT_TRUE(ok(door().list_people(who)).empty());
  EXPECT_TRUE(ok(door().list_proxies(who)).empty());
  const auto me = ok(door().add_person(from(0), who, {{.full_name = "Nguyễn Văn A0", .birth = "1980", .sex = "male"}, Relation::self}));
  EXPECT_EQ(me.assurance, Assurance::said);
  EXPECT_EQ(ok(door().list_people(who)).size(), 1u);
}

TEST_P(AttackTest, NothingKnownBeforeTheSignInIsOfUseAfterIt) {
  const std::string planted(52, 'a');
  const auto arrived = ok(door().arrive(from(0), "0938000204"));
  EXPECT_FALSE(resident(arrived.token.reveal())) << "a token of the code's form is no session";
  const auto entered = ok(door().enter(from(0), arrived.token.reveal(), code_sent(), false));
  EXPECT_NE(entered.token.reveal(), arrived.token.reveal());
  EXPECT_FALSE(resident(planted));
  EXPECT_FALSE(resident(arrived.token.reveal()));
  EXPECT_TRUE(resident(entered.token.reveal()));
}

TEST_P(AttackTest, ACitizenCardSendsTheCodeWhereTheRegisterSaysAndTellsNobody) {
  registered({"Lê Thị Lan", "1990-03-27", "female", "079190000001", "0938000204", "", "", "", ""});
  const CitizenCardQr card{"079190000001", "", "Lê Thị Lan", "", {1990, 3, 27}, Sex::female, {}};
  EXPECT_EQ(ok(people->phone_of_card(card)), "+84938000204");
  auto altered = card;
  altered.full_name = "Lê Thị Mai";
  EXPECT_EQ(ok(people->phone_of_card(altered)), "") << "a number alone is not enough";
  altered = card;
  altered.id_number = "079190000002";
  EXPECT_EQ(ok(people->phone_of_card(altered)), "");

  const auto known = ok(accounts->arrive_by_card(from(0), card.id_number, "+84938000204")), unknown = ok(accounts->arrive_by_card(from(1), "079190000002", ""));
  EXPECT_EQ(known.token.reveal().size(), unknown.token.reveal().size());
  EXPECT_TRUE(home->fetch_messages().empty()) << "it leaves by the bus, whose time tells nothing";
  home->now += std::chrono::seconds(30);
  ok(home->bus.drain());
  const std::string code = code_sent();
  EXPECT_EQ(door().enter(from(1), unknown.token.reveal(), code, false).failure().code, "auth.code_not_accepted");
  const auto entered = ok(door().enter(from(0), known.token.reveal(), code, false));
  const auto who = resident(entered.token.reveal()).value();
  EXPECT_EQ(ok(door().phone_of(who.account)).reveal(), "+84938000204") << "the account of that phone, by another way";
  EXPECT_TRUE(ok(door().list_people(who)).empty()) << "the card proved nothing";
  for (int i = 0; i < 3; ++i) ok(accounts->arrive_by_card(from(2 + i), card.id_number, "+84938000204"));
  EXPECT_EQ(accounts->arrive_by_card(from(9), card.id_number, "+84938000204").failure().code, "auth.too_many_tries");
  EXPECT_TRUE(door().arrive(from(10), "0938000204")) << "the phone's own limit says nothing of the card";
}

TEST_P(AttackTest, AllThatIsWrongIsSaidAtOnce) {
  const auto arrived = ok(door().arrive(from(0), "0938000204"));
  const auto who = resident(ok(door().enter(from(0), arrived.token.reveal(), code_sent(), false)).token.reveal()).value();
  const auto fields = [&](const NewPerson& person) {
    std::vector<std::string> out;
    for (const auto& f : people->problems_of(who, person)) out.push_back(f.field);
    std::sort(out.begin(), out.end());
    return out;
  };
  EXPECT_EQ(fields({{.full_name = "", .birth = "31/02/1990", .sex = "", .id_number = "12"}, Relation::self}), (std::vector<std::string>{"birth", "full_name", "id_number", "sex"}));
  EXPECT_EQ(fields({{.full_name = "", .birth = "1950", .sex = "male", .phone = ""}, Relation::parent}), (std::vector<std::string>{"full_name", "phone"}));
  EXPECT_EQ(fields({{.full_name = "Lê An", .birth = "1950", .sex = ""}, Relation::child}), (std::vector<std::string>{"birth", "sex"}));
  EXPECT_TRUE(fields({{.full_name = "Lê An", .birth = "1990", .sex = "male"}, Relation::self}).empty());
}

}  // namespace
}  // namespace motcua::residents
