#pragma once
// ID tokens: what an OpenID provider says of who signed in (OpenID Connect Core 1.0, sections 2 and 3.1.3.7), signed as a JWS (RFC 7515).
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::openid {

inline constexpr std::size_t token_bytes_max = 16 * 1024, keys_max = 100, subject_bytes_max = 255;   // sub: OpenID Connect Core, 2
inline constexpr std::chrono::minutes clock_skew_max{2}, token_age_max{15};

struct Expected {
  std::string issuer, client_id, nonce;
  Instant now{};
};

/// What stands there; empty: nothing, or no text.
std::string text_of(const boost::json::object& object, std::string_view name);

/// The claims of a token that one of the keys (a JWK set, RFC 7517) signed by RS256, PS256 or ES256, and that is meant for this client now. Failures:
/// openid.unknown_key (the set has no such key: it may have been rotated), openid.token_not_accepted; `detail` says what, and holds nothing of the token.
Result<boost::json::object> check_id_token(std::string_view token, const boost::json::object& keys, const Expected& expected);

}  // namespace motcua::openid
