#pragma once
// Stays that another room tells as they happen (check-ins): facts like imported visits, in the caller's transaction. A case whose answer they
// change is traced again within some seconds; for all others telling one costs a row and a look at an index.
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace motcua::tracing {

struct Stay {
  std::string stay_id;               // the teller's own number; told again it is the same stay, with other words a correction
  std::string source;                // who tells, "checkin"; part of the number
  std::string reference;             // of the person: "phone:+84...", "id:...", "record:source:id" (identity::to_reference)
  std::string place_code;            // of name_place
  std::string kind = "venue";        // of tracing's visits: venue, vehicle, work, school, health, household
  Instant from{}, to{};              // half-open; at most 31 days
};

/// A place by its code, as lists and reasons name it.
struct Place {
  std::string place_code, name, ward_code, kind;
};

}  // namespace motcua::tracing
