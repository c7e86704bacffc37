#pragma once
// The door of venues: places register, people check in there, by whatever means they have; each check-in is a visit of tracing in the same
// transaction. A venue learns counts, never who.
//
// What is not the asker's own answers venues.no_such_venue or venues.no_such_check_in, whether it is there or not.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "platform/house/house.hpp"
#include "platform/http/message.hpp"
#include "rooms/residents/residents.hpp"
#include "rooms/tracing/tracing.hpp"
#include "rooms/venues/model.hpp"

namespace motcua::venues {

inline constexpr std::string_view source_name = "checkin";     // of the visits told here; behind it how: "checkin-sms"
inline constexpr int venues_max = 50;                          // open ones of one resident
inline constexpr int check_ins_per_day_max = 200;              // of one person
inline constexpr std::size_t group_max = 200;                  // people of one check-in: a train's carriage
inline constexpr std::chrono::minutes undo_within{15};
inline constexpr std::chrono::minutes early_max{10};           // a moment told by a phone may lie so far ahead
inline constexpr std::chrono::days late_max{7};                // and so far back: what an offline queue may still hold

/// Who answers for a venue. Staff see those of their areas, a resident the own ones.
struct Keeper {
  Act act;
  bool staff = false;
  std::vector<std::string> areas;                              // unit codes; "" or "vn" among them: the whole country
};

/// When it happened, as a phone says that was offline; its own clock beside it, so that one that is wrong is noticed and set right.
struct Told {
  std::optional<Instant> at, clock;
};
struct CheckInRequest {
  std::string number;                                          // chk_..., made by the client; again it is the same check-in. Empty: made here
  std::string code;                                            // as scanned or typed (parse_code)
  std::vector<std::string> people;                             // prs_... for whom the account speaks; empty: the account itself
  Told told;
};
enum class Outcome { here, already, again };                   // new; there already, nothing was added; this very check-in was told before
struct Presence {
  std::string number, place, person;                           // chk_..., vnu_..., prs_... (or empty: known by something else)
  std::string venue;                                           // name
  Instant from{}, to{};
  Outcome outcome = Outcome::here;
};

/// A message from a telephone. Its sender is a claim: telephone networks do not prove it.
struct InboundMessage {
  std::string message_id;                                      // the gateway's; empty: none
  Personal<std::string> phone, text;
};

class Venues {
 public:
  virtual ~Venues() = default;
  virtual const std::vector<Kind>& kinds() const = 0;

  // ---- for keepers
  /// Failures venues.name_needed (name), venues.kind_unknown (kind), venues.ward_unknown (address), venues.too_many_venues.
  virtual Result<Venue> add_venue(const Keeper& keeper, const NewVenue& venue) = 0;
  virtual Result<std::vector<Venue>> list_venues(const Keeper& keeper) = 0;
  virtual Result<Venue> get_venue(const Keeper& keeper, std::string_view venue_id) = 0;
  /// Nobody checks in any more. Failure venues.closed.
  virtual Result<void> close_venue(const Keeper& keeper, std::string_view venue_id) = 0;
  /// New codes; the old ones, on posters that were copied or defaced, end at once. Failure venues.closed.
  virtual Result<Venue> reissue_codes(const Keeper& keeper, std::string_view venue_id) = 0;
  /// Of the last `days` days, today first.
  virtual Result<std::vector<DayCount>> count_check_ins(const Keeper& keeper, std::string_view venue_id, int days) = 0;
  /// PDF; `site`: "https://host".
  virtual Result<std::string> poster(const Keeper& keeper, std::string_view venue_id, const std::string& site, std::string_view lang) = 0;

  // ---- for residents
  /// Failures those of parse_code, venues.no_such_code, venues.code_ended, venues.closed.
  virtual Result<Venue> find_by_code(std::string_view code) = 0;
  /// Each person once, all or none. Failures those of find_by_code, residents.no_such_person, venues.number_unreadable, venues.time_unlikely (at),
  /// venues.too_many_check_ins, venues.too_many_people.
  virtual Result<std::vector<Presence>> check_in(const http::Resident& resident, const std::string& request_id, const CheckInRequest& request) = 0;
  /// Of all for whom the account speaks, of the last days; newest first.
  virtual Result<std::vector<Presence>> list_check_ins(const http::Resident& resident, int days) = 0;
  /// Left now. Once over it is over.
  virtual Result<void> check_out(const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person) = 0;
  /// Failure venues.too_late_to_undo (after undo_within).
  virtual Result<void> undo(const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person) = 0;

  // ---- for door staff: what was shown or said (card, citizen card, pass, identity number, phone), one a person
  struct Shown {
    std::vector<Outcome> outcomes;                             // of what was read, nobody twice
    std::vector<std::pair<std::size_t, Failure>> refused;      // position in what was shown
  };
  virtual Result<Shown> check_in_shown(const Keeper& keeper, std::string_view venue_id, std::string_view number, const std::vector<std::string>& shown, const Told& told) = 0;

  // ---- messages: durable when it returns; whatever it says, it is never a failure of the message
  virtual Result<void> hear(const InboundMessage& message) = 0;
};

class VenuesRoom : public Room {
 public:
  virtual Venues& door() = 0;
};
/// Failure: policies/venues.toml as read_kinds says.
Result<std::unique_ptr<VenuesRoom>> make_venues(House& house, residents::Residents& residents, tracing::Tracing& tracing);

}  // namespace motcua::venues
