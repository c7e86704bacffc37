#pragma once
// One-time codes for residents (trust.md, promise 4): 6 digits, 5 minutes, 5 tries, used once, kept as keyed hashes. Whether a
// phone is known cannot be told from anything here: the same rows, limits, answers and failures for both.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/auth/limiter.hpp"

namespace motcua::auth {

inline constexpr std::chrono::minutes code_lifetime{5};
inline constexpr std::int64_t code_tries_max = 5;

struct CodeRequest {
  std::string purpose;            // "sign-in", "consent": a code for one is none for the other
  Personal<std::string> phone;    // E.164
  std::string address;            // where the request comes from
  bool phone_known = false;       // false: everything happens but there is nothing to send
};
struct IssuedCode {
  std::string handle;                              // otc_...: goes into the next form
  std::optional<Personal<std::string>> to_send;    // hand it to outbound; absent when the phone is not known
};
struct CodeAnswer {
  std::string purpose;
  Personal<std::string> phone;
  std::string address;
  std::string handle;
  std::string code;               // as typed; blanks in it are ignored
};

class OneTimeCodes {
 public:
  static Result<OneTimeCodes> make(storage::Database& database, crypto::KeyRing& keys, std::function<Instant()> now);

  /// Failure `auth.too_many_tries`: by phone and by address, known or not.
  Result<IssuedCode> issue(const CodeRequest& request, const std::string& request_id) const;
  /// Success once. Failures: `auth.code_not_accepted` for wrong, late, used, over-tried and made-up alike; `auth.too_many_tries`.
  Result<void> redeem(const CodeAnswer& answer, const std::string& request_id) const;
  /// Deletes codes past their time; how many.
  static Result<std::int64_t> purge(storage::Transaction& transaction, Instant now);

 private:
  OneTimeCodes(storage::Database& database, crypto::Bytes key, Limiter limiter, std::function<Instant()> now)
      : database_(database), key_(std::move(key)), limiter_(std::move(limiter)), now_(std::move(now)) {}
  crypto::Bytes hash_of(std::string_view purpose, std::string_view phone, std::string_view handle, std::string_view code) const;

  storage::Database& database_;
  crypto::Bytes key_;
  Limiter limiter_;
  std::function<Instant()> now_;
};

/// Six decimal digits, each value as likely as any other.
std::string random_code();

}  // namespace motcua::auth
