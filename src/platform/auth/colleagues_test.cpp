// Who work can be given to: today's holders of a role, by name, each with her areas.
#include "platform/auth/colleagues.hpp"

#include "platform/auth/auth_fixture.hpp"

namespace motcua::auth {
namespace {

class ColleaguesTest : public AuthTest {
 protected:
  std::string hired(const std::string& login, const std::string& name, std::vector<http::RoleGrant> grants) {
    return auth->accounts().create(admin_act(), {.login = login, .display_name = name, .grants = std::move(grants)})->account;
  }
  void revoke(const std::string& account, const std::string& grant) { ASSERT_TRUE(auth->accounts().revoke(admin_act(), account, grant)); }
  std::vector<Colleague> tracers() {
    return *database().read_value([&](storage::Reader& reader) { return list_colleagues(reader, {"tracer", "ward_health_worker"}, now); });
  }
  std::string drawn() {
    std::string out;
    for (const auto& c : tracers()) {
      out += (out.empty() ? "" : "; ") + c.display_name.reveal() + ":";
      for (const auto& area : c.areas) out += " " + area;
    }
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ColleaguesTest, tests::both_engines(), tests::engine_name);

TEST_P(ColleaguesTest, OnlyWhoHoldsTheRoleTodayIsListed) {
  hired("binh", "Bình", {{"tracer", "79"}, {"ward_health_worker", "27280"}, {"tracer", "79"}});
  hired("an.nguyen", "An", {{"ward_health_worker", "27283"}});
  hired("quan.tri", "Quản trị", {{"administrator", ""}});
  hired("het.han", "Hết hạn", {{"tracer", "79", now + std::chrono::hours(1)}});
  const std::string gone = hired("nghi.viec", "Nghỉ việc", {{"tracer", "79"}});
  EXPECT_EQ(drawn(), "An: 27283; Bình: 27280 79; Hết hạn: 79; Nghỉ việc: 79");
  now += std::chrono::hours(2);
  ASSERT_TRUE(auth->accounts().set_active(admin_act(), gone, false));
  EXPECT_EQ(drawn(), "An: 27283; Bình: 27280 79");
  const std::string binh = tracers().back().account;
  const auto grants = *auth->accounts().grants(binh);
  for (const auto& grant : grants)
    if (grant.role == "ward_health_worker") revoke(binh, grant.id);
  EXPECT_EQ(drawn(), "An: 27283; Bình: 79");
}

TEST_P(ColleaguesTest, WorksWhereHerAreasReach) {
  const Colleague country{"acc_1", {}, {"vn"}}, ward{"acc_2", {}, {"27280"}}, nobody{"acc_3", {}, {}};
  EXPECT_TRUE(works_in(country, "27280", *units));
  EXPECT_TRUE(works_in(country, "", *units)) << "people whose ward nobody knows";
  EXPECT_TRUE(works_in(ward, "27280", *units));
  EXPECT_FALSE(works_in(ward, "27283", *units));
  EXPECT_FALSE(works_in(ward, "", *units));
  EXPECT_FALSE(works_in(nobody, "27280", *units));
}

TEST_P(ColleaguesTest, NamesStayWhenTheRoleIsOver) {
  hired("quan.tri", "Quản trị", {{"administrator", ""}});   // a house is never without one
  const std::string account = hired("nghi.viec", "Nghỉ việc", {{"tracer", "79"}});
  ASSERT_TRUE(auth->accounts().set_active(admin_act(), account, false));
  const std::vector<std::string> asked{account, account, "acc_" + std::string(26, '0')};
  const auto names = *database().read_value([&](storage::Reader& reader) { return names_of(reader, asked); });
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(names.at(account).reveal(), "Nghỉ việc");
}

}  // namespace
}  // namespace motcua::auth
