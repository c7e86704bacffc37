#include "rooms/declarations/store.hpp"

#include <algorithm>

namespace motcua::declarations::store {
namespace {

using storage::Row;
using storage::Values;

/// Parameters of one question; SQLite and libpq take many more, a plan stays small.
constexpr std::size_t keys_a_query = 500;

constexpr const char* upsert_declaration =
    "INSERT INTO declarations_declaration (subject_id, source, record_id, kind, declared_at, on_behalf, symptoms, contact_case, "
    "contact_symptomatic, from_affected_area) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (subject_id, record_id) DO UPDATE SET "
    "kind = excluded.kind, declared_at = excluded.declared_at, on_behalf = excluded.on_behalf, symptoms = excluded.symptoms, "
    "contact_case = excluded.contact_case, contact_symptomatic = excluded.contact_symptomatic, from_affected_area = excluded.from_affected_area";
constexpr const char* upsert_journey =
    "INSERT INTO declarations_journey (subject_id, place_code, record_id, kind, seat, from_at, to_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (subject_id, place_code, from_at) DO UPDATE SET record_id = excluded.record_id, kind = excluded.kind, seat = excluded.seat, to_at = excluded.to_at";

/// "$2, $3, ... " for `n` keys behind the first `taken` parameters.
std::string placeholders(std::size_t taken, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += (i ? ", $" : "$") + std::to_string(taken + i + 1);
  return text;
}

/// Asks in portions: `sql` has %KEYS% where they go, `first` are the parameters before them.
template <class Map, class T>
Result<void> ask(storage::Reader& reader, const std::string& sql, const Values& first, std::span<const std::string> keys, Map&& map, std::vector<T>& out) {
  for (std::size_t at = 0; at < keys.size(); at += keys_a_query) {
    auto portion = keys.subspan(at, std::min(keys_a_query, keys.size() - at));
    Values values = first;
    // Whole portions share one statement: missing keys repeat the last.
    for (std::size_t i = 0; i < keys_a_query; ++i) values.emplace_back(portion[std::min(i, portion.size() - 1)]);
    auto text = sql;
    text.replace(text.find("%KEYS%"), 6, placeholders(first.size(), keys_a_query));
    TRY(reader.query(text, values, [&](const Row& row) { out.push_back(map(row)); }));
  }
  return {};
}

Journey to_journey(const Row& row) {
  return {.subject = row.string(0), .place_code = row.string(1), .kind = row.string(2), .seat = row.string(3), .from = row.instant(4), .to = row.instant(5)};
}
Values to_values(const Journey& j, const std::string& record_id) { return {j.subject, j.place_code, record_id, j.kind, j.seat, j.from, j.to}; }
constexpr const char* select_journeys = "SELECT subject_id, place_code, kind, seat, from_at, to_at FROM declarations_journey WHERE from_at < $1 AND to_at > $2 AND ";

}  // namespace

Result<void> save(storage::Transaction& tx, std::span<const Declaration> rows, std::span<const identity::Saved> saved) {
  std::vector<Values> declarations, journeys, before;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& d = rows[i];
    if (saved[i] == identity::Saved::unchanged) continue;
    const auto& a = d.answers;
    declarations.push_back({d.subject, d.source, d.record_id, d.kind, d.declared_at, a.on_behalf, a.symptoms, a.contact_case, a.contact_symptomatic, a.from_affected_area});
    if (saved[i] == identity::Saved::updated) before.push_back({d.subject, d.record_id});
    if (d.journey) journeys.push_back(to_values(*d.journey, d.record_id));
  }
  // In the order of their keys, so that the pages of a large table are visited one after the other; of two with one key the later stays later.
  const auto by_subject = [](const Values& a, const Values& b) { return std::get<std::string>(a[0].get()) < std::get<std::string>(b[0].get()); };
  std::stable_sort(declarations.begin(), declarations.end(), by_subject);
  std::stable_sort(journeys.begin(), journeys.end(), by_subject);
  if (!before.empty()) TRY(tx.execute_many("DELETE FROM declarations_journey WHERE subject_id = $1 AND record_id = $2", before));
  if (!declarations.empty()) TRY(tx.execute_many(upsert_declaration, declarations));
  if (!journeys.empty()) TRY(tx.execute_many(upsert_journey, journeys));
  return {};
}

