#include "rooms/residents/people.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/ids.hpp"
#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/audit/audit.hpp"

namespace motcua::residents {
namespace {

constexpr const char* consent_purpose = "consent";

Failure no_such_person() { return not_found("residents.no_such_person"); }

std::string_view to_text(Basis basis) {
  switch (basis) {
    case Basis::own: return "own";
    case Basis::guardian: return "guardian";
    case Basis::code: return "code";
    case Basis::card: return "card";
    case Basis::official: return "official";
  }
  return "own";
}
Basis basis_of(std::string_view text) {
  for (const Basis basis : {Basis::guardian, Basis::code, Basis::card, Basis::official})
    if (text == to_text(basis)) return basis;
  return Basis::own;
}

/// Whole years on this day; a year alone counts to its end, so that nobody is taken for older than they are.
int age_on(const PartialDate& birth, Date today) {
  const int years = static_cast<int>(today.year()) - birth.year;
  const auto month = static_cast<int>(static_cast<unsigned>(today.month())), day = static_cast<int>(static_cast<unsigned>(today.day()));
  const bool had_birthday = birth.month > 0 && (month > birth.month || (month == birth.month && day >= std::max(birth.day, 1)));
  return had_birthday ? years : years - 1;
}

/// By what consent somebody may be spoken for: a child on the account's word, an adult by a code sent to a phone that is not the account's own.
Result<Basis> basis_for(const NewPerson& person, const std::string& own_phone, Date today) {
  if (person.relation == Relation::self) return Basis::own;
  if (person.relation == Relation::child) {
    const auto birth = parse_date(person.details.birth);
    if (!birth || age_on(*birth, today) >= adult_years) return invalid("residents.not_a_child", "birth");
    return Basis::guardian;
  }
  const auto phone = parse_phone(person.details.phone);
  if (!phone) return person.details.phone.empty() ? invalid("residents.phone_needed", "phone") : invalid(phone.failure().code, "phone");
  if (phone->number == own_phone) return invalid("residents.phone_is_yours", "phone");
  return Basis::code;
}

/// Names of identity's members as the forms call them.
Failure at_form(Failure failure) {
  if (failure.field == "id_number" || failure.field == "old_id_number" || failure.field == "passport") failure.field = "id_number";
  if (failure.field == "ward") failure.field = "ward_code";
  return failure;
}

Result<void> check_required(const Details& d) {
  for (const auto& [field, value] : {std::pair{"full_name", &d.full_name}, std::pair{"birth", &d.birth}, std::pair{"sex", &d.sex}})
    if (value->find_first_not_of(" \t") == std::string::npos) return invalid("residents.field_required", field);
  return {};
}

}  // namespace

Details details_of(const identity::RecordView& r) {
  return {r.full_name.reveal(), r.birth, r.sex, r.id_number.reveal().empty() ? r.passport.reveal() : r.id_number.reveal(), r.phone.reveal(), r.address.reveal(), r.ward_code, r.nationality,
          r.insurance_number.reveal()};
}

Details completed(Details told, const Details& otherwise) {
  for (const auto member : {&Details::full_name, &Details::birth, &Details::sex, &Details::id_number, &Details::phone, &Details::address, &Details::ward_code, &Details::nationality, &Details::insurance_number})
    if ((told.*member).empty()) told.*member = otherwise.*member;
  return told;
}

Result<std::vector<Person>> People::to_people(storage::Reader& reader, const std::vector<store::PersonRow>& rows) const {
  std::vector<std::string> subjects;
  for (const auto& row : rows) subjects.push_back(row.subject);
  TRY_ASSIGN(const auto records, identity_.records_of(reader, subjects));
  std::vector<Person> people;
  for (const auto& row : rows) {
    Person p{row.person, row.subject, parse_relation(row.relation).value_or(Relation::relative), basis_of(row.basis), Assurance::said, row.state == "waits", row.given_at.value_or(row.asked_at), {}};
    const auto record = std::find_if(records.begin(), records.end(), [&](const auto& r) { return r.subject == row.subject; });
    if (record != records.end()) p.details = Personal(details_of(*record));
    TRY_ASSIGN(const auto known, find_known(reader, p));
    if (known) p.assurance = Assurance::proved;
    people.push_back(std::move(p));
  }
  return people;
}

/// Whoever claims this number may be the person; the population register's own words decide, all four of them.
Result<std::optional<std::string>> People::find_known(storage::Reader& reader, const Person& person) const {
  const Details& told = person.details.reveal();
  // A card proves who received it, not what was told at the counter: a phone there was typed, no code went to it.
  if (person.basis == Basis::card || person.waits || told.id_number.empty() || told.phone.empty()) return std::optional<std::string>();
  const auto id = identity::to_reference("id:" + told.id_number);
  if (!id) return std::optional<std::string>();
  const std::vector<std::string> references{*id};
  TRY_ASSIGN(const auto spans, identity_.resolve(reader, references));
  std::set<std::string> candidates;
  for (const auto& span : spans) candidates.insert(span.person_id);
  for (const auto& candidate : candidates) {
    TRY_ASSIGN(const auto registered, identity_.find_registered(reader, candidate));
    if (registered && registered->birth == told.birth && registered->phone.reveal() == told.phone && registered->id_number.reveal() == told.id_number &&
        vietnamese::fold(registered->full_name.reveal()) == vietnamese::fold(told.full_name))
      return std::optional(candidate);
  }
  return std::optional<std::string>();
}

Result<std::vector<Person>> People::list(const http::Resident& resident) const {
  return house_.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Person>> {
    TRY_ASSIGN(const auto rows, store::list_people(reader, resident.account));
    return to_people(reader, rows);
  });
}

