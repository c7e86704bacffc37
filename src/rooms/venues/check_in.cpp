// A resident is there: for oneself and for whom one speaks.
#include <algorithm>

#include "base/ids.hpp"
#include "rooms/venues/counter.hpp"

namespace motcua::venues {
namespace {

constexpr std::chrono::hours look_back{24};
constexpr int list_days_max = 21;                    // retention.visits_days: there is nothing older

Failure no_such_check_in() { return not_found("venues.no_such_check_in"); }
std::string own_source() { return std::string(source_name); }

/// prs_... of "record:motcua:prs_..."; empty: another reference.
std::string person_of(std::string_view reference) {
  constexpr std::string_view prefix = "record:motcua:";
  return reference.starts_with(prefix) ? std::string(reference.substr(prefix.size())) : std::string();
}

/// "chk_..." of a stay's number.
std::string number_of(std::string_view stay_id) { return std::string(stay_id.substr(0, stay_id.find('.'))); }

Presence to_presence(const tracing::Stay& stay, const Venue& venue, Outcome outcome) {
  return {number_of(stay.stay_id), venue.venue_id, person_of(stay.reference), venue.name, stay.from, stay.to, outcome};
}

/// Handles the account may speak for now; the own one alone when none is named. Their records beside them, for the record of who did what.
Result<std::vector<residents::Residents::Spoken>> chosen(const Counter& counter, storage::Reader& reader, const http::Resident& resident, const std::vector<std::string>& people) {
  if (people.size() > group_max) return invalid("venues.too_many_people", "people", {{"max", std::to_string(group_max)}});
  TRY_ASSIGN(auto spoken, counter.residents.spoken_for(reader, resident.account));
  if (spoken.empty()) return not_found("residents.no_such_person");
  if (people.empty()) {
    spoken.resize(1);
    return spoken;
  }
  std::vector<residents::Residents::Spoken> found;
  for (const std::string& handle : people) {
    const auto one = std::find_if(spoken.begin(), spoken.end(), [&](const auto& s) { return s.handle == handle; });
    if (one == spoken.end()) return not_found("residents.no_such_person");
    if (std::none_of(found.begin(), found.end(), [&](const auto& f) { return f.handle == handle; })) found.push_back(*one);
  }
  return found;
}

/// The stay of one's own, or of somebody for whom one speaks.
Result<tracing::Stay> own_stay(const Counter& counter, storage::Transaction& tx, const http::Resident& resident, std::string_view number, std::string_view person) {
  if (!is_id("chk", number)) return no_such_check_in();
  TRY_ASSIGN(const auto spoken, counter.residents.spoken_for(tx, resident.account));
  const auto one = std::find_if(spoken.begin(), spoken.end(), [&](const auto& s) { return s.handle == person; });
  if (one == spoken.end()) return no_such_check_in();
  TRY_ASSIGN(auto stay, counter.tracing.find_stay(tx, own_source(), stay_id_of(number, reference_of(person))));
  if (!stay) return no_such_check_in();
  tx.note({.object = stay->place_code, .subject = one->subject});
  return std::move(*stay);
}

}  // namespace

std::string reference_of(std::string_view person) { return "record:" + std::string(residents::source_name) + ":" + std::string(person); }

std::string stay_id_of(std::string_view number, std::string_view reference) {
  const auto hash = crypto::sha256(reference);
  return std::string(number) + "." + to_base32({hash.data(), 10});
}

Result<Instant> moment_of(const Counter& counter, const Told& told) {
  const Instant now = counter.house.now();
  if (!told.at) return now;
  // What the phone's clock is ahead of ours it was ahead of then, too.
  const Instant at = told.clock ? *told.at + (now - *told.clock) : *told.at;
  if (at > now + early_max || at < now - late_max) return invalid("venues.time_unlikely", "at");
  return std::min(at, now);
}

Result<std::vector<Presence>> arrive(const Counter& counter, storage::Transaction& tx, const Arrival& a) {
  const Kind* kind = find_kind(counter.kinds, a.venue.kind, vietnam_date(a.at));
  TRY_ASSIGN(const auto held, counter.tracing.stays_of(tx, a.references, a.at - look_back, a.at + look_back));
  std::vector<tracing::Stay> told;
  std::vector<Presence> out;
  for (const std::string& reference : a.references) {
    tracing::Stay stay{stay_id_of(a.number, reference), a.source, reference, a.venue.venue_id, kind == nullptr ? "venue" : kind->visit, a.at, a.at + (kind == nullptr ? std::chrono::minutes(60) : kind->stay)};
    const auto is_hers = [&](const tracing::Stay& s) { return s.reference == reference; };
    const auto again = std::find_if(held.begin(), held.end(), [&](const auto& s) { return is_hers(s) && s.stay_id == stay.stay_id; });
    if (again != held.end()) {
      if (again->place_code != a.venue.venue_id) return conflict("venues.number_taken");
      out.push_back(to_presence(*again, a.venue, Outcome::again));
      continue;
    }
    const auto there = std::find_if(held.begin(), held.end(), [&](const auto& s) { return is_hers(s) && s.place_code == a.venue.venue_id && s.from <= a.at && a.at < s.to; });
    if (there != held.end()) {
      out.push_back(to_presence(*there, a.venue, Outcome::already));
      continue;
    }
    if (std::count_if(held.begin(), held.end(), is_hers) >= check_ins_per_day_max) return Failure{FailureKind::rate_limited, "venues.too_many_check_ins"};
    out.push_back(to_presence(stay, a.venue, Outcome::here));
    told.push_back(std::move(stay));
  }
  if (!told.empty()) TRY(counter.tracing.tell_stays(tx, told));
  return out;
}

Result<std::vector<Presence>> check_in(const Counter& counter, const http::Resident& resident, const std::string& request_id, const CheckInRequest& request) {
  const std::string number = request.number.empty() ? crypto::random_id("chk") : request.number;
  if (!is_id("chk", number)) return invalid("venues.number_unreadable", "number");
  TRY_ASSIGN(const Instant at, moment_of(counter, request.told));
  TRY_ASSIGN(const Venue venue, counter.house.database.read_value([&](storage::Reader& reader) { return open_venue(reader, request.code); }));
  return counter.house.database.write_value(residents::act_of(resident, "venues.check_in", request_id), [&](storage::Transaction& tx) -> Result<std::vector<Presence>> {
    TRY_ASSIGN(const auto people, chosen(counter, tx, resident, request.people));
    Arrival arrival{venue, number, own_source(), {}, at};
    for (const auto& p : people) {
      arrival.references.push_back(reference_of(p.handle));
      tx.note({.object = venue.venue_id, .subject = p.subject});
    }
    return arrive(counter, tx, arrival);
  });
}

Result<std::vector<Presence>> list_check_ins(const Counter& counter, const http::Resident& resident, int days) {
  return counter.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Presence>> {
    TRY_ASSIGN(const auto spoken, counter.residents.spoken_for(reader, resident.account));
    std::vector<std::string> references;
    for (const auto& s : spoken) references.push_back(reference_of(s.handle));
    if (references.empty()) return std::vector<Presence>{};
    const Instant now = counter.house.now();
    TRY_ASSIGN(const auto stays, counter.tracing.stays_of(reader, references, now - std::chrono::days(std::clamp(days, 1, list_days_max)), now + early_max));
    std::vector<Presence> out;
    for (const auto& stay : stays) {
      if (stay.source != source_name) continue;
      TRY_ASSIGN(const auto venue, store::find_venue(reader, stay.place_code));
      if (venue) out.push_back(to_presence(stay, *venue, Outcome::here));
    }
    return out;
  });
}

Result<void> check_out(const Counter& counter, const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person) {
  return counter.house.database.write(residents::act_of(resident, "venues.check_out", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(tracing::Stay stay, own_stay(counter, tx, resident, number, person));
    const Instant now = counter.house.now();
    if (now >= stay.to) return {};
    stay.to = std::max(stay.from, now);
    return counter.tracing.tell_stays(tx, {&stay, 1});
  });
}

Result<void> undo(const Counter& counter, const http::Resident& resident, const std::string& request_id, std::string_view number, std::string_view person) {
  return counter.house.database.write(residents::act_of(resident, "venues.undo", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const tracing::Stay stay, own_stay(counter, tx, resident, number, person));
    if (counter.house.now() > stay.from + undo_within) return conflict("venues.too_late_to_undo");
    TRY(counter.tracing.withdraw_stay(tx, stay));
    return {};
  });
}

}  // namespace motcua::venues
