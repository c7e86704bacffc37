// Every route: closed unless it says otherwise, open to roles that exist, and deaf to forms that are not ours.
#include <boost/json.hpp>

#include "platform/auth/access.hpp"
#include "platform/auth/machine_key.hpp"
#include "tests/meta/demo_house.hpp"

namespace motcua::tests {
namespace {

using http::Access;
using http::Method;

TEST(Routes, EveryApiOperationStatesItsSecurity) {
  const auto document = DemoHouse::get().ask(Method::get, "/api/openapi.json", {});
  ASSERT_EQ(document.status, 200);
  const auto json = boost::json::parse(document.body).as_object();
  int operations = 0;
  for (const auto& route : DemoHouse::get().routes()) {
    if (!is_api(route)) continue;
    const auto* methods = json.at("paths").as_object().if_contains(route.path);
    ASSERT_NE(methods, nullptr) << named(route);
    const auto* operation = methods->as_object().if_contains(route.method == Method::get ? "get" : "post");
    ASSERT_NE(operation, nullptr) << named(route);
    const auto* security = operation->as_object().if_contains("security");
    if (!security) security = json.if_contains("security");   // the document's own rule, for all that say nothing else
    ASSERT_NE(security, nullptr) << named(route);
    EXPECT_EQ(security->as_array().empty(), route.access.kind() == Access::Kind::anyone) << named(route);
    ++operations;
  }
  EXPECT_GT(operations, 5);
  EXPECT_EQ(json.at("components").at("securitySchemes").at("session").at("name").as_string(), "__Host-motcua");
}

TEST(Routes, ClosedApiOperationsAnswerNobody) {
  auto& house = DemoHouse::get();
  for (const auto& route : house.routes()) {
    if (!is_api(route) || route.access.kind() == Access::Kind::anyone) continue;
    const auto answer = house.ask(route.method, house.real_path(route), {.body = route.method == Method::get ? "" : "{}"}, route.path);
    EXPECT_TRUE(answer.status == 401 || answer.status == 403 || answer.status == 404) << named(route) << " " << answer.status;
    EXPECT_EQ(answer.content_type, route.path.starts_with("/fhir/") ? "application/fhir+json" : "application/problem+json") << named(route);
  }
}

TEST(Routes, PagesOpenWithoutSignInOnlyWhereAnyoneMay) {
  auto& house = DemoHouse::get();
  int open = 0, closed = 0;
  for (const auto& route : house.routes()) {
    if (is_api(route) || route.method != Method::get) continue;
    for (const char* lang : {"vi", "en"}) {
      const auto answer = house.ask(Method::get, house.real_path(route), {.lang = lang}, route.path);
      const std::string staff_door = std::string("/") + lang + "/sign-in", residents_door = std::string("/") + lang + "/me/sign-in";
      std::string location;
      for (const auto& [name, value] : answer.headers)
        if (name == "Location") location = value;
      if (route.access.kind() == Access::Kind::anyone) {
        ++open;
        EXPECT_TRUE(answer.status == 200 || (answer.status == 303 && (location.starts_with(staff_door) || location.starts_with(residents_door)))) << named(route) << " " << answer.status;
      } else {
        ++closed;
        EXPECT_EQ(answer.status, 303) << named(route);
        EXPECT_TRUE(location.starts_with(route.access.kind() == Access::Kind::resident ? residents_door : staff_door)) << named(route) << " " << location;
        EXPECT_TRUE(answer.body.empty()) << named(route);
      }
    }
  }
  EXPECT_GE(open, 4);
  EXPECT_GT(closed, 30);
}

TEST(Routes, EveryPageOpensInBothLanguagesForItsRole) {
  auto& house = DemoHouse::get();
  for (const auto& route : house.routes()) {
    if (is_api(route) || route.method != Method::get || route.access.kind() == Access::Kind::anyone) continue;
    const std::string who = house.who_may(route.access);
    ASSERT_FALSE(who.empty()) << named(route) << " is open to nobody of the town's staff";
    for (const char* lang : {"vi", "en"}) {
      const auto answer = house.ask(Method::get, house.real_path(route), {.who = who, .lang = lang}, route.path);
      const bool nothing_rejected = route.path == "/imports/{import_id}/rejected.csv" && answer.status == 404;
      EXPECT_TRUE(answer.status == 200 || answer.status == 303 || nothing_rejected || (answer.status == 404 && !house.is_there(route))) << named(route) << " " << who << " " << answer.status;
      EXPECT_TRUE(!answer.content_type.starts_with("text/html") || answer.body.find("{{") == std::string::npos) << named(route);
    }
  }
}

TEST(Routes, EveryAccessRuleFitsTheRoles) {
  for (const auto& route : DemoHouse::get().routes())
    for (const auto& misfit : auth::misfits_of(route.access)) ADD_FAILURE() << named(route) << ": " << misfit;
}

TEST(Routes, NobodyWithAnotherRoleIsLetIn) {
  auto& house = DemoHouse::get();
  for (const auto& route : house.routes()) {
    if (route.access.kind() != Access::Kind::roles) continue;
    for (const auto& [key, staff] : house.staff()) {
      const auto& allowed = route.access.allowed();
      if (std::find(allowed.begin(), allowed.end(), staff.role) != allowed.end()) continue;
      const auto answer = house.ask(route.method, house.real_path(route), {.who = key, .body = is_api(route) ? "{}" : ""}, route.path);
      EXPECT_EQ(answer.status, 403) << named(route) << " " << key;
    }
  }
}

/// Of a machine that shows its key at each request, which no browser does by itself.
bool is_for_machines(const http::Route& route) { return route.access.allowed() == std::vector<std::string>{"gateway"}; }

TEST(Routes, AMachinesKeyOpensItsRouteAndNoOther) {
  auto& house = DemoHouse::get();
  const auto key = need(auth::machine_key(house.home().house().keys, "gateway"));
  const auto with = [&](const std::string& bearer, const std::string& path, Method method = Method::post) {
    return house.ask(method, path, {.body = R"({"from":"+84938000001","text":"?"})", .headers = {{"authorization", bearer}}}).status;
  };
  EXPECT_EQ(with("Bearer " + key.reveal(), "/api/v1/inbound-messages"), 200);
  for (const std::string& wrong : {std::string("Bearer "), key.reveal(), "Bearer " + std::string(64, '0'), "Bearer " + key.reveal() + "0"}) EXPECT_EQ(with(wrong, "/api/v1/inbound-messages"), 401) << wrong.size();
  EXPECT_EQ(with("Bearer " + key.reveal(), "/api/v1/cases", Method::get), 401);
  EXPECT_EQ(with("Bearer " + key.reveal(), "/api/v1/check-ins"), 401);
}

TEST(Routes, EveryChangeRefusesAFormThatIsNotOurs) {
  auto& house = DemoHouse::get();
  int changes = 0;
  for (const auto& route : house.routes()) {
    if (route.method == Method::get || route.access.kind() == Access::Kind::anyone || is_for_machines(route)) continue;
    const std::string who = house.who_may(route.access), body = is_api(route) ? "{}" : "";
    ASSERT_FALSE(who.empty()) << named(route);
    const std::int64_t before = house.audit_end();
    const struct { const char* what; DemoHouse::Ask ask; } cases[] = {
        {"no token", {.who = who, .body = body, .csrf = ""}},
        {"a wrong token", {.who = who, .body = body, .csrf = "0123456789012345678901234567890123456789012345678901"}},
        {"somebody else's token", {.who = who, .body = body, .csrf = house.staff().at(who == "auditor" ? "tracer" : "auditor").csrf}},
        {"another site", {.who = who, .body = body, .headers = {{"sec-fetch-site", "cross-site"}}}},
        {"another origin", {.who = who, .body = body, .headers = {{"origin", "https://evil.example"}, {"host", "motcua.example"}}}},
    };
    for (const auto& c : cases) EXPECT_EQ(house.ask(route.method, house.real_path(route), c.ask, route.path).status, 403) << named(route) << ": " << c.what;
    EXPECT_EQ(house.audit_end(), before) << named(route) << " did something";
    ++changes;
  }
  EXPECT_GT(changes, 15);
}

TEST(Routes, SignInFormsThatAreNotOursOpenNothing) {
  auto& house = DemoHouse::get();
  const Staff& staff = house.staff().at("tracer");
  for (const auto& route : house.routes()) {
    if (route.method == Method::get || route.access.kind() != Access::Kind::anyone) continue;
    for (const std::map<std::string, std::string>& headers : {std::map<std::string, std::string>{}, {{"sec-fetch-site", "cross-site"}}}) {
      const auto answer = house.ask(route.method, house.real_path(route), {.form = {{"login", staff.login}, {"password", staff.password}}, .headers = headers}, route.path);
      for (const auto& [name, value] : answer.headers)
        EXPECT_FALSE(name == "Set-Cookie" && value.starts_with("motcua=") && !value.starts_with("motcua=;")) << named(route);
      EXPECT_TRUE(answer.status >= 400 || answer.status == 303) << named(route) << " " << answer.status;
    }
  }
}

}  // namespace
}  // namespace motcua::tests
