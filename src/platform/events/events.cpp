#include "platform/events/events.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "platform/crypto/crypto.hpp"
#include "platform/events/lease_keeper.hpp"
#include "platform/events/store.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/metrics.hpp"

namespace motcua::events {

namespace {

constexpr int outbox_batch = 256;
/// A few at a time, so that a slow handler does not keep many others waiting behind it.
constexpr int delivery_batch = 4;
/// After emit() the workers look more often for a while: the transaction commits a moment later.
constexpr std::chrono::milliseconds eager_poll{5};
constexpr std::chrono::milliseconds eager_for{1'000};
constexpr std::string_view job_event = "events.job";

Act bookkeeping_act(const char* action) { return {"job:events", "system", bookkeeping, action, ""}; }

/// Between half and all of the doubled wait; which part is drawn from the delivery's own id, so that a run can be repeated.
std::chrono::milliseconds backoff(const BusOptions& options, const Delivery& delivery) {
  const auto doublings = std::min<std::int64_t>(delivery.tries, 30);
  const auto full = std::min(options.backoff_max.count(), options.backoff_first.count() << doublings);
  const auto seed = static_cast<XXH64_hash_t>(delivery.tries);
  const auto spread = static_cast<double>(XXH3_64bits_withSeed(delivery.id.data(), delivery.id.size(), seed) >> 11) * 0x1p-53;
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(full) * (0.5 + 0.5 * spread)));
}

/// Scheduled jobs may be long: each is taken alone, events together up to the first job.
void keep_together(std::vector<Delivery>& due) {
  std::size_t n = 1;
  while (due.front().event != job_event && n < due.size() && due[n].event != job_event) ++n;
  due.resize(n);
}

}  // namespace

struct Bus::State {
  State(storage::Database& database_of, std::function<Instant()> clock, BusOptions given)
      : database(database_of), now(std::move(clock)), options(given) {}

  storage::Database& database;
  std::function<Instant()> now;
  BusOptions options;
  std::map<std::string, std::map<std::string, Handler>, std::less<>> handlers;  // event -> handler -> function
  std::map<std::string, std::pair<std::chrono::milliseconds, Job>> periodic;

  std::mutex taking;  // one worker of this process takes rows at a time; the lease is for other processes
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::chrono::steady_clock::time_point eager_until{};
  std::vector<std::thread> threads;
  LeaseKeeper keeper{database, now, options.lease};
  metrics::Counter& delivered = metrics::registry().counter("motcua_events_delivered_total", "Deliveries that succeeded.");
  metrics::Counter& failed = metrics::registry().counter("motcua_events_failed_total", "Deliveries that failed and will be tried again.");
  metrics::Counter& died = metrics::registry().counter("motcua_events_dead_total", "Deliveries laid aside as dead letters.");

  Result<bool> dispatch();
  Result<std::vector<Delivery>> take();
  Result<std::int64_t> deliver();
  Result<std::int64_t> run_periodic();
  Outcome run(const Delivery& delivery);
  Result<void> call(const Delivery& delivery);
  Result<void> ensure_periodic_rows();
  Result<std::int64_t> step();
  void work();
  void become_eager();
};

/// Hands what was told to its handlers: a row each. Runs twice without harm.
Result<bool> Bus::State::dispatch() {
  const std::lock_guard lock(taking);
  TRY_ASSIGN(const auto rows, database.read_value([](storage::Reader& r) { return store::list_outbox(r, outbox_batch); }));
  if (rows.empty()) return false;
  std::vector<Delivery> deliveries;
  for (const auto& row : rows) {
    const auto found = handlers.find(row.name);
    if (found == handlers.end()) continue;
    for (const auto& [handler, function] : found->second)
      deliveries.push_back({row.id + ":" + handler, row.id, row.name, handler, row.payload, row.emitted_at, row.emitted_at});
  }
  const auto handed = database.write(bookkeeping_act("events.dispatch"), [&](storage::Transaction& tx) -> Result<void> {
    TRY(store::insert_deliveries(tx, deliveries));
    return store::remove_outbox(tx, rows);
  });
  if (!handed) return handed.failure();
  return true;
}

Result<void> Bus::State::call(const Delivery& delivery) {
  const auto event = handlers.find(delivery.event);
  if (event == handlers.end()) return internal("events.no_handler", delivery.event);
  const auto handler = event->second.find(delivery.handler);
  if (handler == event->second.end()) return internal("events.no_handler", delivery.handler);
  boost::system::error_code unreadable;
  auto payload = boost::json::parse(delivery.payload, unreadable);
  if (unreadable || !payload.is_object()) return internal("events.bad_payload", delivery.id);
  return handler->second({delivery.event_id, delivery.event, std::move(payload.as_object()), from_millis(delivery.emitted_at),
                          static_cast<int>(delivery.tries) + 1});
}

