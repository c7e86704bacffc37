#pragma once
// A stored graph as a source of facts: trace() over it gives evidence, strength and chains. Persons and places have the graph's numbers.
#include <unordered_map>

#include "engines/contacts/facts.hpp"
#include "engines/contacts/graph.hpp"

namespace motcua::contacts {

class GraphSource : public FactSource {
 public:
  /// `as_of`: what was recorded, and not taken back, by then. The graph must outlive it.
  explicit GraphSource(const Graph& graph, Time as_of = known_now) : graph_(graph), as_of_(as_of) {}
  std::unordered_map<Person, Time> isolated_at;          // not listed: never

  Result<void> visits_of(std::span<const PersonWindow> asked, const std::function<bool(const Visit&)>& visit) override;
  Result<void> visits_at(std::span<const PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) override;
  Result<void> encounters_of(std::span<const PersonWindow> asked, const std::function<bool(const Encounter&)>& visit) override;
  Result<void> isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) override;
  bool before(Person a, Person b) const override { return graph_.persons().before(a, b); }

 private:
  const Graph& graph_;
  Time as_of_;
};

}  // namespace motcua::contacts
