#include "platform/auth/machine_key.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace motcua::auth {

Result<Personal<std::string>> machine_key(crypto::KeyRing& keys, std::string_view role) {
  constexpr std::size_t key_bytes = 32;
  TRY_ASSIGN(const auto secret, keys.secret("machine-key-" + std::string(role), key_bytes));
  return Personal(to_hex(secret));
}

Result<http::Check> identify_machine(crypto::KeyRing& keys, std::string_view role_name) {
  TRY_ASSIGN(const auto key, machine_key(keys, role_name));
  return http::Check([role = std::string(role_name), expected = "Bearer " + key.reveal()](http::Request& request, const http::Route* route) -> Result<void> {
    if (route == nullptr || request.principal) return {};
    const auto& roles = route->access.allowed();
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) return {};
    if (crypto::equal_constant_time(request.header("authorization"), expected)) request.principal = http::Principal{.account = "machine:" + role, .display_name = role, .grants = {{role, ""}}, .session = "", .csrf = ""};
    return {};
  });
}

}  // namespace motcua::auth
