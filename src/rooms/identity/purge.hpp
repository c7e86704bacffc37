#pragma once
// Forgetting on time (settings retention.*). Inner header of the room.
#include <span>

#include "rooms/identity/identity.hpp"

namespace motcua::identity {

/// Deletes, or counts, records kept long enough: tests and doses; that somebody declared; app registrations that no fact names any more.
/// Age counts from when the record was told, else from when it was brought in. What a referrer still needs stays. Persons are made anew
/// from what is left, and identity.persons_changed is told.
Result<std::vector<Purged>> purge(House& house, std::span<const Referrer> referrers, const Act& act, Instant now, bool count_only);

}  // namespace motcua::identity
