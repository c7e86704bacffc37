#pragma once
// Who asks on a keeper's or a door's page. Inner header of the room.
#include "rooms/venues/routes.hpp"

namespace motcua::venues {

/// A resident under /me/venues, staff elsewhere. Failures of auth::act_of.
Result<Keeper> keeper_of(const http::Request& request, std::string action);

}  // namespace motcua::venues
