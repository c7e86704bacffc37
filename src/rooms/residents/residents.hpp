#pragma once
// The door of residents: who stands there, and for whom they may speak.
//
// A phone is not a person. Whoever types the code sent to a phone has an account; what that account may see of what the state knows is another
// question. Its own person is `said` until identity's register calls the same phone the same person's own (name, birth date and identity number as told here): then
// it is `proved`, and what other registers told may be shown. Everything that is not the asker's own answers residents.no_such_person.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/house/house.hpp"
#include "platform/http/hooks.hpp"
#include "platform/http/message.hpp"
#include "platform/outbound/outbound.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::residents {

inline constexpr std::string_view source_name = "motcua";       // of records told at this door; record id: the person's handle
inline constexpr std::string_view session_cookie = "motcua-resident", arrival_cookie = "motcua-arrival";   // arrival: between the code's sending and its typing
inline constexpr std::size_t people_max = 30;                   // for whom one account may speak at a time
inline constexpr int adult_years = 18;                          // Civil Code 2015 (91/2015/QH13), article 20

struct Origin {
  std::string address, request_id, device;                      // device: "Firefox, Android"
  std::string lang = "vi";
};

// ---- coming in

struct Arrived {
  Personal<std::string> token;          // for the cookie
};
struct Entered {
  Personal<std::string> token;
  std::string csrf, account;
  std::chrono::seconds cookie_age{0};   // 0: until the browser closes
  bool knows_person = false;            // false: asks who they are next
};
struct Device {
  std::string session_id, device;
  Instant created_at{}, last_seen_at{};
  bool trusted = false, this_one = false;
};

// ---- for whom

enum class Relation { self, child, parent, spouse, relative, neighbour, helped };
enum class Basis {
  own,        // the account itself
  guardian,   // of somebody under age, on the account's word
  code,       // a code sent to the person's own phone
  card,       // the person's printed card and its PIN
  official    // said or signed before an official, who is on record
};
enum class Assurance { said, proved };

/// What a person tells of themselves; texts as typed.
struct Details {
  std::string full_name, birth, sex, id_number, phone, address, ward_code, nationality, insurance_number;
};
/// As a record tells them.
Details details_of(const identity::RecordView& record);
/// What is empty is as `otherwise` says.
Details completed(Details told, const Details& otherwise);

struct Person {
  std::string handle;                   // prs_...: names the person in addresses
  std::string subject;                  // sub_...: of the record told here
  Relation relation = Relation::self;
  Basis basis = Basis::own;
  Assurance assurance = Assurance::said;
  bool waits = false;                   // the code that says yes has not been typed
  Instant since{};
  Personal<Details> details;
};
struct NewPerson {
  Details details;
  Relation relation = Relation::self;
};

class Residents {
 public:
  virtual ~Residents() = default;

  /// Fills request.resident from the cookie; a hook of the server.
  virtual http::Check identify() const = 0;

  /// Sends a code to a phone, known or not. Failures: those of parse_phone (field phone), auth.too_many_tries.
  virtual Result<Arrived> arrive(const Origin& origin, std::string_view phone) = 0;
  /// The token of the form of an arrival; empty: it is over.
  virtual Result<std::string> arrival_csrf(std::string_view token) = 0;
  /// Failures: auth.code_not_accepted (field code), auth.too_many_tries, residents.arrival_over.
  virtual Result<Entered> enter(const Origin& origin, std::string_view token, std::string_view code, bool trusted) = 0;
  virtual Result<void> leave(const http::Resident& resident, const std::string& request_id) = 0;
  virtual Result<std::vector<Device>> list_devices(const http::Resident& resident) = 0;
  /// Failure residents.no_such_device.
  virtual Result<void> end_device(const http::Resident& resident, std::string_view session_id, const std::string& request_id) = 0;

