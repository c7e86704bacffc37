#pragma once
// One trace of one case, from the facts to sentences. Inner header of the room.
#include "rooms/declarations/declarations.hpp"
#include "rooms/identity/identity.hpp"
#include "rooms/tracing/model.hpp"
#include "rooms/tracing/policy.hpp"

namespace motcua::tracing {

/// What a case says about its question.
struct CaseFacts {
  std::string case_id, person_id;
  Instant sampled_at{};
  std::optional<Date> onset;
  std::optional<Instant> isolated_at, source_contact_at;
};

struct Doors {
  identity::Identity& identity;
  declarations::Declarations& declarations;
};

/// Traces inside the caller's snapshot or transaction; names, phones and wards are asked of identity when `request.names` says so
/// (wards always). Nothing is put on record here.
Result<TraceResult> answer_trace(storage::Reader& reader, const Doors& doors, const CaseFacts& facts, const Policy& policy, const TraceRequest& request);

}  // namespace motcua::tracing
