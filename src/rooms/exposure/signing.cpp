#include "platform/config/config.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {

std::string Server::authority() const { return house.settings.text("exposure.health_authority"); }
std::chrono::milliseconds Server::period() const { return house.settings.duration("exposure.export_period_min"); }

Act phone_act(const Sender& sender, std::string action) { return {"job:exposure", "system", bookkeeping, std::move(action), sender.request}; }

Result<crypto::P256Key> archive_key(const House& house, std::int64_t version) { return crypto::p256_key(house.keys, "exposure-archive", version); }
Result<crypto::P256Key> certificate_key(const House& house, std::int64_t version) { return crypto::p256_key(house.keys, "exposure-certificate", version); }
std::int64_t current_version(const House& house) { return house.settings.integer("exposure.signing_key_version"); }

}  // namespace motcua::exposure
