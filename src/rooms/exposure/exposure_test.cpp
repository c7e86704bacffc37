// From a tracer's code to the archive other phones read, on both databases.
#include "rooms/exposure/exposure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/base64.hpp"
#include "platform/audit/audit.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/exposure/rules.hpp"
#include "rooms/exposure/routes.hpp"
#include "tests/support/tracing_house.hpp"
#include "tests/support/database.hpp"

namespace motcua::exposure {
namespace {

using tracing::ok;

struct Phone {
  crypto::Bytes secret = crypto::random_bytes(32);
  std::vector<SentKey> keys;
};

class ExposureTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    tests::DatabaseTest::SetUp();
    home = std::make_unique<tracing::TestHouse>(database(), dir().str());
    database().set_audit_sink(ok(audit::make_sink(*home->keys, {.now = [this] { return home->now; }})));
    room = ok(make_exposure(home->house, home->door()));
    home->resident("079190000001", "Nguyễn Văn An", "0901000001");
    home->link();
    case_id = home->confirm("079190000001", "2021-08-09T09:00:00+07:00");
  }
  Exposure& door() { return room->door(); }

  std::string code(ReportType type = ReportType::confirmed) { return ok(door().issue_code(home->tracer(), {.case_id = case_id, .type = type})).code.reveal(); }
  /// Keys of so many whole days, yesterday first.
  Phone phone(int days) {
    Phone p;
    for (int i = 0; i < days; ++i) {
      SentKey key;
      key.key = crypto::random_bits();
      key.key_text = to_base64(key.key);
      key.rolling_start = (interval_of(home->now) / day_intervals - 1 - i) * day_intervals;
      p.keys.push_back(key);
    }
    return p;
  }
  std::string certificate(const Phone& p, const std::string& code) {
    const auto verified = ok(door().verify(sender(), code, {}));
    const auto mac = crypto::hmac_sha256(p.secret, mac_text(p.keys, true));
    return ok(door().certify(sender(), verified.token, {mac.begin(), mac.end()}));
  }
  Publish upload(const Phone& p, const std::string& payload, const std::string& token = "") {
    return {.keys = p.keys, .health_authority = "vn.motcua", .payload = payload, .revision_token = token, .hmac_key = p.secret};
  }
  std::string refused(const Publish& publish) {
    const auto done = door().publish(sender(), publish);
    return done ? "published" : done.failure().code.substr(9) + " " + done.failure().field;
  }
  Sender sender(bool decoy = false) { return {"203.0.113." + std::to_string(++senders % 250), "req_test", decoy}; }
  Archive next_archive() {
    home->now += std::chrono::hours(5);
    const auto made = ok(door().make_archive(tests::test_act("exposure.archive"), false));
    EXPECT_TRUE(made);
    const auto key = ok(crypto::P256PublicKey::parse_pem(ok(door().public_key(0))));
    return ok(read_archive(ok(door().get_archive(made->name)), &key));
  }
  static std::optional<ArchivedKey> find(const std::vector<ArchivedKey>& keys, const crypto::Block128& key) {
    const auto at = std::find_if(keys.begin(), keys.end(), [&](const ArchivedKey& k) { return k.key == key; });
    return at == keys.end() ? std::nullopt : std::optional(*at);
  }
  std::int64_t rows(const std::string& table) {
    return ok(database().read_value([&](storage::Reader& r) { return r.find("SELECT COUNT(*) FROM " + table, {}, [](const storage::Row& row) { return row.integer(0); }); })).value_or(-1);
  }

  std::unique_ptr<tracing::TestHouse> home;
  std::unique_ptr<ExposureRoom> room;
  std::string case_id;
  int senders = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ExposureTest, tests::both_engines(), tests::engine_name);

