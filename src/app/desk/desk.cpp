#include "app/desk/desk.hpp"

#include "app/desk/site.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app::desk {

std::string Site::when(const http::Request& request, Instant at) const { return i18n::date_time(request.lang, at); }

std::string Site::how_long_ago(const http::Request& request, Instant at) const {
  return i18n::relative(house->texts, request.lang, at, house->now());
}

std::string Site::actor_name(const http::Request& request, const std::string& actor) const {
  if (actor.starts_with("job:")) return text(request, "desk.actor_job");
  if (actor.starts_with("cli:")) return text(request, "desk.actor_command_line");
  const auto account = auth->accounts().find(actor);
  return account && *account ? (*account)->display_name.reveal() : actor;
}

void add_routes(http::Router& router, const Needs& needs) {
  const Site site{&needs.house, std::make_shared<const std::vector<intake::Kind>>(needs.kinds), &needs.auth};
  add_front_routes(router, site);
  add_import_routes(router, site);
  add_operation_routes(router, site);
  add_audit_routes(router, site);
  add_installable_routes(router, site);
}

}  // namespace motcua::app::desk
