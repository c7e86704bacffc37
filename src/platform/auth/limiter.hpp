#pragma once
// How often something may be tried, by login, address or phone: counted in the database, so that it holds over restarts and several
// processes. Buckets are named by keyed hashes: the table tells nobody who tried.
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::auth {

/// `tries_max` go through at once; from then on one at a time, each after a pause twice as long as the last, from `pause_first` to
/// `pause_max`. All is forgotten after `forget_after` without a try, or by clear().
struct Limit {
  std::string_view name;                   // part of the bucket's name
  std::int64_t tries_max;
  std::chrono::milliseconds pause_first;
  std::chrono::milliseconds pause_max;
  std::chrono::milliseconds forget_after;
};

// Derivations. A person mistypes a handful of times; at one try each 15 minutes a six-digit code with three valid values lasts
// ten years on average, a password of twelve letters for ever. An address may be a whole office behind one router.
inline constexpr Limit sign_in_by_login{"sign-in-login", 5, std::chrono::seconds{30}, std::chrono::minutes{15}, std::chrono::hours{1}};
inline constexpr Limit sign_in_by_address{"sign-in-address", 50, std::chrono::seconds{10}, std::chrono::minutes{5}, std::chrono::hours{1}};
inline constexpr Limit codes_by_phone{"code-phone", 4, std::chrono::minutes{5}, std::chrono::hours{1}, std::chrono::hours{2}};
inline constexpr Limit codes_by_address{"code-address", 30, std::chrono::minutes{1}, std::chrono::minutes{30}, std::chrono::hours{1}};
inline constexpr Limit redeems_by_address{"redeem-address", 60, std::chrono::minutes{1}, std::chrono::minutes{30}, std::chrono::hours{1}};

class Limiter {
 public:
  static Result<Limiter> make(crypto::KeyRing& keys);
  /// Counts one try before it is made, so that tries made at the same time cannot outrun the limit.
  /// Failure `auth.too_many_tries` (rate_limited, `retry_after_seconds`).
  Result<void> take(storage::Transaction& transaction, const Limit& limit, std::string_view who, Instant now) const;
  /// A success wipes the slate.
  Result<void> clear(storage::Transaction& transaction, const Limit& limit, std::string_view who) const;
  /// Deletes buckets that are forgotten anyway; how many.
  static Result<std::int64_t> purge(storage::Transaction& transaction, Instant now);

 private:
  explicit Limiter(crypto::Bytes key) : key_(std::move(key)) {}
  std::string bucket(const Limit& limit, std::string_view who) const;
  crypto::Bytes key_;
};

}  // namespace motcua::auth