Result<Person> People::get(const http::Resident& resident, std::string_view handle) const {
  return house_.database.read_value([&](storage::Reader& reader) -> Result<Person> {
    TRY_ASSIGN(const auto row, store::find_person(reader, resident.account, handle));
    if (!row || row->state != "given") return no_such_person();
    TRY_ASSIGN(auto people, to_people(reader, {*row}));
    return std::move(people.front());
  });
}

Result<std::shared_ptr<const identity::PreparedRecord>> People::prepare(const std::string& handle, const Details& d, bool own_phone) const {
  TRY(check_required(d));
  identity::SourceRecord record;
  record.source = record.kind = std::string(source_name);
  record.record_id = handle;
  record.told_at = house_.now();
  record.full_name = d.full_name;
  record.birth = d.birth;
  record.sex = d.sex;
  record.phone = d.phone;
  const bool passport = std::any_of(d.id_number.begin(), d.id_number.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
  (passport ? record.passport : record.id_number) = d.id_number;
  record.address = d.address;
  record.ward_code = d.ward_code;
  record.nationality = d.nationality;
  record.insurance_number = d.insurance_number;
  record.phone_is_own = own_phone;
  std::vector<intake::Warning> warnings;
  auto prepared = identity_.prepare(std::move(record), warnings);
  if (!prepared) return at_form(prepared.failure());
  // Somebody who types can correct what they typed: what an import would keep with a warning comes back to the form.
  if (!warnings.empty()) return at_form(invalid(warnings.front().code, warnings.front().field));
  return prepared;
}

Result<void> People::save(storage::Transaction& tx, const std::shared_ptr<const identity::PreparedRecord>& record) const {
  const std::vector<std::shared_ptr<const identity::PreparedRecord>> records{record};
  TRY(identity_.save(tx, records));
  return {};
}

/// What is found wrong is put right and the rest looked at again, until nothing is.
std::vector<Failure> People::problems_of(const http::Resident& resident, const NewPerson& person) const {
  static const std::map<std::string, std::pair<std::string Details::*, const char*>> harmless{
      {"full_name", {&Details::full_name, "A"}}, {"birth", {&Details::birth, "1990"}}, {"sex", {&Details::sex, "female"}}, {"id_number", {&Details::id_number, ""}}, {"phone", {&Details::phone, ""}},
      {"address", {&Details::address, ""}}, {"ward_code", {&Details::ward_code, ""}}, {"nationality", {&Details::nationality, ""}}, {"insurance_number", {&Details::insurance_number, ""}}};
  std::vector<Failure> failures;
  NewPerson rest = person;
  const auto own_phone = accounts_.phone_of(resident.account);
  if (!own_phone) return {own_phone.failure()};
  if (const auto basis = basis_for(rest, own_phone->reveal(), vietnam_date(house_.now())); !basis) {
    failures.push_back(basis.failure());
    rest.details.*harmless.at(basis.failure().field).first = harmless.at(basis.failure().field).second;
  }
  while (failures.size() <= harmless.size()) {
    const auto prepared = prepare("prs_looked_at", rest.details, false);
    if (prepared) break;
    const auto field = harmless.find(prepared.failure().field);
    if (std::none_of(failures.begin(), failures.end(), [&](const Failure& f) { return f.field == prepared.failure().field; })) failures.push_back(prepared.failure());
    if (field == harmless.end() || rest.details.*field->second.first == field->second.second) break;
    rest.details.*field->second.first = field->second.second;
  }
  return failures;
}

Result<std::string> People::phone_of_card(const CitizenCardQr& card) const {
  TRY_ASSIGN(const std::string reference, identity::to_reference("id:" + card.id_number));
  return house_.database.read_value([&](storage::Reader& reader) -> Result<std::string> {
    const std::vector<std::string> references{reference};
    TRY_ASSIGN(const auto spans, identity_.resolve(reader, references));
    std::set<std::string> candidates;
    for (const auto& span : spans) candidates.insert(span.person_id);
    for (const auto& candidate : candidates) {
      TRY_ASSIGN(const auto registered, identity_.find_registered(reader, candidate));
      if (!registered || registered->id_number.reveal() != card.id_number || registered->birth != to_iso(card.birth) ||
          vietnamese::fold(registered->full_name.reveal()) != vietnamese::fold(card.full_name))
        continue;
      const auto phone = parse_phone(registered->phone.reveal());
      if (phone && phone->kind != PhoneKind::landline) return phone->number;
    }
    return std::string();
  });
}

Result<Person> People::add(const Origin& origin, const http::Resident& resident, const NewPerson& person) const {
  TRY_ASSIGN(const auto own_phone, accounts_.phone_of(resident.account));
  NewPerson told = person;
  if (told.relation == Relation::self) told.details.phone = own_phone.reveal();
  TRY_ASSIGN(const Basis basis, basis_for(told, own_phone.reveal(), vietnam_date(house_.now())));
  store::PersonRow row{resident.account, crypto::random_id("prs"), {}, std::string(to_text(told.relation)), std::string(to_text(basis)), "given", {}, house_.now(), house_.now(), {}, crypto::random_id("cns"), {}, {}};
  row.subject = identity_.subject_of(source_name, row.person);
  TRY_ASSIGN(const auto record, prepare(row.person, told.details, basis == Basis::own || basis == Basis::code));
  TRY_ASSIGN(const auto people, list(resident));
  if (people.size() >= people_max) return conflict("residents.too_many_people");
  if (basis == Basis::own && !people.empty() && people.front().relation == Relation::self) return conflict("residents.known_already");
  if (basis == Basis::code) {
    TRY_ASSIGN(const auto phone, parse_phone(told.details.phone));
    TRY_ASSIGN(row.code_id, accounts_.send_code(origin, Personal(phone.number), {consent_purpose, "residents.consent_message", {}}));
    row.state = "waits";
    row.given_at.reset();
  }
  TRY(house_.database.write(act_of(resident, "residents.add_person", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY(store::put_person(tx, row));
    TRY(save(tx, record));
    tx.note({.object = row.person, .subject = row.subject, .detail = "{\"basis\":\"" + row.basis + "\"}"});
    return {};
  }));
  return house_.database.read_value([&](storage::Reader& reader) -> Result<Person> {
    TRY_ASSIGN(auto added, to_people(reader, {row}));
    return std::move(added.front());
  });
}

Result<void> People::confirm(const Origin& origin, const http::Resident& resident, std::string_view handle, std::string_view code) const {
  std::string phone;
  TRY_ASSIGN(const auto row, house_.database.read_value([&](storage::Reader& reader) -> Result<std::optional<store::PersonRow>> {
    TRY_ASSIGN(auto found, store::find_person(reader, resident.account, handle));
    if (!found || found->state != "waits") return std::optional<store::PersonRow>();
    const std::vector<std::string> subjects{found->subject};
    TRY_ASSIGN(const auto records, identity_.records_of(reader, subjects));
    if (!records.empty()) phone = records.front().phone.reveal();
    return found;
  }));
  if (!row) return no_such_person();
  TRY(accounts_.codes().redeem({consent_purpose, Personal(phone), origin.address, row->code_id, std::string(code)}, origin.request_id));
  return house_.database.write(act_of(resident, "residents.confirm_person", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto given, store::give(tx, *row, house_.now()));
    if (given == 0) return no_such_person();
    tx.note({.object = row->person, .subject = row->subject});
    return {};
  });
}

