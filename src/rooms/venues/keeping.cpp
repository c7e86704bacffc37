// Venues of their keepers: made, closed, given other codes, counted.
#include <algorithm>

#include "base/vietnamese.hpp"
#include "platform/units/units.hpp"
#include "rooms/venues/counter.hpp"

namespace motcua::venues {
namespace {

constexpr int listed_max = 200;
constexpr int code_tries_max = 20;               // a short code that is taken is drawn anew; one in a hundred is at a million venues
constexpr int count_days_max = 31;

Failure no_such_venue() { return not_found("venues.no_such_venue"); }

/// One line of letters as people read it: direction marks would let a name say something else than it holds.
Result<std::string> line_of(std::string_view typed, std::size_t chars_max, const char* field) {
  auto line = vietnamese::normalise_name(typed);
  if (!line) return invalid(line.failure().code, field);
  for (const std::string_view mark : {"\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"})
    if (line->find(mark) != std::string::npos) return invalid("venues.text_unreadable", field);
  const auto chars = std::count_if(line->begin(), line->end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (static_cast<std::size_t>(chars) > chars_max) return invalid("venues.text_too_long", field, {{"max", std::to_string(chars_max)}});
  return line;
}

Result<Venue> read(const Counter& counter, const Keeper& keeper, const NewVenue& told) {
  Venue venue;
  const Instant now = counter.house.now();
  venue.venue_id = crypto::random_id("vnu");
  venue.keeper = keeper.act.actor;
  venue.made_at = now;
  TRY_ASSIGN(venue.name, line_of(told.name, name_chars_max, "name"));
  if (venue.name.empty()) return invalid("venues.name_needed", "name");
  if (find_kind(counter.kinds, told.kind, vietnam_date(now)) == nullptr) return invalid("venues.kind_unknown", "kind");
  venue.kind = told.kind;
  TRY_ASSIGN(venue.address, line_of(told.address, address_chars_max, "address"));
  venue.ward_code = told.ward_code.empty() ? counter.house.units.resolve_address(venue.address, vietnam_date(now)).ward_code : told.ward_code;
  if (!counter.house.units.find(venue.ward_code, vietnam_date(now))) return invalid("venues.ward_unknown", "address");
  return venue;
}

std::string random_poster_code() { return crypto::random_id("v").substr(2); }
std::uint64_t random_number() {
  std::uint64_t number = 0;
  for (const auto byte : crypto::random_bytes(8)) number = number << 8 | byte;
  return number;
}

/// Codes nobody had before.
Result<void> draw_codes(storage::Transaction& tx, Venue& venue, Instant now) {
  venue.code = random_poster_code();
  TRY(store::put_code(tx, venue.code, venue.venue_id, now));
  for (int i = 0; i < code_tries_max; ++i) {
    venue.short_code = to_short_code(random_number());
    TRY_ASSIGN(const bool ours, store::put_code(tx, venue.short_code, venue.venue_id, now));
    if (ours) return {};
  }
  return unavailable("venues.no_short_code_left", "");
}

void note(storage::Transaction& tx, const Venue& venue) { tx.note({.object = venue.venue_id, .area = venue.ward_code}); }

bool lies_in(const units::Units& units, const std::vector<std::string>& areas, const std::string& ward) {
  return std::any_of(areas.begin(), areas.end(), [&](const std::string& area) { return units.contains(area.empty() ? "vn" : area, ward); });
}

}  // namespace

Result<Venue> open_venue(storage::Reader& reader, std::string_view text) {
  TRY_ASSIGN(const std::string code, parse_code(text));
  TRY_ASSIGN(auto found, store::find_code(reader, code));
  if (!found) return not_found("venues.no_such_code");
  if (found->venue.closed_at) return conflict("venues.closed");
  if (found->ended) return conflict("venues.code_ended");
  return std::move(found->venue);
}

Result<Venue> kept_venue(const Counter& counter, storage::Reader& reader, const Keeper& keeper, std::string_view venue_id) {
  TRY_ASSIGN(auto venue, store::find_venue(reader, venue_id));
  if (!venue) return no_such_venue();
  const bool theirs = keeper.staff ? lies_in(counter.house.units, keeper.areas, venue->ward_code) : venue->keeper == keeper.act.actor;
  if (!theirs) return no_such_venue();
  return std::move(*venue);
}

Result<Venue> add_venue(const Counter& counter, const Keeper& keeper, const NewVenue& told) {
  TRY_ASSIGN(const Venue read_venue, read(counter, keeper, told));
  if (keeper.staff && !lies_in(counter.house.units, keeper.areas, read_venue.ward_code)) return invalid("venues.ward_not_yours", "address");
  return counter.house.database.write_value(keeper.act, [&](storage::Transaction& tx) -> Result<Venue> {
    Venue venue = read_venue;
    TRY_ASSIGN(const auto others, store::count_of_keeper(tx, venue.keeper));
    if (!keeper.staff && others >= venues_max) return conflict("venues.too_many_venues");
    TRY(draw_codes(tx, venue, venue.made_at));
    TRY(store::put_venue(tx, venue));
    const Kind* kind = find_kind(counter.kinds, venue.kind, vietnam_date(venue.made_at));
    TRY(counter.tracing.name_place(tx, {venue.venue_id, venue.name, venue.ward_code, kind == nullptr ? "venue" : kind->visit}));
    note(tx, venue);
    return venue;
  });
}

Result<std::vector<Venue>> list_venues(const Counter& counter, const Keeper& keeper) {
  return counter.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Venue>> {
    if (!keeper.staff) return store::list_of_keeper(reader, keeper.act.actor, listed_max);
    TRY_ASSIGN(auto wards, store::wards_in_use(reader));
    std::erase_if(wards, [&](const std::string& ward) { return !lies_in(counter.house.units, keeper.areas, ward); });
    return store::list_of_wards(reader, wards, listed_max);
  });
}

Result<Venue> get_venue(const Counter& counter, const Keeper& keeper, std::string_view venue_id) {
  return counter.house.database.read_value([&](storage::Reader& reader) { return kept_venue(counter, reader, keeper, venue_id); });
}

Result<void> close_venue(const Counter& counter, const Keeper& keeper, std::string_view venue_id) {
  return counter.house.database.write(keeper.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const Venue venue, kept_venue(counter, tx, keeper, venue_id));
    TRY_ASSIGN(const auto rows, store::close(tx, venue, counter.house.now()));
    if (rows == 0) return conflict("venues.closed");
    note(tx, venue);
    return {};
  });
}

