#include "rooms/tracing/policy.hpp"

#include <algorithm>

#include "platform/toml/toml.hpp"

namespace motcua::tracing {
namespace {

constexpr std::string_view places[] = {"central", "home", "none"};
constexpr std::string_view confidences[] = {"A", "B", "C", "D"};

template <class Set>
Result<std::string> one_of(const toml::Table& t, std::string_view key, const Set& allowed) {
  TRY_ASSIGN(std::string text, t.text(key));
  if (std::find(std::begin(allowed), std::end(allowed), text) == std::end(allowed)) return t.failure("tracing.policy_invalid", key);
  return text;
}

Result<void> read_contact(const toml::Table& t, Policy& p) {
  TRY(t.only({"latent_minutes", "distance_m", "minutes_min", "minutes_min_masked", "confidence"}));
  TRY_ASSIGN(const auto latent, t.integer("latent_minutes", 0, 14 * 1440));
  TRY_ASSIGN(p.distance_m, t.real("distance_m", 0.1, 100));
  TRY_ASSIGN(const auto least, t.integer("minutes_min", 0, 1440));
  TRY_ASSIGN(const auto masked, t.integer("minutes_min_masked", least, 1440));
  TRY(one_of(t, "confidence", confidences));
  p.latent_minutes = static_cast<int>(latent);
  p.minutes_min = static_cast<int>(least);
  p.minutes_min_masked = static_cast<int>(masked);
  return {};
}

Result<void> read_infectious(const toml::Table& t, Policy& p) {
  TRY(t.only({"days_before_onset", "days_before_sample", "confidence"}));
  TRY_ASSIGN(const auto onset, t.integer("days_before_onset", 0, 30));
  TRY_ASSIGN(const auto sample, t.integer("days_before_sample", 0, 60));
  TRY(one_of(t, "confidence", confidences));
  p.infectious_days_before_onset = static_cast<int>(onset);
  p.days_before_sample = static_cast<int>(sample);
  return {};
}

Result<void> read_risk(const toml::Table& t, Policy& p) {
  TRY(t.only({"high", "medium", "confidence"}));
  TRY_ASSIGN(p.risk_medium, t.real("medium", 0, 1));
  TRY_ASSIGN(p.risk_high, t.real("high", p.risk_medium, 1));
  TRY(one_of(t, "confidence", confidences));
  return {};
}

Result<void> read_quarantine(const toml::Table& t, QuarantineRule& rule) {
  TRY_ASSIGN(const toml::Table q, t.table("quarantine"));
  TRY(q.only({"place", "days", "monitor_days", "test_days"}));
  TRY_ASSIGN(rule.place, one_of(q, "place", places));
  TRY_ASSIGN(const auto days, q.integer("days", 0, 60));
  TRY_ASSIGN(const auto monitor, q.integer("monitor_days", 0, 60));
  TRY_ASSIGN(const auto tests, q.integers("test_days", 1, 90));
  TRY_ASSIGN(rule.confidence, one_of(t, "confidence", confidences));
  rule.days = static_cast<int>(days);
  rule.monitor_days = static_cast<int>(monitor);
  rule.test_days.assign(tests.begin(), tests.end());
  return {};
}

Result<void> read_class(const toml::Table& t, Policy& p) {
  TRY(t.only({"name", "vi", "en", "quarantine", "follow_up", "call_within_hours", "confidence", "change"}));
  QuarantineRule rule;
  TRY_ASSIGN(rule.class_name, t.text("name"));
  if (rule.class_name != "F" + std::to_string(p.definition_en.size() + 1)) return t.failure("tracing.policy_invalid", "name");
  TRY_ASSIGN(std::string vi, t.text("vi"));
  TRY_ASSIGN(std::string en, t.text("en"));
  p.definition_vi.push_back(std::move(vi));
  p.definition_en.push_back(std::move(en));
  TRY_ASSIGN(rule.follow_up, t.boolean("follow_up"));
  TRY_ASSIGN(const auto hours, t.integer("call_within_hours", 1, 24 * 30));
  rule.call_within_hours = static_cast<int>(hours);
  TRY(read_quarantine(t, rule));
  p.quarantine.push_back(rule);
  TRY_ASSIGN(const auto changes, t.tables("change"));
  for (const toml::Table& change : changes) {
    TRY(change.only({"from", "citation", "quarantine", "confidence"}));
    TRY_ASSIGN(rule.from, change.date("from"));
    if (*rule.from <= p.from || (p.to && *rule.from > *p.to)) return change.failure("tracing.policy_invalid", "from");
    TRY(read_quarantine(change, rule));
    p.quarantine.push_back(rule);
  }
  return {};
}

std::chrono::sys_days days_of(Date d) { return std::chrono::sys_days(d); }

}  // namespace

const QuarantineRule* Policy::rule_for(int level, Date on) const {
  const std::string wanted = "F" + std::to_string(level);
  const QuarantineRule* found = nullptr;
  for (const QuarantineRule& rule : quarantine)
    if (rule.class_name == wanted && (!rule.from || *rule.from <= on)) found = &rule;
  return found;
}

Result<Policy> read_policy(std::string_view text, const std::string& file) {
  TRY_ASSIGN(const toml::Table t, toml::parse(text, file));
  TRY(t.only({"name", "from", "to", "citation", "contact", "infectious", "risk", "class"}));
  Policy p;
  TRY_ASSIGN(p.name, t.text("name"));
  if (file != "policies/" + p.name + ".toml") return t.failure("tracing.policy_invalid", "name");
  TRY_ASSIGN(p.citation, t.text("citation"));
  TRY_ASSIGN(p.from, t.date("from"));
  if (t.has("to")) {
    TRY_ASSIGN(p.to, t.date("to"));
    if (*p.to < p.from) return t.failure("tracing.policy_invalid", "to");
  }
  TRY_ASSIGN(const toml::Table contact, t.table("contact"));
  TRY(read_contact(contact, p));
  TRY_ASSIGN(const toml::Table infectious, t.table("infectious"));
  TRY(read_infectious(infectious, p));
  TRY_ASSIGN(const toml::Table risk, t.table("risk"));
  TRY(read_risk(risk, p));
  TRY_ASSIGN(const auto classes, t.tables("class"));
  if (classes.empty()) return t.failure("toml.missing_key", "class");
  for (const toml::Table& c : classes) TRY(read_class(c, p));
  return p;
}

Result<std::vector<Policy>> read_policies(std::span<const assets::Asset> files) {
  std::vector<Policy> policies;
  for (const assets::Asset& file : files) {
    TRY_ASSIGN(Policy p, read_policy(file.content, std::string(file.name)));
    policies.push_back(std::move(p));
  }
  std::sort(policies.begin(), policies.end(), [](const Policy& a, const Policy& b) { return a.from < b.from; });
  if (policies.empty()) return invalid("tracing.policy_invalid", "policies", {{"file", "policies/"}, {"key", "name"}});
  for (std::size_t i = 1; i < policies.size(); ++i)
    if (!policies[i - 1].to || *policies[i - 1].to >= policies[i].from)
      return invalid("tracing.policy_invalid", "to", {{"file", "policies/" + policies[i - 1].name + ".toml"}, {"key", "to"}});
  return policies;
}

const Policy& policy_on(const std::vector<Policy>& policies, Date day) {
  const Policy* found = &policies.front();
  for (const Policy& p : policies)
    if (p.from <= day) found = &p;
  return *found;
}

Result<Policy> policy_named(const std::vector<Policy>& policies, std::string_view name) {
  for (const Policy& p : policies)
    if (p.name == name) return p;
  return invalid("tracing.policy_unknown", "policy", {{"policy", std::string(name)}});
}

InfectiousPeriod decide_infectious_period(const Policy& policy, const std::optional<Date>& onset, Instant sampled_at,
                                          const std::optional<Instant>& isolated_at, const std::optional<Instant>& source_contact_at) {
  const auto midnight_before = [](Date day, int days) { return vietnam_midnight(Date(days_of(day) - std::chrono::days(days))); };
  if (onset) return {midnight_before(*onset, policy.infectious_days_before_onset), isolated_at};
  if (source_contact_at) return {*source_contact_at, isolated_at};
  return {midnight_before(vietnam_date(sampled_at), policy.days_before_sample), isolated_at};
}

std::chrono::days isolation_time_of(const Policy& policy) {
  int days = 14;
  for (const QuarantineRule& rule : policy.quarantine) days = std::max(days, rule.days);
  return std::chrono::days(days);
}

contacts::Rules to_rules(const Policy& policy) {
  constexpr contacts::Time minute_ms = 60'000;
  contacts::Rules rules;
  rules.latent_ms = policy.latent_minutes * minute_ms;
  rules.overlap_min_ms = policy.minutes_min * minute_ms;
  rules.overlap_min_masked_ms = policy.minutes_min_masked * minute_ms;
  rules.distance_max_m = policy.distance_m;
  return rules;
}

}  // namespace motcua::tracing
