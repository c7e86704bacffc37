#pragma once
// One day's facts in one immutable file: those that begin on that day of Vietnam time (+07:00). A fact that goes on past midnight stands in
// the day of its begin; `to` says how far the file reaches, so that it is found from the days it reaches into, too.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engines/contacts/facts.hpp"
#include "engines/contacts/lists.hpp"
#include "engines/contacts/saying.hpp"

namespace motcua::contacts {

inline constexpr Time day_ms = 86'400'000;
inline constexpr Time local_offset_ms = 7 * 3'600'000;

/// Days since 1970-01-01 in Vietnam time, and that day's midnight.
constexpr int day_of(Time t) {
  const Time local = t + local_offset_ms;
  return static_cast<int>(local >= 0 ? local / day_ms : -((day_ms - 1 - local) / day_ms));
}
constexpr Time midnight_of(int day) { return static_cast<Time>(day) * day_ms - local_offset_ms; }

/// Facts of a day as they are collected: start (of the day) and duration in milliseconds, `saying` a row of `sayings`. Contacts: owner and
/// other are persons, each contact once. Visits: owner is the person, other the place.
struct DayFacts {
  std::vector<Entry> contacts, visits;
  Sayings sayings;
};

/// Facts that others take back get the moment of it; those others go. Only facts that stand before them in the list are meant, with the same
/// persons (or person and place), begin and length. How many were taken back.
std::uint64_t withdraw(DayFacts& facts);

/// Sorts by owner, then start.
void sort_entries(std::vector<Entry>& entries);

/// The file's bytes, not sealed yet. Numbers of persons and places are below the two counts. The facts are used up.
std::vector<std::uint8_t> encode_day(int day, DayFacts facts, std::uint32_t persons, std::uint32_t places);

class DayFile {
 public:
  /// Failures: those of CheckedFile::open; contacts.file_damaged when it is no day file.
  static Result<std::unique_ptr<DayFile>> open(const Folder& folder, const std::string& name, std::uint64_t size, std::uint64_t hash);

  const CheckedFile& file() const { return *file_; }
  Time midnight() const { return midnight_; }
  Time unit() const { return unit_; }              // of the lists' starts and durations, ms
  Interval reach() const { return reach_; }        // from the first begin to the last end
  const std::vector<Saying>& sayings() const { return sayings_; }
  bool all_known_at(Time as_of) const { return recorded_last_ <= as_of && as_of < withdrawn_first_; }
  const Lists& contacts() const { return *contacts_; }    // both ways
  const Lists& visits_of() const { return *visits_of_; }  // by person
  const Lists& visits_at() const { return *visits_at_; }  // by place

  /// All facts, to be written anew with others. contacts.file_damaged.
  Result<DayFacts> decode() const;

 private:
  std::unique_ptr<CheckedFile> file_;
  Time midnight_ = 0, unit_ = 1;
  Interval reach_;
  std::vector<Saying> sayings_;
  Time recorded_last_ = since_ever, withdrawn_first_ = never;
  std::optional<Lists> contacts_, visits_of_, visits_at_;
};

}  // namespace motcua::contacts
