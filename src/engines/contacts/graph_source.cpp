#include "engines/contacts/graph_source.hpp"

#include <algorithm>
#include <vector>

namespace motcua::contacts {
namespace {

struct Found {
  std::uint32_t other;
  Interval span;
  const Saying& saying;
};

/// Calls take(found) for what an owner's list says that was known at `as_of`; false when take wants no more.
template <class Take>
bool over(const DayFile& day, const Lists& lists, std::uint32_t owner, Time as_of, Take&& take) {
  bool more = true;
  lists.each(lists.find(owner), [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t number) {
    if (!more || number >= day.sayings().size()) return;
    const Saying& saying = day.sayings()[number];
    if (!saying.known_at(as_of)) return;
    const Time from = day.midnight() + start * day.unit();
    more = take(Found{other, {from, from + static_cast<Time>(duration) * day.unit()}, saying});
  });
  return more;
}

bool meets(const Interval& a, const Interval& b) { return intersect(a, b).length() > 0; }

}  // namespace

Result<void> GraphSource::visits_of(std::span<const PersonWindow> asked, const std::function<bool(const Visit&)>& visit) {
  for (const auto& day : graph_.days())
    for (const PersonWindow& w : asked) {
      if (!meets(w.window, day->reach())) continue;
      const bool more = over(*day, day->visits_of(), w.person, as_of_, [&](const Found& f) {
        return !meets(f.span, w.window) || visit({w.person, f.other, f.saying.kind, f.saying.seat, f.span});
      });
      if (!more) return {};
    }
  return {};
}

/// Of a place several windows may be asked; a visit that reaches into two of them is told once.
Result<void> GraphSource::visits_at(std::span<const PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) {
  std::vector<PlaceWindow> windows(asked.begin(), asked.end());
  std::sort(windows.begin(), windows.end(), [](const PlaceWindow& a, const PlaceWindow& b) { return a.place < b.place; });
  for (auto first = windows.begin(); first != windows.end();) {
    const Place place = first->place;
    const auto last = std::find_if(first, windows.end(), [&](const PlaceWindow& w) { return w.place != place; });
    const auto wanted = [&](const Interval& span) { return std::any_of(first, last, [&](const PlaceWindow& w) { return meets(span, w.window); }); };
    for (const auto& day : graph_.days()) {
      if (!wanted(day->reach())) continue;
      const bool more = over(*day, day->visits_at(), place, as_of_, [&](const Found& f) {
        return !wanted(f.span) || visit({f.other, place, f.saying.kind, f.saying.seat, f.span});
      });
      if (!more) return {};
    }
    first = last;
  }
  return {};
}

Result<void> GraphSource::encounters_of(std::span<const PersonWindow> asked, const std::function<bool(const Encounter&)>& visit) {
  for (const auto& day : graph_.days())
    for (const PersonWindow& w : asked) {
      if (!meets(w.window, day->reach())) continue;
      const bool more = over(*day, day->contacts(), w.person, as_of_, [&](const Found& f) {
        return !meets(f.span, w.window) || visit({w.person, f.other, f.saying.kind, f.saying.both_masked, f.saying.distance_m(), f.span});
      });
      if (!more) return {};
    }
  return {};
}

Result<void> GraphSource::isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) {
  for (const Person p : asked)
    if (const auto found = isolated_at.find(p); found != isolated_at.end()) visit(p, found->second);
  return {};
}

}  // namespace motcua::contacts
