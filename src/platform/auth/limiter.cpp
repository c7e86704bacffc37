#include "platform/auth/limiter.hpp"

#include <algorithm>

namespace motcua::auth {
namespace {

struct Bucket {
  std::int64_t tries = 0;
  Instant last_at{};
  Instant blocked_until{};
};

std::chrono::milliseconds pause_after(const Limit& limit, std::int64_t tries) {
  const auto doublings = std::min<std::int64_t>(tries - limit.tries_max, 20);
  return std::min(limit.pause_max, limit.pause_first * (std::int64_t{1} << doublings));
}

Failure too_many(Instant now, Instant until) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(until - now).count();
  return {FailureKind::rate_limited, "auth.too_many_tries", {}, std::nullopt, {{"retry_after_seconds", std::to_string(seconds)}}};
}

}  // namespace

Result<Limiter> Limiter::make(crypto::KeyRing& keys) {
  TRY_ASSIGN(auto key, keys.secret("auth-limits", 32));
  return Limiter(std::move(key));
}

std::string Limiter::bucket(const Limit& limit, std::string_view who) const {
  return crypto::keyed_id("att", key_, std::string(limit.name) + "\n" + std::string(who));
}

Result<void> Limiter::take(storage::Transaction& transaction, const Limit& limit, std::string_view who, Instant now) const {
  const std::string name = bucket(limit, who);
  // The insert that changes nothing when the row is there locks it: two processes count one after the other.
  TRY(transaction.execute("INSERT INTO auth_attempt (bucket, tries, last_at, blocked_until) VALUES ($1, 0, $2, 0) "
                          "ON CONFLICT (bucket) DO UPDATE SET tries = auth_attempt.tries",
                          {name, now}));
  TRY_ASSIGN(const auto found, transaction.find("SELECT tries, last_at, blocked_until FROM auth_attempt WHERE bucket = $1", {name},
                                                [](const storage::Row& r) { return Bucket{r.integer(0), r.instant(1), r.instant(2)}; }));
  Bucket b = found.value_or(Bucket{});
  if (now < b.blocked_until) return too_many(now, b.blocked_until);
  if (now - b.last_at > limit.forget_after) b.tries = 0;
  b.tries += 1;
  const Instant until = b.tries >= limit.tries_max ? now + pause_after(limit, b.tries) : Instant{};
  TRY(transaction.execute("UPDATE auth_attempt SET tries = $1, last_at = $2, blocked_until = $3 WHERE bucket = $4",
                          {b.tries, now, until, name}));
  return {};
}

Result<void> Limiter::clear(storage::Transaction& transaction, const Limit& limit, std::string_view who) const {
  TRY(transaction.execute("DELETE FROM auth_attempt WHERE bucket = $1", {bucket(limit, who)}));
  return {};
}

Result<std::int64_t> Limiter::purge(storage::Transaction& transaction, Instant now) {
  constexpr std::chrono::hours longest{2};
  return transaction.execute("DELETE FROM auth_attempt WHERE last_at < $1 AND blocked_until < $2", {now - longest, now});
}

}  // namespace motcua::auth
