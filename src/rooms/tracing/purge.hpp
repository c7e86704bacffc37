#pragma once
// Forgetting on time (settings retention.*). Inner header of the room.
#include "platform/house/house.hpp"

namespace motcua::tracing {

/// Deletes, or counts, what has been kept long enough. Age counts from when a fact was recorded here. Facts a trace may still need stay:
/// those from the beginning of the infectious period of a case that is open, or was closed less than retention.visits_after_case_days ago.
Result<std::vector<Purged>> purge(House& house, const Act& act, Instant now, bool count_only);

}  // namespace motcua::tracing
