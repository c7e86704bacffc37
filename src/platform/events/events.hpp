#pragma once
// Events and jobs that are part of the transaction that causes them: told if and only if it commits, delivered at least once,
// to each handler on its own row, with back-off, and laid aside as a dead letter when it keeps failing.
//
// Handlers are idempotent: the same event may come twice, and two events at the same time. A payload holds ids, codes and numbers, never anything about a person.
// Processes that deliver (start() or drain()) must first have registered the handlers of all rooms: an event without a handler
// there is dropped. Failures: events.payload_too_large (too_large), events.not_found, and storage's.
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::events {

inline constexpr std::size_t payload_bytes_max = 16 * 1024;
inline constexpr int dead_letters_page_max = 200;

struct Event {
  std::string id;               // evt_...; the same at every delivery
  std::string name;             // "<slice>.<what_happened>": "tracing.case_confirmed"
  boost::json::object payload;
  Instant emitted_at;
  int attempt = 1;              // 1 for the first delivery
};

using Handler = std::function<Result<void>(const Event&)>;
using Job = std::function<Result<void>()>;

struct BusOptions {
  int workers = 4;                                   // threads that deliver
  int tries_max = 10;                                // then a dead letter; the waits before it add up to some 8 hours
  std::chrono::milliseconds backoff_first{1'000};    // doubled each time, with jitter
  std::chrono::milliseconds backoff_max{3'600'000};
  std::chrono::milliseconds lease{120'000};          // renewed while a handler runs; a process that died loses it after this long
  std::chrono::milliseconds idle_poll{500};          // how soon what another process emitted is seen
};

struct DeadLetter {
  std::string id;               // of the delivery
  std::string event, handler;
  std::string payload;          // JSON text
  Instant emitted_at, failed_at;
  int tries = 0;
  std::string failure;          // the last failure's code
};

/// stats() also sets the gauges motcua_events_pending, motcua_events_dead_letters and motcua_events_oldest_seconds.
struct Stats {
  std::int64_t pending = 0, dead = 0;
  std::int64_t oldest_seconds = 0;   // how long the oldest pending one has been due; 0 without
};

class Bus {
 public:
  Bus(storage::Database& database, std::function<Instant()> now, BusOptions options = {});
  ~Bus();   // stops
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// Registration; before start() and drain(). `handler` is unique for its event: "declarations.resolve_references".
  void on(std::string event, std::string handler, Handler run);
  /// What schedule() names.
  void on_job(std::string job, Handler run);
  /// A job every so often, in one process at a time. First due at once.
  void every(std::string job, std::chrono::milliseconds interval, Job run);

  /// Part of the transaction: nothing is told when it fails.
  Result<void> emit(storage::Transaction& transaction, std::string_view event, const boost::json::object& payload);
  Result<void> schedule(storage::Transaction& transaction, std::string_view job, const boost::json::object& payload,
                        Instant not_before);

  void start();
  void stop();   // waits for what runs
  /// Runs all that is due now, periodic jobs too, and what that causes, in this thread; how many deliveries it ran.
  Result<std::int64_t> drain();

  Result<Stats> stats();
  /// Newest first; `before` is the id of the last one of the page before.
  Result<std::vector<DeadLetter>> list_dead_letters(int limit, std::string_view before = {});
  Result<void> retry(const Act& act, std::string_view id);
  Result<void> discard(const Act& act, std::string_view id);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motcua::events