Outcome Bus::State::run(const Delivery& delivery) {
  Result<void> result;
  try {
    result = call(delivery);
  } catch (const std::exception&) {  // a defect of the handler stays with its delivery; its text may hold anything, so it is not kept
    result = internal("events.handler_threw", delivery.handler);
  }
  if (result) {
    delivered.add();
    return {delivery.id, true};
  }
  const bool dead = delivery.tries + 1 >= options.tries_max;
  (dead ? died : failed).add();
  log::warning("events.delivery_failed", {{"handler", log::code(delivery.handler)}, {"failure", log::code(result.failure().code)},
                                          {"attempt", delivery.tries + 1}, {"dead", dead}});
  return {delivery.id, false, dead, to_millis(now() + backoff(options, delivery)), result.failure().code};
}

Result<std::vector<Delivery>> Bus::State::take() {
  const std::lock_guard lock(taking);
  const auto at = now();
  TRY_ASSIGN(auto due, database.read_value([&](storage::Reader& r) { return store::list_due(r, at, delivery_batch); }));
  if (due.empty()) return due;
  keep_together(due);
  return database.write_value(bookkeeping_act("events.lease"),
                              [&](storage::Transaction& tx) { return store::lease(tx, due, at, at + options.lease); });
}

/// Takes a few, runs them, writes down what became of them.
Result<std::int64_t> Bus::State::deliver() {
  TRY_ASSIGN(const auto ours, take());
  std::vector<std::string> ids;
  for (const auto& delivery : ours) ids.push_back(delivery.id);
  const LeaseKeeper::Hold hold(keeper, ids);
  std::vector<Outcome> outcomes;
  for (const auto& delivery : ours) outcomes.push_back(run(delivery));
  if (outcomes.empty()) return 0;
  TRY(database.write(bookkeeping_act("events.settle"),
                     [&](storage::Transaction& tx) { return store::settle(tx, outcomes, now()); }));
  return static_cast<std::int64_t>(outcomes.size());
}

Result<void> Bus::State::ensure_periodic_rows() {
  if (periodic.empty()) return {};
  return database.write(bookkeeping_act("events.periodic"), [&](storage::Transaction& tx) -> Result<void> {
    for (const auto& [name, job] : periodic) TRY(store::insert_periodic(tx, name, now()));
    return {};
  });
}

Result<std::int64_t> Bus::State::run_periodic() {
  const auto at = now();
  TRY_ASSIGN(const auto due, database.read_value([&](storage::Reader& r) { return store::list_periodic_due(r, at); }));
  std::int64_t ran = 0;
  for (const auto& name : due) {
    const auto job = periodic.find(name);
    if (job == periodic.end()) continue;
    TRY_ASSIGN(const bool ours, database.write_value(bookkeeping_act("events.periodic"), [&](storage::Transaction& tx) {
      return store::lease_periodic(tx, name, at, at + options.lease);
    }));
    if (!ours) continue;
    const LeaseKeeper::Hold hold(keeper, {}, name);
    Result<void> result;
    try {
      result = job->second.second();
    } catch (const std::exception&) {
      result = internal("events.handler_threw", name);
    }
    ++ran;
    if (!result) log::warning("events.job_failed", {{"job", log::code(name)}, {"failure", log::code(result.failure().code)}});
    const auto failure = result ? std::string() : result.failure().code;
    TRY(database.write(bookkeeping_act("events.periodic"), [&](storage::Transaction& tx) {
      return store::finish_periodic(tx, name, at + job->second.first, failure);
    }));
  }
  return ran;
}

/// One round; how much there was to do.
Result<std::int64_t> Bus::State::step() {
  TRY_ASSIGN(const bool dispatched, dispatch());
  TRY_ASSIGN(const auto jobs, run_periodic());
  TRY_ASSIGN(const auto deliveries, deliver());
  return jobs + deliveries + (dispatched ? 1 : 0);
}

void Bus::State::become_eager() {
  {
    const std::lock_guard lock(mutex);
    eager_until = std::chrono::steady_clock::now() + eager_for;
  }
  wake.notify_all();
}

