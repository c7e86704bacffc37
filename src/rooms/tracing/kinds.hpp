#pragma once
// The KINDs of this room: visits, encounters, bluezone-users, bluezone-trace (docs/formats.md). Inner header of the room.
#include "rooms/identity/identity.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing {

std::vector<intake::Kind> make_kinds(House& house, identity::Identity& identity);

/// How long a visit lasts that does not say so, by kind; settings visits.*_stay_min.
struct DefaultStays {
  std::int64_t ms(std::string_view kind) const;
  std::map<std::string, std::int64_t, std::less<>> by_kind;
};
DefaultStays default_stays(const config::Settings& settings);

/// How declarations name the ride of a vehicle or flight: "vehicle:50H12345:2021-07-20". Empty for other kinds.
std::string journey_code_of(std::string_view kind, std::string_view place_code, Instant from);

}  // namespace motcua::tracing
