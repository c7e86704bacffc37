#include "rooms/declarations/pass.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/base45.hpp"
#include "rooms/declarations/pass_rules.hpp"

namespace motcua::declarations {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Instant at(const char* text) { return *parse_instant(text); }
crypto::P256Key key_of(std::uint8_t seed) { return crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, seed)); }
PassKey public_of(const crypto::P256Key& key) { return {kid_of(key.public_key()), key.public_key()}; }

const Bits128 an_id{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
Pass a_pass() {
  return {.id = an_id, .issued_at = at("2021-09-01T10:42:00+07:00"), .expires_at = at("2021-09-04T10:42:00+07:00"), .state = PassState::yellow, .form = FormKind::domestic,
          .check = check_of(an_id, "NVA", 1990)};
}
const auto nobody_revoked = [](const Pass&) { return false; };

PassReading read(std::string_view text, Instant now, const std::function<bool(const Pass&)>& revoked = nobody_revoked) {
  const PassKey keys[] = {public_of(key_of(1)), public_of(key_of(2))};
  return verify_pass(text, keys, now, revoked);
}

TEST(PassToken, ComesBackAsItWasAndFitsASmallCode) {
  const auto text = write_pass(a_pass(), key_of(1));
  EXPECT_LE(text.size(), 189U) << "53 x 53 modules (version 9) at level Q hold 189 characters";
  EXPECT_EQ(text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), std::string::npos);
  const auto reading = read(text, at("2021-09-02T00:00:00+07:00"));
  ASSERT_EQ(reading.verdict, PassVerdict::valid);
  const Pass& pass = *reading.pass;
  EXPECT_EQ(pass.id, an_id);
  EXPECT_EQ(pass.issued_at, a_pass().issued_at);
  EXPECT_EQ(pass.expires_at, a_pass().expires_at);
  EXPECT_EQ(pass.state, PassState::yellow);
  EXPECT_EQ(pass.form, FormKind::domestic);
  EXPECT_EQ(pass.check, a_pass().check);
  EXPECT_EQ(read(text + "\r\n", at("2021-09-02T00:00:00+07:00")).verdict, PassVerdict::valid) << "a scanner that types";
}

TEST(PassToken, TimeDecidesAndARevocationAfterIt) {
  const auto text = write_pass(a_pass(), key_of(1));
  const Instant issued = a_pass().issued_at, expires = a_pass().expires_at;
  const std::pair<Instant, PassVerdict> cases[] = {{issued, PassVerdict::valid}, {issued - minutes(5), PassVerdict::valid}, {issued - minutes(5) - seconds(1), PassVerdict::not_yet},
                                                   {issued - hours(24), PassVerdict::not_yet}, {expires - seconds(1), PassVerdict::valid}, {expires, PassVerdict::expired},
                                                   {expires + hours(24), PassVerdict::expired}};
  for (const auto& [now, verdict] : cases) EXPECT_EQ(read(text, now).verdict, verdict) << to_iso(now);
  const auto this_one = [](const Pass& pass) { return pass.id == an_id; };
  EXPECT_EQ(read(text, issued, this_one).verdict, PassVerdict::revoked);
  EXPECT_EQ(read(text, expires, this_one).verdict, PassVerdict::expired);
}

TEST(PassToken, KeysOfOthersAndChangedTexts) {
  const Instant now = a_pass().issued_at;
  EXPECT_EQ(read(write_pass(a_pass(), key_of(2)), now).verdict, PassVerdict::valid) << "an older key still verifies";
  const auto stranger = read(write_pass(a_pass(), key_of(3)), now);
  EXPECT_EQ(stranger.verdict, PassVerdict::unknown_key);
  EXPECT_FALSE(stranger.pass) << "nothing of it is shown";
  auto message = *cose::read_sign1(*from_base45(write_pass(a_pass(), key_of(1)).substr(pass_prefix.size())));
  message.payload.back() ^= 1;                                   // the check
  const cose::Array forged{cose::Value(message.protected_header), cose::Value(cose::Map{}), cose::Value(message.payload), cose::Value(message.signature)};
  const auto altered = read(std::string(pass_prefix) + to_base45(cose::write_cbor(forged)), now);
  EXPECT_EQ(altered.verdict, PassVerdict::bad_signature);
  EXPECT_FALSE(altered.pass);
}

TEST(PassToken, WhateverCharacterIsChangedItIsNotValid) {
  const auto text = write_pass(a_pass(), key_of(1));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(read(changed, a_pass().issued_at).verdict, PassVerdict::valid) << i;
  }
}

