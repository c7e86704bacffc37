#pragma once
// Everything a linking run needs of the database, held in memory: for each record its person today and what the rules ask.
#include <string>
#include <unordered_map>
#include <vector>

#include "rooms/identity/store.hpp"

namespace motcua::identity {

inline constexpr std::int64_t no_person = -1;

/// Person ids behind small numbers.
class PersonNumbers {
 public:
  std::int64_t number_of(const std::string& person_id);   // no_person for the empty id
  const std::string& id_of(std::int64_t number) const { return ids_[static_cast<std::size_t>(number)]; }
  std::size_t size() const { return ids_.size(); }

 private:
  std::vector<std::string> ids_;
  std::unordered_map<std::string, std::int64_t> numbers_;
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

/// Reads state, constraints and all records. `take` gets each named record in the order of `named`, pending ones after all others
/// when `pending_last`.
using TakeNamed = std::function<void(linkage::PersonRecord&& record, const Entry& entry)>;
Result<void> load_for_linking(storage::Reader& reader, LinkLoad& load, bool pending_last, const TakeNamed& take);

/// Gives every nameless record its person: that of a human decision, else of whom phone_owner.hpp finds behind its phone, else its own.
/// `make_person` gives the number of a new person. (nameless.cpp)
void apply_nameless_rule(LinkLoad& load, const std::function<std::int64_t()>& make_person);

}  // namespace motcua::identity
