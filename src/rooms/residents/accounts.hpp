#pragma once
// Coming in: a phone and the code sent to it, sessions, trusted devices. Inner header of the room.
#include <functional>

#include "platform/auth/one_time_code.hpp"
#include "rooms/residents/residents.hpp"
#include "rooms/residents/store.hpp"

namespace motcua::residents {

/// How long a session lives without use: at a counter's tablet, on a device, on one the person trusts (residents.trusted_days).
inline constexpr std::chrono::minutes visit_idle_max{5}, device_idle_max{30};
inline constexpr std::chrono::minutes visit_seen_every{1}, seen_every{10};   // how stale "last seen" may be: a write at most so often
inline constexpr std::chrono::minutes code_deadline{5};        // trust.md, promise 4

class Accounts {
 public:
  static Result<Accounts> make(House& house);

  Result<std::optional<http::Resident>> find(std::string_view token) const;
  Result<Arrived> arrive(const Origin& origin, std::string_view phone) const;
  /// By a citizen card: the code goes to `phone` (empty: to nobody), which the answer does not tell. Limits by number and by address; the message leaves by the bus, so
  /// that whether there is one changes nothing that can be timed from outside.
  Result<Arrived> arrive_by_card(const Origin& origin, const std::string& id_number, const std::string& phone) const;
  Result<std::string> arrival_csrf(std::string_view token) const;
  Result<Entered> enter(const Origin& origin, std::string_view token, std::string_view code, bool trusted) const;
  Result<void> leave(const http::Resident& resident, const std::string& request_id) const;
  Result<std::vector<Device>> list_devices(const http::Resident& resident) const;
  Result<void> end_device(const http::Resident& resident, std::string_view session_id, const std::string& request_id) const;
  Result<Personal<std::string>> phone_of(std::string_view account) const;

  /// Makes a code for a purpose and sends it with this sentence ({{code}}, {{minutes}} and `values`); the id to redeem it by.
  struct CodeMessage { std::string purpose, text_key; i18n::Args values; };
  Result<std::string> send_code(const Origin& origin, const Personal<std::string>& phone, const CodeMessage& message) const;
  const auth::OneTimeCodes& codes() const { return codes_; }
  Result<std::int64_t> purge(storage::Transaction& tx, Instant now) const;

  // ---- for other ways in
  enum class SessionKind { visit, device, trusted };
  /// A session of its own token, whatever was known before it. `found` is asked inside the transaction for the account.
  using FindAccount = std::function<Result<std::string>(storage::Transaction&)>;
  Result<Entered> open_session(const Origin& origin, SessionKind kind, std::string action, const FindAccount& found) const;
  /// The account that this phone, or this subject of an OpenID issuer, finds; made when there is none.
  Result<std::string> account_of(storage::Transaction& tx, std::string_view kind, const std::string& value) const;
  /// The account of an OpenID subject. A phone that the provider proves ("" for none) joins it to that phone's account when it comes for the first time.
  Result<std::string> account_of_openid(storage::Transaction& tx, const std::string& subject, const std::string& phone) const;
  /// Made for somebody who has neither.
  Result<std::string> new_account(storage::Transaction& tx) const;

 private:
  /// Whose code, and whose phone, an arrival holds: one text, or two where a card stands for the phone.
  Result<Arrived> put_arrival(const Origin& origin, const std::string& code_id, const std::string& held, const std::optional<outbound::Message>& message) const;
  outbound::Message code_message(const Origin& origin, const Personal<std::string>& phone, const std::string& code, std::string_view key, i18n::Args values) const;
  Accounts(House& house, auth::OneTimeCodes codes, crypto::Bytes key) : house_(house), codes_(std::move(codes)), key_(std::move(key)) {}
  /// False: somebody else added it at the same moment.
  Result<bool> add_key(storage::Transaction& tx, std::string_view kind, const std::string& value, const std::string& account) const;
  std::string key_hash(std::string_view kind, std::string_view value) const;
  bool is_over(const store::SessionRow& session) const;

  House& house_;
  auth::OneTimeCodes codes_;
  crypto::Bytes key_;
};

}  // namespace motcua::residents
