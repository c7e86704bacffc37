#pragma once
// Facts held in memory, with any text as id: for tests, small files and evaluation.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

class MemorySource : public FactSource {
 public:
  Person person(std::string_view id);                  // makes it when it is new
  Place place(std::string_view id);
  const std::string& id_of(Person p) const { return person_ids_[p]; }
  const std::string& place_id(Place p) const { return place_ids_[p]; }
  std::size_t persons() const { return person_ids_.size(); }

  void add_encounter(std::string_view a, std::string_view b, Time from, Time to, Kind kind = Kind::encounter, float distance_m = -1,
                     bool both_masked = false);
  void add_visit(std::string_view person, std::string_view place, Time from, Time to, Kind kind = Kind::venue, std::string_view seat = {});
  void isolate(std::string_view person, Time at);

  Result<void> visits_of(std::span<const PersonWindow> asked, const std::function<bool(const Visit&)>& visit) override;
  Result<void> visits_at(std::span<const PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) override;
  Result<void> encounters_of(std::span<const PersonWindow> asked, const std::function<bool(const Encounter&)>& visit) override;
  Result<void> isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) override;
  bool before(Person a, Person b) const override { return person_ids_[a] < person_ids_[b]; }

  // as they were added, for the reference
  std::vector<Encounter> encounters;                   // once, not mirrored
  std::vector<Visit> visits;
  std::map<Person, Time> isolations;

 private:
  std::vector<std::string> person_ids_, place_ids_;
  std::map<std::string, Person, std::less<>> persons_;
  std::map<std::string, Place, std::less<>> places_;
  std::vector<std::vector<std::uint32_t>> encounters_of_, visits_of_, visits_at_;
};

}  // namespace motcua::contacts
