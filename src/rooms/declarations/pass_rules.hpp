#pragma once
// Which pass a declaration earns, by the rules in force that day (policies/passes.toml). Pure.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "rooms/declarations/pass.hpp"

namespace motcua::declarations {

/// What the rules may look at. Vaccination and recovery come from whoever knows them; unknown is absent.
struct PassFacts {
  bool symptoms = false, contact_with_case = false, contact_with_symptomatic = false, from_affected_area = false;
  enum class Course { none, begun, complete };           // doses: none known, some, all of the vaccine's course
  Course course = Course::none;
  std::optional<int> days_since_dose;                    // the last one
  std::optional<int> days_since_recovery;
};

/// Every condition that is stated must hold; of `any`, one.
struct PassRule {
  PassState state = PassState::declared;
  std::vector<std::string> any;                          // names of the four answers above
  std::optional<PassFacts::Course> course;               // at least
  std::optional<int> days_since_dose_min, days_since_recovery_max;
};

struct PassPeriod {
  std::string name;
  Date from{};
  std::optional<Date> to;                                // absent: still in force
  std::string citation;
  PassState otherwise = PassState::declared;             // where no rule applies
  std::map<FormKind, int> valid_hours;                   // one for each form
  std::vector<PassRule> rules;                           // the first that applies decides
};

/// Sorted by first day, none overlapping. Failure declarations.pass_rules_invalid or toml.*, naming file and key.
Result<std::vector<PassPeriod>> read_pass_periods(std::string_view text, const std::string& file);
/// The one in force on that day; before the first, or in a gap, the nearest earlier one (before all: the first).
const PassPeriod& pass_period_on(const std::vector<PassPeriod>& periods, Date day);

PassState decide_pass_state(const PassPeriod& period, const PassFacts& facts);
/// A pass in `before` must not be shown any more once this one was issued: red is worse than yellow, yellow than declared and green.
bool is_worse(PassState now, PassState before);

}  // namespace motcua::declarations
