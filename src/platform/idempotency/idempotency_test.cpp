#include "platform/idempotency/idempotency.hpp"

#include "tests/support/database.hpp"

namespace motcua::idempotency {
namespace {

class Idempotency : public tests::DatabaseTest {
 protected:
  Instant now = from_millis(1'600'000'000'000);
  DatabaseStore store() { return DatabaseStore(database(), [this] { return now; }, std::chrono::hours(1)); }
};
INSTANTIATE_TEST_SUITE_P(Engines, Idempotency, tests::both_engines(), tests::engine_name);

const http::SavedAnswer first{"hash-1", 201, "application/json", "{\"id\":\"Lê\"}", "/vi/x"}, second{"hash-2", 200, "text/html", "b", ""};

TEST_P(Idempotency, TheFirstAnswerStays) {
  auto answers = store();
  EXPECT_FALSE(*answers.find("acc route", "key-1"));
  ASSERT_TRUE(answers.save("acc route", "key-1", first));
  ASSERT_TRUE(answers.save("acc route", "key-1", second));
  ASSERT_TRUE(answers.save("other route", "key-1", second));
  const auto found = answers.find("acc route", "key-1");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->body_hash, "hash-1");
  EXPECT_EQ((*found)->status, 201);
  EXPECT_EQ((*found)->content_type, "application/json");
  EXPECT_EQ((*found)->body, "{\"id\":\"Lê\"}");
  EXPECT_EQ((*found)->location, "/vi/x");
}

TEST_P(Idempotency, AnswersExpire) {
  auto answers = store();
  ASSERT_TRUE(answers.save("s", "key-1", first));
  now += std::chrono::hours(1);
  EXPECT_FALSE(*answers.find("s", "key-1"));
  ASSERT_TRUE(answers.save("s", "key-1", second));
  EXPECT_EQ((*answers.find("s", "key-1"))->body_hash, "hash-2") << "an expired answer gives way";
  EXPECT_EQ(*answers.purge(), 0);
  now += std::chrono::hours(1);
  EXPECT_EQ(*answers.purge(), 1);
}

TEST_P(Idempotency, AnAnswerIsKeptWithItsWriteOrNotAtAll) {
  auto answers = store();
  http::Request request;
  request.idempotency_scope = "s", request.idempotency_key = "key-1", request.idempotency_hash = "h";
  const auto response = http::Response::json("{}", 201);
  const auto write = [&](bool fail) {
    return database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(keep(tx, request, response, now));
      if (fail) return conflict("test.refused");
      return {};
    });
  };
  EXPECT_FALSE(write(true));
  EXPECT_FALSE(*answers.find("s", "key-1"));
  EXPECT_TRUE(write(false));
  EXPECT_EQ((*answers.find("s", "key-1"))->body_hash, "h");
  request.idempotency_key.clear();
  EXPECT_TRUE(write(false)) << "without a key nothing is kept";
}

}  // namespace
}  // namespace motcua::idempotency
