#pragma once
// How near is near, and how much a contact weighs. Weight orders paths for a reader; it decides no class.
#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

/// Two stays at one place: in a vehicle or a plane within so many rows when both seats are known, otherwise always.
bool is_near(const Visit& a, const Visit& b, const Rules& rules);
bool is_near(const Encounter& encounter, const Rules& rules);

/// 0..1: grows with the time spent (a quarter of an hour weighs 63 %), with the kind's closeness, and falls with the crowd.
float strength_of(Kind kind, Time overlap_ms, bool seats_near, float distance_m, int crowd);

}  // namespace motcua::contacts
