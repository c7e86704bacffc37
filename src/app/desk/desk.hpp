#pragma once
// Pages of the platform itself, which knows no rooms and so cannot list their imports: start page, public front page, imports, jobs and
// dead letters, the audit log and "who read this record".
#include <vector>

#include "platform/auth/auth.hpp"
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"
#include "platform/intake/intake.hpp"

namespace motcua::app::desk {

struct Needs {
  House& house;
  std::vector<intake::Kind> kinds;   // of every room: what can be imported
  const auth::Auth& auth;            // lives as long as the router
};
void add_routes(http::Router& router, const Needs& needs);

}  // namespace motcua::app::desk
