#pragma once
// The store behind Idempotency-Key: first answers kept in the database until they expire.
#include <chrono>
#include <functional>

#include "platform/http/hooks.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::idempotency {

class DatabaseStore : public http::IdempotencyStore {
 public:
  /// `kept` is how long an answer is repeated (retention.idempotency_h).
  DatabaseStore(storage::Database& database, std::function<Instant()> now, std::chrono::milliseconds kept = std::chrono::hours(24))
      : database_(database), now_(std::move(now)), kept_(kept) {}

  Result<std::optional<http::SavedAnswer>> find(const std::string& scope, const std::string& key) override;
  Result<void> save(const std::string& scope, const std::string& key, const http::SavedAnswer& answer) override;
  /// Removes what expired; how many.
  Result<std::int64_t> purge();

 private:
  storage::Database& database_;
  std::function<Instant()> now_;
  std::chrono::milliseconds kept_;
};

/// Keeps the answer in the handler's own transaction, so that the write and its answer are durable together or not at all. Without an
/// Idempotency-Key in the request nothing happens. The server's own save right after changes nothing then.
Result<void> keep(storage::Transaction& transaction, const http::Request& request, const http::Response& response, Instant now,
                  std::chrono::milliseconds kept = std::chrono::hours(24));

}  // namespace motcua::idempotency
