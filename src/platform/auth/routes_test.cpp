// The pages, through the server with its hooks, as a browser without JavaScript would use them.
#include <regex>

#include "platform/auth/auth_fixture.hpp"
#include "platform/http/server.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"

namespace motcua::auth {
namespace {

using http::Method;
using http::Request;
using http::Response;

class RoutesTest : public AuthTest {
 protected:
  void SetUp() override {
    AuthTest::SetUp();
    pages = std::make_unique<pages::Pages>(texts, http::asset_path);
    http::Router router;
    auth->add_routes(router, *pages);
    router.add({.method = Method::post, .path = "/api/v1/thing", .access = http::Access::signed_in(),
                .handler = [](const Request&) -> Result<Response> { return Response::json("{}"); }});
    http::Hooks hooks;
    hooks.identify.push_back(auth->identify());
    hooks.check.push_back(auth->guard_forms());
    hooks.error_page = [this](const Request& r, int status, const Failure& f) { return pages->error_page(r, status, f); };
    server = std::make_unique<http::Server>(std::move(router), std::move(hooks), http::ServerOptions{});
  }
  void TearDown() override {
    server.reset();
    pages.reset();
    AuthTest::TearDown();
  }

  /// One browser: its cookies, and the form token of the last page.
  struct Browser {
    std::map<std::string, std::string> cookies;
    std::string csrf;
    bool secure = false;
    std::string address = "127.0.0.1";
    std::map<std::string, std::string> headers = {};
  };
  Response send(Browser& b, Method method, const std::string& path, std::multimap<std::string, std::string> form = {}) {
    Request request;
    request.method = method;
    request.path = path.substr(0, path.find('?'));
    request.target = "/vi" + path;
    if (path.find("?next=") != std::string::npos) request.query.emplace("next", path.substr(path.find("?next=") + 6));
    request.cookies = b.cookies;
    request.form = std::move(form);
    request.secure = b.secure;
    request.remote_address = b.address;
    request.headers.emplace("host", "motcua.example");
    for (const auto& [name, value] : b.headers) request.headers.emplace(name, value);
    Response response = server->answer(std::move(request));
    for (const auto& [name, value] : response.headers) {
      if (name != "Set-Cookie") continue;
      const std::string cookie_name = value.substr(0, value.find('=')), rest = value.substr(value.find('=') + 1);
      if (rest.find("Max-Age=0") != std::string::npos) b.cookies.erase(cookie_name);
      else b.cookies[cookie_name] = rest.substr(0, rest.find(';'));
    }
    std::smatch match;
    if (std::regex_search(response.body, match, std::regex("name=\"csrf\" value=\"([^\"]+)\""))) b.csrf = match[1];
    return response;
  }
  Response get(Browser& b, const std::string& path) { return send(b, Method::get, path); }
  Response post(Browser& b, const std::string& path, std::multimap<std::string, std::string> form = {}) {
    if (form.find("csrf") == form.end()) form.emplace("csrf", b.csrf);
    return send(b, Method::post, path, std::move(form));
  }
  static std::string location(const Response& r) {
    for (const auto& [name, value] : r.headers)
      if (name == "Location") return value;
    return "";
  }
  static std::string set_cookie(const Response& r, const std::string& begin) {
    for (const auto& [name, value] : r.headers)
      if (name == "Set-Cookie" && value.starts_with(begin)) return value;
    return "";
  }
  Browser signed_in_browser(const std::string& login, const Issued& issued) {
    Browser b;
    get(b, "/sign-in");
    post(b, "/sign-in", {{"login", login}, {"password", issued.password.reveal()}});
    get(b, "/sign-in/code");
    const Response r = post(b, "/sign-in/code", {{"code", code_of(issued)}});
    EXPECT_EQ(r.status, 303);
    get(b, "/account");
    return b;
  }

