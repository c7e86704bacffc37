#pragma once
// People whom staff receive: without an account, found again by what they told. Inner header of the room.
#include "rooms/residents/people.hpp"
#include "rooms/residents/store_reception.hpp"

namespace motcua::residents {

class Reception {
 public:
  static Result<Reception> make(House& house, const People& people);

  Result<Person> receive(const Act& act, const NewPerson& person) const;
  Result<Person> receive(storage::Transaction& tx, const NewPerson& person) const;
  Result<Person> get(const Act& act, std::string_view handle) const;
  Result<Person> of_card(const Act& act, std::string_view code) const;

 private:
  Reception(House& house, const People& people, crypto::Bytes key) : house_(house), people_(people), key_(std::move(key)) {}
  /// Keyed hashes of what this person is found by, the strongest first.
  std::vector<std::string> keys_of(const Details& details) const;
  Result<std::optional<store::ReceivedRow>> find_same(storage::Reader& reader, const std::vector<std::string>& keys, const Details& told) const;
  Result<Person> to_person(storage::Reader& reader, const store::ReceivedRow& row) const;

  House& house_;
  const People& people_;
  crypto::Bytes key_;
};

/// How a card is looked up; its code stands nowhere.
std::string hash_of_card(std::string_view token);

}  // namespace motcua::residents
