#pragma once
// Resolving Bluezone sightings with the keys now held. Inner header of the room.
#include "platform/house/house.hpp"
#include "rooms/tracing/model.hpp"
#include "rooms/tracing/store_proximity.hpp"

namespace motcua::tracing {

/// Authenticated with each sealed key, so that it opens for its own phone only.
std::string key_context(std::string_view reference);

/// First by what uploaders told of themselves, then by deriving identifiers from the keys held: of a new key those of all days somebody
/// waits for, looked up by index; of all others only for new sightings;
/// then makes the episodes of the pairs concerned and emits tracing.facts_changed. Writes in portions, each complete in itself.
Result<ProximitySummary> resolve_sightings(House& house, const Act& act);

}  // namespace motcua::tracing
