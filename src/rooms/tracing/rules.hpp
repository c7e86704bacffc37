#pragma once
// What a call's outcome does to its task, and what a class is called. Pure.
#include "rooms/tracing/store.hpp"

namespace motcua::tracing {

inline constexpr int calls_unanswered_max = 5;           // then another way than the telephone is needed
inline constexpr std::chrono::hours call_again_after{4};
inline constexpr std::size_t note_bytes_max = 2000;

/// "F1" is 1. Failure tracing.class_unknown.
Result<int> level_of_class(std::string_view class_name);
/// "high", "medium" or "low": the strengths of a path's contacts, multiplied, against the policy's thresholds. A path without steps is low.
std::string_view decide_risk(const Policy& policy, const std::vector<Step>& path);
double strength_of(const std::vector<Step>& path);
bool is_closed(std::string_view state);
/// The task after the call. Failures: tracing.outcome_unknown, tracing.appointment_missing, tracing.task_closed, tracing.note_too_long.
Result<store::TaskRow> decide_after_call(store::TaskRow task, const CallInput& call, Instant now);

}  // namespace motcua::tracing