  /// The account's own phone.
  virtual Result<Personal<std::string>> phone_of(std::string_view account) = 0;
  /// Own person first. Those who have not said yes are among them, `waits`.
  virtual Result<std::vector<Person>> list_people(const http::Resident& resident) = 0;
  /// For whom the account may speak now, itself first: handle and record, nothing of what they told. Inside the caller's snapshot or transaction.
  struct Spoken { std::string handle, subject; };
  virtual Result<std::vector<Spoken>> spoken_for(storage::Reader& reader, std::string_view account) = 0;
  /// Somebody for whom the account may speak now. Failure residents.no_such_person.
  virtual Result<Person> get_person(const http::Resident& resident, std::string_view handle) = 0;
  /// The same for an act that is on record itself and names the person: the look gets no entry of its own. Shows nothing to whoever acts.
  virtual Result<Person> person_to_act_for(const http::Resident& resident, std::string_view handle) = 0;
  /// Tells who one is, or adds somebody. An adult with a phone of their own is sent a code (`waits` until confirm_person). Failures name the field:
  /// residents.field_required, residents.not_a_child, residents.phone_needed, residents.too_many_people, those of identity.prepare.
  virtual Result<Person> add_person(const Origin& origin, const http::Resident& resident, const NewPerson& person) = 0;
  virtual Result<void> confirm_person(const Origin& origin, const http::Resident& resident, std::string_view handle, std::string_view code) = 0;
  /// What the person tells changed; their record with it.
  virtual Result<Person> change_details(const Origin& origin, const http::Resident& resident, std::string_view handle, const Details& details) = 0;
  /// From this moment the account speaks for them no more (promise 11). The account's own person cannot be ended.
  virtual Result<void> end_person(const Origin& origin, const http::Resident& resident, std::string_view handle) = 0;
  /// Who speaks for this person, for that person to see and to end.
  struct Proxy { std::string account, handle; Relation relation; Basis basis; Instant since; };   // handle cns_...: of the consent, for end_proxy
  virtual Result<std::vector<Proxy>> list_proxies(const http::Resident& resident) = 0;
  virtual Result<void> end_proxy(const Origin& origin, const http::Resident& resident, std::string_view handle) = 0;

  // ---- met by a member of staff, with or without a phone. `act` is hers; each use is on record. What of the details her role may see is the caller's to hold.

  /// The person whose details these are, without an account: basis official, one record in identity, kept until somebody claims it (README.md). Found again by the same identity
  /// number and name, or by the same name, birth and phone; what is told now replaces, what is left empty stays. Relation is not looked at. Failures as add_person.
  virtual Result<Person> receive(const Act& act, const NewPerson& person) = 0;
  /// The same inside the caller's transaction, on record with its act.
  virtual Result<Person> receive(storage::Transaction& tx, const NewPerson& person) = 0;
  /// Failure residents.no_such_person.
  virtual Result<Person> received_person(const Act& act, std::string_view handle) = 0;
  /// By the code of a printed card, scanned or typed. Failures: residents.card_unreadable (field card), residents.no_such_card (made up, reissued or revoked).
  virtual Result<Person> person_of_card(const Act& act, std::string_view card) = 0;

  /// Whom identity knows this person as, where that is proved; nothing otherwise. Inside the caller's snapshot.
  virtual Result<std::optional<std::string>> find_known(storage::Reader& reader, const Person& person) = 0;
};

/// The act of a resident on record.
Act act_of(const http::Resident& resident, std::string action, const std::string& request_id);
Origin origin_of(const http::Request& request);
/// Where a page was left for another: its query or form value `next`; and that, when it is a path of this site, otherwise /me.
std::string next_of(const http::Request& request);
std::string safe_next(const http::Request& request, const std::string& next);
std::string_view to_text(Relation relation);
std::optional<Relation> parse_relation(std::string_view text);

class ResidentsRoom : public Room {
 public:
  virtual Residents& door() = 0;
};
Result<std::unique_ptr<ResidentsRoom>> make_residents(House& house, identity::Identity& identity);

}  // namespace motcua::residents
