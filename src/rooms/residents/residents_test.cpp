// Coming in, and for whom one speaks, on both databases.
#include "rooms/residents/test_house.hpp"

namespace motcua::residents {
namespace {

const Details lan{"Lê Thị Lan", "1990-03-27", "female", "079190000001", "", "12 Lê Lợi", "", "", ""};

class ResidentsTest : public ResidentsHouse {
 protected:
  http::Resident sign_in(const std::string& phone, const std::string& sent_to, bool trusted = false) {
    const auto arrived = ok(door().arrive(origin, phone));
    const auto entered = ok(door().enter(origin, arrived.token.reveal(), code_sent(sent_to), trusted));
    token = entered.token.reveal();
    return resident(token).value();
  }

  Origin origin{"10.0.0.1", "req_test", "Phone", "vi"};
  std::string token;
};
INSTANTIATE_TEST_SUITE_P(Engines, ResidentsTest, tests::both_engines(), tests::engine_name);

TEST_P(ResidentsTest, ACodeOpensOnceAndTheSamePhoneIsTheSameAccount) {
  const auto arrived = ok(door().arrive(origin, "0938 000 204"));
  const std::string code = code_sent("84938000204");
  EXPECT_EQ(door().enter(origin, arrived.token.reveal(), code == "000000" ? "000001" : "000000", false).failure().code, "auth.code_not_accepted");
  const auto first = ok(door().enter(origin, arrived.token.reveal(), code, false));
  EXPECT_FALSE(first.knows_person);
  EXPECT_EQ(door().enter(origin, arrived.token.reveal(), code, false).failure().code, "residents.arrival_over") << "a code is used once";
  home->now += std::chrono::minutes(6);
  EXPECT_EQ(sign_in("+84 938000204", "84938000204").account, first.account);
  EXPECT_EQ(count("residents_account"), 1);
}

TEST_P(ResidentsTest, AnArrivalIsOverAfterFiveMinutes) {
  const auto arrived = ok(door().arrive(origin, "0938000204"));
  const std::string code = code_sent("84938000204");
  home->now += std::chrono::minutes(5) + std::chrono::seconds(1);
  EXPECT_EQ(ok(door().arrival_csrf(arrived.token.reveal())), "");
  EXPECT_EQ(door().enter(origin, arrived.token.reveal(), code, false).failure().code, "residents.arrival_over");
}

TEST_P(ResidentsTest, NoNumberStandsInTheClearOutsideIdentity) {
  sign_in("0938000204", "84938000204");
  for (const auto& [table, columns] : {std::pair{"residents_key", "key_hash || kind || account"}, {"residents_session", "token_hash || id || account || device"}, {"outbound_message", "id || lane || state"}}) {
    const auto rows = ok(database().read_value([&](storage::Reader& r) {
      return r.list(std::string("SELECT ") + columns + " FROM " + table, {}, [](const storage::Row& row) { return row.string(0); });
    }));
    EXPECT_FALSE(rows.empty()) << table;
    for (const auto& row : rows) EXPECT_EQ(row.find("938000204"), std::string::npos) << table;
  }
  EXPECT_EQ(ok(database().read_value([](storage::Reader& r) {
              return r.find("SELECT COUNT(*) FROM outbound_message WHERE sealed IS NOT NULL", {}, [](const storage::Row& row) { return row.integer(0); });
            })).value_or(-1), 0) << "the words of a code go when it has left";
}

TEST_P(ResidentsTest, ATrustedDeviceStaysAndAnotherDoesNot) {
  const auto here = sign_in("0938000204", "84938000204", true);
  const std::string trusted = token;
  home->now += std::chrono::minutes(6);
  sign_in("0938000204", "84938000204", false);
  const std::string borrowed = token;
  home->now += std::chrono::hours(2);
  EXPECT_TRUE(resident(trusted));
  EXPECT_FALSE(resident(borrowed));
  const auto devices = ok(door().list_devices(here));
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_TRUE(devices[0].this_one && devices[0].trusted);
  home->now += std::chrono::hours(24 * 91);
  EXPECT_FALSE(resident(trusted));
}

TEST_P(ResidentsTest, SigningOutEndsTheSessionAndNobodyElseCan) {
  const auto an = sign_in("0938000204", "84938000204", true);
  const std::string an_token = token;
  const auto binh = sign_in("0938000205", "84938000205", true);
  EXPECT_EQ(door().end_device(binh, an.session, "req_test").failure().code, "residents.no_such_device");
  EXPECT_TRUE(resident(an_token));
  ok(door().leave(an, "req_test"));
  EXPECT_FALSE(resident(an_token));
}

TEST_P(ResidentsTest, WhoOneIsIsToldOnce) {
  const auto an = sign_in("0938000204", "84938000204");
  EXPECT_EQ(door().add_person(origin, an, {{.full_name = " ", .birth = "1990", .sex = "Nam"}, Relation::self}).failure().field, "full_name");
  EXPECT_EQ(door().add_person(origin, an, {{.full_name = "Lê Lan", .birth = "31/02/1990", .sex = "Nữ"}, Relation::self}).failure().field, "birth");
  EXPECT_EQ(door().add_person(origin, an, {{.full_name = "Lê Lan", .birth = "1990", .sex = "Nữ", .id_number = "12"}, Relation::self}).failure().field, "id_number");
  EXPECT_TRUE(ok(door().list_people(an)).empty()) << "bad input changes nothing";
  const Person me = ok(door().add_person(origin, an, {lan, Relation::self}));
  EXPECT_EQ(me.assurance, Assurance::said);
  EXPECT_EQ(me.details.reveal().phone, "+84938000204") << "one's own phone is the one the code came to";
  EXPECT_EQ(door().add_person(origin, an, {lan, Relation::self}).failure().code, "residents.known_already");
  Details moved = lan;
  moved.address = "5 Trần Phú";
  EXPECT_EQ(ok(door().change_details(origin, an, me.handle, moved)).details.reveal().address, "5 Trần Phú");
  EXPECT_EQ(count("identity_record"), 1) << "one record, changed";
}

TEST_P(ResidentsTest, OnlyTheRegistersOwnWordsProve) {
  Details known = lan;
  known.phone = "0938000204";
  registered(known);
  const struct { const char* what; const char* phone; Details told; Assurance expected; } cases[] = {
      {"all four agree", "0938000204", lan, Assurance::proved},
      {"somebody who knows her number, name and birth date, with another phone", "0938000299", lan, Assurance::said},
      {"her phone, another birth date", "0938000204", [] { Details d = lan; d.birth = "1990-03-28"; return d; }(), Assurance::said},
      {"her phone, another name", "0938000204", [] { Details d = lan; d.full_name = "Lê Thị Mai"; return d; }(), Assurance::said},
      {"her phone, no number", "0938000204", [] { Details d = lan; d.id_number = ""; return d; }(), Assurance::said},
  };
  for (const auto& c : cases) {
    const auto an = sign_in(c.phone, std::string("84") + (c.phone + 1));
    const auto people_now = ok(door().list_people(an));
    const Person me = people_now.empty() ? ok(door().add_person(origin, an, {c.told, Relation::self})) : ok(door().change_details(origin, an, people_now.front().handle, c.told));
    EXPECT_EQ(me.assurance, c.expected) << c.what;
    home->now += std::chrono::hours(3);
    link();
    EXPECT_EQ(ok(door().get_person(an, me.handle)).assurance, c.expected) << c.what << ", linked";
  }
}

TEST_P(ResidentsTest, AnAdultSaysYesByACodeAndCanTakeItBack) {
  const auto an = sign_in("0938000204", "84938000204");
  ok(door().add_person(origin, an, {lan, Relation::self}));
  Details mother{"Trần Thị Hoa", "1960", "female", "", "", "", "", "", ""};
  EXPECT_EQ(door().add_person(origin, an, {mother, Relation::parent}).failure().code, "residents.phone_needed");
  mother.phone = "0938000204";
  EXPECT_EQ(door().add_person(origin, an, {mother, Relation::parent}).failure().code, "residents.phone_is_yours");
  EXPECT_EQ(door().add_person(origin, an, {mother, Relation::child}).failure().code, "residents.not_a_child");
  mother.phone = "0938000300";
  const Person asked = ok(door().add_person(origin, an, {mother, Relation::parent}));
  EXPECT_TRUE(asked.waits);
  EXPECT_EQ(door().get_person(an, asked.handle).failure().code, "residents.no_such_person") << "nothing before the yes";
  const std::string code = code_sent("84938000300");
  EXPECT_EQ(door().confirm_person(origin, an, asked.handle, code == "123456" ? "123457" : "123456").failure().code, "auth.code_not_accepted");
  ok(door().confirm_person(origin, an, asked.handle, code));
  EXPECT_FALSE(ok(door().get_person(an, asked.handle)).waits);

  const auto hoa = sign_in("0938000300", "84938000300");
  ok(door().add_person(origin, hoa, {{.full_name = "Trần Thị Hoa", .birth = "1960", .sex = "Nữ"}, Relation::self}));
  EXPECT_EQ(door().end_person(origin, hoa, asked.handle).failure().code, "residents.no_such_person") << "not in her account";
  ok(door().end_person(origin, an, asked.handle));
  EXPECT_EQ(door().get_person(an, asked.handle).failure().code, "residents.no_such_person");
  EXPECT_EQ(ok(door().list_people(an)).size(), 1u);
  EXPECT_EQ(count("residents_person"), 3) << "ended ones stay, as proof";
}

TEST_P(ResidentsTest, AProvedPersonSeesAndEndsWhoSpeaksForThem) {
  Details hoa{"Trần Thị Hoa", "1960-02-03", "female", "079160000009", "0938000300", "", "", "", ""};
  registered(hoa);
  const auto an = sign_in("0938000204", "84938000204");
  ok(door().add_person(origin, an, {lan, Relation::self}));
  const Person mother = ok(door().add_person(origin, an, {hoa, Relation::parent}));
  ok(door().confirm_person(origin, an, mother.handle, code_sent("84938000300")));
  link();

  const auto herself = sign_in("0938000300", "84938000300");
  ok(door().add_person(origin, herself, {hoa, Relation::self}));
  const auto proxies = ok(door().list_proxies(herself));
  ASSERT_EQ(proxies.size(), 1u);
  EXPECT_EQ(proxies[0].relation, Relation::parent);
  EXPECT_TRUE(ok(door().list_proxies(an)).empty());
  EXPECT_EQ(door().end_proxy(origin, an, proxies[0].handle).failure().code, "residents.no_such_person");
  ok(door().end_proxy(origin, herself, proxies[0].handle));
  EXPECT_EQ(door().get_person(an, mother.handle).failure().code, "residents.no_such_person");
}

TEST_P(ResidentsTest, AnotherAccountsPeopleAreNotThere) {
  const auto an = sign_in("0938000204", "84938000204"), binh = sign_in("0938000205", "84938000205");
  const Person me = ok(door().add_person(origin, an, {lan, Relation::self}));
  for (const std::string& handle : {me.handle, std::string("prs_0123456789ABCDEFGHJKMNPQRS"), std::string()}) {
    EXPECT_EQ(door().get_person(binh, handle).failure().code, "residents.no_such_person");
    EXPECT_EQ(door().change_details(origin, binh, handle, lan).failure().code, "residents.no_such_person");
    EXPECT_EQ(door().end_person(origin, binh, handle).failure().code, "residents.no_such_person");
    EXPECT_EQ(door().confirm_person(origin, binh, handle, "123456").failure().code, "residents.no_such_person");
  }
}

TEST_P(ResidentsTest, HostileTextIsRefusedOrKeptAsText) {
  const auto an = sign_in("0938000204", "84938000204");
  for (const char* phone : {"", "abc", "0938000204'; DROP TABLE residents_account;--", "028 3822 1234", "+1", "\xff\xfe"}) EXPECT_EQ(door().arrive(origin, phone).failure().field, "phone") << phone;
  Details d = lan;
  d.full_name = std::string("A\0B", 3);
  EXPECT_FALSE(door().add_person(origin, an, {d, Relation::self}).ok());
  d.full_name = std::string(1 << 20, 'x');
  EXPECT_FALSE(door().add_person(origin, an, {d, Relation::self}).ok());
  EXPECT_TRUE(ok(door().list_people(an)).empty());
  d.full_name = "<script>alert(1)</script> Lê";
  EXPECT_EQ(ok(door().add_person(origin, an, {d, Relation::self})).details.reveal().full_name, d.full_name) << "text; pages escape it";
}

}  // namespace
}  // namespace motcua::residents
