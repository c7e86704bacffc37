// Roles as data, and who may do what where.
#include <fstream>

#include "platform/auth/auth_fixture.hpp"

namespace motcua::auth {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(std::string(MOTCUA_SOURCE_DIR) + path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

TEST(Roles, TheGuideNamesEveryRoleWithItsPurposes) {
  const std::string guide = slurp("/docs/guides/roles.md"), purposes = slurp("/docs/guides/purposes.md");
  for (const Role& role : all_roles()) {
    std::string line = "| `" + std::string(role.name) + "` | ";
    for (std::size_t i = 0; i < role.purposes.size(); ++i) line += (i ? ", " : "") + std::string(role.purposes[i]);
    EXPECT_NE(guide.find(line + " |"), std::string::npos) << line;
    for (const auto purpose : role.purposes)
      EXPECT_NE(purposes.find("| `" + std::string(purpose) + "` |"), std::string::npos) << purpose;
    EXPECT_FALSE(role.rooms.empty()) << role.name;
    EXPECT_FALSE(role.never.empty()) << role.name;
  }
}

TEST(Roles, WhatMustNeverMeet) {
  struct Case { const char *role, *room; bool enters; };
  for (const Case& c : {Case{"tracer", "tracing", true}, {"police", "tracing", false}, {"administrator", "tracing", false},
                        {"administrator", "identity", false}, {"administrator", "auth", true}, {"laboratory", "tracing", false},
                        {"case_officer", "tracing", false}, {"committee", "identity", false}, {"auditor", "audit", true},
                        {"gate_staff", "tracing", false}, {"nobody", "tracing", false}})
    EXPECT_EQ(enters_room(c.role, c.room), c.enters) << c.role << " " << c.room;
  EXPECT_TRUE(has_purpose("tracer", "contact-tracing"));
  EXPECT_FALSE(has_purpose("administrator", "contact-tracing"));
  EXPECT_EQ(find_role("root"), nullptr);
}

TEST(Roles, ARouteIsHeldToTheCatalogue) {
  EXPECT_TRUE(misfits_of(http::Access::roles({"tracer", "tracing_supervisor"}, "contact-tracing")).empty());
  EXPECT_TRUE(misfits_of(http::Access::anyone()).empty());
  EXPECT_EQ(misfits_of(http::Access::roles({"tracer", "root", "police"}, "contact-tracing")),
            (std::vector<std::string>{"no role root", "police has no purpose contact-tracing"}));
}

class AccessTest : public AuthTest {
 protected:
  void SetUp() override {
    AuthTest::SetUp();
    // Province 79 with district 764 and wards 26869, 26872; province 01 with ward 00001.
    const std::string list =
        "code,name,level,parent_code,valid_from,valid_to\n"
        "79,Thành phố Hồ Chí Minh,province,,,\n764,Quận Gò Vấp,district,79,,\n26869,Phường 17,ward,764,,\n26872,Phường 6,ward,764,,\n"
        "01,Thành phố Hà Nội,province,,,\n001,Quận Ba Đình,district,01,,\n00001,Phường Phúc Xá,ward,001,,\n";
    auto source = intake::text_source(list);
    intake::ImportOptions options;
    options.source = "units";
    options.shown_name = "units.csv";
    auto done = intake::import_source(database(), admin_act("units.import"), units::units_kind(*units), options, *source, dir().str());
    ASSERT_TRUE(done) << done.failure().code << done.failure().detail;
    ASSERT_TRUE(units->refresh());
  }
  static http::Principal with(std::vector<http::RoleGrant> grants) { return {"acc_x", "", std::move(grants), "", ""}; }
};
INSTANTIATE_TEST_SUITE_P(Engines, AccessTest, tests::both_engines(), tests::engine_name);

TEST_P(AccessTest, Promise01AWardNurseSeesHerWard) {
  struct Case { const char *area, *unit; bool allowed; };
  for (const Case& c : {Case{"26869", "26869", true}, {"26869", "26872", false}, {"26869", "764", false}, {"764", "26872", true},
                        {"79", "26872", true}, {"79", "00001", false}, {"", "00001", true}, {"vn", "00001", true}, {"", "", true},
                        {"79", "", false}, {"26869", "99999", false}, {"", "99999", true}})
    EXPECT_EQ(may(with({{"ward_health_worker", c.area}}), {"ward_health_worker"}, c.unit, *units), c.allowed) << c.area << " " << c.unit;
}

TEST_P(AccessTest, TheRoleAndTheAreaMustBeOfOneGrant) {
  const auto person = with({{"tracer", "01"}, {"ward_health_worker", "79"}});
  EXPECT_FALSE(may(person, {"tracer"}, "26869", *units));
  EXPECT_TRUE(may(person, {"ward_health_worker"}, "26869", *units));
  EXPECT_EQ(find_grant(person, {"tracer", "ward_health_worker"}, "26869", *units)->role, "ward_health_worker");
  EXPECT_EQ(areas_of(person, {"tracer", "ward_health_worker"}), (std::vector<std::string>{"01", "79"}));
  EXPECT_EQ(areas_of(with({{"tracer", "01"}, {"tracer", ""}}), {"tracer"}), (std::vector<std::string>{"vn"}));
  EXPECT_TRUE(areas_of(person, {"police"}).empty());
  EXPECT_FALSE(has_role(person, {"police"}));
}

TEST_P(AccessTest, AnActNamesARoleThatHasThePurpose) {
  http::Request request = request_of(with({{"reviewer", ""}, {"tracer", "79"}}));
  auto act = act_of(request, {"tracer", "reviewer"}, "contact-tracing", "tracing.view_case");
  ASSERT_TRUE(act);
  EXPECT_EQ(act->role, "tracer");
  EXPECT_EQ(act->actor, "acc_x");
  EXPECT_EQ(act->request, "req_1");
  EXPECT_EQ(act_of(request, {"reviewer"}, "contact-tracing", "x").failure().code, "auth.not_your_role");
  request.principal.reset();
  EXPECT_EQ(act_of(request, {"tracer"}, "contact-tracing", "x").failure().code, "auth.sign_in_needed");
}

TEST_P(AccessTest, GrantsAreCheckedEndAndAreTakenAway) {
  const Issued mai = made("mai");
  const auto grant = [&](const char* role, const char* area, std::optional<Instant> until = {}) {
    auto r = auth->accounts().grant(admin_act(), mai.account, {role, area, until});
    return r ? std::string("ok") : r.failure().code;
  };
  EXPECT_EQ(grant("emperor", ""), "auth.unknown_role");
  EXPECT_EQ(grant("tracer", "99999"), "auth.unknown_area");
  EXPECT_EQ(grant("tracer", "79", now + std::chrono::days{1}), "ok");
  EXPECT_EQ(grant("administrator", ""), "auth.roles_apart");
  const std::string token = signed_in("mai", mai);
  EXPECT_EQ(principal_of(token).grants.size(), 1u);
  const auto id = auth->accounts().grant(admin_act(), mai.account, {"reviewer", "01"});
  EXPECT_EQ(principal_of(token).grants.size(), 2u) << "at once, without signing in again";
  made("quan-tri", {{"administrator", ""}});
  ASSERT_TRUE(auth->accounts().revoke(admin_act(), mai.account, *id));
  EXPECT_EQ(principal_of(token).grants.size(), 1u);
  EXPECT_EQ(auth->accounts().revoke(admin_act(), mai.account, *id).failure().code, "auth.grant_not_found");
  wait(std::chrono::days{1});
  EXPECT_TRUE(auth->accounts().grants(mai.account)->empty()) << "over";
}

TEST_P(AccessTest, AccountsAreChecked) {
  const auto create = [&](const std::string& login, const std::string& name) {
    auto r = auth->accounts().create(admin_act(), {.login = login, .display_name = name});
    return r ? std::string("ok") : r.failure().code;
  };
  EXPECT_EQ(create("Lan.Tran@79", "Người Thử"), "ok");
  EXPECT_EQ(create("lan.tran@79", "Người Khác"), "auth.login_taken");
  for (const char* bad : {"", "ab", "có dấu", "a b c", "drop'table"}) EXPECT_EQ(create(bad, "x"), "auth.bad_login") << bad;
  EXPECT_EQ(create(std::string(65, 'a'), "x"), "auth.bad_login");
  EXPECT_EQ(create("abc", ""), "auth.bad_name");
  EXPECT_EQ(create("abc", std::string(201, 'x')), "auth.bad_name");
}

TEST_P(AccessTest, TheFirstAdministratorAndTheLast) {
  const Act cli{"cli:operator", "operator", "operation", "auth.create_first_administrator", ""};
  auto first = auth->accounts().create_first_administrator(cli, "quan-tri", "Người Thử");
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->totp_secret.reveal().empty());
  EXPECT_EQ(auth->accounts().create_first_administrator(cli, "second", "x").failure().code, "auth.administrator_exists");
  auto step = try_password("quan-tri", first->password.reveal());
  ASSERT_TRUE(step);
  auto next = auth->sign_in().finish_code(step->token.reveal(), code_of(*first), here());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->stage, Stage::password) << "the printed password is for once";

