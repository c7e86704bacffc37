#pragma once
// Tracing for programs: the routes under /api/v1 that are about cases, contacts and follow-up.
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"

namespace motcua::tracing {

class Tracing;
void add_api_routes(http::Router& router, House& house, Tracing& tracing);

}  // namespace motcua::tracing
