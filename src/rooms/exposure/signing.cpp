#include "platform/config/config.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

Result<crypto::P256Key> key_named(const House& house, const std::string& name) {
  TRY_ASSIGN(const auto secret, house.keys.secret(name, crypto::p256_secret_bytes));
  return crypto::P256Key::of_secret(secret);
}

}  // namespace

std::string Server::authority() const { return house.settings.text("exposure.health_authority"); }
std::chrono::milliseconds Server::period() const { return house.settings.duration("exposure.export_period_min"); }

Act phone_act(const Sender& sender, std::string action) { return {"job:exposure", "system", bookkeeping, std::move(action), sender.request}; }

std::string version_name(std::int64_t version) { return "v" + std::to_string(version); }
Result<crypto::P256Key> archive_key(const House& house, std::int64_t version) { return key_named(house, "exposure-archive-" + version_name(version)); }
Result<crypto::P256Key> certificate_key(const House& house, std::int64_t version) { return key_named(house, "exposure-certificate-" + version_name(version)); }
std::int64_t current_version(const House& house) { return house.settings.integer("exposure.signing_key_version"); }

}  // namespace motcua::exposure
