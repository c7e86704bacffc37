#include "rooms/residents/accounts.hpp"

#include "base/ids.hpp"
#include "base/phone.hpp"
#include "platform/config/config.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::residents {
namespace {

constexpr std::size_t token_letters = 52;   // 32 bytes in base32

std::string hash_token(std::string_view token) { return to_hex(crypto::sha256(token)); }
std::string new_token() { return to_base32(crypto::random_bytes(32)); }

std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Act door_act(std::string action, const std::string& request_id) { return {"job:door", "system", "own-record", std::move(action), request_id}; }

}  // namespace

Result<Accounts> Accounts::make(House& house) {
  TRY_ASSIGN(auto codes, auth::OneTimeCodes::make(house.database, house.keys, house.now));
  TRY_ASSIGN(auto key, house.keys.secret("residents-keys", 32));
  return Accounts(house, std::move(codes), std::move(key));
}

std::string Accounts::key_hash(std::string_view kind, std::string_view value) const {
  const auto hash = crypto::hmac_sha256(key_, std::string(kind) + '\n' + std::string(value));
  return to_hex({hash.data(), hash.size()});
}

bool Accounts::is_over(const store::SessionRow& session) const {
  const auto idle = house_.now() - session.last_seen_at;
  if (session.kind == "visit") return idle > visit_idle_max + visit_seen_every;
  return session.kind == "trusted" ? idle > house_.settings.duration("residents.trusted_days") : idle > device_idle_max + seen_every;
}

Result<std::optional<http::Resident>> Accounts::find(std::string_view token) const {
  if (token.size() != token_letters) return std::optional<http::Resident>{};
  TRY_ASSIGN(const auto session, house_.database.read_value([&](storage::Reader& r) { return store::find_session(r, hash_token(token)); }));
  if (!session || is_over(*session)) return std::optional<http::Resident>{};
  const Instant now = house_.now();
  if (now - session->last_seen_at >= (session->kind == "visit" ? visit_seen_every : seen_every)) {
    const Act act{session->account, "resident", bookkeeping, "residents.session_seen", ""};
    TRY(house_.database.write(act, [&](storage::Transaction& tx) { return store::mark_seen(tx, session->id, session->account, now); }));
  }
  return std::optional(http::Resident{session->account, session->id, session->csrf});
}

outbound::Message Accounts::code_message(const Origin& origin, const Personal<std::string>& phone, const std::string& code, std::string_view key, i18n::Args values) const {
  values["code"] = code;
  values["minutes"] = std::to_string(code_deadline.count());
  return {outbound::Lane::code, phone, Personal<std::string>(house_.texts.text(origin.lang, key, values)), house_.now() + code_deadline};
}

Result<std::string> Accounts::send_code(const Origin& origin, const Personal<std::string>& phone, const CodeMessage& message) const {
  TRY_ASSIGN(const auto issued, codes_.issue({message.purpose, phone, origin.address, true}, origin.request_id));
  const outbound::Message sms = code_message(origin, phone, issued.to_send->reveal(), message.text_key, message.values);
  TRY_ASSIGN(const std::string id, house_.database.write_value(door_act("residents.send_code", origin.request_id),
                                                               [&](storage::Transaction& tx) { return house_.outbound.send(tx, sms); }));
  TRY(house_.outbound.deliver(id));
  return issued.handle;
}

Result<Arrived> Accounts::put_arrival(const Origin& origin, const std::string& code_id, const std::string& held, const std::optional<outbound::Message>& message) const {
  const std::string token = new_token(), hash = hash_token(token);
  TRY_ASSIGN(const auto sealed, house_.keys.seal("residents-arrival:" + hash, bytes_of(held)));
  const store::Arrival arrival{to_base32(crypto::random_bytes(32)), code_id, sealed, house_.now()};
  TRY(house_.database.write(door_act("residents.arrive", origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    if (message) TRY(house_.outbound.send(tx, *message));
    return store::put_arrival(tx, hash, arrival);
  }));
  return Arrived{Personal(token)};
}

Result<Arrived> Accounts::arrive(const Origin& origin, std::string_view text) const {
  auto phone = parse_phone(text);
  if (!phone) return invalid(phone.failure().code, "phone");
  if (phone->kind == PhoneKind::landline) return invalid("residents.phone_no_messages", "phone");
  TRY_ASSIGN(const std::string code_id, send_code(origin, Personal(phone->number), {"sign-in", "residents.code_message", {}}));
  return put_arrival(origin, code_id, phone->number, std::nullopt);
}

Result<Arrived> Accounts::arrive_by_card(const Origin& origin, const std::string& id_number, const std::string& phone) const {
  const std::string card = "card:" + id_number;   // counted by itself: a limit shared with the phone would tell that they belong together
  TRY_ASSIGN(const auto issued, codes_.issue({"sign-in", Personal(card), origin.address, !phone.empty()}, origin.request_id));
  std::optional<outbound::Message> sms;
  if (issued.to_send) sms = code_message(origin, Personal(phone), issued.to_send->reveal(), "residents.code_message", {});
  return put_arrival(origin, issued.handle, card + '\n' + phone, sms);
}

Result<std::string> Accounts::arrival_csrf(std::string_view token) const {
  if (token.size() != token_letters) return std::string();
  TRY_ASSIGN(const auto arrival, house_.database.read_value([&](storage::Reader& r) { return store::find_arrival(r, hash_token(token)); }));
  return arrival && house_.now() - arrival->created_at <= code_deadline ? arrival->csrf : std::string();
}

Result<std::string> Accounts::new_account(storage::Transaction& tx) const {
  const std::string account = crypto::random_id("res");
  TRY(store::put_account(tx, account, house_.now()));
  return account;
}

