#pragma once
// A believable made-up town: its people, what they declared to whom, where they were, and who was near whom. Written as the
// legacy exports of docs/formats.md section 2, with the truth beside them. Nobody in it exists.
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace motcua::app {

enum class Noise { low, mid, high };

struct SimulateOptions {
  std::int64_t people = 20000;   // 100 .. simulate_people_max
  int days = 21;                 // 1 .. simulate_days_max; the last day is `last_day`
  std::uint64_t seed = 1;        // the same seed writes the same bytes
  std::string out_dir;
  Noise noise = Noise::mid;
  bool harder = false;           // twins, namesakes, shared phones and others who are hard to tell apart (simulate_people.hpp)
};
inline constexpr std::int64_t simulate_people_max = 10'000'000;
inline constexpr int simulate_days_max = 60;

struct SimulateSummary {
  std::int64_t people = 0, records = 0, visits = 0, encounters = 0, sightings = 0, true_contacts = 0, cases = 0;
  double seconds = 0;
};

/// Writes DIR/*.csv and DIR/truth/*. Failures: simulate.people_out_of_range, simulate.days_out_of_range, simulate.not_written.
Result<SimulateSummary> simulate_town(const SimulateOptions& options,
                                      const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

}  // namespace motcua::app
