#include "platform/idempotency/idempotency.hpp"

namespace motcua::idempotency {
namespace {

const Act act{"job:idempotency", "system", "reliability", "idempotency.keep", ""};

/// An expired answer gives way; one in force stays.
Result<void> insert(storage::Transaction& tx, const std::string& scope, const std::string& key, const http::SavedAnswer& answer, Instant now,
                    std::chrono::milliseconds kept) {
  TRY(tx.execute("DELETE FROM idempotency_answer WHERE scope = $1 AND answer_key = $2 AND expires_at <= $3", {scope, key, now}));
  TRY(tx.execute("INSERT INTO idempotency_answer (scope, answer_key, body_hash, status, content_type, body, location, expires_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (scope, answer_key) DO NOTHING",
                 {scope, key, answer.body_hash, answer.status, answer.content_type, answer.body, answer.location, now + kept}));
  return {};
}

}  // namespace

Result<std::optional<http::SavedAnswer>> DatabaseStore::find(const std::string& scope, const std::string& key) {
  return database_.read_value([&](storage::Reader& reader) {
    return reader.find("SELECT body_hash, status, content_type, body, location FROM idempotency_answer "
                       "WHERE scope = $1 AND answer_key = $2 AND expires_at > $3",
                       {scope, key, now_()}, [](const storage::Row& row) {
                         return http::SavedAnswer{row.string(0), static_cast<int>(row.integer(1)), row.string(2), row.string(3), row.string(4)};
                       });
  });
}

Result<void> DatabaseStore::save(const std::string& scope, const std::string& key, const http::SavedAnswer& answer) {
  return database_.write(act, [&](storage::Transaction& tx) { return insert(tx, scope, key, answer, now_(), kept_); });
}

Result<std::int64_t> DatabaseStore::purge() {
  return database_.write_value(act, [&](storage::Transaction& tx) {
    return tx.execute("DELETE FROM idempotency_answer WHERE expires_at <= $1", {now_()});
  });
}

Result<void> keep(storage::Transaction& transaction, const http::Request& request, const http::Response& response, Instant now,
                  std::chrono::milliseconds kept) {
  if (request.idempotency_key.empty()) return {};
  http::SavedAnswer answer{request.idempotency_hash, response.status, response.content_type, response.body, ""};
  for (const auto& [name, value] : response.headers)
    if (name == "Location") answer.location = value;
  return insert(transaction, request.idempotency_scope, request.idempotency_key, answer, now, kept);
}

}  // namespace motcua::idempotency
