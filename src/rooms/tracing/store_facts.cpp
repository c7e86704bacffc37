#include "rooms/tracing/store_facts.hpp"

#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {
namespace {

constexpr std::array<std::string_view, 3> asked_types{"TEXT", "BIGINT", "BIGINT"};
constexpr std::string_view in_force = " AND v.recorded_at <= {as_of} AND (v.superseded_at IS NULL OR v.superseded_at > {as_of})";
constexpr std::string_view visit_columns = "SELECT a.n, v.reference, v.place_code, v.journey_code, v.kind, v.seat, v.from_at, v.to_at ";

/// `body` is everything after the WITH; {as_of} in it becomes the last parameter.
std::string asked_sql(std::size_t rows, std::string_view body) {
  std::string sql = "WITH asked(n, k, lo, hi) AS (" + values_table(asked_types, rows) + ") ";
  const std::string as_of = "$" + std::to_string(rows * asked_types.size() + 1);
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t mark = body.find("{as_of}", at);
    sql += body.substr(at, mark == std::string_view::npos ? mark : mark - at);
    if (mark == std::string_view::npos) break;
    sql += as_of;
    at = mark + 7;
  }
  return sql;
}

/// Rows come with the position in `asked` of what they answer.
using AskedVisitor = std::function<void(std::size_t, const storage::Row&)>;

Result<void> query_asked(storage::Reader& reader, std::span<const Asked> asked, std::int64_t as_of, std::string_view body, const AskedVisitor& visit) {
  for (std::size_t i = 0; i < asked.size();) {
    const std::size_t size = chunk_size_for(asked.size() - i);
    const std::size_t taken = std::min(size, asked.size() - i);
    storage::Values values;
    values.reserve(size * asked_types.size() + 1);
    for (std::size_t k = 0; k < size; ++k) {
      if (k < taken) {
        const Asked& a = asked[i + k];
        values.insert(values.end(), {storage::Value(a.key), storage::Value(a.from), storage::Value(a.to)});
      } else {
        values.insert(values.end(), {storage::Value(""), storage::Value(0), storage::Value(0)});
      }
    }
    values.emplace_back(as_of);
    TRY(reader.query(asked_sql(size, body), values, [&](const storage::Row& r) { visit(i + static_cast<std::size_t>(r.integer(0)), r); }));
    i += taken;
  }
  return {};
}

AskedVisitor to_visit(const VisitSeen& seen) {
  return [&seen](std::size_t asked, const storage::Row& r) {
    seen({asked, r.text(1), r.text(2), r.text(3), r.text(4), r.text(5), r.integer(6), r.integer(7)});
  };
}

}  // namespace

// CROSS JOIN keeps SQLite from turning the join round; PostgreSQL reads it as any inner join.
Result<void> visits_of(storage::Reader& reader, std::span<const Asked> references, std::int64_t as_of, const VisitSeen& seen) {
  static const std::string body = std::string(visit_columns) +
      "FROM asked a CROSS JOIN tracing_visit v WHERE v.reference = a.k AND v.from_at < a.hi AND v.from_at > a.lo - " +
      std::to_string(visit_ms_max + 1) + " AND v.to_at > a.lo" + std::string(in_force);
  return query_asked(reader, references, as_of, body, to_visit(seen));
}

Result<void> visits_at(storage::Reader& reader, std::span<const Asked> places, std::int64_t as_of, const VisitSeen& seen) {
  static const std::string short_ones = std::string(visit_columns) +
      "FROM asked a CROSS JOIN tracing_visit v WHERE v.place_code = a.k AND v.is_long = 0 AND v.from_at < a.hi AND v.from_at > a.lo - 86400001 AND v.to_at > a.lo" +
      std::string(in_force);
  static const std::string long_ones = std::string(visit_columns) +
      "FROM asked a CROSS JOIN tracing_visit v WHERE v.place_code = a.k AND v.is_long = 1 AND v.from_at < a.hi AND v.to_at > a.lo" +
      std::string(in_force);
  TRY(query_asked(reader, places, as_of, short_ones, to_visit(seen)));
  return query_asked(reader, places, as_of, long_ones, to_visit(seen));
}

