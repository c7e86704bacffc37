#pragma once
// What the parts of a simulation share: the town, the calendar, the files.
#include <map>
#include <string>
#include <vector>

#include "app/simulate.hpp"
#include "app/simulate_files.hpp"
#include "app/simulate_noise.hpp"
#include "app/simulate_people.hpp"

namespace motcua::app::town {

using Minute = std::int64_t;                       // since the Unix epoch
inline constexpr Minute day_minutes = 1440;
/// Sunday 21 November 2021, Vietnam time: schools half open, people vaccinated, decision 3638 in force. Days before it are simulated.
inline constexpr Minute last_midnight = 27290460;  // 2021-11-21T00:00:00+07:00

struct Files {
  explicit Files(const std::string& dir);
  Result<void> close();

  CsvFile units, residents, ncovi, vhd, users, trace, encounters, visits, tests, doses;
  CsvFile register_doses;                          // a dose register to repair; no import brings it in
  CsvFile persons, contacts, cases, dose_truth, difficulties;   // truth
};

struct World {
  World(const SimulateOptions& options, const std::string& dir)
      : random(options.seed), spoiler(options.noise), town(make_town(random, options.people, options.harder)), days(options.days),
        first_midnight(last_midnight - (options.days - 1) * day_minutes), files(dir) {}

  Prng random;
  Spoiler spoiler;
  Town town;
  int days;
  Minute first_midnight;
  Files files;
  std::int64_t ncovi_count = 0, vhd_count = 0, test_count = 0, dose_count = 0, visit_count = 0, true_contacts = 0;

  Minute midnight(int day) const { return first_midnight + day * day_minutes; }
  Minute end() const { return last_midnight + day_minutes; }
};

std::string person_id(Index person);               // "p0000123", in truth/ only
std::string ncovi_id(std::int64_t n);
std::string vhd_id(std::int64_t n);                // 24 hex digits, as document stores make them
std::string insurance_number(Index person);

/// Whom a fact names, in the words its source had: a phone, an identity number, a record.
std::string reference_to(World& world, Prng& random, Index person);

// ---- simulate_records.cpp
void write_units(World& world);
void write_difficulties(World& world);
void write_registers(World& world);                // residents, ncovi, vhd, tests, doses; sets Person::references
struct VhdJourney {
  bool flight = false;
  std::string code, seat;                          // "VN1188" or "50H-123.45"; "12A"
  Minute start = 0;
};
void write_vhd(World& world, Prng& random, Index person, Minute declared, const VhdJourney* journey);
void write_test(World& world, Prng& random, Index person, Minute collected, bool positive);

// ---- simulate_doses.cpp
void write_dose_register(World& world);

// ---- simulate_outbreak.cpp
struct Case {
  Index person = nobody, infector = nobody;        // nobody: brought in from outside
  Minute infected = 0, onset = 0, sampled = 0;     // onset 0: no symptoms; sampled 0: never found
};
class Outbreak {
 public:
  explicit Outbreak(World& world);
  void seed(Prng& random);
  /// A contact that did happen; may infect.
  void meet(Prng& random, Index a, Index b, Minute start, Minute minutes, double chance_an_hour);
  void meet_households(Prng& random, Minute midnight);
  bool is_isolated(Index person, Minute at) const;
  Minute isolated_at(Index person) const;          // far in the future when never
  const std::vector<Case>& cases() const { return cases_; }
  void write(Prng& random);

 private:
  void infect(Prng& random, Index infector, Index person, Minute at);
  bool is_infectious(const Case& c, Minute at) const;

  World& world_;
  std::vector<Case> cases_;
  std::vector<std::uint32_t> case_of_;             // by person; nobody: healthy
};

// ---- simulate_days.cpp
struct Meeting {                                    // two phones with the app near each other
  Index a = 0, b = 0;
  Minute start = 0;
  std::int16_t minutes = 0;
  bool far = false;                                // heard, but not near
};
/// One day of stays and encounters: written, met, remembered in truth.
void live_day(World& world, Outbreak& outbreak, int day, std::vector<Meeting>& meetings);
/// Household stays of the days [first, last].
void write_household_stays(World& world, const Outbreak& outbreak, int first, int last);
void write_contact(World& world, Index a, Index b, Minute start, Minute minutes, std::string_view kind, std::string_view distance_m = {});

// ---- simulate_bluezone.cpp
/// bluezone-users, and the traces that cases and some others uploaded. Rows of sightings.
void write_bluezone(World& world, const Outbreak& outbreak, std::vector<Meeting>& meetings);

}  // namespace motcua::app::town
