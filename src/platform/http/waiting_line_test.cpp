// The line before the door: nobody waits while nothing queues; who came first enters first; a place survives a reload and a restart.
#include "platform/http/waiting_line.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "platform/http/server_fixture.hpp"

namespace motcua::http {
namespace {

struct House {
  explicit House(LineOptions options = {}) : line(std::move(options), [this] { return wall; }) {}
  WaitingLine::Clock::time_point now{1h};
  std::int64_t wall = 1'606'000'000'000'000;
  WaitingLine line;

  void pass(std::chrono::milliseconds time, std::chrono::milliseconds delay = 0ms) {
    for (auto left = time; left > 0ms; left -= 10ms) {
      now += 10ms, wall += 10'000;
      line.observe(WaitingLine::Where::worker, delay, now);
    }
  }
  WaitingLine::Answer ask(std::string_view ticket = {}) { return line.ask(ticket, now); }
};

TEST(WaitingLine, NobodyWaitsWhileNothingQueues) {
  House house;
  for (int i = 0; i < 1000; ++i) {
    const auto answer = house.ask();
    ASSERT_TRUE(answer.in);
    EXPECT_EQ(answer.ticket, "");
  }
  house.pass(1s, 20ms);
  EXPECT_TRUE(house.ask().in);
}

TEST(WaitingLine, ABurstThatDrainsTurnsNobodyAway) {
  House house;
  for (int i = 0; i < 20; ++i) {
    house.pass(50ms, 900ms);
    house.pass(60ms, 1ms);
    EXPECT_TRUE(house.ask().in);
  }
}

TEST(WaitingLine, SocketsThatWaitUnreadFillTheHouseThoughNoWorkerIsAskedLate) {
  House house;
  const auto wait_unread = [&](std::chrono::milliseconds time) {
    for (auto left = time; left > 0ms; left -= 10ms) house.pass(10ms), house.line.observe(WaitingLine::Where::network, 30ms, house.now);
  };
  wait_unread(300ms);
  EXPECT_FALSE(house.line.is_closed()) << "a processor busy elsewhere for a moment";
  house.line.observe(WaitingLine::Where::network, 1ms, house.now);
  wait_unread(300ms);
  EXPECT_FALSE(house.line.is_closed());
  wait_unread(300ms);
  EXPECT_TRUE(house.line.is_closed());
}

TEST(WaitingLine, WhoCameFirstEntersFirstAndPlacesOnlyFall) {
  House house;
  house.pass(500ms, 80ms);
  ASSERT_TRUE(house.line.is_closed());
  std::vector<std::string> tickets;
  std::vector<std::size_t> places;
  for (int i = 0; i < 200; ++i) {
    const auto answer = house.ask();
    if (answer.in) continue;
    tickets.push_back(answer.ticket), places.push_back(answer.place->place);
  }
  ASSERT_GT(tickets.size(), 190U);
  std::size_t entered = 0;
  for (int second = 0; second < 120 && entered < tickets.size(); ++second) {
    house.pass(1s, 1ms);
    bool somebody_waits = false;
    for (std::size_t i = 0; i < tickets.size(); ++i) {
      if (tickets[i].empty()) continue;
      const auto answer = house.ask(tickets[i]);
      if (answer.in) {
        EXPECT_FALSE(somebody_waits) << i << " entered before somebody ahead";
        EXPECT_TRUE(house.ask(answer.ticket).in) << "who is in stays in";
        tickets[i].clear(), ++entered;
      } else {
        somebody_waits = true;
        EXPECT_LE(answer.place->place, places[i]);
        EXPECT_EQ(answer.ticket, tickets[i]);
        places[i] = answer.place->place;
      }
    }
  }
  EXPECT_EQ(entered, tickets.size());
  house.pass(10s, 1ms);
  house.ask();
  EXPECT_FALSE(house.line.is_closed());
}

TEST(WaitingLine, APlaceSurvivesARestartAndKeepsItsOrder) {
  LineOptions options;
  options.key = "one key for both";
  House before(options), after(options);
  before.pass(500ms, 80ms);
  std::vector<std::string> tickets;
  for (int i = 0; i < 20; ++i) tickets.push_back(before.ask().ticket);
  after.wall = before.wall + 60'000'000;
  after.pass(500ms, 80ms);
  while (after.ask().in) {}
  for (const auto& ticket : {tickets[19], tickets[11], tickets[10]}) EXPECT_EQ(after.ask(ticket).place->place, 1U);
  EXPECT_EQ(after.ask(tickets[19]).place->place, 3U);
}

TEST(WaitingLine, ForgedForeignAndOldTicketsAreNone) {
  House house, other;
  other.pass(500ms, 80ms), house.pass(500ms, 80ms);
  while (house.ask().in) {}
  while (other.ask().in) {}
  const std::string foreign = other.ask().ticket, own = house.ask().ticket;
  std::string as_inside = own, altered = own;
  as_inside[0] = 'i';
  altered[1] = altered[1] == '1' ? '0' : '1';
  for (const std::string& text : {foreign, as_inside, altered, std::string("i1.00000000000000000000"), std::string("w"), std::string("i99999999999999999999999999.x"), std::string(5000, 'w')}) {
    const auto answer = house.ask(text);
    EXPECT_FALSE(answer.in) << text;
    EXPECT_NE(answer.ticket, own);
    EXPECT_GT(answer.place->place, house.ask(own).place->place);
  }
  house.wall += 4LL * 3600 * 1'000'000;
  EXPECT_NE(house.ask(own).ticket, own) << "a number is not kept for ever";
}

TEST(WaitingLine, WhoWentAwayHoldsNobodyUp) {
  House house;
  house.pass(500ms, 80ms);
  while (house.ask().in) {}
  for (int i = 0; i < 5000; ++i) house.ask();
  EXPECT_GT(house.line.people(), 4900U);
  house.pass(3min, 80ms);
  const auto answer = house.ask();
  EXPECT_LE(answer.in ? 1U : answer.place->place, 2U);
}

TEST(WaitingLine, TheLineItselfHasAnEnd) {
  LineOptions options;
  options.people_max = 10;
  House house(options);
  house.pass(500ms, 80ms);
  int without_place = 0;
  for (int i = 0; i < 30; ++i) {
    const auto answer = house.ask();
    without_place += !answer.in && !answer.place;
  }
  EXPECT_GE(without_place, 19);
  EXPECT_EQ(house.line.people(), 10U);
}

/// A house that answers 100 requests a second; each person in asks once a second for half a minute, and 30 newcomers a second come for a minute:
/// nine times what it takes.
TEST(WaitingLine, ThoseInsideFeelNothingAndTheHouseStaysBusy) {
  House house;
  std::deque<std::chrono::milliseconds> queue;      // when each was put in line for a worker
  std::map<int, std::string> waiting;
  std::vector<std::pair<std::chrono::milliseconds, std::chrono::milliseconds>> inside;   // asks next, leaves
  std::chrono::milliseconds t{0}, first{0}, settled{0};
  int served = 0, id = 0;
  for (; t < 120s; t += 10ms) {
    house.now += 10ms, house.wall += 10'000;
    if (t < 60s && t.count() % 30 == 0) waiting[id++] = "";
    if (t.count() % 1000 == 0 || t.count() % 30 == 0) {
      for (auto i = waiting.begin(); i != waiting.end();) {
        const bool asks = i->second.empty() || (t.count() / 10 + i->first) % 500 == 0;    // every five seconds
        const auto answer = asks ? house.ask(i->second) : WaitingLine::Answer{false, i->second, {}};
        if (answer.in) inside.emplace_back(t, t + 30s), i = waiting.erase(i);
        else (i++)->second = answer.ticket;
      }
    }
    for (auto& [next, leaves] : inside)
      if (next <= t) queue.push_back(t), next = t + 1s;
    std::erase_if(inside, [&](const auto& p) { return p.second <= t; });
    if (!queue.empty()) {
      house.line.observe(WaitingLine::Where::worker, t - queue.front(), house.now);
      (t < 45s ? first : settled) = std::max(t < 45s ? first : settled, t - queue.front());
      queue.pop_front(), ++served;
    }
  }
  EXPECT_LT(first, 5s) << "until those who came before it was full have left";
  EXPECT_LT(settled, 1s);
  EXPECT_GT(served, 6000) << "more than half of what it could have answered";
}

// ---- through the server

TEST_F(ServerTest, NewcomersGetAPlaceAndThoseWithASessionWalkIn) {
  options.line.newcomers_per_second_max = 1;
  options.line.inside_cookies = {"session"};
  start();
  const auto ask = [&](const std::string& cookie, const std::string& path = "/vi/") {
    auto c = client();
    c.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + (cookie.empty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n");
    return c.read_answer();
  };
  std::string turned_away;
  for (int i = 0; i < 50 && turned_away.empty(); ++i)
    if (const auto answer = ask(""); status_in(answer) == 503) turned_away = answer;
  ASSERT_NE(turned_away, "");
  EXPECT_NE(header_in(turned_away, "Retry-After"), "");
  EXPECT_NE(header_in(turned_away, "Refresh"), "");
  const std::string set = header_in(turned_away, "Set-Cookie");
  EXPECT_TRUE(set.starts_with("motcua-line=w")) << set;
  EXPECT_EQ(status_in(ask("session=1")), 200);
  EXPECT_EQ(status_in(ask("", "/healthz")), 200);
  EXPECT_EQ(status_in(ask("", "/api/v1/secret")), 401) << "programs do not stand in line";
  const std::string ticket = set.substr(0, set.find(';'));
  int entered = 0;
  for (int i = 0; i < 300 && !entered; ++i) {
    std::this_thread::sleep_for(20ms);
    entered = status_in(ask(ticket)) == 200;
  }
  EXPECT_TRUE(entered);
}

}  // namespace
}  // namespace motcua::http
