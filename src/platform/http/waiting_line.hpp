#pragma once
// The line before the door. While requests queue for a worker, people who are not inside yet get a number and a place; as many are let in each
// second as the house takes without a standing queue, found by trying (additive increase, multiplicative decrease: Chiu and Jain 1989). Whether a
// queue stands is told by the least delay within a window (CoDel, RFC 8289, 3), of requests that wait for a worker or of the network threads, whose sockets
// wait unread: a burst that drains within it turns nobody away.
// A number is the moment it was drawn, signed: it survives a reload, and a restart when the key does.
#include <array>
#include <atomic>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/ranked_index.hpp>
#include <boost/multi_index_container.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/server.hpp"

namespace motcua::http {

class WaitingLine {
 public:
  using Clock = std::chrono::steady_clock;
  /// `wall`: microseconds since 1970, of which numbers are made.
  explicit WaitingLine(LineOptions options, std::function<std::int64_t()> wall = {});

  enum class Where { worker, network };
  /// Something waited so long there: a request for its worker, a network thread's clock for its turn.
  void observe(Where where, std::chrono::nanoseconds delay, Clock::time_point now);

  struct Answer {
    bool in = true;
    std::string ticket = {};                          // for the cookie; empty: leave it as it is
    std::optional<LinePlace> place = {};              // absent though not in: the line is full too
  };
  /// Somebody who is not inside by a session; `ticket` is what the cookie holds, empty or forged: a newcomer.
  Answer ask(std::string_view ticket, Clock::time_point now);

  bool is_closed() const { return closed_.load(std::memory_order_relaxed); }
  std::size_t people() const;
  const LineOptions& options() const { return options_; }

 private:
  struct Waiting {
    std::int64_t number;
    Clock::time_point gone_at;                        // not seen until then: has left the line
  };
  struct by_gone {};
  using Line = boost::multi_index_container<
      Waiting, boost::multi_index::indexed_by<boost::multi_index::ranked_unique<boost::multi_index::member<Waiting, std::int64_t, &Waiting::number>>,
                                              boost::multi_index::ordered_non_unique<boost::multi_index::tag<by_gone>,
                                                                                     boost::multi_index::member<Waiting, Clock::time_point, &Waiting::gone_at>>>>;
  enum class Standing { waits, inside };
  struct Ticket {
    Standing standing;
    std::int64_t number;                              // waits: when it was drawn; inside: when its holder was let in
  };

  void pass_time(Clock::time_point now);
  void adjust(bool full, double seconds, Clock::time_point now);
  void let_in(Clock::time_point now);
  std::string write(Ticket ticket) const;
  std::optional<Ticket> read(std::string_view text) const;
  Answer wait_or_enter(std::int64_t number, Clock::time_point now);
  std::chrono::seconds wait_of(std::size_t place) const;

  const LineOptions options_;
  const std::function<std::int64_t()> wall_;
  std::atomic<bool> closed_{false};
  std::array<std::atomic<std::int64_t>, 2> least_delay_;   // by Where: nanoseconds, of this window
  std::atomic<std::int64_t> window_ends_{0};          // steady nanoseconds
  mutable std::mutex mutex_;
  Line line_, let_in_;                                // waiting; let in and not come back yet
  Clock::time_point last_{}, read_at_{}, calm_since_{}, slowed_at_{};   // read_at_: sockets did not wait in the window that ended then
  std::int64_t last_number_ = 0;
  double rate_ = 0, tokens_ = 0;                      // people a second; people that may enter now
  double pace_ = 0;                                   // people let in a second, lately
  double arrivals_ = 0, let_in_now_ = 0;              // newcomers, and people let in, of this window
};

}  // namespace motcua::http