Result<Venue> reissue_codes(const Counter& counter, const Keeper& keeper, std::string_view venue_id) {
  return counter.house.database.write_value(keeper.act, [&](storage::Transaction& tx) -> Result<Venue> {
    TRY_ASSIGN(const Venue before, kept_venue(counter, tx, keeper, venue_id));
    if (before.closed_at) return conflict("venues.closed");
    Venue venue = before;
    TRY(draw_codes(tx, venue, counter.house.now()));
    TRY(store::change_codes(tx, before, venue.code, venue.short_code, counter.house.now()));
    note(tx, venue);
    return venue;
  });
}

Result<std::vector<DayCount>> count_check_ins(const Counter& counter, const Keeper& keeper, std::string_view venue_id, int days) {
  return counter.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<DayCount>> {
    TRY_ASSIGN(const Venue venue, kept_venue(counter, reader, keeper, venue_id));
    std::vector<DayCount> counts;
    const std::chrono::sys_days today = vietnam_date(counter.house.now());
    for (int i = 0; i < std::clamp(days, 1, count_days_max); ++i) {
      const Date day = today - std::chrono::days(i);
      const Instant from = vietnam_midnight(day);
      TRY_ASSIGN(const auto n, counter.tracing.count_stays(reader, venue.venue_id, std::string(source_name), from, from + std::chrono::days(1)));
      counts.push_back({day, to_shown(n)});
    }
    return counts;
  });
}

}  // namespace motcua::venues
