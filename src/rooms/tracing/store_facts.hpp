#pragma once
// The facts as tables: what is asked of them while tracing, and how imports put them there. Inner header of the room.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/intake/intake.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::tracing::store {

/// A key (reference, place code or journey code) and the half-open window asked about, in milliseconds.
struct Asked {
  std::string key;
  std::int64_t from = 0, to = 0;
};
struct VisitRow {
  std::size_t asked;                    // position in what was asked
  std::string_view reference, place_code, journey_code, kind, seat;
  std::int64_t from, to;
};
struct EncounterRow {
  std::size_t asked;
  std::string_view other, kind;
  std::int64_t from, to;
  std::optional<double> distance_m;
};
using VisitSeen = std::function<void(const VisitRow&)>;
using EncounterSeen = std::function<void(const EncounterRow&)>;

/// `as_of`: only what was recorded by then, in the version of then.
Result<void> visits_of(storage::Reader& reader, std::span<const Asked> references, std::int64_t as_of, const VisitSeen& seen);
Result<void> visits_at(storage::Reader& reader, std::span<const Asked> places, std::int64_t as_of, const VisitSeen& seen);
Result<void> visits_on(storage::Reader& reader, std::span<const Asked> journeys, std::int64_t as_of, const VisitSeen& seen);
/// Encounters and Bluezone episodes.
Result<void> encounters_of(storage::Reader& reader, std::span<const Asked> references, std::int64_t as_of, const EncounterSeen& seen);
Result<std::map<std::string, std::string>> place_names(storage::Reader& reader, std::span<const std::string> place_codes);

/// subject, at: recorded isolations and those of cases, that began after `over`.
Result<void> isolations(storage::Reader& reader, std::int64_t as_of, std::int64_t over, const std::function<void(std::string, std::int64_t)>& seen);
/// The earliest of these records' isolations.
Result<std::optional<Instant>> isolation_of(storage::Reader& reader, std::span<const std::string> subjects);
Result<void> save_isolation(storage::Transaction& tx, const std::string& subject, Instant at, Instant now);

// ---- imports
inline constexpr std::int64_t visit_ms_max = std::int64_t{31} * 86'400'000;   // a longer stay is a mistake, or a home

struct NewVisit {
  std::string visit_id, reference, place_code, place_name, ward_code, kind, seat, journey_code;
  std::int64_t from = 0, to = 0;
  std::int64_t content() const;         // hash of all above
};
struct NewEncounter {
  std::string a, b, kind;
  std::int64_t from = 0, to = 0;
  std::optional<double> distance_m;
  std::string encounter_id;             // by its content
};
Result<intake::BatchCounts> save_visits(storage::Transaction& tx, const std::string& source, const std::vector<NewVisit>& visits, Instant now);
Result<intake::BatchCounts> save_encounters(storage::Transaction& tx, const std::string& source, const std::vector<NewEncounter>& rows, Instant now);

std::int64_t fnv64(std::span<const std::string_view> parts);

}  // namespace motcua::tracing::store
