#include "rooms/residents/reception.hpp"

#include <algorithm>

#include "base/document_qr.hpp"
#include "base/ids.hpp"
#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/audit/audit.hpp"

namespace motcua::residents {
namespace {

Failure no_such_person() { return not_found("residents.no_such_person"); }

/// One text for one number, however it was typed; a passport nobody has rules for in capitals.
std::string number_of(const Details& d) {
  if (const auto id = parse_national_id(d.id_number)) return id->number;
  std::string number;
  for (const char c : d.id_number)
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) number += c;
    else if (c >= 'a' && c <= 'z') number += static_cast<char>(c - 'a' + 'A');
  return number;
}

/// What is told now; what was left empty stays as it was told before, and so does a name that lost its marks on a keyboard without them.
Details merged(const Details& before, const Details& now) {
  Details out = completed(now, before);
  if (!vietnamese::has_marks(now.full_name) && vietnamese::fold(now.full_name) == vietnamese::fold(before.full_name)) out.full_name = before.full_name;
  return out;
}

}  // namespace

std::string hash_of_card(std::string_view token) { return to_hex(crypto::sha256("motcua card\n" + std::string(token))); }

Result<Reception> Reception::make(House& house, const People& people) {
  TRY_ASSIGN(auto key, house.keys.secret("residents-received", 32));
  return Reception(house, people, std::move(key));
}

std::vector<std::string> Reception::keys_of(const Details& d) const {
  const auto hash = [&](const std::string& text) {
    const auto bytes = crypto::hmac_sha256(key_, text);
    return to_hex({bytes.data(), bytes.size()});
  };
  const std::string name = vietnamese::fold(d.full_name), number = number_of(d);
  const auto birth = parse_date(d.birth);
  const auto phone = parse_phone(d.phone);
  std::vector<std::string> keys;
  if (!number.empty()) keys.push_back(hash("id\n" + number + '\n' + name));
  if (birth && phone) keys.push_back(hash("phone\n" + phone->number + '\n' + to_iso(*birth) + '\n' + name));
  return keys;
}

/// Two identity numbers are two people, whatever else agrees.
Result<std::optional<store::ReceivedRow>> Reception::find_same(storage::Reader& reader, const std::vector<std::string>& keys, const Details& told) const {
  for (const auto& key : keys) {
    TRY_ASSIGN(auto row, store::find_received_by(reader, key));
    if (!row) continue;
    TRY_ASSIGN(const Person known, to_person(reader, *row));
    const std::string before = number_of(known.details.reveal()), now = number_of(told);
    if (before.empty() || now.empty() || before == now) return row;
  }
  return std::optional<store::ReceivedRow>();
}

Result<Person> Reception::to_person(storage::Reader& reader, const store::ReceivedRow& row) const {
  TRY_ASSIGN(auto people, people_.to_people(reader, {{{}, row.person, row.subject, "self", "official", "given", {}, row.received_at, row.received_at, {}, {}, {}, {}}}));
  return std::move(people.front());
}

Result<Person> Reception::receive(storage::Transaction& tx, const NewPerson& person) const {
  const auto keys = keys_of(person.details);
  const std::string fresh = crypto::random_id("prs");
  TRY_ASSIGN(auto row, find_same(tx, keys, person.details));
  if (!row && !keys.empty()) {
    TRY_ASSIGN(const auto mine, store::put_received_key(tx, keys.front(), fresh));
    if (mine == 0) {   // another gate was faster
      TRY_ASSIGN(row, find_same(tx, keys, person.details));
    }
  }
  Details told = person.details;
  if (row) {
    TRY_ASSIGN(const Person before, to_person(tx, *row));
    told = merged(before.details.reveal(), told);
  } else {
    row = store::ReceivedRow{fresh, people_.subject_of(fresh), {}, house_.now()};
    TRY(store::put_received(tx, *row));
  }
  TRY_ASSIGN(const auto record, people_.prepare(row->person, told, false));
  TRY(people_.save(tx, record));
  for (const auto& key : keys) TRY(store::put_received_key(tx, key, row->person));
  TRY(store::put_reception(tx, row->person, tx.act().actor, house_.now()));
  tx.note({.action = "residents.receive", .object = row->person, .subject = row->subject, .area = told.ward_code});
  return to_person(tx, *row);
}

Result<Person> Reception::receive(const Act& act, const NewPerson& person) const {
  return house_.database.write_value(act, [&](storage::Transaction& tx) { return receive(tx, person); });
}

Result<Person> Reception::get(const Act& act, std::string_view handle) const {
  TRY_ASSIGN(auto person, house_.database.read_value([&](storage::Reader& reader) -> Result<Person> {
    TRY_ASSIGN(const auto row, store::find_received(reader, handle));
    if (!row) return no_such_person();
    return to_person(reader, *row);
  }));
  TRY(audit::record_read(house_.database, act, {{.object = person.handle, .subject = person.subject}}));
  return person;
}

Result<Person> Reception::of_card(const Act& act, std::string_view code) const {
  const auto card = parse_card_code(code);
  if (!card) return invalid("residents.card_unreadable", "card");
  return house_.database.write_value(act, [&](storage::Transaction& tx) -> Result<Person> {
    TRY_ASSIGN(const auto row, store::find_card_holder(tx, hash_of_card(card->token)));
    if (!row) return not_found("residents.no_such_card");
    TRY(store::put_reception(tx, row->person, act.actor, house_.now()));
    tx.note({.object = row->person, .subject = row->subject, .read = true});
    return to_person(tx, *row);
  });
}

}  // namespace motcua::residents
