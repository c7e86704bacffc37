#include "rooms/tracing/rules.hpp"

namespace motcua::tracing {

Result<int> level_of_class(std::string_view name) {
  if (name.size() != 2 || name[0] != 'F' || name[1] < '1' || name[1] > '9') return invalid("tracing.class_unknown", "class");
  return name[1] - '0';
}

double strength_of(const std::vector<Step>& path) {
  double strength = path.empty() ? 0 : 1;
  for (const Step& s : path) strength *= s.strength;
  return strength;
}

std::string_view decide_risk(const Policy& policy, const std::vector<Step>& path) {
  const double strength = strength_of(path);
  return path.empty() || strength < policy.risk_medium ? "low" : strength < policy.risk_high ? "medium" : "high";
}

bool is_closed(std::string_view state) { return state == "done" || state == "cancelled"; }

Result<store::TaskRow> decide_after_call(store::TaskRow task, const CallInput& call, Instant now) {
  if (is_closed(task.state)) return conflict("tracing.task_closed");
  if (call.note.size() > note_bytes_max) return invalid("tracing.note_too_long", "note", {{"max", std::to_string(note_bytes_max)}});
  ++task.calls;
  task.last_outcome = call.outcome;
  if (call.outcome == "reached") {
    task.state = "done";
    task.due_at.reset();
  } else if (call.outcome == "appointment") {
    if (!call.appointment_at || *call.appointment_at <= now) return invalid("tracing.appointment_missing", "appointment_at");
    task.state = "appointment";
    task.due_at = call.appointment_at;
  } else if (call.outcome == "no_answer") {
    task.state = task.calls >= calls_unanswered_max ? "lost" : "trying";
    task.due_at = now + call_again_after;
  } else if (call.outcome == "wrong_number" || call.outcome == "refused" || call.outcome == "moved") {
    task.state = "lost";
    task.due_at = now + call_again_after;
  } else {
    return invalid("tracing.outcome_unknown", "outcome");
  }
  return task;
}

}  // namespace motcua::tracing
