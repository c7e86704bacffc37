// What commits leaves, once; what is late or rolled back does not.
#include "platform/outbound/outbound.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/database.hpp"

namespace motcua::outbound {
namespace {

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.failure().code);
  return std::move(result).value();
}

class OutboundTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    keys = ok(crypto::open_key_ring(dir().str()));
    bus = std::make_unique<events::Bus>(database(), [this] { return now; });
    outbound = std::make_unique<Outbound>(database(), *keys, *bus, [this] { return now; }, make_spool(spool));
  }
  Message message(Lane lane, const std::string& text) { return {lane, Personal<std::string>("+84938000204"), Personal(text), now + std::chrono::minutes(5)}; }
  std::string send(const Message& m) {
    return ok(database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return outbound->send(tx, m); }));
  }
  std::vector<std::string> waiting() {
    std::vector<std::string> texts;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(spool + "/outgoing", none)) {
      std::ifstream in(entry.path());
      texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return texts;
  }
  std::string state(const std::string& id) {
    return ok(database().read_value([&](storage::Reader& r) {
             return r.find("SELECT state || CASE WHEN sealed IS NULL THEN ' empty' ELSE '' END FROM outbound_message WHERE id = $1", {id}, [](const storage::Row& row) { return row.string(0); });
           })).value_or("");
  }

  Instant now = from_millis(1'627'700'000'000);
  tests::TempDir spool_home;
  std::string spool = spool_home.file("sms");
  std::unique_ptr<crypto::KeyRing> keys;
  std::unique_ptr<events::Bus> bus;
  std::unique_ptr<Outbound> outbound;
};
INSTANTIATE_TEST_SUITE_P(Engines, OutboundTest, tests::both_engines(), tests::engine_name);

TEST_P(OutboundTest, TheFileIsWhatTheGatewayReads) {
  const std::string id = send(message(Lane::code, "123456 là mã"));
  EXPECT_TRUE(waiting().empty()) << "nothing before somebody delivers";
  ASSERT_TRUE(outbound->deliver(id));
  EXPECT_EQ(waiting(), std::vector<std::string>{"To: 84938000204\nAlphabet: UTF-8\nPriority: HIGH\nValidity: 5m\n\n123456 là mã"});
  EXPECT_EQ(state(id), "left empty") << "the words of a code are gone";
  ASSERT_TRUE(outbound->deliver(id));
  EXPECT_EQ(waiting().size(), 1u) << "once";
}

TEST_P(OutboundTest, WhatNobodyDeliversLeavesByItself) {
  const std::string id = send(message(Lane::notice, "a"));
  now += std::chrono::seconds(4);
  ASSERT_TRUE(bus->drain());
  EXPECT_EQ(waiting().size(), 1u);
  EXPECT_EQ(state(id), "left");
}

TEST_P(OutboundTest, ATransactionThatFailsSendsNothing) {
  const auto failed = database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
    TRY(outbound->send(tx, message(Lane::notice, "a")));
    return invalid("test.refused");
  });
  EXPECT_FALSE(failed.ok());
  now += std::chrono::seconds(4);
  ASSERT_TRUE(bus->drain());
  EXPECT_TRUE(waiting().empty());
}

TEST_P(OutboundTest, WhatIsLateIsNotSentAndTakenBack) {
  const std::string late = send(message(Lane::notice, "late"));
  const std::string unfetched = send(message(Lane::notice, "unfetched"));
  ASSERT_TRUE(outbound->deliver(unfetched));
  now += std::chrono::minutes(6);
  ASSERT_TRUE(bus->drain());
  EXPECT_EQ(state(late), "late empty");
  EXPECT_TRUE(waiting().empty()) << "the network had five minutes to fetch it";
}

TEST_P(OutboundTest, ABrokenSpoolIsTriedAgain) {
  const std::string id = send(message(Lane::code, "123456"));
  std::ofstream(spool) << "a file where the folder should be";
  EXPECT_EQ(outbound->deliver(id).failure().code, "outbound.spool_unwritable");
  EXPECT_EQ(state(id), "waiting");
  std::filesystem::remove(spool);
  now += std::chrono::seconds(4);
  ASSERT_TRUE(bus->drain());
  EXPECT_EQ(state(id), "left empty");
}

TEST_P(OutboundTest, NeitherNumberNorWordsStandInTheClear) {
  send(message(Lane::notice, "very secret"));
  const auto rows = ok(database().read_value([](storage::Reader& r) {
    return r.list("SELECT sealed FROM outbound_message", {}, [](const storage::Row& row) { return row.bytes(0); });
  }));
  ASSERT_EQ(rows.size(), 1u);
  const std::string sealed(rows[0].begin(), rows[0].end());
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_EQ(sealed.find("938000204"), std::string::npos);
}

}  // namespace
}  // namespace motcua::outbound
