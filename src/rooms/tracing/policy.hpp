#pragma once
// Policies: dated rules read from policies/*.toml; and what they decide about a case. Inner header of the room.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/contacts/contacts.hpp"
#include "platform/assets/assets.hpp"
#include "rooms/tracing/model.hpp"

namespace motcua::tracing {

/// Reads and checks all; sorted by first day. Failure tracing.policy_invalid or toml.*, naming the file and the key.
Result<std::vector<Policy>> read_policies(std::span<const assets::Asset> files);
Result<Policy> read_policy(std::string_view text, const std::string& file);

/// The one in force on that day; before the first, or in a gap, the nearest earlier one (before all: the first).
const Policy& policy_on(const std::vector<Policy>& policies, Date day);
/// Failure tracing.policy_unknown.
Result<Policy> policy_named(const std::vector<Policy>& policies, std::string_view name);

/// When a case can pass it on. With symptoms: from 00:00 Vietnam time `infectious_days_before_onset` days before onset (3638, section 1).
/// Without, source known: from the first contact with it; unknown: 00:00 `days_before_sample` days before the sampling day. Until
/// isolation, or open.
struct InfectiousPeriod {
  Instant from{};
  std::optional<Instant> to;
};
InfectiousPeriod decide_infectious_period(const Policy& policy, const std::optional<Date>& onset, Instant sampled_at,
                                          const std::optional<Instant>& isolated_at, const std::optional<Instant>& source_contact_at);

/// How long an isolation lasts: as long as the policy orders for any class, and no less than the longest incubation.
std::chrono::days isolation_time_of(const Policy& policy);

contacts::Rules to_rules(const Policy& policy);

}  // namespace motcua::tracing
