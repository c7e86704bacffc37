#pragma once
// The one page of this room today, what a person declared, linked from identity's page of the person; and what gates ask of passes.
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"
#include "rooms/declarations/declarations.hpp"

namespace motcua::declarations {

void add_page_routes(http::Router& router, House& house, identity::Identity& identity, Declarations& declarations);
void add_pass_routes(http::Router& router, House& house, Passes& passes);

}  // namespace motcua::declarations
