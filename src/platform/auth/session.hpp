#pragma once
// Server-side sessions. The browser holds a token of 256 random bits in a cookie, the database its SHA-256. Every step of a sign-in
// gets a token of its own, so nothing known before it is of use after it (session fixation).
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::auth {

inline constexpr std::chrono::minutes step_age_max{10};        // to fetch the telephone and type a code
inline constexpr std::chrono::minutes session_seen_every{2};   // how stale "last seen" may be: a write at most so often

/// When a session ends: after so long without use, and after so long whatever happens (auth.session_idle_min, auth.session_max_min).
struct SessionLimits {
  std::chrono::milliseconds idle_max = std::chrono::minutes{30};
  std::chrono::milliseconds age_max = std::chrono::hours{12};   // a long shift
};

/// Where a sign-in stands. Only `full` is signed in.
enum class Stage { code, enrol, password, full };

struct OpenedSession {
  Personal<std::string> token;
  Stage stage = Stage::full;
};
struct Session {
  std::string id;            // ses_...
  std::string account;
  Stage stage = Stage::full;
  std::string csrf;
  Instant created_at{}, last_seen_at{};
  std::int64_t tries = 0;
};

class Sessions {
 public:
  Sessions(storage::Database& database, std::function<Instant()> now, SessionLimits limits = {})
      : database_(database), now_(std::move(now)), limits_(limits) {}

  /// A new session inside the caller's transaction.
  static Result<OpenedSession> open(storage::Transaction& transaction, const std::string& account, Stage stage, Instant now);
  static Result<void> end(storage::Transaction& transaction, const std::string& id);
  static Result<void> end_all(storage::Transaction& transaction, const std::string& account, const std::string& except_id = {});

  /// Nothing for a token that is unknown, over, or whose account is disabled.
  Result<std::optional<Session>> find(std::string_view token) const;
  /// The person of a full session with her grants in force, and marks the session as seen.
  Result<std::optional<http::Principal>> find_principal(std::string_view token) const;
  Result<std::vector<Session>> list(const std::string& account) const;   // full ones, the newest first
  Result<void> sign_out(const http::Principal& principal, const std::string& request_id) const;
  /// Failure `auth.session_not_found` for one that is not there or not hers.
  Result<void> end_own(const http::Principal& principal, const std::string& id, const std::string& request_id) const;
  Result<void> end_others(const http::Principal& principal, const std::string& request_id) const;
  /// Deletes sessions that are over; how many.
  Result<std::int64_t> purge(storage::Transaction& transaction) const;

 private:
  bool is_over(const Session& session) const;
  storage::Database& database_;
  std::function<Instant()> now_;
  SessionLimits limits_;
};

std::string_view to_text(Stage stage);
std::string hash_token(std::string_view token);

}  // namespace motcua::auth
