#pragma once
// Administrative units of Viet Nam with dates of effect: the map of three tiers (63 provinces, districts, wards) and the one of
// two tiers since 1 July 2025 (34 provinces, wards) side by side. Codes are those of the General Statistics Office, texts with leading
// zeros (2 digits a province, 3 a district, 5 a ward); the same code may be two provinces in time.
//
// Kept in the database, answered from memory; safe for many threads. refresh() after an import.
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/intake/intake.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::units {

/// The day the two-tier map took effect.
inline constexpr Date reform_2025{std::chrono::year{2025}, std::chrono::July, std::chrono::day{1}};

enum class Level { province, district, ward };

/// One version of a unit. `valid_to` is its last day.
struct Unit {
  std::string code;
  std::string name;              // official, with its kind: "Phường 17", "Thành phố Thủ Đức"
  Level level = Level::ward;
  std::string parent_code;       // empty for a province
  std::optional<Date> valid_from, valid_to;
};

/// Where a text leads. Codes are empty where nothing fits; `ward_code` is set only when exactly one ward fits.
struct Resolution {
  std::string ward_code, district_code, province_code;
  bool ambiguous = false;        // several wards (or districts) fit equally and the parents given do not decide
  /// The narrowest code found; empty when nothing is.
  const std::string& best() const { return !ward_code.empty() ? ward_code : !district_code.empty() ? district_code : province_code; }
};

/// The parts of "12 Lê Đức Thọ, P.17, Q. Gò Vấp, TP.HCM". Views are copied; what is not there is empty.
struct AddressParts {
  std::string street;            // all before the first unit
  std::string ward, district, province;
};

/// What a unit of the old map is on the new one.
struct Successor {
  enum class Evidence { same_code, same_name, merged_province, unchanged, unknown };
  std::string code;              // empty when unknown
  Evidence evidence = Evidence::unknown;
  std::string province_code;     // the successor province is known even where the ward is not
};

class Atlas;   // all versions, indexed; one generation of what is in the database

class Units {
 public:
  explicit Units(storage::Database& database);
  ~Units();
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;

  /// Loads from the database; what was there answers until it is done.
  Result<void> refresh();
  bool empty() const;

  /// The version in force that day; before the first known version the first, between and after them the last before.
  std::optional<Unit> find(std::string_view code, Date on) const;
  /// Parents, the nearest first.
  std::vector<Unit> ancestors(std::string_view code, Date on) const;
  /// "Phường 17, Quận Gò Vấp, Thành phố Hồ Chí Minh"; the code itself when it is unknown.
  std::string full_name(std::string_view code, Date on) const;
  /// Units of a level in force that day, below `parent_code` (empty: all), in Vietnamese order of names.
  std::vector<Unit> list(Level level, std::string_view parent_code, Date on) const;

  /// True when the unit lies in the area, on whichever map each of them is: an area of 2021 contains its wards and their known
  /// successors, a province of 2025 the wards of the provinces it was made of. A code that was two provinces means the later,
  /// larger one. An empty area contains nothing, "vn" everything.
  bool contains(std::string_view area_code, std::string_view unit_code) const;

  /// What people write: prefixes and their short forms, marks or none, numbers, old names ("Quận 9" of today's Thủ Đức). Any
  /// part may be empty. A ward is taken alone, without parents, only when it is the only one of its name.
  Resolution resolve(std::string_view ward, std::string_view district, std::string_view province, Date on) const;
  /// Splits a free address, small to large.
  AddressParts parse_address(std::string_view text) const;
  /// parse_address and resolve.
  Resolution resolve_address(std::string_view text, Date on) const;

  /// Wards in force that day that somebody may mean by a few words of one ("tan my q7"), for a list to choose from: those whose full name holds the most of
  /// the words, in Vietnamese order of names, at most `most`. Nothing where no word fits, or more than `most` fit equally.
  std::vector<Unit> search(std::string_view text, Date on, std::size_t most) const;

  /// The unit of the map in force on `on` that took the place of this one.
  Successor successor(std::string_view code, Date on) const;

 private:
  std::shared_ptr<const Atlas> atlas() const;

  storage::Database& database_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Atlas> atlas_;
};

/// KIND `units`: code*, name*, level* (province, district, ward), parent_code, valid_from, valid_to. A unit is itself by its code and
/// valid_from. Codes that lost their zeros to a spreadsheet get them back. Row failures: units.bad_code, units.bad_level, units.bad_parent,
/// units.bad_date, units.bad_dates_order, units.name_too_long. `units` is refreshed at the end.
intake::Kind units_kind(Units& units);

}  // namespace motcua::units