  const auto grants = *auth->accounts().grants(first->account);
  EXPECT_EQ(auth->accounts().revoke(admin_act(), first->account, grants.at(0).id).failure().code, "auth.last_administrator");
  EXPECT_EQ(auth->accounts().set_active(admin_act(), first->account, false).failure().code, "auth.last_administrator");
  Act own = admin_act();
  own.actor = first->account;
  EXPECT_EQ(auth->accounts().set_active(own, first->account, false).failure().code, "auth.own_account");
  EXPECT_EQ(auth->accounts().reset(own, first->account).failure().code, "auth.own_account");
  EXPECT_EQ(auth->accounts().grant(own, first->account, {"tracer", ""}).failure().code, "auth.own_account");
  made("quan-tri-2", {{"administrator", ""}});
  EXPECT_TRUE(auth->accounts().set_active(admin_act(), first->account, false));
}

TEST_P(AccessTest, AResetEndsSessionsAndStartsAnew) {
  const Issued mai = made("mai");
  const std::string token = signed_in("mai", mai);
  auto again = auth->accounts().reset(admin_act(), mai.account);
  ASSERT_TRUE(again);
  EXPECT_TRUE(principal_of(token).account.empty());
  EXPECT_EQ(try_password("mai", mai.password.reveal()).failure().code, "auth.sign_in_refused");
  auto step = try_password("mai", again->password.reveal());
  ASSERT_TRUE(step);
  EXPECT_EQ(step->stage, Stage::enrol);
  EXPECT_EQ(auth->accounts().reset(admin_act(), crypto::random_id("acc")).failure().code, "auth.account_not_found");
}

