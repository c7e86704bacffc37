#pragma once
// Signing in by an OpenID provider: authorization code with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700), discovery (OpenID Connect Discovery 1.0).
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>

#include "platform/openid/fetch.hpp"
#include "platform/openid/id_token.hpp"

namespace motcua::openid {

inline constexpr std::chrono::hours discovery_kept{1};
inline constexpr std::chrono::minutes keys_asked_every_min{1};   // for a key nobody has heard of
inline constexpr int asked_at_once_max = 8;                      // a provider that is slow holds no more of our threads than these

struct Options {
  std::string issuer;                   // as the provider writes itself
  std::string client_id, client_secret; // secret empty: a public client
  std::string scope = "openid profile phone";
};
/// What stays with the browser until it comes back; sealed by whoever keeps it.
struct Started {
  std::string url;                      // where the browser goes
  std::string state, nonce, verifier;
};
/// Who signed in. Everything but the subject is the provider's word, and may be empty.
struct SignedIn {
  std::string subject;
  std::string phone;                    // as it came
  bool phone_verified = false;
};

/// One provider. Safe to use from many threads.
class Provider {
 public:
  Provider(Options options, Fetch fetch, std::function<Instant()> now) : options_(std::move(options)), fetch_(std::move(fetch)), now_(std::move(now)) {}

  /// Failures: openid.unreachable, openid.answer_unreadable (unavailable).
  Result<Started> start(const std::string& redirect_uri);
  /// `code` as the provider gave it to the browser. Failures: those of start and check_id_token, openid.code_not_accepted (unauthenticated).
  Result<SignedIn> finish(const Started& started, const std::string& redirect_uri, const std::string& code);

 private:
  struct Discovered {
    std::string authorization, token, keys, userinfo;
    bool secret_in_body = false;
  };
  Result<Discovered> discover();
  Result<boost::json::object> keys(const Discovered& at, bool anew);
  /// One question, if not too many wait for an answer already: then openid.unreachable at once.
  Result<Answer> ask(const Ask& question);
  Result<boost::json::object> get_object(const Ask& ask);
  Result<boost::json::object> redeem(const Discovered& at, const Started& started, const std::string& redirect_uri, const std::string& code);
  Result<boost::json::object> claims_of(const Discovered& at, const std::string& token, const std::string& nonce);
  SignedIn to_signed_in(const boost::json::object& claims) const;

  Options options_;
  Fetch fetch_;
  std::function<Instant()> now_;
  std::counting_semaphore<asked_at_once_max> places_{asked_at_once_max};
  std::mutex mutex_;                    // of what follows
  std::optional<Discovered> discovered_;
  std::optional<boost::json::object> keys_;
  Instant discovered_at_{}, keys_at_{};
};

}  // namespace motcua::openid