std::string signed_text(const cose::Value& payload) {
  const auto key = key_of(1);
  return std::string(pass_prefix) + to_base45(cose::write_sign1(cose::write_cbor(payload), kid_of(key.public_key()), key));
}

TEST(PassToken, WhatIsNoPassIsUnreadableEvenWhenSigned) {
  using cose::Value;
  const auto n = [](std::int64_t v) { return Value(v); };
  const auto map = [&](Value expires, Value issued, Value id, Value own) { return Value(cose::Map{{n(4), expires}, {n(6), issued}, {n(7), id}, {n(-65537), own}}); };
  const Value id(cose::Bytes(16)), own(cose::Array{n(0), n(1), Value(nullptr)});
  EXPECT_EQ(read(signed_text(map(n(2'000'000'000), n(1'000'000'000), id, own)), at("2021-09-01")).verdict, PassVerdict::valid) << "the model of the wrong ones";
  for (const auto& payload : {map(n(-1), n(1), id, own), map(n(std::numeric_limits<std::int64_t>::max()), n(1), id, own), map(Value(2e9), n(1), id, own), map(n(9), n(1), Value(cose::Bytes(15)), own),
                              map(n(9), n(1), id, Value(cose::Array{n(4), n(1), Value(nullptr)})), map(n(9), n(1), id, Value(cose::Array{n(0), n(0), Value(nullptr)})),
                              map(n(9), n(1), id, Value(cose::Array{n(0), n(1), n(256)})), map(n(9), n(1), id, Value(cose::Array{n(0), n(1), Value(true)})),
                              map(n(9), n(1), id, Value(cose::Array{n(0), n(1)})), Value(cose::Map{}), n(7)})
    EXPECT_EQ(read(signed_text(payload), at("2021-09-01")).verdict, PassVerdict::unreadable);
  for (const std::string& text : {std::string(), std::string("MC1:"), std::string("MC1:hello"), std::string("HC1:BB8"), std::string("MC1:") + std::string(2000, '0'), std::string("MC1:BB8\0", 8),
                                  std::string("https://example.org/")})
    EXPECT_EQ(read(text, at("2021-09-01")).verdict, PassVerdict::unreadable);
}

TEST(PassCheck, InitialsOfNamesAndOfAnswers) {
  const std::pair<const char*, const char*> names[] = {{"Nguyễn Văn An", "NVA"}, {"NGUYỄN THỊ THÙY DƯƠNG", "NTTD"}, {"Đặng Đình Đức", "DDD"}, {"  lê   ân ", "LA"}, {"John Smith", "JS"},
                                                       {"Ông", "O"}, {"", ""}, {"a b c d e f g h i j", "ABCDEFGH"}, {"មុំ", "ម"}};
  for (const auto& [name, initials] : names) EXPECT_EQ(initials_of(name), initials) << name;
  const Pass pass = a_pass();
  for (const char* answer : {"NVA", "nva", "N.V.A.", "n v a", "ÑVÂ"}) EXPECT_EQ(fits_check(pass, answer, 1990), true) << answer;
  Pass without = pass;
  without.check.reset();
  EXPECT_EQ(fits_check(without, "NVA", 1990), std::nullopt);
  EXPECT_EQ(check_of(an_id, "", 1990), std::nullopt);
  EXPECT_EQ(check_of(an_id, "NVA", 0), std::nullopt);
}

TEST(PassCheck, AWrongAnswerFitsOnceInTwoHundredAndFiftySix) {
  int fit = 0;
  const int passes = 20'000;
  for (int i = 0; i < passes; ++i) {
    Bits128 id{};
    id[0] = static_cast<std::uint8_t>(i), id[1] = static_cast<std::uint8_t>(i >> 8);
    Pass pass{.id = id, .check = check_of(id, "NVA", 1990)};
    fit += fits_check(pass, "TTB", 1990) == true ? 1 : 0;
  }
  EXPECT_NEAR(fit, passes / 256, 40);
}

TEST(PassKeys, AsJwkSet) {
  // RFC 6979, A.2.5: a point others compute with, too.
  crypto::Bytes secret(crypto::p256_secret_bytes);
  ASSERT_TRUE(from_hex("00000000000000000000000000000000" "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6720", secret));
  const PassKey keys[] = {public_of(crypto::P256Key::of_secret(secret))};
  EXPECT_EQ(keys[0].kid.size(), 4U);
  const auto jwks = to_jwks(keys);
  EXPECT_NE(jwks.find(R"("x":"YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y","y":"eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk")"), std::string::npos) << jwks;
  EXPECT_EQ(to_jwks({}), R"({"keys":[]})");
}