Result<void> add_journeys(storage::Transaction& tx, const std::string& record_id, const std::vector<Journey>& journeys) {
  std::vector<Values> rows;
  for (const auto& j : journeys) rows.push_back(to_values(j, record_id));
  if (!rows.empty()) TRY(tx.execute_many(upsert_journey, rows));
  return {};
}

Result<std::vector<Journey>> journeys_of(storage::Reader& reader, std::span<const std::string> subjects, Instant from, Instant to) {
  std::vector<Journey> journeys;
  TRY(ask(reader, std::string(select_journeys) + "subject_id IN (%KEYS%)", {to, from}, subjects, to_journey, journeys));
  return journeys;
}

Result<std::vector<Journey>> journeys_at(storage::Reader& reader, std::span<const std::string> place_codes, Instant from, Instant to) {
  std::vector<Journey> journeys;
  TRY(ask(reader, std::string(select_journeys) + "place_code IN (%KEYS%)", {to, from}, place_codes, to_journey, journeys));
  return journeys;
}

Result<std::vector<Told>> told_of(storage::Reader& reader, std::span<const std::string> subjects) {
  std::vector<Told> found;
  const auto said = [](const Row& row, int column) { return row.is_null(column) ? std::nullopt : std::optional(row.integer(column) != 0); };
  const auto map = [&](const Row& row) {
    return Told{row.string(0), row.string(1), row.string(2), row.string(3), row.instant(4),
                {.symptoms = static_cast<int>(row.integer(5)), .contact_case = said(row, 6), .contact_symptomatic = said(row, 7), .from_affected_area = said(row, 8)}};
  };
  TRY(ask(reader, "SELECT subject_id, source, record_id, kind, declared_at, symptoms, contact_case, contact_symptomatic, from_affected_area "
                  "FROM declarations_declaration WHERE subject_id IN (%KEYS%)", {}, subjects, map, found));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return std::tie(b.declared_at, a.record_id) < std::tie(a.declared_at, b.record_id); });
  return found;
}

Result<std::vector<DeclarationSummary>> of_subjects(storage::Reader& reader, std::span<const std::string> subjects, int limit) {
  TRY_ASSIGN(const auto told, told_of(reader, subjects));
  std::vector<DeclarationSummary> out;
  for (const auto& t : told) {
    if (out.size() >= static_cast<std::size_t>(std::max(limit, 0))) break;
    out.push_back({.subject = t.subject, .source = t.source, .record_id = t.record_id, .kind = t.kind, .declared_at = t.declared_at, .symptoms = to_codes(t.answers.symptoms),
                   .contact_with_case = t.answers.contact_case.value_or(false), .contact_with_symptomatic = t.answers.contact_symptomatic.value_or(false),
                   .from_affected_area = t.answers.from_affected_area.value_or(false)});
  }
  return out;
}

Result<std::vector<std::string>> subjects_in_use(storage::Reader& reader, std::span<const std::string> names) {
  std::vector<std::string> used;
  for (const char* table : {"declarations_declaration", "declarations_journey", "declarations_pass"})
    TRY(ask(reader, std::string("SELECT subject_id FROM ") + table + " WHERE subject_id IN (%KEYS%)", {}, names, [](const Row& row) { return row.string(0); }, used));
  return used;
}

namespace {
Result<std::int64_t> purge(storage::Reader& reader, storage::Transaction* tx, const std::string& from_where, Instant before) {
  if (tx != nullptr) return tx->execute("DELETE FROM " + from_where, {before});
  TRY_ASSIGN(auto n, reader.find("SELECT count(*) FROM " + from_where, {before}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}
}  // namespace

Result<std::int64_t> purge_declarations(storage::Reader& reader, storage::Transaction* tx, Instant declared_before) {
  return purge(reader, tx, "declarations_declaration WHERE declared_at < $1", declared_before);
}
Result<std::int64_t> purge_journeys(storage::Reader& reader, storage::Transaction* tx, Instant ended_before) {
  return purge(reader, tx, "declarations_journey WHERE to_at < $1", ended_before);
}

}  // namespace motcua::declarations::store