TEST_P(ExposureTest, FromTheCodeToTheArchive) {
  const Phone p = phone(14);
  const auto done = ok(door().publish(sender(), upload(p, certificate(p, code()))));
  EXPECT_EQ(done.inserted, 14);
  const Archive archive = next_archive();
  EXPECT_EQ(archive.region, "VN");
  EXPECT_GE(archive.keys.size(), 200U) << "made-up keys fill it up";
  for (const auto& key : p.keys) {
    const auto told = find(archive.keys, key.key);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->type, ReportType::confirmed);
    EXPECT_EQ(told->risk, 2);
    EXPECT_EQ(told->rolling_start, key.rolling_start);
  }
  const Archive later = next_archive();
  EXPECT_FALSE(find(later.keys, p.keys[0].key)) << "told once";
  EXPECT_GE(later.keys.size(), 200U) << "an empty period looks like any other";
  EXPECT_EQ(ok(door().list_archives()).size(), 2U);
  const std::int64_t audited = rows("audit_entry");
  EXPECT_FALSE(ok(door().make_archive(tests::test_act("exposure.archive"), false))) << "the period is not over";
  EXPECT_EQ(rows("audit_entry"), audited) << "a look at the clock is nothing to put on record";
}

TEST_P(ExposureTest, ACodeWorksOnceAndForItsTime) {
  const Phone p = phone(2), other = phone(2);
  const std::string once = code();
  EXPECT_EQ(ok(door().publish(sender(), upload(p, once))).inserted, 2) << "the code itself as payload";
  EXPECT_EQ(refused(upload(other, once)), "code_not_accepted verificationPayload");
  EXPECT_FALSE(door().verify(sender(), once, {}));
  const std::string late = code();
  home->now += std::chrono::minutes(61);
  EXPECT_EQ(refused(upload(other, late)), "code_not_accepted verificationPayload");
  const std::string typed = code();
  EXPECT_EQ(door().verify(sender(), code(ReportType::likely), {ReportType::confirmed}).failure().code, "exposure.type_not_accepted");
  const auto verified = ok(door().verify(sender(), typed.substr(0, 5) + " - " + typed.substr(5), {ReportType::confirmed}));
  ok(door().certify(sender(), verified.token, crypto::Bytes(32)));
  EXPECT_EQ(door().certify(sender(), verified.token, crypto::Bytes(32)).failure().code, "exposure.token_not_accepted") << "one certificate for a code";
}

TEST_P(ExposureTest, GuessingIsLimitedByAddress) {
  const Sender guesser{"203.0.113.251", "req_test", false};
  std::string last;
  for (int i = 0; i < 61; ++i) last = door().verify(guesser, "0000000000", {}).failure().code;
  EXPECT_EQ(last, "auth.too_many_tries");
  EXPECT_EQ(door().verify(guesser, code(), {}).failure().code, "auth.too_many_tries") << "a right one neither";
  EXPECT_TRUE(door().verify(sender(), code(), {}));
}

TEST_P(ExposureTest, ACaseHasFewOpenCodesAndOnlyItsTracerMakesThem) {
  for (int i = 0; i < 5; ++i) code();
  EXPECT_EQ(door().issue_code(home->tracer(), {.case_id = case_id}).failure().code, "exposure.too_many_codes");
  const Asker elsewhere = home->as("acc_x", "tracer", "01");
  EXPECT_EQ(door().issue_code(elsewhere, {.case_id = case_id}).failure().code, "tracing.not_found");
  EXPECT_EQ(door().list_codes(elsewhere, case_id).failure().code, "tracing.not_found");
  const auto page = ok(door().list_codes(home->tracer(), case_id));
  ASSERT_EQ(page.codes.size(), 5U);
  EXPECT_EQ(page.codes[0].state, "open");
}

