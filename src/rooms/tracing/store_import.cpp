// Visits and encounters on their way in.
#include <algorithm>
#include <unordered_map>

#include "rooms/tracing/store_facts.hpp"
#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {
namespace {

constexpr std::int64_t long_ms = 86'400'000;

struct Held {                      // the version of a visit in force
  std::int64_t content = 0, from = 0, recorded_at = 0;
  std::string reference;
  std::size_t pending = SIZE_MAX;  // or its place among the rows to insert
};

Result<std::unordered_map<std::string, Held>> held_visits(storage::Transaction& tx, const std::string& source, const std::vector<NewVisit>& visits) {
  std::unordered_map<std::string, Held> held;
  std::vector<std::string> ids;
  ids.reserve(visits.size());
  for (const NewVisit& v : visits) ids.push_back(v.visit_id);
  TRY(query_in(tx, ids, {source},
               [](const std::string& in) {
                 return "SELECT visit_id, content, from_at, recorded_at, reference FROM tracing_visit WHERE visit_id IN (" + in +
                        ") AND source = $1 AND superseded_at IS NULL";
               },
               [&](const storage::Row& r) { held[r.string(0)] = {r.integer(1), r.integer(2), r.integer(3), r.string(4)}; }));
  return held;
}

storage::Values row_of(const NewVisit& v, const std::string& source, Instant now) {
  return {v.reference, v.from, source, v.visit_id, now, v.to, v.to - v.from > long_ms ? 1 : 0, v.place_code,
          v.journey_code.empty() ? storage::Value() : storage::Value(v.journey_code), v.kind, v.seat, v.content()};
}

/// Names and wards of places; the last told wins. A row without either changes nothing.
Result<void> save_places(storage::Transaction& tx, const std::vector<NewVisit>& visits) {
  std::unordered_map<std::string_view, const NewVisit*> told;
  for (const NewVisit& v : visits)
    if (!v.place_name.empty() || !v.ward_code.empty()) told[v.place_code] = &v;
  std::vector<storage::Values> sets;
  sets.reserve(told.size());
  for (const auto& [code, v] : told) sets.push_back({v->place_code, v->place_name, v->ward_code, v->kind});
  if (sets.empty()) return {};
  TRY(tx.execute_many("INSERT INTO tracing_place (place_code, name, ward_code, kind) VALUES ($1, $2, $3, $4) ON CONFLICT (place_code) DO UPDATE "
                      "SET name = excluded.name, ward_code = excluded.ward_code, kind = excluded.kind "
                      "WHERE tracing_place.name <> excluded.name OR tracing_place.ward_code <> excluded.ward_code OR tracing_place.kind <> excluded.kind",
                      sets));
  return {};
}

}  // namespace

std::int64_t fnv64(std::span<const std::string_view> parts) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&](unsigned char c) { hash = (hash ^ c) * 1099511628211ULL; };
  for (const std::string_view part : parts) {
    for (const char c : part) mix(static_cast<unsigned char>(c));
    mix(0x1f);
  }
  return static_cast<std::int64_t>(hash);
}

std::int64_t NewVisit::content() const {
  const std::string times = std::to_string(from) + "-" + std::to_string(to);
  const std::string_view parts[] = {reference, place_code, place_name, ward_code, kind, seat, times};
  return fnv64(parts);
}

Result<intake::BatchCounts> save_visits(storage::Transaction& tx, const std::string& source, const std::vector<NewVisit>& visits, Instant now) {
  TRY_ASSIGN(auto held, held_visits(tx, source, visits));
  intake::BatchCounts counts;
  std::vector<storage::Values> inserts, closed;
  for (const NewVisit& v : visits) {
    auto [found, is_new] = held.try_emplace(v.visit_id);
    Held& h = found->second;
    const std::int64_t content = v.content();
    if (!is_new && h.content == content) {
      ++counts.unchanged;
      continue;
    }
    if (is_new) ++counts.accepted;
    else ++counts.updated;
    if (!is_new && h.pending == SIZE_MAX) closed.push_back({h.reference, h.from, source, v.visit_id, h.recorded_at, now});
    if (h.pending == SIZE_MAX) {
      h.pending = inserts.size();
      inserts.push_back(row_of(v, source, now));
    } else {
      inserts[h.pending] = row_of(v, source, now);
    }
    h.content = content;
  }
  if (!closed.empty())      // a version of this very millisecond has no history worth keeping, and its key is taken
    TRY(tx.execute_many("DELETE FROM tracing_visit WHERE reference = $1 AND from_at = $2 AND source = $3 AND visit_id = $4 AND recorded_at = $5 AND recorded_at >= $6", closed));
  if (!closed.empty())
    TRY(tx.execute_many("UPDATE tracing_visit SET superseded_at = $6 WHERE reference = $1 AND from_at = $2 AND source = $3 AND visit_id = $4 AND recorded_at = $5", closed));
  // In the order of their keys, so that the pages of a large table are visited one after the other.
  const auto text_of = [](const storage::Value& v) -> const std::string& { return std::get<std::string>(v.get()); };
  std::sort(inserts.begin(), inserts.end(), [&](const storage::Values& a, const storage::Values& b) { return text_of(a[0]) < text_of(b[0]); });
  if (!inserts.empty())
    TRY(tx.bulk_insert("tracing_visit", {"reference", "from_at", "source", "visit_id", "recorded_at", "to_at", "is_long", "place_code", "journey_code", "kind", "seat", "content"}, inserts));
  TRY(save_places(tx, visits));
  return counts;
}

Result<intake::BatchCounts> save_encounters(storage::Transaction& tx, const std::string& source, const std::vector<NewEncounter>& rows, Instant now) {
  std::vector<storage::Values> sets;
  sets.reserve(rows.size() * 2);
  for (const NewEncounter& e : rows) {
    sets.push_back({e.a, e.from, e.encounter_id, e.b, e.to, e.distance_m, e.kind, source, now});
    sets.push_back({e.b, e.from, e.encounter_id, e.a, e.to, e.distance_m, e.kind, source, now});
  }
  TRY_ASSIGN(const auto changed, tx.execute_many(
      "INSERT INTO tracing_encounter (reference, from_at, encounter_id, other, to_at, distance_m, kind, source, recorded_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (reference, from_at, encounter_id) DO NOTHING", sets));
  intake::BatchCounts counts;
  for (std::size_t i = 0; i < changed.size(); i += 2) ++(changed[i] == 1 ? counts.accepted : counts.unchanged);
  return counts;
}

}  // namespace motcua::tracing::store
