#include "platform/events/events.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/support/database.hpp"

namespace motcua::events {
namespace {

using namespace std::chrono_literals;
using tests::test_act;

class EventsTest : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override { return {"platform/events/"}; }
  Bus make_bus(BusOptions options = {}) {
    return Bus(database(), [this] { return now_.load(); }, options);
  }
  void emit(Bus& bus, int n, bool fails = false) {
    const auto r = database().write(test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(bus.emit(tx, "test.happened", {{"n", n}}));
      if (fails) return conflict("test.no");
      return {};
    });
    EXPECT_EQ(r.ok(), !fails);
  }
  std::int64_t drain(Bus& bus) {
    const auto n = bus.drain();
    EXPECT_TRUE(n) << n.failure().code << n.failure().detail;
    return n ? *n : -1;
  }
  std::atomic<Instant> now_ = from_millis(1'627'700'000'000);
  std::multiset<std::string> heard_;
  Handler listener(std::string name) {
    return [this, name](const Event& e) -> Result<void> {
      heard_.insert(name + std::to_string(e.payload.at("n").as_int64()));
      return {};
    };
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, EventsTest, tests::both_engines(), tests::engine_name);

TEST_P(EventsTest, EachHandlerHearsWhatCommittedAndNothingElse) {
  auto bus = make_bus();
  bus.on("test.happened", "a", listener("a"));
  bus.on("test.happened", "b", listener("b"));
  bus.on("test.other", "c", listener("c"));
  emit(bus, 1);
  emit(bus, 2, true);
  emit(bus, 3);
  EXPECT_EQ(bus.stats()->pending, 2);
  EXPECT_EQ(drain(bus), 4);
  EXPECT_EQ(heard_, (std::multiset<std::string>{"a1", "a3", "b1", "b3"}));
  EXPECT_EQ(drain(bus), 0);
  EXPECT_EQ(bus.stats()->pending, 0);
}

TEST_P(EventsTest, AFailingHandlerIsTriedAgainLaterAndDelaysNobody) {
  auto bus = make_bus({.tries_max = 3});
  int tries = 0;
  bus.on("test.happened", "good", listener("g"));
  bus.on("test.happened", "bad", [&](const Event& e) -> Result<void> {
    EXPECT_EQ(e.attempt, ++tries);
    if (tries == 2) throw std::runtime_error("a defect");
    return conflict("test.not_yet");
  });
  emit(bus, 1);
  EXPECT_EQ(drain(bus), 2);
  EXPECT_EQ(heard_.size(), 1U);
  EXPECT_EQ(drain(bus), 0) << "not before its time";
  EXPECT_EQ(tries, 1);
  now_ = now_.load() + 1s;   // the first wait is at most one second, the second at most two
  EXPECT_EQ(drain(bus), 1);
  EXPECT_TRUE(bus.list_dead_letters(10)->empty());
  now_ = now_.load() + 2s;
  EXPECT_EQ(drain(bus), 1);
  const auto dead = bus.list_dead_letters(10);
  ASSERT_EQ(dead->size(), 1U);
  EXPECT_EQ(dead->front().handler, "bad");
  EXPECT_EQ(dead->front().failure, "test.not_yet");
  EXPECT_EQ(dead->front().tries, 3);
  EXPECT_EQ(dead->front().payload, R"({"n":1})");
  now_ = now_.load() + 24h;
  EXPECT_EQ(drain(bus), 0);
  EXPECT_EQ(bus.stats()->dead, 1);
}

TEST_P(EventsTest, DeadLettersAreRetriedOrDiscarded) {
  auto bus = make_bus({.tries_max = 1});
  bool fail = true;
  bus.on("test.happened", "h", [&](const Event& e) -> Result<void> {
    if (fail) return conflict("test.no");
    return listener("h")(e);
  });
  for (int i = 0; i < 3; ++i) emit(bus, i);
  drain(bus);
  const auto first = bus.list_dead_letters(2);
  ASSERT_EQ(first->size(), 2U);
  const auto second = bus.list_dead_letters(2, first->back().id);
  ASSERT_EQ(second->size(), 1U);
  fail = false;
  ASSERT_TRUE(bus.retry(test_act(), second->front().id));
  ASSERT_TRUE(bus.discard(test_act(), first->front().id));
  EXPECT_EQ(bus.retry(test_act(), first->front().id).failure().code, "events.not_found");
  EXPECT_EQ(bus.discard(test_act(), "evt_nothing:h").failure().kind, FailureKind::not_found);
  EXPECT_EQ(drain(bus), 1);
  EXPECT_EQ(heard_.size(), 1U);
  EXPECT_EQ(bus.stats()->dead, 1);
}

TEST_P(EventsTest, AScheduledJobWaitsForItsTime) {
  auto bus = make_bus();
  bus.on_job("test.later", listener("j"));
  ASSERT_TRUE(database().write(test_act(), [&](storage::Transaction& tx) {
    return bus.schedule(tx, "test.later", {{"n", 7}}, now_.load() + 1h);
  }));
  EXPECT_EQ(drain(bus), 0);
  now_ = now_.load() + 59min;
  EXPECT_EQ(drain(bus), 0);
  now_ = now_.load() + 1min;
  EXPECT_EQ(drain(bus), 1);
  EXPECT_EQ(heard_.count("j7"), 1U);
}

TEST_P(EventsTest, APeriodicJobRunsOnceAnIntervalHoweverManyProcesses) {
  auto one = make_bus(), two = make_bus();
  int ran = 0;
  for (auto* bus : {&one, &two}) bus->every("test.tidy", 1h, [&]() -> Result<void> { ++ran; return {}; });
  drain(one);
  drain(two);
  EXPECT_EQ(ran, 1);
  now_ = now_.load() + 1h;
  drain(two);
  drain(one);
  EXPECT_EQ(ran, 2);
}

TEST_P(EventsTest, ADeliveryTakenByAProcessThatDiedIsRunAfterItsLease) {
  auto bus = make_bus({.lease = 10min});
  int calls = 0;
  bus.on("test.happened", "h", [&](const Event&) -> Result<void> {
    if (++calls > 1) return {};
    // while it runs, another process finds nothing to do
    auto other = make_bus({.lease = 10min});
    other.on("test.happened", "h", [&](const Event&) -> Result<void> { ++calls; return {}; });
    EXPECT_EQ(*other.drain(), 0);
    now_ = now_.load() + 10min;  // this one takes longer than its lease: it is as good as dead
    EXPECT_EQ(*other.drain(), 1);
    return {};
  });
  emit(bus, 1);
  drain(bus);
  EXPECT_EQ(calls, 2);
}

TEST_P(EventsTest, ALongHandlerKeepsItsLease) {
  BusOptions options{.lease = 90ms};
  const auto began = std::chrono::steady_clock::now();
  const auto clock = [&] {
    return now_.load() + std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  };
  Bus one(database(), clock, options), two(database(), clock, options);
  std::atomic<int> calls = 0;
  for (auto* bus : {&one, &two})
    bus->on("test.happened", "slow", [&](const Event&) -> Result<void> {
      ++calls;
      std::this_thread::sleep_for(400ms);
      return {};
    });
  emit(one, 1);
  std::thread slow([&] { drain(one); });
  while (calls == 0) std::this_thread::sleep_for(1ms);
  for (int i = 0; i < 15; ++i) {
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(*two.drain(), 0);
  }
  slow.join();
  EXPECT_EQ(calls, 1);
}

TEST_P(EventsTest, WorkersDeliverWithoutBeingAsked) {
  BusOptions options;
  options.idle_poll = 10s;   // emit wakes them, the clock does not
  auto bus = make_bus(options);
  std::atomic<int> heard = 0;
  bus.on("test.happened", "h", [&](const Event&) -> Result<void> { ++heard; return {}; });
  bus.start();
  std::this_thread::sleep_for(50ms);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) emit(bus, i);
  while (heard < 20 && std::chrono::steady_clock::now() - began < 9s) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(heard, 20);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 9s) << "before the idle poll";
  bus.stop();
}

TEST_P(EventsTest, APayloadHasALimit) {
  auto bus = make_bus();
  const auto r = database().write(test_act(), [&](storage::Transaction& tx) {
    return bus.emit(tx, "test.happened", {{"n", std::string(payload_bytes_max, 'x')}});
  });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "events.payload_too_large");
}

}  // namespace
}  // namespace motcua::events
