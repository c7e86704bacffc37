#pragma once
// Keys of machines that knock at single routes: a gateway that tells what telephones sent. One key a role, made at first use, derived from a secret of
// the key ring; it is shown in "Authorization: Bearer" and opens the routes that name the role, nothing else.
#include <string>
#include <string_view>

#include "base/personal.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/hooks.hpp"

namespace motcua::auth {

/// 64 hex digits.
Result<Personal<std::string>> machine_key(crypto::KeyRing& keys, std::string_view role);
/// Makes the principal of a request that shows the role's key at a route of that role. It has no session: no browser sends such a key by itself.
Result<http::Check> identify_machine(crypto::KeyRing& keys, std::string_view role);

}  // namespace motcua::auth
