#include "rooms/tracing/policy.hpp"

#include <gtest/gtest.h>

namespace motcua::tracing {
namespace {

using namespace std::chrono_literals;

Date day(const char* text) {
  const PartialDate d = parse_date(text).value();
  return Date{std::chrono::year{d.year}, std::chrono::month{static_cast<unsigned>(d.month)}, std::chrono::day{static_cast<unsigned>(d.day)}};
}
std::vector<Policy> ours() { return read_policies(assets::list("policies/vn-")).value(); }

TEST(Policy, TheFilesInTheBinaryAreSound) {
  const auto r = read_policies(assets::list("policies/vn-"));
  ASSERT_TRUE(r.ok()) << r.failure().code << " " << r.failure().field;
  EXPECT_EQ(r->size(), 4U);
}

TEST(Policy, TheOneInForceOnADay) {
  const auto policies = ours();
  for (const auto& [on, name] : {std::pair{"2019-12-31", "vn-2020"}, {"2020-03-01", "vn-2020"}, {"2021-07-29", "vn-2020"}, {"2021-07-30", "vn-2021-07"},
                                 {"2021-12-28", "vn-2021-07"}, {"2021-12-29", "vn-2021-12"}, {"2022-04-14", "vn-2021-12"}, {"2022-04-15", "vn-2022-04"}, {"2026-01-01", "vn-2022-04"}})
    EXPECT_EQ(policy_on(policies, day(on)).name, name) << on;
  EXPECT_EQ(policy_named(policies, "vn-2099").failure().code, "tracing.policy_unknown");
}

TEST(Policy, QuarantineChangesWithinAPolicy) {
  const Policy p = policy_named(ours(), "vn-2021-12").value();
  EXPECT_EQ(p.rule_for(1, day("2022-02-20"))->monitor_days, 7);
  EXPECT_EQ(p.rule_for(1, day("2022-02-21"))->monitor_days, 3);
  EXPECT_EQ(p.rule_for(7, day("2022-02-21")), nullptr);
}

TEST(Policy, InfectiousPeriod) {
  const Policy p = policy_named(ours(), "vn-2021-07").value();
  const Instant sampled = parse_instant("2021-08-10T09:00:00+07:00").value();
  const Instant isolated = parse_instant("2021-08-10T15:00:00+07:00").value();
  const Instant source = parse_instant("2021-08-05T20:00:00+07:00").value();
  struct Row { std::optional<Date> onset; std::optional<Instant> isolated_at, source; const char* from; };
  for (const Row& r : {Row{day("2021-08-08"), isolated, {}, "2021-08-05T00:00:00+07:00"}, Row{{}, isolated, {}, "2021-07-27T00:00:00+07:00"},
                       Row{{}, {}, source, "2021-08-05T20:00:00+07:00"}, Row{day("2021-08-08"), {}, source, "2021-08-05T00:00:00+07:00"}}) {
    const auto period = decide_infectious_period(p, r.onset, sampled, r.isolated_at, r.source);
    EXPECT_EQ(to_iso(period.from), r.from);
    EXPECT_EQ(period.to, r.isolated_at);
  }
}

TEST(Policy, AWrongFileIsNamedWithItsKey) {
  const std::string good(assets::find("policies/vn-2022-04.toml").value());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return read_policy(text, "policies/vn-2022-04.toml");
  };
  struct Row { const char* from; const char* to; const char* code; const char* key; };
  for (const Row& r : {Row{"distance_m = 1.0", "distance_m = -1.0", "toml.out_of_bounds", "contact.distance_m"},
                       Row{"distance_m = 1.0", "distanse_m = 1.0", "toml.unknown_key", "contact.distanse_m"},
                       Row{"high = 0.5", "high = 0.1", "toml.out_of_bounds", "risk.high"},
                       Row{"latent_minutes = 0", "latent_minutes = \"0\"", "toml.wrong_type", "contact.latent_minutes"},
                       Row{"place = \"none\"", "place = \"moon\"", "tracing.policy_invalid", "class[1].quarantine.place"},
                       Row{"name = \"F2\"", "name = \"F3\"", "tracing.policy_invalid", "class[2].name"},
                       Row{"name = \"vn-2022-04\"", "name = \"vn\"", "tracing.policy_invalid", "name"},
                       Row{"citation = \"1909/BYT-DP (15/04/2022)\"", "", "toml.missing_key", "citation"}}) {
    const auto result = with(r.from, r.to);
    ASSERT_FALSE(result.ok()) << r.to;
    EXPECT_EQ(result.failure().code, r.code) << r.to;
    EXPECT_EQ(result.failure().field, r.key) << r.to;
    EXPECT_EQ(result.failure().args.at("file"), "policies/vn-2022-04.toml");
  }
}

TEST(Policy, OverlappingPoliciesAreRefused) {
  const auto content = assets::find("policies/vn-2022-04.toml").value();
  std::string other(content);
  other.replace(other.find("vn-2022-04\""), 11, "vn-2022-05\"");
  const std::vector<assets::Asset> both{{"policies/vn-2022-04.toml", content}, {"policies/vn-2022-05.toml", other}};
  EXPECT_EQ(read_policies(both).failure().code, "tracing.policy_invalid");
}

}  // namespace
}  // namespace motcua::tracing
