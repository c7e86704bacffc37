#include "platform/events/store.hpp"

namespace motcua::events::store {

using storage::Reader;
using storage::Row;
using storage::Transaction;
using storage::Values;

namespace {
/// One row changed, or none.
Result<bool> changed(Result<std::int64_t> rows) {
  if (!rows) return std::move(rows).failure();
  return *rows > 0;
}
Result<void> done(Result<std::vector<std::int64_t>> rows) {
  if (!rows) return std::move(rows).failure();
  return {};
}
}  // namespace

Result<void> insert_outbox(Transaction& tx, const OutboxRow& row) {
  TRY(tx.execute("INSERT INTO events_outbox (id, name, payload, emitted_at) VALUES ($1, $2, $3, $4)",
                 {row.id, row.name, row.payload, row.emitted_at}));
  return {};
}

Result<void> insert_deliveries(Transaction& tx, const std::vector<Delivery>& deliveries) {
  std::vector<Values> sets;
  for (const auto& d : deliveries) sets.push_back({d.id, d.event_id, d.event, d.handler, d.payload, d.emitted_at, d.due_at});
  return done(tx.execute_many(
      "INSERT INTO events_delivery (id, event_id, event, handler, payload, emitted_at, due_at, tries, state, leased_until, failure, "
      "failed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, '', 0) ON CONFLICT (id) DO NOTHING",
      sets));
}

Result<std::vector<OutboxRow>> list_outbox(Reader& reader, int limit) {
  return reader.list("SELECT id, name, payload, emitted_at FROM events_outbox ORDER BY emitted_at, id LIMIT $1", {limit},
                     [](const Row& r) { return OutboxRow{r.string(0), r.string(1), r.string(2), r.integer(3)}; });
}

Result<void> remove_outbox(Transaction& tx, const std::vector<OutboxRow>& rows) {
  std::vector<Values> sets;
  for (const auto& row : rows) sets.push_back({row.id});
  return done(tx.execute_many("DELETE FROM events_outbox WHERE id = $1", sets));
}

Result<std::vector<Delivery>> list_due(Reader& reader, Instant now, int limit) {
  return reader.list(
      "SELECT id, event_id, event, handler, payload, emitted_at, due_at, tries FROM events_delivery "
      "WHERE state = 0 AND due_at <= $1 AND leased_until <= $1 ORDER BY due_at, id LIMIT $2",
      {now, limit}, [](const Row& r) {
        return Delivery{r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.integer(5), r.integer(6), r.integer(7)};
      });
}

Result<std::vector<Delivery>> lease(Transaction& tx, const std::vector<Delivery>& due, Instant now, Instant until) {
  std::vector<Values> sets;
  for (const auto& d : due) sets.push_back({d.id, now, until});
  TRY_ASSIGN(const auto taken, tx.execute_many("UPDATE events_delivery SET leased_until = $3 "
                                               "WHERE id = $1 AND state = 0 AND due_at <= $2 AND leased_until <= $2", sets));
  std::vector<Delivery> ours;
  for (std::size_t i = 0; i < due.size(); ++i)
    if (taken[i] > 0) ours.push_back(due[i]);
  return ours;
}

Result<void> renew(Transaction& tx, const std::vector<std::string>& deliveries, const std::vector<std::string>& jobs, Instant until) {
  std::vector<Values> by_id, by_name;
  for (const auto& id : deliveries) by_id.push_back({id, until});
  for (const auto& name : jobs) by_name.push_back({name, until});
  TRY(done(tx.execute_many("UPDATE events_delivery SET leased_until = $2 WHERE id = $1 AND state = 0 AND leased_until > 0", by_id)));
  return done(tx.execute_many("UPDATE events_periodic SET leased_until = $2 WHERE name = $1 AND leased_until > 0", by_name));
}

Result<void> settle(Transaction& tx, const std::vector<Outcome>& outcomes, Instant now) {
  std::vector<Values> succeeded, failed;
  for (const auto& o : outcomes) {
    if (o.succeeded) succeeded.push_back({o.id});
    else failed.push_back({o.id, o.dead ? 1 : 0, o.due_at, o.failure, now});
  }
  TRY(done(tx.execute_many("DELETE FROM events_delivery WHERE id = $1", succeeded)));
  return done(tx.execute_many("UPDATE events_delivery SET tries = tries + 1, state = $2, due_at = $3, failure = $4, failed_at = $5, "
                              "leased_until = 0 WHERE id = $1", failed));
}

Result<void> insert_periodic(Transaction& tx, const std::string& name, Instant now) {
  TRY(tx.execute("INSERT INTO events_periodic (name, next_at, leased_until, last_failure) VALUES ($1, $2, 0, '') "
                 "ON CONFLICT (name) DO NOTHING", {name, now}));
  return {};
}

Result<std::vector<std::string>> list_periodic_due(Reader& reader, Instant now) {
  return reader.list("SELECT name FROM events_periodic WHERE next_at <= $1 AND leased_until <= $1 ORDER BY next_at, name", {now},
                     [](const Row& r) { return r.string(0); });
}

Result<bool> lease_periodic(Transaction& tx, const std::string& name, Instant now, Instant until) {
  return changed(tx.execute("UPDATE events_periodic SET leased_until = $3 WHERE name = $1 AND next_at <= $2 AND leased_until <= $2",
                            {name, now, until}));
}

Result<void> finish_periodic(Transaction& tx, const std::string& name, Instant next, const std::string& failure) {
  TRY(tx.execute("UPDATE events_periodic SET next_at = $2, leased_until = 0, last_failure = $3 WHERE name = $1", {name, next, failure}));
  return {};
}

Result<Stats> count(Reader& reader, Instant now) {
  Stats stats;
  TRY(reader.query("SELECT count(*), min(due_at) FROM events_delivery WHERE state = 0", {}, [&](const Row& r) {
    stats.pending = r.integer(0);
    if (!r.is_null(1)) stats.oldest_seconds = std::max<std::int64_t>(0, (to_millis(now) - r.integer(1)) / 1000);
  }));
  TRY(reader.query("SELECT count(*), min(emitted_at) FROM events_outbox", {}, [&](const Row& r) {
    stats.pending += r.integer(0);
    if (!r.is_null(1)) stats.oldest_seconds = std::max(stats.oldest_seconds, (to_millis(now) - r.integer(1)) / 1000);
  }));
  TRY(reader.query("SELECT count(*) FROM events_delivery WHERE state = 1", {}, [&](const Row& r) { stats.dead = r.integer(0); }));
  return stats;
}

Result<std::vector<DeadLetter>> list_dead(Reader& reader, int limit, std::string_view before) {
  const std::string columns = "SELECT id, event, handler, payload, emitted_at, failed_at, tries, failure FROM events_delivery d WHERE state = 1";
  const std::string order = " ORDER BY failed_at DESC, id DESC LIMIT $1";
  const auto map = [](const Row& r) {
    return DeadLetter{r.string(0), r.string(1), r.string(2), r.string(3), r.instant(4), r.instant(5),
                      static_cast<int>(r.integer(6)), r.string(7)};
  };
  if (before.empty()) return reader.list(columns + order, {limit}, map);
  TRY_ASSIGN(const auto last, reader.find("SELECT failed_at FROM events_delivery WHERE id = $1", {before},
                                          [](const Row& r) { return r.integer(0); }));
  if (!last) return not_found("events.not_found");
  return reader.list(columns + " AND (failed_at < $2 OR (failed_at = $2 AND id < $3))" + order, {limit, *last, before}, map);
}

Result<bool> revive(Transaction& tx, std::string_view id, Instant now) {
  return changed(tx.execute("UPDATE events_delivery SET state = 0, tries = 0, due_at = $2, leased_until = 0 WHERE id = $1 AND state = 1",
                            {id, now}));
}

Result<bool> remove_dead(Transaction& tx, std::string_view id) {
  return changed(tx.execute("DELETE FROM events_delivery WHERE id = $1 AND state = 1", {id}));
}

}  // namespace motcua::events::store