void Bus::State::work() {
  for (;;) {
    const auto did = step();
    if (!did) log::error("events.round_failed", {{"failure", log::code(did.failure().code)}});
    std::unique_lock lock(mutex);
    if (stopping) return;
    if (did && *did > 0) continue;
    const bool eager = did && std::chrono::steady_clock::now() < eager_until;
    const auto known = eager_until;
    wake.wait_for(lock, eager ? eager_poll : options.idle_poll, [&] { return stopping || eager_until != known; });
    if (stopping) return;
  }
}

Bus::Bus(storage::Database& database, std::function<Instant()> now, BusOptions options)
    : state_(std::make_unique<State>(database, std::move(now), options)) {}

Bus::~Bus() { stop(); }

void Bus::on(std::string event, std::string handler, Handler run) {
  state_->handlers[std::move(event)][std::move(handler)] = std::move(run);
}

void Bus::on_job(std::string job, Handler run) { state_->handlers[std::string(job_event)][std::move(job)] = std::move(run); }

void Bus::every(std::string job, std::chrono::milliseconds interval, Job run) {
  state_->periodic[std::move(job)] = {interval, std::move(run)};
}

Result<void> Bus::emit(storage::Transaction& transaction, std::string_view event, const boost::json::object& payload) {
  auto text = boost::json::serialize(payload);
  if (text.size() > payload_bytes_max) return Failure{FailureKind::too_large, "events.payload_too_large"};
  state_->become_eager();
  return store::insert_outbox(transaction, {crypto::random_id("evt"), std::string(event), std::move(text), to_millis(state_->now())});
}

Result<void> Bus::schedule(storage::Transaction& transaction, std::string_view job, const boost::json::object& payload,
                           Instant not_before) {
  auto text = boost::json::serialize(payload);
  if (text.size() > payload_bytes_max) return Failure{FailureKind::too_large, "events.payload_too_large"};
  const auto id = crypto::random_id("evt");
  state_->become_eager();
  return store::insert_deliveries(transaction, {{id + ":" + std::string(job), id, std::string(job_event), std::string(job),
                                                 std::move(text), to_millis(state_->now()), to_millis(not_before)}});
}

void Bus::start() {
  if (!state_->threads.empty()) return;
  state_->stopping = false;
  if (const auto made = state_->ensure_periodic_rows(); !made)
    log::error("events.periodic_failed", {{"failure", log::code(made.failure().code)}});
  for (int i = 0; i < std::max(1, state_->options.workers); ++i) state_->threads.emplace_back([this] { state_->work(); });
}

void Bus::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
}

Result<std::int64_t> Bus::drain() {
  TRY(state_->ensure_periodic_rows());
  std::int64_t all = 0;
  for (;;) {
    TRY_ASSIGN(const bool dispatched, state_->dispatch());
    TRY_ASSIGN(const auto jobs, state_->run_periodic());
    TRY_ASSIGN(const auto deliveries, state_->deliver());
    all += jobs + deliveries;
    if (!dispatched && jobs + deliveries == 0) return all;
  }
}

Result<Stats> Bus::stats() {
  static auto& pending = metrics::registry().gauge("motcua_events_pending", "Events and deliveries that wait.");
  static auto& dead = metrics::registry().gauge("motcua_events_dead_letters", "Dead letters nobody has looked after.");
  static auto& oldest = metrics::registry().gauge("motcua_events_oldest_seconds", "How long the oldest one has been due.");
  TRY_ASSIGN(const auto counted, state_->database.read_value([&](storage::Reader& r) { return store::count(r, state_->now()); }));
  pending.set(counted.pending);
  dead.set(counted.dead);
  oldest.set(counted.oldest_seconds);
  return counted;
}

Result<std::vector<DeadLetter>> Bus::list_dead_letters(int limit, std::string_view before) {
  return state_->database.read_value(
      [&](storage::Reader& r) { return store::list_dead(r, std::clamp(limit, 1, dead_letters_page_max), before); });
}

Result<void> Bus::retry(const Act& act, std::string_view id) {
  auto revived = state_->database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const bool there, store::revive(tx, id, state_->now()));
    if (!there) return not_found("events.not_found");
    tx.note({.action = "events.retry", .object = std::string(id)});
    return {};
  });
  if (revived) state_->become_eager();
  return revived;
}

Result<void> Bus::discard(const Act& act, std::string_view id) {
  return state_->database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const bool there, store::remove_dead(tx, id));
    if (!there) return not_found("events.not_found");
    tx.note({.action = "events.discard", .object = std::string(id)});
    return {};
  });
}

}  // namespace motcua::events
