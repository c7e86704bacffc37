#pragma once
// Printed cards: who has no phone carries one. Its code says who somebody is at gates and venues; code and PIN together open what is theirs. Inner header of the room.
#include "platform/documents/pdf.hpp"
#include "rooms/residents/reception.hpp"

namespace motcua::residents {

inline constexpr std::int64_t pin_tries_max = 5;      // wrong ones of a card, then it is locked: one of 200,000 guesses at a PIN of six digits fits; the counter prints another
inline constexpr std::chrono::hours presence_max{12};   // a shift
inline constexpr int cards_listed_max = 20, helpers_max = 20;
/// Of PINs, right or wrong, from one address: a ward's counter sees some dozens of people an hour.
inline constexpr auth::Limit pins_by_address{"pin-address", 60, std::chrono::minutes{1}, std::chrono::minutes{30}, std::chrono::hours{1}};

/// What is printed once and kept nowhere.
struct PrintedCard {
  std::string card;                    // crd_...
  std::string code;                    // what the QR holds: "MCC:" and 26 letters and digits
  Personal<std::string> full_name;
  Personal<std::string> pin;
};
struct Card {
  std::string card;
  Instant issued_at{};
  bool locked = false;
  std::optional<Instant> ended_at;
};
/// An account that may speak for the person because the person said so before an official.
struct Helper {
  std::string consent, manner;
  Instant since{};
};
enum class Paper { a4, roll };

class Cards {
 public:
  static Result<Cards> make(House& house, const Accounts& accounts, const Reception& reception);

  // ---- at the counter, for somebody this member of staff received, or whose card they read, during the last `presence_max`. Otherwise residents.no_such_person
  Result<Person> get_present(const Act& act, std::string_view person) const;
  /// A new card; from this moment the ones before it, and whoever came in by them, are out.
  Result<PrintedCard> issue(const Act& act, std::string_view person) const;
  Result<void> revoke(const Act& act, std::string_view person, std::string_view card) const;
  Result<std::vector<Card>> list(storage::Reader& reader, const Person& present) const;
  /// The person said before an official that whoever has this phone may speak for them; `manner`: spoken, written, interpreter. The person of that phone
  /// finds them on /me from now on. Failures: those of parse_phone, residents.manner_needed, residents.too_many_helpers.
  Result<void> let_help(const Act& act, std::string_view person, std::string_view phone, std::string_view manner) const;
  Result<std::vector<Helper>> list_helpers(storage::Reader& reader, const Person& present) const;
  Result<void> end_help(const Act& act, std::string_view person, std::string_view consent) const;

  // ---- by whoever holds it. Failures: residents.card_unreadable (field card), residents.card_or_pin_wrong (field pin) for made up, replaced and mistyped alike,
  // residents.card_locked, auth.too_many_tries
  Result<Entered> enter(const Origin& origin, std::string_view code, std::string_view pin) const;
  /// The card's person is this account's from now on, beside whom it told itself. Failure residents.card_is_yours.
  Result<void> claim(const Origin& origin, const http::Resident& resident, std::string_view code, std::string_view pin) const;

 private:
  Cards(House& house, const Accounts& accounts, const Reception& reception, auth::Limiter limiter)
      : house_(house), accounts_(accounts), reception_(reception), limiter_(std::move(limiter)) {}
  Result<store::ReceivedRow> get_present(storage::Reader& reader, const Act& act, std::string_view person) const;
  Result<store::CardRow> check_pin(const Origin& origin, std::string_view code, std::string_view pin) const;

  House& house_;
  const Accounts& accounts_;
  const Reception& reception_;
  auth::Limiter limiter_;
};

/// The card with the PIN on a slip to tear off.
Result<std::string> print_card(const i18n::Texts& texts, const std::string& lang, const PrintedCard& card, Paper paper);

}  // namespace motcua::residents
