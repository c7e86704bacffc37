#pragma once
// What the routes of the desk share. Open to this folder alone.
#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "app/desk/desk.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"

namespace motcua::app::desk {

struct Site {
  House* house;
  std::shared_ptr<const std::vector<intake::Kind>> kinds;
  const auth::Auth* auth;

  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const {
    return house->texts.text(request.lang, key, args);
  }
  std::string when(const http::Request& request, Instant at) const;        // "17:05 31/07/2021"
  std::string how_long_ago(const http::Request& request, Instant at) const;
  /// The name of an account, of the command line or of a job; never a login.
  std::string actor_name(const http::Request& request, const std::string& actor) const;
};

void add_front_routes(http::Router& router, const Site& site);
void add_import_routes(http::Router& router, const Site& site);
void add_operation_routes(http::Router& router, const Site& site);
void add_audit_routes(http::Router& router, const Site& site);
void add_installable_routes(http::Router& router, const Site& site);

}  // namespace motcua::app::desk
