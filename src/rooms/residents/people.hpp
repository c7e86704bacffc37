#pragma once
// For whom an account speaks, by what consent, and what each told of themselves. Inner header of the room.
#include "base/document_qr.hpp"
#include "rooms/residents/accounts.hpp"

namespace motcua::residents {

class People {
 public:
  People(House& house, identity::Identity& identity, const Accounts& accounts) : house_(house), identity_(identity), accounts_(accounts) {}

  Result<std::vector<Person>> list(const http::Resident& resident) const;
  Result<Person> get(const http::Resident& resident, std::string_view handle) const;
  Result<Person> add(const Origin& origin, const http::Resident& resident, const NewPerson& person) const;
  Result<void> confirm(const Origin& origin, const http::Resident& resident, std::string_view handle, std::string_view code) const;
  Result<Person> change(const Origin& origin, const http::Resident& resident, std::string_view handle, const Details& details) const;
  Result<void> end(const Origin& origin, const http::Resident& resident, std::string_view handle) const;
  Result<std::vector<Residents::Proxy>> proxies(const http::Resident& resident) const;
  Result<void> end_proxy(const Origin& origin, const http::Resident& resident, std::string_view handle) const;
  Result<std::optional<std::string>> find_known(storage::Reader& reader, const Person& person) const;

  /// Everything that is wrong with it at once, each with its field; nothing: add or change will take it.
  std::vector<Failure> problems_of(const http::Resident& resident, const NewPerson& person) const;
  /// The phone to which a code for the holder of this card may go: the population register's, where its number, name and birth date are the card's. Empty: none.
  Result<std::string> phone_of_card(const CitizenCardQr& card) const;

  // ---- for reception.cpp
  Result<std::vector<Person>> to_people(storage::Reader& reader, const std::vector<store::PersonRow>& rows) const;
  Result<std::shared_ptr<const identity::PreparedRecord>> prepare(const std::string& handle, const Details& details, bool own_phone) const;
  Result<void> save(storage::Transaction& tx, const std::shared_ptr<const identity::PreparedRecord>& record) const;
  std::string subject_of(std::string_view handle) const { return identity_.subject_of(source_name, handle); }

 private:
  Result<std::vector<store::PersonRow>> proxy_rows(storage::Reader& reader, const http::Resident& resident) const;

  House& house_;
  identity::Identity& identity_;
  const Accounts& accounts_;
};

}  // namespace motcua::residents
