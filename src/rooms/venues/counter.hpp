#pragma once
// What the use cases share. Inner header of the room.
#include "platform/auth/limiter.hpp"
#include "platform/crypto/crypto.hpp"
#include "rooms/venues/store.hpp"
#include "rooms/venues/venues.hpp"

namespace motcua::venues {

struct Counter {
  House& house;
  residents::Residents& residents;
  tracing::Tracing& tracing;
  std::vector<Kind> kinds;
  auth::Limiter limiter;
  crypto::Bytes phone_key;                                     // hashes of phones that asked for silence
};

/// An open venue by what was scanned or typed; failures of Venues::find_by_code.
Result<Venue> open_venue(storage::Reader& reader, std::string_view code);
/// Failure venues.no_such_venue.
Result<Venue> kept_venue(const Counter& counter, storage::Reader& reader, const Keeper& keeper, std::string_view venue_id);

/// People at a venue: by reference, each with the stay that is told (counting none twice).
struct Arrival {
  const Venue& venue;
  std::string number, source;
  std::vector<std::string> references;
  Instant at{};
};
/// In the caller's transaction; one of each reference, in their order. Failures venues.too_many_check_ins, venues.number_taken.
Result<std::vector<Presence>> arrive(const Counter& counter, storage::Transaction& tx, const Arrival& arrival);
/// When it was, by the house's clock. Failure venues.time_unlikely (at).
Result<Instant> moment_of(const Counter& counter, const Told& told);
/// The stay's own number among those of one check-in.
std::string stay_id_of(std::string_view number, std::string_view reference);
std::string reference_of(std::string_view person);             // "record:motcua:prs_..."

// ---- keeping.cpp
Result<Venue> add_venue(const Counter& counter, const Keeper& keeper, const NewVenue& venue);
Result<std::vector<Venue>> list_venues(const Counter& counter, const Keeper& keeper);
Result<Venue> get_venue(const Counter& counter, const Keeper& keeper, std::string_view venue_id);
Result<void> close_venue(const Counter& counter, const Keeper& keeper, std::string_view venue_id);
Result<Venue> reissue_codes(const Counter& counter, const Keeper& keeper, std::string_view venue_id);
Result<std::vector<DayCount>> count_check_ins(const Counter& counter, const Keeper& keeper, std::string_view venue_id, int days);
// ---- poster.cpp
Result<std::string> draw_poster(const Counter& counter, const Venue& venue, const std::string& site, std::string_view lang);
// ---- check_in.cpp
Result<std::vector<Presence>> check_in(const Counter& counter, const http::Resident& resident, const std::string& request_id, const CheckInRequest& request);
Result<std::vector<Presence>> list_check_ins(const Counter& counter, const http::Resident& resident, int days);
Result<void> check_out(const Counter& counter, const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person);
Result<void> undo(const Counter& counter, const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person);
// ---- shown.cpp
Result<Venues::Shown> check_in_shown(const Counter& counter, const Keeper& keeper, std::string_view venue_id, std::string_view number, const std::vector<std::string>& shown,
                                     const Told& told);
// ---- messages.cpp
Result<void> hear(const Counter& counter, const InboundMessage& message);

}  // namespace motcua::venues