class ApprovalTest : public AccessTest {
 protected:
  http::Request as(const std::string& account, std::vector<http::RoleGrant> grants) {
    return request_of({account, "", std::move(grants), "ses_x", "c"});
  }
  template <class T>
  static std::string outcome(const Result<T>& r) {
    return r ? "ok" : r.failure().code;
  }
  std::string consume(const std::string& account, const std::string& id, const std::string& kind = "bulk_export",
                      const std::string& hash = "h1") {
    return outcome(database().write(admin_act(), [&](storage::Transaction& tx) { return Approvals::consume(tx, account, id, kind, hash, now); }));
  }
  std::string ask(const std::string& area = "764") { return *auth->approvals().request_approval(tracer, {"bulk_export", "h1", area, "contact-tracing"}); }

  http::Request tracer = as("acc_tracer", {{"tracer", "764"}});
  http::Request supervisor = as("acc_supervisor", {{"tracing_supervisor", "79"}});
  http::Request far_away = as("acc_far", {{"tracing_supervisor", "01"}});
};
INSTANTIATE_TEST_SUITE_P(Engines, ApprovalTest, tests::both_engines(), tests::engine_name);

TEST_P(ApprovalTest, Promise09OneAsksAnotherApprovesAndItIsDoneOnce) {
  const std::string id = ask();
  EXPECT_TRUE(is_id("apr", id));
  EXPECT_EQ(consume("acc_tracer", id), "auth.approval_missing") << "not yet";
  EXPECT_EQ(outcome(auth->approvals().approve(supervisor, id)), "ok");
  EXPECT_EQ(consume("acc_tracer", id, "bulk_export", "h2"), "auth.approval_missing") << "other parameters";
  EXPECT_EQ(consume("acc_tracer", id, "break_glass"), "auth.approval_missing") << "another kind";
  EXPECT_EQ(consume("acc_supervisor", id), "auth.approval_missing") << "somebody else";
  EXPECT_EQ(consume("acc_tracer", id), "ok");
  EXPECT_EQ(consume("acc_tracer", id), "auth.approval_missing") << "once";
}

