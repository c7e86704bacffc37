#pragma once
// The only SQL of events.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/events/events.hpp"

namespace motcua::events {

struct OutboxRow {
  std::string id, name, payload;
  std::int64_t emitted_at = 0;
};

struct Delivery {
  std::string id, event_id, event, handler, payload;
  std::int64_t emitted_at = 0, due_at = 0;
  std::int64_t tries = 0;
};

/// What became of one delivery. Succeeded: its row goes. Failed: due again later, or dead.
struct Outcome {
  std::string id;
  bool succeeded = false, dead = false;
  std::int64_t due_at = 0;
  std::string failure;
};

namespace store {

Result<void> insert_outbox(storage::Transaction& tx, const OutboxRow& row);
Result<void> insert_deliveries(storage::Transaction& tx, const std::vector<Delivery>& deliveries);  // those already there stay
Result<std::vector<OutboxRow>> list_outbox(storage::Reader& reader, int limit);
Result<void> remove_outbox(storage::Transaction& tx, const std::vector<OutboxRow>& rows);

Result<std::vector<Delivery>> list_due(storage::Reader& reader, Instant now, int limit);
/// Those of `due` that nobody else took meanwhile.
Result<std::vector<Delivery>> lease(storage::Transaction& tx, const std::vector<Delivery>& due, Instant now, Instant until);
Result<void> renew(storage::Transaction& tx, const std::vector<std::string>& deliveries, const std::vector<std::string>& jobs, Instant until);
Result<void> settle(storage::Transaction& tx, const std::vector<Outcome>& outcomes, Instant now);

Result<void> insert_periodic(storage::Transaction& tx, const std::string& name, Instant now);
Result<std::vector<std::string>> list_periodic_due(storage::Reader& reader, Instant now);
Result<bool> lease_periodic(storage::Transaction& tx, const std::string& name, Instant now, Instant until);
Result<void> finish_periodic(storage::Transaction& tx, const std::string& name, Instant next, const std::string& failure);

Result<Stats> count(storage::Reader& reader, Instant now);
Result<std::vector<DeadLetter>> list_dead(storage::Reader& reader, int limit, std::string_view before);
Result<bool> revive(storage::Transaction& tx, std::string_view id, Instant now);
Result<bool> remove_dead(storage::Transaction& tx, std::string_view id);

}  // namespace store
}  // namespace motcua::events
