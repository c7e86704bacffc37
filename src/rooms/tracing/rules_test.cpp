#include "rooms/tracing/rules.hpp"

#include <gtest/gtest.h>

namespace motcua::tracing {
namespace {

TEST(Rules, WhatACallDoesToItsTask) {
  const Instant now = parse_instant("2021-08-10T09:00:00+07:00").value();
  const Instant later = now + std::chrono::hours(30);
  struct Row { const char* before; int calls; const char* outcome; std::optional<Instant> appointment; const char* after; const char* failure; };
  for (const Row& r : {Row{"open", 0, "reached", {}, "done", ""}, Row{"open", 0, "no_answer", {}, "trying", ""}, Row{"trying", 4, "no_answer", {}, "lost", ""},
                       Row{"open", 0, "wrong_number", {}, "lost", ""}, Row{"open", 0, "refused", {}, "lost", ""}, Row{"open", 0, "moved", {}, "lost", ""},
                       Row{"lost", 5, "reached", {}, "done", ""}, Row{"open", 0, "appointment", later, "appointment", ""},
                       Row{"open", 0, "appointment", {}, "", "tracing.appointment_missing"}, Row{"open", 0, "appointment", now, "", "tracing.appointment_missing"},
                       Row{"done", 1, "reached", {}, "", "tracing.task_closed"}, Row{"cancelled", 0, "reached", {}, "", "tracing.task_closed"},
                       Row{"open", 0, "sang", {}, "", "tracing.outcome_unknown"}}) {
    store::TaskRow task;
    task.state = r.before;
    task.calls = r.calls;
    const auto result = decide_after_call(task, {r.outcome, "", r.appointment}, now);
    EXPECT_EQ(result.ok(), *r.failure == 0) << r.before << " " << r.outcome;
    if (!result) {
      EXPECT_EQ(result.failure().code, r.failure);
      continue;
    }
    EXPECT_EQ(result->state, r.after) << r.before << " " << r.outcome;
    EXPECT_EQ(result->calls, r.calls + 1);
    EXPECT_EQ(result->due_at.has_value(), result->state != "done");
  }
  EXPECT_EQ(decide_after_call({}, {"reached", std::string(note_bytes_max + 1, 'x'), {}}, now).failure().code, "tracing.note_too_long");
}

TEST(Rules, RiskByTheStrengthOfTheWholePath) {
  Policy policy;
  policy.risk_medium = 0.15;
  policy.risk_high = 0.5;
  const auto path = [](std::initializer_list<double> strengths) {
    std::vector<Step> steps;
    for (const double s : strengths) steps.emplace_back().strength = s;
    return steps;
  };
  struct Row { std::vector<Step> path; const char* risk; };
  for (const Row& r : {Row{path({0.99}), "high"}, Row{path({0.5}), "high"}, Row{path({0.49}), "medium"}, Row{path({0.15}), "medium"}, Row{path({0.14}), "low"},
                       Row{path({0.9, 0.5}), "medium"}, Row{path({0.3, 0.3}), "low"}, Row{path({}), "low"}})
    EXPECT_EQ(decide_risk(policy, r.path), r.risk) << strength_of(r.path);
}

}  // namespace
}  // namespace motcua::tracing