TEST_P(ApprovalTest, Promise09NobodyApprovesHerOwn) {
  const http::Request both = as("acc_both", {{"tracing_supervisor", ""}});
  const std::string id = *auth->approvals().request_approval(both, {"bulk_export", "h1", "764", "contact-tracing"});
  EXPECT_EQ(outcome(auth->approvals().approve(both, id)), "auth.own_approval");
  EXPECT_EQ(outcome(auth->approvals().refuse(both, id)), "auth.own_approval");
  EXPECT_EQ(consume("acc_both", id), "auth.approval_missing");
}

TEST_P(ApprovalTest, Promise01WhoMayNotDecideDoesNotLearnThatItIsThere) {
  const std::string id = ask();
  const auto strange = auth->approvals().approve(far_away, id), absent = auth->approvals().approve(far_away, crypto::random_id("apr"));
  EXPECT_EQ(strange.failure().code, "auth.approval_not_found");
  EXPECT_EQ(absent.failure().code, strange.failure().code);
  EXPECT_EQ(absent.failure().kind, strange.failure().kind);
  EXPECT_TRUE(auth->approvals().list_for(*far_away.principal)->empty());
  EXPECT_EQ(auth->approvals().list_for(*supervisor.principal)->size(), 1u);
  EXPECT_EQ(auth->approvals().list_for(*tracer.principal)->size(), 1u);
}

TEST_P(ApprovalTest, Promise09RefusedDecidedAndExpired) {
  const std::string refused = ask();
  EXPECT_EQ(outcome(auth->approvals().refuse(supervisor, refused)), "ok");
  EXPECT_EQ(consume("acc_tracer", refused), "auth.approval_missing");
  EXPECT_EQ(outcome(auth->approvals().approve(supervisor, refused)), "auth.approval_decided");
  const std::string late = ask(), unused = ask();
  EXPECT_EQ(outcome(auth->approvals().approve(supervisor, unused)), "ok");
  wait(approval_lifetime + std::chrono::milliseconds{1});
  EXPECT_EQ(outcome(auth->approvals().approve(supervisor, late)), "auth.approval_expired");
  EXPECT_EQ(consume("acc_tracer", unused), "auth.approval_missing");
}

TEST_P(ApprovalTest, AskingNeedsARoleInTheArea) {
  const auto asks = [&](const http::Request& who, const char* kind, const char* area) {
    return outcome(auth->approvals().request_approval(who, {kind, "h", area, "contact-tracing"}));
  };
  EXPECT_EQ(asks(tracer, "bulk_export", "26869"), "ok");
  EXPECT_EQ(asks(tracer, "bulk_export", "01"), "auth.not_your_role");
  EXPECT_EQ(asks(tracer, "bulk_export", ""), "auth.not_your_role") << "the whole country is not her area";
  EXPECT_EQ(asks(tracer, "key_ceremony", "764"), "auth.not_your_role");
  EXPECT_EQ(asks(tracer, "no_such_kind", "764"), "auth.unknown_approval_kind");
}

TEST_P(ApprovalTest, Promise09TheUseIsOnRecordWithWhatItAllowed) {
  const std::string id = ask();
  ASSERT_TRUE(auth->approvals().approve(supervisor, id));
  ASSERT_EQ(consume("acc_tracer", id), "ok");
  auto page = database().read_value([&](storage::Reader& r) { return audit::list_entries(r, {.object = id}); });
  std::vector<std::string> actions;
  for (const auto& e : page->entries) actions.push_back(e.actor + " " + e.action);
  EXPECT_EQ(actions, (std::vector<std::string>{"acc_admin auth.use_approval", "acc_supervisor auth.approve", "acc_tracer auth.ask_approval"}));
}

}  // namespace
}  // namespace motcua::auth