Result<Person> People::change(const Origin& origin, const http::Resident& resident, std::string_view handle, const Details& details) const {
  TRY_ASSIGN(const Person before, get(resident, handle));
  Details told = details;
  // The phone was proved by a code, whosever it is: another one is another consent.
  const bool proved_phone = before.basis == Basis::own || before.basis == Basis::code;
  if (proved_phone) told.phone = before.details.reveal().phone;
  TRY_ASSIGN(const auto record, prepare(before.handle, told, proved_phone));
  TRY(house_.database.write(act_of(resident, "residents.change_details", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY(save(tx, record));
    tx.note({.object = before.handle, .subject = before.subject});
    return {};
  }));
  return get(resident, handle);
}

Result<void> People::end(const Origin& origin, const http::Resident& resident, std::string_view handle) const {
  return house_.database.write(act_of(resident, "residents.end_person", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto row, store::find_person(tx, resident.account, handle));
    if (!row) return no_such_person();
    TRY_ASSIGN(const auto ended, store::end(tx, resident.account, handle, house_.now()));
    if (ended == 0) return conflict("residents.self_stays");
    tx.note({.object = row->person, .subject = row->subject});
    return {};
  });
}

/// Others' rows about the person the account is: by its own record, and by every record identity knows of a proved one.
Result<std::vector<store::PersonRow>> People::proxy_rows(storage::Reader& reader, const http::Resident& resident) const {
  TRY_ASSIGN(const auto own, store::list_people(reader, resident.account));
  if (own.empty() || own.front().relation != "self") return std::vector<store::PersonRow>();
  std::vector<std::string> subjects{own.front().subject};
  TRY_ASSIGN(const auto people, to_people(reader, {own.front()}));
  TRY_ASSIGN(const auto known, find_known(reader, people.front()));
  if (known) {
    TRY_ASSIGN(auto others, identity_.subjects_of(reader, *known));
    subjects.insert(subjects.end(), others.begin(), others.end());
  }
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  TRY_ASSIGN(auto rows, store::list_of_subjects(reader, subjects));
  // Nobody stands for somebody by that person's own card.
  std::erase_if(rows, [&](const auto& row) { return row.account == resident.account || (row.relation == "self" && !row.official.empty()); });
  return rows;
}

Result<std::vector<Residents::Proxy>> People::proxies(const http::Resident& resident) const {
  TRY_ASSIGN(const auto rows, house_.database.read_value([&](storage::Reader& reader) { return proxy_rows(reader, resident); }));
  std::vector<Residents::Proxy> proxies;
  for (const auto& row : rows)
    proxies.push_back({row.account, row.consent, parse_relation(row.relation).value_or(Relation::relative), basis_of(row.basis), row.given_at.value_or(row.asked_at)});
  return proxies;
}

Result<void> People::end_proxy(const Origin& origin, const http::Resident& resident, std::string_view handle) const {
  return house_.database.write(act_of(resident, "residents.end_proxy", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto rows, proxy_rows(tx, resident));
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.consent == handle; });
    if (row == rows.end()) return no_such_person();
    TRY(store::end(tx, row->account, row->person, house_.now()));
    tx.note({.object = row->person, .subject = row->subject});
    return {};
  });
}

}  // namespace motcua::residents
