#pragma once
// The facts of the database as the contacts engine asks for them: references become persons as identity knows them today. Inner header.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engines/contacts/contacts.hpp"
#include "rooms/declarations/declarations.hpp"
#include "rooms/identity/identity.hpp"
#include "rooms/tracing/model.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing {

/// Lives inside one snapshot or transaction. Keeps what it was told about references, so that each is asked once.
class SqlFacts : public contacts::FactSource {
 public:
  SqlFacts(storage::Reader& reader, identity::Identity& identity, declarations::Declarations& declarations, std::optional<Instant> as_of);

  /// Reads who is isolated since when (isolations that began by `over` are over and count no more), and who withdrew consent to proximity data;
  /// call once before tracing.
  Result<void> load_isolations(contacts::Time over);

  contacts::Person person(const std::string& person_id);
  const std::string& id_of(contacts::Person p) const { return *person_ids_[p]; }
  const std::string& place_code(contacts::Place p) const { return places_[p].code; }

  Result<void> visits_of(std::span<const contacts::PersonWindow> asked, const std::function<bool(const contacts::Visit&)>& visit) override;
  Result<void> visits_at(std::span<const contacts::PlaceWindow> asked, const std::function<bool(const contacts::Visit&)>& visit) override;
  Result<void> encounters_of(std::span<const contacts::PersonWindow> asked, const std::function<bool(const contacts::Encounter&)>& visit) override;
  Result<void> isolations_of(std::span<const contacts::Person> asked, const std::function<void(contacts::Person, contacts::Time)>& visit) override;
  /// Which places and references the trace asked about, and when.
  std::map<std::string, Watched> take_watched() { return std::move(watched_); }

  bool before(contacts::Person a, contacts::Person b) const override { return *person_ids_[a] < *person_ids_[b]; }

 private:
  /// A visit of a vehicle stands at its own place code; beside that, at a place where only declared journeys of the same ride are met. A
  /// declared journey meets both. So every pair meets once.
  enum class Form { stay, journeys_only, journey };
  struct PlaceKey {
    std::string code;
    Form form;
    friend bool operator==(const PlaceKey&, const PlaceKey&) = default;
  };
  struct PlaceHash {
    std::size_t operator()(const PlaceKey& k) const { return std::hash<std::string>()(k.code) * 3 + static_cast<std::size_t>(k.form); }
  };
  /// From when to when a reference means a person.
  struct Span {
    contacts::Person person;
    contacts::Interval during;
  };
  /// A visit whose person is not known yet.
  struct Told {
    std::string reference;
    contacts::Visit visit;
  };

  contacts::Place place(std::string code, Form form);
  Result<void> learn_references_of(std::span<const contacts::PersonWindow> asked);
  Result<void> learn(const std::vector<std::string>& references);
  const contacts::Person* person_at(const std::string& reference, contacts::Time at) const;
  bool clip(contacts::Interval& span) const;
  void watch(std::string key, const contacts::Interval& window);
  struct AskedReferences {
    std::vector<store::Asked> asked;
    std::vector<std::pair<contacts::Person, contacts::Interval>> of;    // whose, and while the reference means them
  };
  AskedReferences references_asked(std::span<const contacts::PersonWindow> asked) const;
  Result<void> journeys_of(std::span<const contacts::PersonWindow> asked, std::vector<contacts::Visit>& out);
  Result<void> journeys_at(std::span<const contacts::PlaceWindow> asked, std::vector<contacts::Visit>& out);

  storage::Reader& reader_;
  identity::Identity& identity_;
  declarations::Declarations& declarations_;
  std::int64_t as_of_;
  std::unordered_map<std::string, contacts::Person> persons_;
  std::vector<const std::string*> person_ids_;                          // keys of persons_
  std::unordered_map<PlaceKey, contacts::Place, PlaceHash> place_numbers_;
  std::vector<PlaceKey> places_;
  std::unordered_map<std::string, std::vector<Span>> spans_;            // by reference
  std::vector<std::vector<std::pair<std::string, contacts::Interval>>> references_;   // by person
  std::vector<bool> references_known_;
  std::unordered_map<contacts::Person, contacts::Time> isolated_;
  std::map<std::string, Watched> watched_;
  std::set<std::string> withdrawn_;                                     // phones whose proximity data may not be used at as_of
};

}  // namespace motcua::tracing
