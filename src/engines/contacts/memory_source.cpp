#include "engines/contacts/memory_source.hpp"

#include <algorithm>
#include <utility>

namespace motcua::contacts {
namespace {

std::uint32_t number_of(std::string_view id, std::map<std::string, std::uint32_t, std::less<>>& numbers, std::vector<std::string>& ids) {
  if (auto found = numbers.find(id); found != numbers.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(ids.size());
  ids.emplace_back(id);
  numbers.emplace(std::string(id), number);
  return number;
}

void index(std::vector<std::vector<std::uint32_t>>& lists, std::uint32_t key, std::size_t row) {
  if (key >= lists.size()) lists.resize(key + 1);
  lists[key].push_back(static_cast<std::uint32_t>(row));
}

bool meets(const Interval& a, const Interval& b) { return intersect(a, b).length() > 0; }

}  // namespace

Person MemorySource::person(std::string_view id) { return number_of(id, persons_, person_ids_); }
Place MemorySource::place(std::string_view id) { return number_of(id, places_, place_ids_); }

void MemorySource::add_encounter(std::string_view a, std::string_view b, Time from, Time to, Kind kind, float distance_m, bool both_masked) {
  const Encounter e{person(a), person(b), kind, both_masked, distance_m, {from, to}};
  index(encounters_of_, e.person, encounters.size());
  index(encounters_of_, e.other, encounters.size());
  encounters.push_back(e);
}

void MemorySource::add_visit(std::string_view who, std::string_view where, Time from, Time to, Kind kind, std::string_view seat) {
  const Visit v{person(who), place(where), kind, parse_seat(seat), {from, to}};
  index(visits_of_, v.person, visits.size());
  index(visits_at_, v.place, visits.size());
  visits.push_back(v);
}

void MemorySource::isolate(std::string_view who, Time at) { isolations[person(who)] = at; }

Result<void> MemorySource::visits_of(std::span<const PersonWindow> asked, const std::function<bool(const Visit&)>& visit) {
  for (const PersonWindow& w : asked) {
    if (w.person >= visits_of_.size()) continue;
    for (const std::uint32_t row : visits_of_[w.person])
      if (meets(visits[row].stay, w.window) && !visit(visits[row])) return {};
  }
  return {};
}

Result<void> MemorySource::visits_at(std::span<const PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) {
  // One place may be asked about for several windows; each visit is told once.
  std::vector<std::uint32_t> rows;
  for (const PlaceWindow& w : asked) {
    if (w.place >= visits_at_.size()) continue;
    for (const std::uint32_t row : visits_at_[w.place])
      if (meets(visits[row].stay, w.window)) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const std::uint32_t row : rows)
    if (!visit(visits[row])) return {};
  return {};
}

Result<void> MemorySource::encounters_of(std::span<const PersonWindow> asked, const std::function<bool(const Encounter&)>& visit) {
  for (const PersonWindow& w : asked) {
    if (w.person >= encounters_of_.size()) continue;
    for (const std::uint32_t row : encounters_of_[w.person]) {
      Encounter e = encounters[row];
      if (e.person != w.person) std::swap(e.person, e.other);
      if (meets(e.span, w.window) && !visit(e)) return {};
    }
  }
  return {};
}

Result<void> MemorySource::isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) {
  for (const Person p : asked)
    if (auto found = isolations.find(p); found != isolations.end()) visit(p, found->second);
  return {};
}

}  // namespace motcua::contacts