TEST_P(ExposureTest, ACertificateIsForItsKeysAlone) {
  Phone p = phone(3);
  const std::string jwt = certificate(p, code());
  Phone other = phone(3);
  other.secret = p.secret;
  EXPECT_EQ(refused(upload(other, jwt)), "certificate_invalid verificationPayload");
  auto wrong_secret = upload(p, jwt);
  wrong_secret.hmac_key[0] ^= 1;
  EXPECT_EQ(refused(wrong_secret), "certificate_invalid verificationPayload");
  auto elsewhere = upload(p, jwt);
  elsewhere.health_authority = "vn.other";
  EXPECT_EQ(refused(elsewhere), "authority_unknown healthAuthorityID");
  EXPECT_EQ(rows("exposure_key"), 0) << "nothing of what was refused is kept";
  EXPECT_EQ(refused(upload(p, jwt)), "published");
  home->now += std::chrono::minutes(16);
  EXPECT_EQ(refused(upload(p, jwt)), "certificate_invalid verificationPayload") << "it has run out";
}

TEST_P(ExposureTest, ARevisionTouchesThePhonesOwnKeysAlone) {
  Phone p = phone(3);
  const Phone other = phone(3);
  const auto first = ok(door().publish(sender(), upload(p, certificate(p, code(ReportType::likely)))));
  ok(door().publish(sender(), upload(other, certificate(other, code(ReportType::likely)))));
  EXPECT_EQ(find(next_archive().keys, p.keys[0].key)->type, ReportType::likely);

  EXPECT_EQ(refused(upload(p, code())), "revision_token_missing revisionToken");
  EXPECT_EQ(refused(upload(other, code(), first.revision_token)), "revision_token_invalid revisionToken");
  EXPECT_EQ(refused(upload(p, code(), "nonsense")), "revision_token_invalid revisionToken");
  const auto again = ok(door().publish(sender(), upload(p, code(ReportType::likely), first.revision_token)));
  EXPECT_EQ(again.inserted, 0) << "the same once more changes nothing";
  Phone grown = p;
  const Phone more = phone(4);
  grown.keys.push_back(more.keys[3]);
  const auto second = ok(door().publish(sender(), upload(grown, code(), again.revision_token)));
  EXPECT_EQ(second.inserted, 1);
  home->now += std::chrono::hours(1);
  EXPECT_EQ(refused(upload(p, code(ReportType::likely), second.revision_token)), "change_refused temporaryExposureKeys[0]");
  const Archive told = next_archive();
  EXPECT_EQ(find(told.revised, p.keys[1].key)->type, ReportType::confirmed);
  EXPECT_FALSE(find(told.revised, other.keys[0].key));
  EXPECT_GE(told.revised.size(), 20U) << "made-up ones among them";
  EXPECT_TRUE(find(told.keys, more.keys[3].key));

  ok(door().publish(sender(), upload(p, code(ReportType::negative), second.revision_token)));
  EXPECT_EQ(find(next_archive().revised, p.keys[2].key)->type, ReportType::negative);
}

TEST_P(ExposureTest, TakenBackBeforeItWasToldIsNeverTold) {
  const Phone p = phone(2);
  const auto done = ok(door().publish(sender(), upload(p, code(ReportType::likely))));
  ok(door().publish(sender(), upload(p, code(ReportType::negative), done.revision_token)));
  const Archive archive = next_archive();
  EXPECT_FALSE(find(archive.keys, p.keys[0].key));
  EXPECT_FALSE(find(archive.revised, p.keys[0].key));
  EXPECT_FALSE(find(next_archive().revised, p.keys[0].key));
}

TEST_P(ExposureTest, AKeyStillInUseWaits) {
  Phone p = phone(1);
  p.keys[0].rolling_start += day_intervals;   // today's
  ok(door().publish(sender(), upload(p, code())));
  EXPECT_FALSE(find(next_archive().keys, p.keys[0].key));
  home->now = start_of(p.keys[0].rolling_start + day_intervals) + std::chrono::hours(4);
  EXPECT_TRUE(find(next_archive().keys, p.keys[0].key));
}

