#include "engines/contacts/held.hpp"

namespace motcua::contacts {

std::uint64_t HeldContacts::bytes_of(const Graph& graph) {
  std::uint64_t entries = 0;
  for (const auto& day : graph.days()) entries += day->contacts().size();
  return entries * sizeof(Contact) + (graph.persons().size() + 2ULL) * sizeof(std::uint64_t);
}

std::optional<HeldContacts> HeldContacts::of(const Graph& graph) {
  HeldContacts held;
  if (!held.count(graph) || !held.fill(graph)) return std::nullopt;
  return held;
}

/// Leaves in ends_[person + 1] where the person's contacts begin, so that filling moves it to where they end.
bool HeldContacts::count(const Graph& graph) {
  const std::size_t persons = graph.persons().size();
  ends_.assign(persons + 2, 0);
  bool known = true;
  for (const auto& day : graph.days()) {
    const bool whole = day->contacts().all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t, std::uint64_t duration, std::uint32_t saying) {
      known = known && owner < persons && other < persons && duration <= UINT32_MAX && saying < day->sayings().size();
      if (known) ++ends_[owner + 2];
    });
    if (!whole || !known) return false;
  }
  for (std::size_t i = 2; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
  return true;
}

bool HeldContacts::fill(const Graph& graph) {
  contacts_.resize(ends_.back());
  for (std::uint32_t file = 0; file < graph.days().size(); ++file) {
    const DayFile& day = *graph.days()[file];
    const auto first_row = static_cast<std::uint32_t>(rows_.size());
    for (std::uint32_t saying = 0; saying < day.sayings().size(); ++saying) rows_.push_back({file, saying});
    const bool whole = day.contacts().all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
      contacts_[ends_[owner + 1]++] = {other, first_row + saying, start, static_cast<std::uint32_t>(duration)};
    });
    if (!whole) return false;
  }
  return true;
}

}  // namespace motcua::contacts
