#include "engines/contacts/told.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engines/contacts/dictionary.hpp"

namespace motcua::contacts {

Saying to_saying(const Told& fact) {
  Saying s;
  s.recorded = fact.recorded;
  s.kind = fact.kind;
  s.both_masked = fact.both_masked;
  s.seat = fact.seat;
  s.withdraws = fact.withdraws;
  if (fact.distance_m >= 0) s.distance_cm = static_cast<std::int32_t>(std::lround(std::min(fact.distance_m, distance_max_m) * 100));
  return s;
}

Result<void> check_fact(const Told& fact) {
  const auto too_long = [](const char* field) { return invalid("contacts.id_too_long", field, {{"limit", std::to_string(id_bytes_max)}}); };
  if (fact.owner.size() > id_bytes_max) return too_long(fact.visit ? "person" : "a");
  if (fact.other.size() > id_bytes_max) return too_long(fact.visit ? "place" : "b");
  if (!fact.visit && fact.owner == fact.other) return invalid("contacts.with_oneself", "b");
  if (!fact.visit && fact.span.length() <= 0) return invalid("contacts.no_length", "minutes");
  if (fact.visit && fact.span.length() < 0) return invalid("contacts.ends_before_begin", "to");
  if (fact.span.from < time_min || fact.span.from >= time_max) return invalid("contacts.time_outside", fact.visit ? "from" : "start");
  if (fact.span.to > time_max) return invalid("contacts.time_outside", fact.visit ? "to" : "minutes");
  if (fact.recorded != since_ever && (fact.recorded < time_min || fact.recorded > time_max)) return invalid("contacts.time_outside", "recorded");
  return {};
}

}  // namespace motcua::contacts
