#include "rooms/residents/cards.hpp"

#include <algorithm>

#include "base/document_qr.hpp"
#include "base/ids.hpp"
#include "base/phone.hpp"

namespace motcua::residents {
namespace {

Failure no_such_person() { return not_found("residents.no_such_person"); }
Failure wrong() { return invalid("residents.card_or_pin_wrong", "pin"); }
Act door_act(std::string action, const std::string& request_id) { return {"job:door", "system", "own-record", std::move(action), request_id}; }

std::string only_digits(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9' && digits.size() < 16) digits += c;
  return digits;
}

std::string in_capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

Result<Cards> Cards::make(House& house, const Accounts& accounts, const Reception& reception) {
  TRY_ASSIGN(auto limiter, auth::Limiter::make(house.keys));
  return Cards(house, accounts, reception, std::move(limiter));
}

Result<store::ReceivedRow> Cards::get_present(storage::Reader& reader, const Act& act, std::string_view person) const {
  TRY_ASSIGN(const bool present, store::was_received(reader, person, act.actor, house_.now() - presence_max));
  if (!present) return no_such_person();
  TRY_ASSIGN(auto row, store::find_received(reader, person));
  if (!row) return no_such_person();
  return std::move(*row);
}

Result<Person> Cards::get_present(const Act& act, std::string_view person) const {
  TRY(house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY(get_present(reader, act, person));
    return {};
  }));
  return reception_.get(act, person);
}

Result<PrintedCard> Cards::issue(const Act& act, std::string_view person) const {
  TRY_ASSIGN(const Person holder, get_present(act, person));
  const std::string token = to_base32(crypto::random_bytes(16));
  PrintedCard printed{crypto::random_id("crd"), "MCC:" + in_capitals(token), Personal(holder.details.reveal().full_name), Personal(auth::random_code())};
  const store::CardRow card{hash_of_card(token), printed.card, holder.handle, crypto::hash_password(printed.pin.reveal()), 0, house_.now(), act.actor, {}};
  TRY(house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(auto row, get_present(tx, act, person));
    if (row.account.empty()) {
      TRY_ASSIGN(row.account, accounts_.new_account(tx));
      TRY(store::put_account_of(tx, row.person, row.account));
      TRY(store::put_person(tx, {row.account, row.person, row.subject, "self", "card", "given", {}, house_.now(), house_.now(), {}, crypto::random_id("cns"), act.actor, "card"}));
    }
    TRY(store::end_cards(tx, row.person, "", "reissued", house_.now()));
    TRY(store::remove_sessions_of(tx, row.account));
    TRY(store::put_card(tx, card));
    tx.note({.object = card.id, .subject = row.subject});
    return {};
  }));
  return printed;
}

Result<void> Cards::revoke(const Act& act, std::string_view person, std::string_view card) const {
  return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto row, get_present(tx, act, person));
    TRY_ASSIGN(const auto ended, card.empty() ? Result<std::int64_t>(0) : store::end_cards(tx, row.person, card, "revoked", house_.now()));
    if (ended == 0) return not_found("residents.no_such_card");
    TRY(store::remove_sessions_of(tx, row.account));
    tx.note({.object = std::string(card), .subject = row.subject});
    return {};
  });
}

Result<std::vector<Card>> Cards::list(storage::Reader& reader, const Person& present) const {
  TRY_ASSIGN(const auto rows, store::list_cards(reader, present.handle, cards_listed_max));
  std::vector<Card> cards;
  for (const auto& row : rows) cards.push_back({row.id, row.issued_at, row.wrong_pins >= pin_tries_max, row.ended_at});
  return cards;
}

Result<void> Cards::let_help(const Act& act, std::string_view person, std::string_view text, std::string_view manner) const {
  const auto phone = parse_phone(text);
  if (!phone) return invalid(phone.failure().code, "phone");
  if (manner != "spoken" && manner != "written" && manner != "interpreter") return invalid("residents.manner_needed", "manner");
  return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto row, get_present(tx, act, person));
    TRY_ASSIGN(const auto helpers, store::list_speakers(tx, row.person, helpers_max));
    if (helpers.size() >= static_cast<std::size_t>(helpers_max)) return conflict("residents.too_many_helpers");
    TRY_ASSIGN(const std::string account, accounts_.account_of(tx, "phone", phone->number));
    const store::PersonRow consent{account, row.person, row.subject, "helped", "official", "given", {}, house_.now(), house_.now(), {}, crypto::random_id("cns"), act.actor, std::string(manner)};
    TRY(store::put_person(tx, consent));
    tx.note({.object = row.person, .subject = row.subject, .detail = "{\"manner\":\"" + consent.manner + "\"}"});
    return {};
  });
}