/// What an upload costs, decoy or not: statements asked of the database, and what is left of it.
TEST_P(ExposureTest, Promise05ADecoyIsTheSameWorkAndLeavesNothing) {
  const auto& statements = metrics::registry().counter("motcua_storage_statements_total", "");
  const auto cost = [&](const Publish& publish, bool decoy) {
    const std::uint64_t before = statements.value();
    EXPECT_TRUE(door().publish(sender(decoy), publish));
    return statements.value() - before;
  };
  const Phone p = phone(14), q = phone(14);
  const std::string jwt = certificate(p, code()), other = certificate(q, code());
  cost(upload(p, jwt), false);                                 // what is asked once is asked here
  const std::int64_t keys = rows("exposure_key"), audited = rows("audit_entry"), answers = rows("idempotency_answer"), codes = rows("exposure_code");
  cost(upload(phone(14), jwt), true);
  const std::uint64_t of_decoy = cost(upload(phone(14), jwt), true);
  EXPECT_EQ(rows("exposure_key"), keys);
  EXPECT_EQ(rows("audit_entry"), audited);
  EXPECT_EQ(rows("idempotency_answer"), answers);
  EXPECT_EQ(rows("exposure_code"), codes);
  const std::uint64_t of_real = cost(upload(q, other), false);
  EXPECT_GT(of_real, 3U);
  EXPECT_EQ(of_real, of_decoy);
  EXPECT_EQ(rows("exposure_key"), keys + 14);
  EXPECT_EQ(rows("audit_entry"), audited) << "nor is a real one on record by itself: its time beside the code's would name the phone";
}

TEST_P(ExposureTest, Promise05EveryAnswerHasTheSameLength) {
  http::Router router;
  add_phone_routes(router, home->house, door());
  const auto ask = [&](const std::string& path, const std::string& body, bool decoy) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/exposure-keys/v1" + path;
    request.body = body;
    request.remote_address = sender().address;
    request.lang = "vi";
    if (decoy) request.headers.emplace("x-chaff", "1");
    return ok(router.match(http::Method::post, request.path).route->handler(request));
  };
  const auto body = [](const Publish& p) {
    std::string out = R"({"healthAuthorityID":")" + p.health_authority + R"(","verificationPayload":")" + p.payload + R"(","hmacKey":")" + to_base64(p.hmac_key) + R"(","temporaryExposureKeys":[)";
    for (const auto& key : p.keys)
      out += (out.back() == '[' ? "" : ",") + (R"({"key":")" + key.key_text + R"(","rollingStartNumber":)" + std::to_string(key.rolling_start) + R"(,"rollingPeriod":144})");
    return out + "]}";
  };
  std::set<std::size_t> lengths;
  for (const int days : {1, 14}) {
    const Phone p = phone(days);
    for (const bool decoy : {false, true}) {
      const auto answer = ask("/publish", body(upload(p, decoy ? "a.b.c" : certificate(p, code()))), decoy);
      EXPECT_EQ(answer.status, 200);
      EXPECT_FALSE(answer.compressible);
      EXPECT_EQ(answer.memorable, !decoy);
      lengths.insert(answer.body.size());
    }
  }
  lengths.insert(ask("/publish", R"({"padding":"eA=="})", true).body.size());
  lengths.insert(ask("/publish", "not json", true).body.size());
  const auto wrong = ask("/publish", "not json", false);
  EXPECT_EQ(wrong.status, 400);
  lengths.insert(wrong.body.size());
  EXPECT_EQ(lengths, std::set<std::size_t>{publish_answer_bytes});
  lengths = {ask("/verify", R"({"code":")" + code() + "\"}", false).body.size(), ask("/verify", R"({"code":"1"})", false).body.size(), ask("/verify", "{}", true).body.size(),
             ask("/certificate", "{}", true).body.size(), ask("/certificate", R"({"token":"x","ekeyhmac":""})", false).body.size()};
  EXPECT_EQ(lengths, std::set<std::size_t>{verify_answer_bytes});
}

