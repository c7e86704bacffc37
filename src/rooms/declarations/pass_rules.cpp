#include "rooms/declarations/pass_rules.hpp"

#include <algorithm>
#include <array>

#include "platform/toml/toml.hpp"

namespace motcua::declarations {
namespace {

constexpr std::string_view invalid_code = "declarations.pass_rules_invalid";
constexpr int hours_max = 24 * 31, days_max = 3650;

struct Answer {
  std::string_view name;
  bool PassFacts::*said;
};
constexpr std::array<Answer, 4> answers{{{"symptoms", &PassFacts::symptoms},
                                         {"contact_with_case", &PassFacts::contact_with_case},
                                         {"contact_with_symptomatic", &PassFacts::contact_with_symptomatic},
                                         {"from_affected_area", &PassFacts::from_affected_area}}};

const Answer* find_answer(std::string_view name) {
  const auto found = std::find_if(answers.begin(), answers.end(), [&](const Answer& a) { return a.name == name; });
  return found == answers.end() ? nullptr : &*found;
}

Failure wrong(const toml::Table& t, std::string_view key) { return t.failure(std::string(invalid_code), key); }

Result<PassState> read_state(const toml::Table& t, std::string_view key) {
  TRY_ASSIGN(const auto text, t.text(key));
  const auto state = parse_pass_state(text);
  if (!state) return wrong(t, key);
  return *state;
}

Result<std::optional<int>> read_days(const toml::Table& t, std::string_view key) {
  if (!t.has(key)) return std::optional<int>();
  TRY_ASSIGN(const auto days, t.integer(key, 0, days_max));
  return std::optional(static_cast<int>(days));
}

Result<PassRule> read_rule(const toml::Table& t) {
  TRY(t.only({"state", "any", "course", "days_since_dose_min", "days_since_recovery_max", "confidence"}));
  PassRule rule;
  TRY_ASSIGN(rule.state, read_state(t, "state"));
  if (t.has("any")) {
    TRY_ASSIGN(rule.any, t.texts("any"));
    for (const auto& name : rule.any)
      if (find_answer(name) == nullptr) return wrong(t, "any");
  }
  if (t.has("course")) {
    TRY_ASSIGN(const auto course, t.text("course"));
    if (course != "begun" && course != "complete") return wrong(t, "course");
    rule.course = course == "begun" ? PassFacts::Course::begun : PassFacts::Course::complete;
  }
  TRY_ASSIGN(rule.days_since_dose_min, read_days(t, "days_since_dose_min"));
  TRY_ASSIGN(rule.days_since_recovery_max, read_days(t, "days_since_recovery_max"));
  if (rule.any.empty() && !rule.course && !rule.days_since_dose_min && !rule.days_since_recovery_max) return wrong(t, "any");
  return rule;
}

Result<PassPeriod> read_period(const toml::Table& t) {
  TRY(t.only({"name", "from", "to", "citation", "confidence", "otherwise", "valid_hours", "rule"}));
  PassPeriod period;
  TRY_ASSIGN(period.name, t.text("name"));
  TRY_ASSIGN(period.citation, t.text("citation"));
  TRY_ASSIGN(period.from, t.date("from"));
  if (t.has("to")) {
    TRY_ASSIGN(period.to, t.date("to"));
    if (*period.to < period.from) return wrong(t, "to");
  }
  TRY_ASSIGN(period.otherwise, read_state(t, "otherwise"));
  TRY_ASSIGN(const toml::Table hours, t.table("valid_hours"));
  TRY(hours.only({"health", "domestic", "entry", "daily"}));
  for (const auto form : {FormKind::health, FormKind::domestic, FormKind::entry, FormKind::daily}) {
    TRY_ASSIGN(const auto n, hours.integer(to_text(form), 1, hours_max));
    period.valid_hours[form] = static_cast<int>(n);
  }
  TRY_ASSIGN(const auto rules, t.tables("rule"));
  for (const auto& one : rules) {
    TRY_ASSIGN(auto rule, read_rule(one));
    period.rules.push_back(std::move(rule));
  }
  return period;
}

bool applies(const PassRule& rule, const PassFacts& facts) {
  const auto said = [&](const std::string& name) { return facts.*(find_answer(name)->said); };
  if (!rule.any.empty() && std::none_of(rule.any.begin(), rule.any.end(), said)) return false;
  if (rule.course && facts.course < *rule.course) return false;
  if (rule.days_since_dose_min && (!facts.days_since_dose || *facts.days_since_dose < *rule.days_since_dose_min)) return false;
  return !rule.days_since_recovery_max || (facts.days_since_recovery && *facts.days_since_recovery <= *rule.days_since_recovery_max);
}

int rank(PassState state) { return state == PassState::red ? 2 : state == PassState::yellow ? 1 : 0; }

}  // namespace

Result<std::vector<PassPeriod>> read_pass_periods(std::string_view text, const std::string& file) {
  TRY_ASSIGN(const toml::Table t, toml::parse(text, file));
  TRY(t.only({"period"}));
  TRY_ASSIGN(const auto tables, t.tables("period"));
  std::vector<PassPeriod> periods;
  for (const auto& one : tables) {
    TRY_ASSIGN(auto period, read_period(one));
    if (!periods.empty() && (!periods.back().to || *periods.back().to >= period.from)) return wrong(one, "from");
    periods.push_back(std::move(period));
  }
  if (periods.empty()) return wrong(t, "period");
  return periods;
}

const PassPeriod& pass_period_on(const std::vector<PassPeriod>& periods, Date day) {
  const PassPeriod* found = &periods.front();
  for (const auto& period : periods)
    if (period.from <= day) found = &period;
  return *found;
}

PassState decide_pass_state(const PassPeriod& period, const PassFacts& facts) {
  for (const auto& rule : period.rules)
    if (applies(rule, facts)) return rule.state;
  return period.otherwise;
}

bool is_worse(PassState now, PassState before) { return rank(now) > rank(before); }

}  // namespace motcua::declarations