Result<bool> Accounts::add_key(storage::Transaction& tx, std::string_view kind, const std::string& value, const std::string& account) const {
  TRY_ASSIGN(const auto sealed, house_.keys.seal("residents-key:" + account, bytes_of(value)));
  TRY_ASSIGN(const auto added, store::put_key(tx, {key_hash(kind, value), std::string(kind), account, sealed}, house_.now()));
  return added > 0;
}

Result<std::string> Accounts::account_of(storage::Transaction& tx, std::string_view kind, const std::string& value) const {
  const std::string hash = key_hash(kind, value);
  TRY_ASSIGN(auto key, store::find_key(tx, hash));
  if (!key) {
    TRY_ASSIGN(const std::string account, new_account(tx));
    TRY_ASSIGN(const bool mine, add_key(tx, kind, value, account));
    if (mine) return account;
    TRY_ASSIGN(key, store::find_key(tx, hash));   // the same key came in twice at one moment
    if (!key) return conflict("residents.arrival_over");
  }
  TRY(store::mark_signed_in(tx, key->account, house_.now()));
  return key->account;
}

Result<std::string> Accounts::account_of_openid(storage::Transaction& tx, const std::string& subject, const std::string& phone) const {
  TRY_ASSIGN(const auto known, store::find_key(tx, key_hash("openid", subject)));
  if (known || phone.empty()) return account_of(tx, "openid", subject);
  TRY_ASSIGN(const std::string account, account_of(tx, "phone", phone));
  TRY_ASSIGN(const bool mine, add_key(tx, "openid", subject, account));
  return mine ? Result<std::string>(account) : account_of(tx, "openid", subject);
}

Result<Entered> Accounts::open_session(const Origin& origin, SessionKind kind, std::string action, const FindAccount& found) const {
  static constexpr std::string_view names[] = {"visit", "device", "trusted"};
  const std::string session_token = new_token();
  store::SessionRow session{crypto::random_id("rss"), {}, to_base32(crypto::random_bytes(32)), origin.device, std::string(names[static_cast<int>(kind)]), house_.now(), house_.now()};
  bool knows_person = false;
  TRY(house_.database.write(door_act(std::move(action), origin.request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(session.account, found(tx));
    TRY(store::put_session(tx, hash_token(session_token), session));
    TRY_ASSIGN(const auto people, store::list_people(tx, session.account));
    knows_person = !people.empty() && people.front().relation == "self";
    tx.note({.object = session.account});
    return {};
  }));
  const auto age = kind == SessionKind::trusted ? std::chrono::duration_cast<std::chrono::seconds>(house_.settings.duration("residents.trusted_days")) : std::chrono::seconds{0};
  return Entered{Personal(session_token), session.csrf, session.account, age, knows_person};
}

Result<Entered> Accounts::enter(const Origin& origin, std::string_view token, std::string_view code, bool trusted) const {
  const std::string hash = hash_token(token);
  TRY_ASSIGN(const auto arrival, house_.database.read_value([&](storage::Reader& r) { return store::find_arrival(r, hash); }));
  if (!arrival || house_.now() - arrival->created_at > code_deadline) return Failure{FailureKind::unauthenticated, "residents.arrival_over"};
  TRY_ASSIGN(const auto plain, house_.keys.open("residents-arrival:" + hash, arrival->sealed));
  const std::string held(plain.begin(), plain.end()), counted = held.substr(0, held.find('\n'));
  const std::string phone = held.substr(held.find('\n') + 1);   // a phone stands alone, and is counted by itself
  TRY(codes_.redeem({"sign-in", Personal(counted), origin.address, arrival->code_id, std::string(code)}, origin.request_id));
  return open_session(origin, trusted ? SessionKind::trusted : SessionKind::device, "residents.enter", [&](storage::Transaction& tx) -> Result<std::string> {
    TRY(store::remove_arrival(tx, hash));
    return account_of(tx, "phone", phone);
  });
}

Result<void> Accounts::leave(const http::Resident& resident, const std::string& request_id) const {
  return house_.database.write(act_of(resident, "residents.leave", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY(store::remove_session(tx, resident.account, resident.session));
    return {};
  });
}

Result<std::vector<Device>> Accounts::list_devices(const http::Resident& resident) const {
  TRY_ASSIGN(const auto sessions, house_.database.read_value([&](storage::Reader& r) { return store::list_sessions(r, resident.account); }));
  std::vector<Device> devices;
  for (const auto& s : sessions)
    if (!is_over(s)) devices.push_back({s.id, s.device, s.created_at, s.last_seen_at, s.kind == "trusted", s.id == resident.session});
  return devices;
}

Result<void> Accounts::end_device(const http::Resident& resident, std::string_view session_id, const std::string& request_id) const {
  return house_.database.write(act_of(resident, "residents.end_device", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto ended, store::remove_session(tx, resident.account, session_id));
    if (ended == 0) return not_found("residents.no_such_device");
    return {};
  });
}

Result<Personal<std::string>> Accounts::phone_of(std::string_view account) const {
  TRY_ASSIGN(const auto key, house_.database.read_value([&](storage::Reader& r) { return store::find_key_of(r, account, "phone"); }));
  if (!key) return Personal<std::string>();
  TRY_ASSIGN(const auto plain, house_.keys.open("residents-key:" + std::string(account), key->sealed));
  return Personal(std::string(plain.begin(), plain.end()));
}

Result<std::int64_t> Accounts::purge(storage::Transaction& tx, Instant now) const {
  return store::purge(tx, {now - code_deadline, now - visit_idle_max - visit_seen_every, now - device_idle_max - seen_every, now - house_.settings.duration("residents.trusted_days")});
}

}  // namespace motcua::residents