TEST_P(ExposureTest, KeysOfAnotherAuthorityComeInAndNeverGoBack) {
  const auto theirs = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 3));
  const Phone here = phone(1), there = phone(3);
  ok(door().publish(sender(), upload(here, code())));
  Archive archive{home->now, home->now, "TH", "v1", "520", {}, {}};
  for (const auto& key : there.keys) {
    archive.keys.emplace_back();
    static_cast<DiagnosisKey&>(archive.keys.back()) = key;
    archive.keys.back().type = ReportType::likely;
  }
  archive.keys[2].rolling_start -= 30 * day_intervals;          // long over
  archive.keys.emplace_back();
  static_cast<DiagnosisKey&>(archive.keys.back()) = here.keys[0];
  archive.keys.back().type = ReportType::negative;              // says something of ours
  const auto take = [&](const crypto::P256Key& signer) { return door().import_archive(tests::test_act("exposure.import"), write_archive(archive, signer), theirs.public_key(), ""); };
  EXPECT_EQ(take(crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 4))).failure().code, "exposure.archive_not_signed");
  auto sum = ok(take(theirs));
  EXPECT_EQ(std::tuple(sum.read, sum.accepted, sum.revised, sum.unchanged, sum.rejected, sum.origin), std::tuple(4, 2, 0, 1, 1, "TH"));
  sum = ok(take(theirs));
  EXPECT_EQ(sum.accepted, 0) << "the same once more";
  archive.keys[0].type = ReportType::confirmed;
  EXPECT_EQ(ok(take(theirs)).revised, 1);

  const Archive told = next_archive();
  EXPECT_EQ(find(told.keys, there.keys[0].key)->type, ReportType::confirmed) << "phones here hear of them";
  EXPECT_EQ(find(told.keys, here.keys[0].key)->type, ReportType::confirmed) << "ours stays ours";
  Federated out;
  const auto key = ok(crypto::P256PublicKey::parse_pem(ok(door().public_key(0))));
  const Archive own = ok(read_archive(ok(door().export_own(tests::test_act("exposure.export"), home->now - std::chrono::days(2), false, out)), &key));
  EXPECT_TRUE(find(own.keys, here.keys[0].key));
  for (const auto& k : there.keys) EXPECT_FALSE(find(own.keys, k.key));
  archive.region = "VN";
  EXPECT_EQ(take(theirs).failure().code, "exposure.origin_is_ours");
}

TEST_P(ExposureTest, KeysAreForgottenAfterFourteenDays) {
  const Phone p = phone(14);
  ok(door().publish(sender(), upload(p, code())));
  next_archive();
  const auto purge = [&](bool count_only) {
    std::map<std::string, std::int64_t> rows;
    for (const auto& line : ok(room->purge(tests::test_act("exposure.purge"), home->now, count_only))) rows[line.what] = line.rows;
    return rows;
  };
  EXPECT_EQ(purge(true)["exposure.purge_archives"], 0);
  home->now += std::chrono::days(15);
  const auto counted = purge(true);
  EXPECT_EQ(counted.at("exposure.purge_keys"), rows("exposure_key"));
  EXPECT_EQ(counted.at("exposure.purge_archives"), 1);
  EXPECT_EQ(counted.at("exposure.purge_codes"), 1);
  EXPECT_EQ(purge(false), counted);
  EXPECT_EQ(rows("exposure_key") + rows("exposure_archive") + rows("exposure_code"), 0);
}

TEST_P(ExposureTest, TheCodeStandsNowhereAndTheKeysNameNobody) {
  const Phone p = phone(1);
  const std::string digits = code();
  ok(door().publish(sender(), upload(p, digits)));
  const auto noted = ok(database().read_value([](storage::Reader& r) {
    return r.list("SELECT action, object, detail FROM audit_entry", {}, [](const storage::Row& row) { return row.string(0) + " " + row.string(1) + " " + row.string(2); });
  }));
  for (const auto& line : noted) {
    EXPECT_EQ(line.find(digits), std::string::npos);
    EXPECT_FALSE(line.starts_with("exposure.publish")) << line;
  }
}

}  // namespace
}  // namespace motcua::exposure