  i18n::Texts texts;
  std::unique_ptr<pages::Pages> pages;
  std::unique_ptr<http::Server> server;
};
INSTANTIATE_TEST_SUITE_P(Engines, RoutesTest, testing::Values(tests::EngineKind::sqlite), tests::engine_name);

TEST_P(RoutesTest, SignInByTheFormsAndBackToWhereSheWasGoing) {
  const Issued mai = made("mai", {{"tracer", ""}});
  Browser b;
  Response r = get(b, "/sign-in?next=/vi/account");
  EXPECT_EQ(r.status, 200);
  EXPECT_NE(r.body.find("name=\"next\" value=\"/vi/account\""), std::string::npos);
  r = post(b, "/sign-in", {{"login", "mai"}, {"password", "wrong wrong wrong"}, {"next", "/vi/account"}});
  EXPECT_EQ(r.status / 100, 4);
  EXPECT_NE(r.body.find(texts.text("vi", "auth.sign_in_refused")), std::string::npos);
  EXPECT_EQ(r.body.find("wrong wrong"), std::string::npos) << "a password is never shown again";
  r = post(b, "/sign-in", {{"login", "mai"}, {"password", mai.password.reveal()}, {"next", "/vi/account"}});
  EXPECT_EQ(r.status, 303);
  EXPECT_EQ(location(r), "/vi/sign-in/code?next=%2Fvi%2Faccount");
  const std::string step_token = b.cookies.at("motcua");
  EXPECT_EQ(get(b, "/account").status, 303) << "not signed in yet";
  get(b, "/sign-in/code");
  r = post(b, "/sign-in/code", {{"code", code_of(mai)}, {"next", "/vi/account"}});
  EXPECT_EQ(location(r), "/vi/account");
  EXPECT_NE(b.cookies.at("motcua"), step_token);
  r = get(b, "/account");
  EXPECT_EQ(r.status, 200);
  EXPECT_NE(r.body.find("Cán bộ truy vết"), std::string::npos);
  EXPECT_FALSE(r.cacheable);
  r = post(b, "/sign-out");
  EXPECT_EQ(location(r), "/vi/sign-in");
  EXPECT_TRUE(b.cookies.count("motcua") == 0);
  EXPECT_EQ(get(b, "/account").status, 303);
}

TEST_P(RoutesTest, CookiesAreHostBoundAndSecureOverTls) {
  made("mai");
  Browser tls{.cookies = {}, .csrf = {}, .secure = true, .address = "192.0.2.9"};
  get(tls, "/sign-in");
  const auto issued = made("lan");
  const Response r = post(tls, "/sign-in", {{"login", "lan"}, {"password", issued.password.reveal()}});
  const std::string cookie = set_cookie(r, "__Host-motcua=");
  for (const char* part : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"}) EXPECT_NE(cookie.find(part), std::string::npos) << part;
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  Browser plain;
  get(plain, "/sign-in");
  const Response p = post(plain, "/sign-in", {{"login", "lan"}, {"password", issued.password.reveal()}});
  EXPECT_EQ(set_cookie(p, "motcua=").find("Secure"), std::string::npos);
  Browser far{.cookies = {}, .csrf = {}, .secure = false, .address = "192.0.2.9"};
  get(far, "/sign-in");
  EXPECT_EQ(post(far, "/sign-in", {{"login", "lan"}, {"password", "x"}}).status, 403) << "no password over an open line";
}

TEST_P(RoutesTest, NextNeverLeadsToAnotherSite) {
  const Issued mai = made("mai");
  for (const char* evil : {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\tevil", ""}) {
    wait(std::chrono::seconds{30});
    Browser b;
    get(b, "/sign-in");
    post(b, "/sign-in", {{"login", "mai"}, {"password", mai.password.reveal()}, {"next", evil}});
    get(b, "/sign-in/code");
    EXPECT_EQ(location(post(b, "/sign-in/code", {{"code", code_of(mai)}, {"next", evil}})), "/vi/") << evil;
  }
}

TEST_P(RoutesTest, FormsOfOtherSitesAreRefused) {
  const Issued mai = made("mai");
  Browser b = signed_in_browser("mai", mai);
  EXPECT_EQ(post(b, "/account/sessions/end-others", {{"csrf", "wrong"}}).status, 403);
  EXPECT_EQ(post(b, "/account/sessions/end-others", {{"csrf", ""}}).status, 403);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"sec-fetch-site", "cross-site"}, {"sec-fetch-site", "same-site"},
                                                                                     {"origin", "https://evil.example"}, {"origin", "null"}}) {
    b.headers = {{name, value}};
    EXPECT_EQ(post(b, "/account/sessions/end-others").status, 403) << name << value;
  }
  b.headers = {{"sec-fetch-site", "same-origin"}, {"origin", "http://motcua.example"}};
  EXPECT_EQ(post(b, "/account/sessions/end-others").status, 303);
  // The API with the cookie of a browser needs the token too, in a header.
  EXPECT_EQ(send(b, Method::post, "/api/v1/thing").status, 403);
  b.headers["x-csrf-token"] = b.csrf;
  EXPECT_EQ(send(b, Method::post, "/api/v1/thing").status, 200);
  // Signing somebody in under another's name is a forgery as well.
  Browser fresh;
  get(fresh, "/sign-in");
  fresh.headers = {{"sec-fetch-site", "cross-site"}};
  EXPECT_EQ(post(fresh, "/sign-in", {{"login", "mai"}, {"password", mai.password.reveal()}}).status, 403);
  fresh.headers = {};
  EXPECT_EQ(post(fresh, "/sign-in", {{"csrf", "x"}, {"login", "mai"}, {"password", mai.password.reveal()}}).status / 100, 4);
  EXPECT_EQ(fresh.cookies.count("motcua"), 0u);
}

TEST_P(RoutesTest, TheAdministratorMakesAnAccountThatSetsItselfUp) {
  const Issued boss = made("quan-tri", {{"administrator", ""}});
  Browser admin = signed_in_browser("quan-tri", boss);
  Response r = get(admin, "/admin/accounts");
  ASSERT_EQ(r.status, 200) << r.body;
  r = post(admin, "/admin/accounts", {{"login", "hoa"}, {"display_name", "Hoa <script>"}});
  ASSERT_EQ(r.status, 200);
  std::smatch match;
  ASSERT_TRUE(std::regex_search(r.body, match, std::regex("one-time-password\">([^<]+)<")));
  const std::string password = match[1];
  ASSERT_TRUE(std::regex_search(r.body, match, std::regex("/admin/accounts/(acc_[a-z0-9]+)")));
  const std::string account = "/admin/accounts/" + match[1].str();
  r = post(admin, "/admin/accounts", {{"login", "hoa"}, {"display_name", "Hoa"}});
  EXPECT_EQ(r.status, 409);
  EXPECT_NE(r.body.find(texts.text("vi", "auth.login_taken")), std::string::npos);
  EXPECT_EQ(post(admin, account + "/grants", {{"role", "tracer"}, {"area", ""}, {"until", "31/12/2031"}}).status, 303);
  EXPECT_EQ(post(admin, account + "/grants", {{"role", "tracer"}, {"area", ""}, {"until", "31/02/2031"}}).status / 100, 4);
  r = get(admin, account);
  EXPECT_NE(r.body.find("Hoa &lt;script&gt;"), std::string::npos);
  EXPECT_EQ(r.body.find("<script>"), std::string::npos);

  Browser hoa;
  get(hoa, "/sign-in");
  EXPECT_EQ(location(post(hoa, "/sign-in", {{"login", "hoa"}, {"password", password}})).find("/vi/sign-in/enrol"), 0u);
  r = get(hoa, "/sign-in/enrol");
  EXPECT_NE(r.body.find("<svg"), std::string::npos);
  ASSERT_TRUE(std::regex_search(r.body, match, std::regex("totp-secret\">([A-Z2-7 ]+)<")));
  const auto seed = tests::seed_of(match[1]);
  EXPECT_EQ(location(post(hoa, "/sign-in/enrol", {{"code", crypto::totp(seed, to_millis(now) / 1000)}})).find("/vi/sign-in/password"), 0u);
  get(hoa, "/sign-in/password");
  r = post(hoa, "/sign-in/password", {{"password", "ngắn"}});
  EXPECT_EQ(r.status / 100, 4);
  EXPECT_EQ(location(post(hoa, "/sign-in/password", {{"password", "mèo vàng bên cửa sổ"}})), "/vi/");
  EXPECT_EQ(get(hoa, "/account").status, 200);
  EXPECT_NE(get(hoa, "/admin/accounts").status, 200) << "a tracer manages no accounts";

  EXPECT_EQ(post(admin, account + "/state", {{"active", "0"}}).status, 303);
  EXPECT_EQ(get(hoa, "/account").status, 303) << "disabled: signed out the same moment";
}

TEST_P(RoutesTest, Promise01AnAdministratorOfADistrictNeitherSeesNorTouchesOthers) {
  const Issued national = made("quan-tri", {{"administrator", ""}});
  const Issued district = made("quan-huyen", {{"administrator", "764"}});
  Browser b = signed_in_browser("quan-huyen", district);
  const Response strange = get(b, "/admin/accounts/" + national.account), absent = get(b, "/admin/accounts/" + crypto::random_id("acc"));
  EXPECT_EQ(strange.status, 404);
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(get(b, "/admin/accounts").body.find(national.account), std::string::npos);
  EXPECT_EQ(post(b, "/admin/accounts/" + national.account + "/reset").status, 404);
  EXPECT_EQ(post(b, "/admin/accounts/" + national.account + "/state", {{"active", "0"}}).status, 404);
  const Issued mai = made("mai");
  EXPECT_EQ(post(b, "/admin/accounts/" + mai.account + "/grants", {{"role", "tracer"}, {"area", ""}}).status / 100, 4);
  EXPECT_EQ(post(b, "/admin/accounts/" + mai.account + "/grants", {{"role", "tracer"}, {"area", "764"}}).status, 303);
}

TEST_P(RoutesTest, Promise09ApprovalsByPage) {
  const Issued tracer = made("mai", {{"tracer", ""}}), supervisor = made("lan", {{"tracing_supervisor", ""}});
  Browser mai = signed_in_browser("mai", tracer), lan = signed_in_browser("lan", supervisor);
  const auto id = auth->approvals().request_approval(request_of(principal_of(mai.cookies.at("motcua"))), {"bulk_export", "h", "", "contact-tracing"});
  ASSERT_TRUE(id);
  EXPECT_EQ(get(mai, "/approvals").body.find("/approve\""), std::string::npos) << "nothing for her to decide";
  EXPECT_EQ(post(mai, "/approvals/" + *id + "/approve").status, 403);
  EXPECT_NE(get(lan, "/approvals").body.find("/approvals/" + *id + "/approve"), std::string::npos);
  EXPECT_EQ(post(lan, "/approvals/" + *id + "/approve").status, 303);
  EXPECT_EQ(post(lan, "/approvals/" + *id + "/approve").status, 409);
  EXPECT_NE(get(mai, "/approvals").body.find(texts.text("vi", "auth.approval_state_approved")), std::string::npos);
}

TEST_P(RoutesTest, EveryRoleAndApprovalHasANameInBothLanguages) {
  for (const auto lang : i18n::languages) {
    for (const Role& role : all_roles()) EXPECT_NE(texts.find(lang, "auth.role_" + std::string(role.name)), nullptr) << role.name;
    for (const ApprovalKind& kind : approval_kinds()) EXPECT_NE(texts.find(lang, "auth.approval_" + std::string(kind.name)), nullptr) << kind.name;
  }
}

}  // namespace
}  // namespace motcua::auth
