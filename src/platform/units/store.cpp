#include "platform/units/store.hpp"

#include <fmt/format.h>

namespace motcua::units::store {

namespace {

using storage::Row;

std::string to_text(const std::optional<Date>& day) {
  if (!day) return {};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day->year()), static_cast<unsigned>(day->month()), static_cast<unsigned>(day->day()));
}

std::optional<Date> to_date(std::string_view text) {
  const auto read = parse_date(text);
  if (text.empty() || !read || !read->full()) return std::nullopt;
  return Date{std::chrono::year{read->year}, std::chrono::month{static_cast<unsigned>(read->month)}, std::chrono::day{static_cast<unsigned>(read->day)}};
}

const char* to_text(Level level) {
  switch (level) {
    case Level::province: return "province";
    case Level::district: return "district";
    default: return "ward";
  }
}

Level to_level(std::string_view text) { return text == "province" ? Level::province : text == "district" ? Level::district : Level::ward; }

}  // namespace

Result<Content> load(storage::Reader& reader) {
  Content content;
  TRY_ASSIGN(content.units, reader.list("SELECT code, name, level, parent_code, valid_from, valid_to FROM units_version ORDER BY code, valid_from",
                                        {}, [](const Row& r) {
                                          return Unit{r.string(0), r.string(1), to_level(r.text(2)), r.string(3), to_date(r.text(4)), to_date(r.text(5))};
                                        }));
  TRY_ASSIGN(content.aliases, reader.list("SELECT key, level, parent_code, code FROM units_alias ORDER BY key, parent_code", {},
                                          [](const Row& r) { return Alias{r.string(0), to_level(r.text(1)), r.string(2), r.string(3)}; }));
  TRY_ASSIGN(content.mergers, reader.list("SELECT old_code, new_code, effective_on FROM units_merger ORDER BY effective_on, old_code", {},
                                          [](const Row& r) { return Merger{r.string(0), r.string(1), to_date(r.text(2)).value_or(reform_2025)}; }));
  return content;
}

Result<intake::BatchCounts> save(storage::Transaction& tx, const std::vector<Unit>& units) {
  intake::BatchCounts counts;
  for (const auto& unit : units) {
    const storage::Values values{unit.code, to_text(unit.valid_from), to_text(unit.valid_to), unit.name, to_text(unit.level), unit.parent_code};
    TRY_ASSIGN(const auto inserted, tx.execute("INSERT INTO units_version (code, valid_from, valid_to, name, level, parent_code) "
                                               "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code, valid_from) DO NOTHING", values));
    if (inserted > 0) {
      ++counts.accepted;
      continue;
    }
    TRY_ASSIGN(const auto changed, tx.execute("UPDATE units_version SET valid_to = $3, name = $4, level = $5, parent_code = $6 "
                                              "WHERE code = $1 AND valid_from = $2 AND "
                                              "(valid_to <> $3 OR name <> $4 OR level <> $5 OR parent_code <> $6)", values));
    ++(changed > 0 ? counts.updated : counts.unchanged);
  }
  return counts;
}

}  // namespace motcua::units::store