RC_GTEST_PROP(PassToken, EveryIdHasItsText, ()) {
  Bits128 id{};
  for (auto& byte : id) byte = *rc::gen::arbitrary<std::uint8_t>();
  RC_ASSERT(bits_of_pass(pass_id(id)) == id);
}

// ---- rules

const char* rules = R"(
[[period]]
name = "a"
from = 2021-01-01
to = 2021-06-30
citation = "x"
otherwise = "declared"
valid_hours = { health = 72, domestic = 72, entry = 336, daily = 24 }
[[period.rule]]
state = "red"
any = ["symptoms", "contact_with_case"]
[[period.rule]]
state = "green"
course = "complete"
days_since_dose_min = 14
[[period.rule]]
state = "green"
days_since_recovery_max = 180
[[period.rule]]
state = "yellow"
course = "begun"
days_since_dose_min = 14
[[period]]
name = "b"
from = 2021-07-01
citation = "y"
otherwise = "green"
valid_hours = { health = 1, domestic = 1, entry = 1, daily = 1 }
)";

TEST(PassRules, TheFirstThatAppliesDecides) {
  const auto periods = *read_pass_periods(rules, "policies/passes.toml");
  using Course = PassFacts::Course;
  const std::pair<PassFacts, PassState> cases[] = {
      {{}, PassState::declared},
      {{.symptoms = true}, PassState::red},
      {{.contact_with_case = true, .course = Course::complete, .days_since_dose = 100}, PassState::red},
      {{.from_affected_area = true}, PassState::declared},
      {{.course = Course::complete, .days_since_dose = 14}, PassState::green},
      {{.course = Course::complete, .days_since_dose = 13}, PassState::declared},
      {{.course = Course::complete}, PassState::declared},
      {{.course = Course::begun, .days_since_dose = 14}, PassState::yellow},
      {{.course = Course::begun, .days_since_dose = 3, .days_since_recovery = 180}, PassState::green},
      {{.days_since_recovery = 181}, PassState::declared}};
  for (std::size_t i = 0; i < std::size(cases); ++i) EXPECT_EQ(decide_pass_state(periods[0], cases[i].first), cases[i].second) << i;
  EXPECT_EQ(decide_pass_state(periods[1], {.symptoms = true}), PassState::green);
  using namespace std::chrono;
  EXPECT_EQ(pass_period_on(periods, 2020y / 1 / 1).name, "a");
  EXPECT_EQ(pass_period_on(periods, 2021y / 6 / 30).name, "a");
  EXPECT_EQ(pass_period_on(periods, 2021y / 7 / 1).name, "b");
}

TEST(PassRules, AMistakeIsNamed) {
  const std::string good = rules;
  const auto without = [&](const std::string& what, const std::string& instead) {
    std::string changed = good;
    changed.replace(changed.find(what), what.size(), instead);
    return read_pass_periods(changed, "policies/passes.toml");
  };
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"state = \"red\"", "state = \"blue\"", "declarations.pass_rules_invalid"}, {"\"contact_with_case\"", "\"contact\"", "declarations.pass_rules_invalid"},
      {"to = 2021-06-30", "to = 2021-07-01", "declarations.pass_rules_invalid"}, {"to = 2021-06-30", "to = 2020-06-30", "declarations.pass_rules_invalid"},
      {"to = 2021-06-30", "", "declarations.pass_rules_invalid"}, {"course = \"complete\"", "course = \"most\"", "declarations.pass_rules_invalid"},
      {"any = [\"symptoms\", \"contact_with_case\"]", "", "declarations.pass_rules_invalid"}, {"daily = 24", "daily = 0", "toml.out_of_bounds"},
      {", daily = 24", "", "toml.missing_key"}, {"otherwise", "other", "toml.unknown_key"}};
  for (const auto& [what, instead, code] : cases) {
    const auto read = without(what, instead);
    ASSERT_FALSE(read) << what;
    EXPECT_EQ(read.failure().code, code) << what;
    EXPECT_EQ(read.failure().args.at("file"), "policies/passes.toml");
  }
}

TEST(PassRules, WorseIsWorse) {
  EXPECT_TRUE(is_worse(PassState::red, PassState::yellow) && is_worse(PassState::yellow, PassState::green) && is_worse(PassState::yellow, PassState::declared));
  EXPECT_FALSE(is_worse(PassState::declared, PassState::green) || is_worse(PassState::green, PassState::declared) || is_worse(PassState::red, PassState::red));
}

}  // namespace
}  // namespace motcua::declarations
