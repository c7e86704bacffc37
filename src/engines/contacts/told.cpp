#include "engines/contacts/told.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engines/contacts/dictionary.hpp"

namespace motcua::contacts {
namespace {

std::int32_t to_cm(float distance_m) { return distance_m >= 0 ? static_cast<std::int32_t>(std::lround(std::min(distance_m, distance_max_m) * 100)) : -1; }

Result<void> check_times(bool visit, const Interval& span, Time recorded) {
  if (!visit && span.length() <= 0) return invalid("contacts.no_length", "minutes");
  if (visit && span.length() < 0) return invalid("contacts.ends_before_begin", "to");
  if (span.from < time_min || span.from >= time_max) return invalid("contacts.time_outside", visit ? "from" : "start");
  if (span.to > time_max) return invalid("contacts.time_outside", visit ? "to" : "minutes");
  if (recorded != since_ever && (recorded < time_min || recorded > time_max)) return invalid("contacts.time_outside", "recorded");
  return {};
}

}  // namespace

Saying to_saying(const NumberedContact& fact) {
  Saying s;
  s.recorded = fact.recorded;
  s.kind = fact.kind;
  s.withdraws = fact.withdraws;
  s.distance_cm = to_cm(fact.distance_m);
  return s;
}

Saying to_saying(const Told& fact) {
  Saying s;
  s.recorded = fact.recorded;
  s.kind = fact.kind;
  s.both_masked = fact.both_masked;
  s.seat = fact.seat;
  s.withdraws = fact.withdraws;
  s.distance_cm = to_cm(fact.distance_m);
  return s;
}

Result<void> check_fact(const Told& fact) {
  const auto too_long = [](const char* field) { return invalid("contacts.id_too_long", field, {{"limit", std::to_string(id_bytes_max)}}); };
  if (fact.owner.size() > id_bytes_max) return too_long(fact.visit ? "person" : "a");
  if (fact.other.size() > id_bytes_max) return too_long(fact.visit ? "place" : "b");
  if (!fact.visit && fact.owner == fact.other) return invalid("contacts.with_oneself", "b");
  return check_times(fact.visit, fact.span, fact.recorded);
}

Result<void> check_fact(const NumberedContact& fact) {
  if (fact.owner == fact.other) return invalid("contacts.with_oneself", "b");
  return check_times(false, fact.span, fact.recorded);
}

}  // namespace motcua::contacts
