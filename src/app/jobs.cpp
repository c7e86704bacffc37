// What runs by itself while the server does: what is over goes, the chain is signed, new records are linked.
#include "app/old_files.hpp"
#include "app/purge.hpp"
#include "app/server.hpp"
#include "platform/audit/audit.hpp"
#include "platform/config/config.hpp"
#include "platform/outbound/incoming.hpp"

namespace motcua::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Act job_act(const char* job, const char* purpose, const char* action) { return {std::string("job:") + job, "system", purpose, action, ""}; }

}  // namespace

void Service::add_jobs() {
  House& house = home_.house();
  events::Bus& bus = home_.bus();
  bus.every("auth.purge", minutes(5), [this] { return auth_->purge(); });
  bus.every("audit.checkpoint", minutes(5), [&house] { return audit::checkpoint(house.database); });
  bus.every("idempotency.purge", hours(1), [this]() -> Result<void> {
    TRY(answers_.purge());
    return {};
  });
  bus.every("app.purge", hours(24), [this]() -> Result<void> {
    TRY(purge_house(home_, job_act("purge", "retention", "app.purge"), false));
    return {};
  });
  bus.every("app.purge_files", hours(1), [&house]() -> Result<void> {
    remove_old_files(house, house.now(), false);
    return {};
  });
  bus.every("exposure.archive", minutes(1), [this]() -> Result<void> {
    TRY(home_.rooms().exposure->door().make_archive(job_act("exposure", "operations", "exposure.archive"), false));
    return {};
  });
  const std::string& named = house.settings.text("outbound.spool_dir");
  bus.every("outbound.incoming", std::chrono::seconds(2), [this, spool = named.empty() ? house.data_dir + "/sms" : named]() -> Result<void> {
    TRY(outbound::take_incoming(spool, [this](const outbound::Incoming& message) { return home_.rooms().venues->door().hear({message.id, message.phone, message.text}); }));
    return {};
  });
  bus.every("identity.link", minutes(1), [this]() -> Result<void> {
    TRY(home_.rooms().identity->door().link(job_act("link", "linkage", "identity.link"), {}));
    return {};
  });
}

}  // namespace motcua::app