Result<void> visits_on(storage::Reader& reader, std::span<const Asked> journeys, std::int64_t as_of, const VisitSeen& seen) {
  static const std::string body = std::string(visit_columns) +
      "FROM asked a CROSS JOIN tracing_visit v WHERE v.journey_code = a.k AND v.journey_code IS NOT NULL AND v.from_at < a.hi AND v.to_at > a.lo" +
      std::string(in_force);
  return query_asked(reader, journeys, as_of, body, to_visit(seen));
}

Result<void> encounters_of(storage::Reader& reader, std::span<const Asked> references, std::int64_t as_of, const EncounterSeen& seen) {
  static const std::string met =
      "SELECT a.n, v.other, v.kind, v.from_at, v.to_at, v.distance_m FROM asked a CROSS JOIN tracing_encounter v WHERE v.reference = a.k "
      "AND v.from_at < a.hi AND v.from_at > a.lo - " + std::to_string(visit_ms_max + 1) + " AND v.to_at > a.lo AND v.recorded_at <= {as_of}";
  static const std::string heard =
      "SELECT a.n, v.other, 'proximity', v.from_at, v.to_at FROM asked a CROSS JOIN tracing_episode v WHERE v.reference = a.k "
      "AND v.from_at < a.hi AND v.from_at > a.lo - " + std::to_string(visit_ms_max + 1) + " AND v.to_at > a.lo AND v.recorded_at <= {as_of}";
  TRY(query_asked(reader, references, as_of, met, [&](std::size_t position, const storage::Row& r) {
    seen({position, r.text(1), r.text(2), r.integer(3), r.integer(4),
          r.is_null(5) ? std::nullopt : std::optional(r.real(5))});
  }));
  return query_asked(reader, references, as_of, heard, [&](std::size_t position, const storage::Row& r) {
    seen({position, r.text(1), r.text(2), r.integer(3), r.integer(4), std::nullopt});
  });
}

Result<std::map<std::string, std::string>> place_names(storage::Reader& reader, std::span<const std::string> place_codes) {
  std::map<std::string, std::string> names;
  TRY(query_in(reader, place_codes, {},
               [](const std::string& in) { return "SELECT place_code, name FROM tracing_place WHERE place_code IN (" + in + ")"; },
               [&](const storage::Row& r) { names[r.string(0)] = r.string(1); }));
  return names;
}

Result<void> isolations(storage::Reader& reader, std::int64_t as_of, std::int64_t over, const std::function<void(std::string, std::int64_t)>& seen) {
  const auto visit = [&](const storage::Row& r) { seen(r.string(0), r.integer(1)); };
  TRY(reader.query("SELECT subject, MIN(at) FROM tracing_isolation WHERE recorded_at <= $1 AND at > $2 GROUP BY subject", {as_of, over}, visit));
  return reader.query("SELECT subject, isolated_at FROM tracing_case WHERE isolated_at > $2 AND confirmed_at <= $1", {as_of, over}, visit);
}

Result<std::optional<Instant>> isolation_of(storage::Reader& reader, std::span<const std::string> subjects) {
  std::optional<Instant> earliest;
  const auto visit = [&](const storage::Row& r) {
    if (const auto at = r.optional_instant(0); at && (!earliest || *at < *earliest)) earliest = at;
  };
  TRY(query_in(reader, subjects, {}, [](const std::string& in) { return "SELECT at FROM tracing_isolation WHERE subject IN (" + in + ")"; }, visit));
  TRY(query_in(reader, subjects, {}, [](const std::string& in) { return "SELECT isolated_at FROM tracing_case WHERE subject IN (" + in + ")"; }, visit));
  return earliest;
}

Result<void> save_isolation(storage::Transaction& tx, const std::string& subject, Instant at, Instant now) {
  TRY(tx.execute("INSERT INTO tracing_isolation (subject, at, recorded_at) VALUES ($1, $2, $3) ON CONFLICT (subject, at) DO NOTHING",
                 {subject, at, now}));
  return {};
}

}  // namespace motcua::tracing::store
