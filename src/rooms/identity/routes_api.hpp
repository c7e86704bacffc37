#pragma once
// Identity for programs: the routes under /api/v1 that are about persons and doubtful pairs.
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"

namespace motcua::identity {

class Identity;
void add_api_routes(http::Router& router, House& house, Identity& identity);

}  // namespace motcua::identity
