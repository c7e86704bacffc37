#pragma once
// Everything a linking run needs of the database, held in memory: for each record its person today and what the rules ask.
#include <array>
#include <set>
#include <string>
#include <vector>

#include "rooms/identity/store.hpp"

namespace motcua::identity {

inline constexpr std::int64_t no_person = -1;

/// Person ids behind small numbers, from 0: some 40 bytes each.
class PersonNumbers {
 public:
  std::int64_t number_of(std::string_view person_id);   // no_person for the empty id
  std::string id_of(std::int64_t number) const;
  std::size_t size() const { return ids_.size(); }
  /// For files.
  std::string to_bytes() const;
  static PersonNumbers from_bytes(std::string_view bytes);

 private:
  using Id = std::array<char, 26>;                      // without "per_"
  std::size_t slot_of(const Id& id) const;
  std::int64_t number_of(const Id& id);
  std::vector<Id> ids_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(64, 0);   // number + 1; 0: free
};

/// A record with a name (the engine's business) or without (the rule's).
struct Entry {
  std::string subject;
  std::int64_t before = no_person;     // person today
  std::int64_t after = no_person;      // what this run says
  std::int64_t content_hash = 0, linked_hash = 0;
  float probability_before = 0, probability = 1;
  std::uint64_t phone = 0;             // its hash; 0: none
  std::uint32_t partner = no_partner;  // position of a named entry
  std::uint16_t decided_before = 0, decided = 0;   // number in LinkLoad::deciders
  std::int16_t birth_year = 0;         // 0: not told
  std::int16_t told_year = 0;          // 0: not told
  bool phone_is_own = false, asks_whose_phone = false;
  bool pending() const { return before == no_person || content_hash != linked_hash; }
  static constexpr std::uint32_t no_partner = 0xFFFFFFFF;
};

struct LinkLoad {
  store::State state;
  std::vector<store::Constraint> constraints;
  std::vector<Entry> named, nameless;                     // named: position = the engine's RecordIndex
  std::vector<std::string> deciders{"auto", "rule"};
  PersonNumbers persons;

  std::uint16_t decider(const std::string& who);
};

/// Reads state, constraints and all records. `take` gets each named record in the order of `named`.
using TakeNamed = std::function<void(linkage::PersonRecord&& record, const Entry& entry)>;
Result<void> load_for_linking(storage::Reader& reader, LinkLoad& load, const TakeNamed& take);

/// Reads what the rules ask when only these records and persons change: the records, all records of the persons, and everybody who
/// carries a phone of theirs that some nameless record tells. `load.constraints` are there already. `nameless` then holds those whose person may change, all of their phones'.
/// (link_around.cpp)
Result<void> load_around(storage::Reader& reader, LinkLoad& load, const std::set<std::string>& subjects, const std::set<std::string>& persons);

/// As a run counts it, before anything is decided.
Entry to_entry(LinkLoad& load, const store::StoredRecord& stored);

/// Gives every nameless record its person: that of a human decision, else of whom phone_owner.hpp finds behind its phone, else its own.
/// `make_person` gives the number of a new person. (nameless.cpp)
void apply_nameless_rule(LinkLoad& load, const std::function<std::int64_t()>& make_person);

}  // namespace motcua::identity
