// What the importer needs to know of KIND `units`.
#include <algorithm>
#include <utility>

#include "base/vietnamese.hpp"
#include "platform/units/store.hpp"
#include "platform/units/units.hpp"

namespace motcua::units {

namespace {

constexpr std::size_t name_bytes_max = 200;

enum Column : std::size_t { code, name, level, parent_code, valid_from, valid_to };

std::size_t digits_of(Level level) { return level == Level::province ? 2 : level == Level::district ? 3 : 5; }

Result<Level> read_level(std::string_view text) {
  const auto folded = vietnamese::fold(text);
  for (const auto& [word, value] : {std::pair{"province", Level::province}, {"tinh", Level::province}, {"district", Level::district},
                                    {"huyen", Level::district}, {"ward", Level::ward}, {"xa", Level::ward}})
    if (folded == word) return value;
  return invalid("units.bad_level", "level");
}

/// Digits, with the zeros in front that spreadsheets drop.
std::optional<std::string> read_code(std::string_view text, std::size_t digits) {
  const bool good = !text.empty() && text.size() <= digits && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!good) return std::nullopt;
  return std::string(digits - text.size(), '0') + std::string(text);
}

/// A district lies in a province, a ward in a district or, since 2025, in a province. Which of the two is told by the length, so a code
/// that lost its zero must still be longer than the shorter form: "1" can only be province 01.
Result<std::string> read_parent(Level own, std::string_view text) {
  if (own == Level::province) {
    if (text.empty()) return std::string();
    return invalid("units.bad_parent", "parent_code");
  }
  const auto as_province = text.size() <= 2 ? read_code(text, 2) : std::nullopt;
  const auto as_district = own == Level::ward && text.size() == 3 ? read_code(text, 3) : std::nullopt;
  if (as_province) return *as_province;
  if (as_district) return *as_district;
  return invalid("units.bad_parent", "parent_code");
}

Result<std::optional<Date>> read_day(std::string_view text, const char* field) {
  if (text.empty()) return std::optional<Date>{};
  const auto day = parse_date(text);
  if (!day || !day->full()) return invalid("units.bad_date", field);
  return std::optional(Date{std::chrono::year{day->year}, std::chrono::month{static_cast<unsigned>(day->month)},
                            std::chrono::day{static_cast<unsigned>(day->day)}});
}

Result<Unit> read_unit(const intake::RawRow& row) {
  Unit unit;
  TRY_ASSIGN(unit.level, read_level(row.values[level]));
  const auto own = read_code(row.values[code], digits_of(unit.level));
  if (!own) return invalid("units.bad_code", "code");
  unit.code = *own;
  if (row.values[name].size() > name_bytes_max) return invalid("units.name_too_long", "name");
  auto normal = vietnamese::normalise_name(row.values[name]);
  if (!normal) {
    auto failure = std::move(normal).failure();
    failure.field = "name";
    return failure;
  }
  unit.name = *normal;
  TRY_ASSIGN(unit.parent_code, read_parent(unit.level, row.values[parent_code]));
  TRY_ASSIGN(unit.valid_from, read_day(row.values[valid_from], "valid_from"));
  TRY_ASSIGN(unit.valid_to, read_day(row.values[valid_to], "valid_to"));
  if (unit.valid_from && unit.valid_to && *unit.valid_to < *unit.valid_from) return invalid("units.bad_dates_order", "valid_to");
  return unit;
}

class UnitsLoader final : public intake::Loader {
 public:
  explicit UnitsLoader(Units& units) : units_(units) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>&) override {
    TRY_ASSIGN(auto unit, read_unit(row));
    pending_.push_back(std::move(unit));
    return {};
  }
  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    return [batch = std::exchange(pending_, {})](storage::Transaction& tx) { return store::save(tx, batch); };
  }
  Result<void> finish(storage::Database&, const Act&) override { return units_.refresh(); }

 private:
  Units& units_;
  std::vector<Unit> pending_;
};

}  // namespace

intake::Kind units_kind(Units& units) {
  intake::Kind kind;
  kind.name = "units";
  kind.columns = {{"code", true}, {"name", true}, {"level", true}, {"parent_code"}, {"valid_from"}, {"valid_to"}};
  kind.start = [&units](const intake::ImportOptions&) -> Result<std::unique_ptr<intake::Loader>> {
    return std::unique_ptr<intake::Loader>(std::make_unique<UnitsLoader>(units));
  };
  return kind;
}

}  // namespace motcua::units