Result<std::vector<Helper>> Cards::list_helpers(storage::Reader& reader, const Person& present) const {
  TRY_ASSIGN(const auto rows, store::list_speakers(reader, present.handle, helpers_max));
  std::vector<Helper> helpers;
  for (const auto& row : rows) helpers.push_back({row.consent, row.manner, row.given_at.value_or(row.asked_at)});
  return helpers;
}

Result<void> Cards::end_help(const Act& act, std::string_view person, std::string_view consent) const {
  return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto row, get_present(tx, act, person));
    TRY_ASSIGN(const auto helpers, store::list_speakers(tx, row.person, helpers_max));
    const auto found = std::find_if(helpers.begin(), helpers.end(), [&](const auto& h) { return h.consent == consent; });
    if (found == helpers.end()) return no_such_person();
    TRY(store::end(tx, found->account, found->person, house_.now()));
    tx.note({.object = row.person, .subject = row.subject});
    return {};
  });
}

/// A try is counted before the PIN is looked at, so that many at one moment are no more than five. Nobody finds a code by trying (130 bits), so how long a
/// made-up one takes tells nothing.
Result<store::CardRow> Cards::check_pin(const Origin& origin, std::string_view code, std::string_view pin) const {
  const auto card = parse_card_code(code);
  if (!card) return invalid("residents.card_unreadable", "card");
  const std::string hash = hash_of_card(card->token);
  std::optional<store::CardRow> row;
  std::int64_t counted = 0;
  TRY(house_.database.write(door_act("residents.try_card", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY(limiter_.take(tx, pins_by_address, origin.address, house_.now()));
    TRY_ASSIGN(counted, store::count_pin(tx, hash, pin_tries_max));
    TRY_ASSIGN(row, store::find_card(tx, hash));
    return {};
  }));
  if (!row || row->ended_at) return wrong();
  if (counted == 0) return conflict("residents.card_locked");
  if (!crypto::verify_password(only_digits(pin), row->pin_hash)) return row->wrong_pins >= pin_tries_max ? conflict("residents.card_locked") : wrong();
  return std::move(*row);
}

Result<Entered> Cards::enter(const Origin& origin, std::string_view code, std::string_view pin) const {
  TRY_ASSIGN(const auto card, check_pin(origin, code, pin));
  return accounts_.open_session(origin, Accounts::SessionKind::visit, "residents.enter_by_card", [&](storage::Transaction& tx) -> Result<std::string> {
    TRY_ASSIGN(const auto holds, store::forget_pins(tx, card.card_hash));
    if (holds == 0) return wrong();
    TRY_ASSIGN(const auto holder, store::find_received(tx, card.person));
    return holder ? Result<std::string>(holder->account) : Result<std::string>(wrong());
  });
}

Result<void> Cards::claim(const Origin& origin, const http::Resident& resident, std::string_view code, std::string_view pin) const {
  TRY_ASSIGN(const auto card, check_pin(origin, code, pin));
  return house_.database.write(act_of(resident, "residents.claim_card", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto holds, store::forget_pins(tx, card.card_hash));
    if (holds == 0) return wrong();
    TRY_ASSIGN(const auto received, store::find_received(tx, card.person));
    if (!received) return wrong();
    const auto& row = *received;
    TRY_ASSIGN(const auto there, store::find_person(tx, resident.account, row.person));
    if (there && there->relation == "self") return conflict("residents.card_is_yours");
    if (there) TRY(store::end(tx, resident.account, row.person, house_.now()));   // who was only helped turns out to be oneself
    TRY(store::put_person(tx, {resident.account, row.person, row.subject, "self", "card", "given", {}, house_.now(), house_.now(), {}, crypto::random_id("cns"), {}, {}}));
    tx.note({.object = row.person, .subject = row.subject});
    return {};
  });
}

}  // namespace motcua::residents
