#pragma once
// How near is near, and how much a contact weighs. Weight orders paths for a reader; it decides no class.
#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

/// Two stays at one place: by the seats, when both are known, and the kinds of both.
bool is_near(const Visit& a, const Visit& b, const Rules& rules);
bool seats_near(const Nearness& nearness, const Seat& a, const Seat& b);
bool is_near(const Encounter& encounter, const Rules& rules);

/// 0..1: grows with the time spent (a quarter of an hour weighs 63 %), with the kind's weight, and falls with the crowd.
float strength_of(const Nearness& nearness, Time overlap_ms, bool near_seats, float distance_m, int crowd);

}  // namespace motcua::contacts
