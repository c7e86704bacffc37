// Tables for the parts without sockets: targets, forms, cookies, weighted lists, routes, OpenAPI, problems.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>

#include "platform/http/accept.hpp"
#include "platform/http/cookie.hpp"
#include "platform/http/failure.hpp"
#include "platform/http/multipart.hpp"
#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "platform/http/wire.hpp"

namespace motcua::http {
namespace {

TEST(Target, IsReadStrictly) {
  const struct { const char* raw; const char* path; const char* lang; } good[] = {
      {"/", "/", ""}, {"/vi", "/", "vi"}, {"/en/", "/", "en"}, {"/vi/cases", "/cases", "vi"}, {"/vietnam", "/vietnam", ""},
      {"/en/a%20b/", "/a b/", "en"}, {"https://host/vi/x", "/x", "vi"}, {"http://host", "/", ""}, {"/vi/%E1%BA%A1", "/ạ", "vi"}};
  for (const auto& row : good) {
    const auto target = parse_target(row.raw, 10);
    ASSERT_TRUE(target) << row.raw;
    EXPECT_EQ(target->path, row.path) << row.raw;
    EXPECT_EQ(target->lang, row.lang) << row.raw;
  }
  for (const char* raw : {"", "*", "vi", "//", "/a//b", "/./a", "/a/..", "/%2e", "/a%00", "/a%0a", "/a%2Fb", "/a%5cb", "/a\\b", "/%", "/%4", "/%g0",
                          "/a#b", "/%ff", "/a?x=%zz", "/a?x=%00", "ftp://host/"}) {
    const auto target = parse_target(raw, 10);
    ASSERT_FALSE(target) << raw;
    EXPECT_EQ(target.failure().code, "http.bad_target") << raw;
  }
  EXPECT_EQ(parse_target("/?a&b&c&d", 3).failure().code, "http.too_many_fields");
}

TEST(Form, FieldsComeBackAsTheyWereEncoded) {
  const auto form = parse_form("a=1&a=2&b=+%26+&&c&=x", 10);
  ASSERT_TRUE(form);
  EXPECT_EQ(*form, (std::multimap<std::string, std::string>{{"a", "1"}, {"a", "2"}, {"b", " & "}, {"c", ""}, {"", "x"}}));
  rc::check("any ASCII text survives", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    const auto back = parse_form("k=" + percent_encode(text), 1);
    RC_ASSERT(back.ok());
    RC_ASSERT(back->begin()->second == text);
  });
}

TEST(Cookies, AreReadAndWritten) {
  EXPECT_EQ(parse_cookies("a=1; b=\"2\";c;=x; a=3; d=x=y; e=b\"ad"),
            (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}, {"d", "x=y"}}));
  EXPECT_EQ(to_header({.name = "sid", .value = "v", .max_age = std::chrono::seconds(60)}), "sid=v; Path=/; SameSite=Lax; Max-Age=60; Secure; HttpOnly");
  EXPECT_THROW(to_header({.name = "sid", .value = "a;b"}), std::logic_error);
  EXPECT_THROW(to_header({.name = "sid", .value = "a\r\nb"}), std::logic_error);
  EXPECT_THROW(to_header({.name = "", .value = "a"}), std::logic_error);
}

TEST(Accept, WeighsWhatIsNamed) {
  EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.1"));
  for (const char* none : {"", "br", "gzip;q=0", "gzip;q=2", "gzip;q=x", "xgzip"}) EXPECT_FALSE(accepts_gzip(none)) << none;
  const struct { const char* list; const char* lang; } table[] = {
      {"", "vi"}, {"en", "en"}, {"fr", "vi"}, {"en-US,en;q=0.9,vi;q=0.8", "en"}, {"vi-VN,vi;q=0.9,en;q=0.8", "vi"}, {"english", "vi"}};
  for (const auto& row : table) EXPECT_EQ(language_of(row.list), row.lang) << row.list;
  EXPECT_TRUE(prefers_json("application/json"));
  EXPECT_FALSE(prefers_json("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"));
  EXPECT_FALSE(prefers_json("*/*"));
}

Result<Response> nothing(const Request&) { return Response::html(""); }

TEST(Router, FindsLiteralsBeforeParameters) {
  Router r;
  for (const char* path : {"/", "/a", "/a/{x}", "/a/new", "/a/{x}/b", "/a/new/c", "/api/v1/x.json"})
    r.add({.method = Method::get, .path = path, .access = Access::anyone(), .handler = nothing});
  r.add({.method = Method::post, .path = "/a/{y}", .access = Access::anyone(), .handler = nothing});
  const struct { Method method; const char* path; const char* route; const char* parameter; } table[] = {
      {Method::get, "/", "/", ""}, {Method::get, "/a/", "/a", ""}, {Method::get, "/a/7", "/a/{x}", "7"}, {Method::get, "/a/new", "/a/new", ""},
      {Method::get, "/a/new/b", "/a/{x}/b", "new"}, {Method::get, "/a/new/c", "/a/new/c", ""}, {Method::post, "/a/new", "/a/{y}", "new"},
      {Method::get, "/api/v1/x.json", "/api/v1/x.json", ""}};
  for (const auto& row : table) {
    const auto match = r.match(row.method, row.path);
    ASSERT_TRUE(match.route) << row.path;
    EXPECT_EQ(match.route->path, row.route) << row.path;
    if (*row.parameter) {
      EXPECT_EQ(match.parameters.begin()->second, row.parameter) << row.path;
    }
  }
  for (const char* path : {"/b", "/a/7/c", "/a/7/b/c", "/a//b"}) EXPECT_FALSE(r.match(Method::get, path).route) << path;
  EXPECT_EQ(r.match(Method::put, "/a").allowed, std::vector{Method::get});
  EXPECT_TRUE(r.match(Method::put, "/b").allowed.empty());
}

TEST(Router, DefectsAreThrown) {
  Router r;
  const auto add = [&](const char* path, Handler handler = nothing) {
    r.add({.method = Method::get, .path = path, .access = Access::anyone(), .handler = std::move(handler)});
  };
  add("/a/{x}");
  EXPECT_THROW(add("/a/{y}"), std::logic_error);
  EXPECT_THROW(add("b"), std::logic_error);
  EXPECT_THROW(add("/A"), std::logic_error);
  EXPECT_THROW(add("/{}"), std::logic_error);
  EXPECT_THROW(add("/c", nullptr), std::logic_error);
}

// An access rule cannot be left out: it has no default.
static_assert(!std::is_default_constructible_v<Access>);

TEST(Access, AdmitsByRole) {
  const auto principal = [](std::string role) { return std::optional(Principal{.account = "acc_x", .grants = {{std::move(role), "79"}}}); };
  const auto tracers = Access::roles({"tracer", "tracing_supervisor"}, "contact-tracing");
  EXPECT_TRUE(Access::anyone().admits({}));
  EXPECT_FALSE(Access::signed_in().admits({}));
  EXPECT_TRUE(Access::signed_in().admits(principal("auditor")));
  EXPECT_FALSE(tracers.admits({}));
  EXPECT_FALSE(tracers.admits(principal("auditor")));
  EXPECT_TRUE(tracers.admits(principal("tracing_supervisor")));
}

TEST(OpenApi, SaysWhatTheRoutesSay) {
  Router r;
  r.add({.method = Method::get, .path = "/api/v1/open/{id}", .access = Access::anyone(), .handler = nothing, .summary = "Open"});
  r.add({.method = Method::get, .path = "/keys/v1/index", .access = Access::anyone(), .handler = nothing, .protocol = true});
  r.add({.method = Method::post, .path = "/api/v1/closed", .access = Access::roles({"tracer"}, "contact-tracing"), .handler = nothing,
         .parameters = {{.name = "q"}}, .request_schema = R"({"type":"object"})"});
  r.add({.method = Method::get, .path = "/page", .access = Access::anyone(), .handler = nothing});
  const auto document = boost::json::parse(r.openapi("T", "1")).as_object();
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  const auto& paths = document.at("paths").as_object();
  EXPECT_EQ(paths.size(), 3u) << "pages are not operations";
  EXPECT_TRUE(paths.at("/keys/v1/index").at("get").at("security").as_array().empty());
  EXPECT_EQ(paths.at("/keys/v1/index").at("get").at("operationId").as_string(), "get_keys_v1_index");
  for (const char* path : {"/keys", "/keys/v1/index", "/keys/nowhere", "/api/v1/x"}) EXPECT_TRUE(r.is_interface(path)) << path;
  for (const char* path : {"/", "/keysx", "/people"}) EXPECT_FALSE(r.is_interface(path)) << path;
  const auto& open = paths.at("/api/v1/open/{id}").as_object().at("get").as_object();
  EXPECT_TRUE(open.at("security").as_array().empty());
  EXPECT_EQ(open.at("parameters").as_array()[0].as_object().at("name"), "id");
  const auto& closed = paths.at("/api/v1/closed").as_object().at("post").as_object();
  EXPECT_FALSE(closed.contains("security")) << "the document's own rule holds";
  EXPECT_EQ(closed.at("x-roles").as_array()[0], "tracer");
  EXPECT_TRUE(closed.contains("requestBody"));
}

TEST(Failures, HaveOneStatusEach) {
  const struct { FailureKind kind; int status; } table[] = {
      {FailureKind::invalid, 400}, {FailureKind::not_found, 404}, {FailureKind::conflict, 409}, {FailureKind::unauthenticated, 401},
      {FailureKind::forbidden, 403}, {FailureKind::too_large, 413}, {FailureKind::rate_limited, 429}, {FailureKind::unavailable, 503},
      {FailureKind::corrupt, 500}, {FailureKind::internal, 500}};
  for (const auto& row : table) EXPECT_EQ(status_of(row.kind), row.status);
  EXPECT_EQ(status_of(Failure{FailureKind::invalid, "http.timeout"}), 408);
  Failure failure = invalid("import.bad_date", "birth_date");
  failure.row = 7;
  failure.detail = "private";
  const std::string problem = problem_json(400, failure, "Ngày \"sai\"", "req_1");
  const auto parsed = boost::json::parse(problem).as_object();
  EXPECT_EQ(parsed.at("code"), "import.bad_date");
  EXPECT_EQ(parsed.at("field"), "birth_date");
  EXPECT_EQ(parsed.at("row"), 7);
  EXPECT_EQ(parsed.at("detail"), "Ngày \"sai\"");
  EXPECT_EQ(problem.find("private"), std::string::npos);
}

TEST(Wire, PiecesOfAnySizeReadTheSame) {
  const std::string bytes = "POST /x?y HTTP/1.1\r\nHost: a\r\nX-One:  two \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;e=\"q\"\r\n!\r\n0\r\nT: t\r\n\r\nNEXT";
  rc::check("however the bytes are cut", [&] {
    RequestReader reader(WireLimits{});
    std::string body, waiting;
    std::size_t at = 0;
    reader.on_body([&](std::string_view piece) -> Result<void> { body += piece; return {}; });
    while (!reader.done()) {
      const auto n = std::min<std::size_t>(*rc::gen::inRange<std::size_t>(1, 30), bytes.size() - at);
      waiting += bytes.substr(at, n);
      at += n;
      for (bool more = true; more && !waiting.empty() && !reader.done();) {
        auto used = reader.put(waiting);
        RC_ASSERT(used.ok());
        waiting.erase(0, *used);
        more = *used > 0;
      }
    }
    RC_ASSERT(body == "hello!");
    RC_ASSERT(reader.head().target == "/x?y");
    RC_ASSERT(reader.head().field("x-one") == "two");
    RC_ASSERT(std::string("NEXT").starts_with(waiting));
  });
}

TEST(Multipart, PiecesOfAnySizeReadTheSame) {
  const std::string bytes = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b \r\ncontent-disposition: form-data; name=c\r\n\r\n\r\n--x\r\n-\r\n--b--";
  rc::check("however the bytes are cut", [&] {
    MultipartReader reader("b", {}, {});
    for (std::size_t at = 0; at < bytes.size();) {
      const auto n = *rc::gen::inRange<std::size_t>(1, 20);
      RC_ASSERT(reader.feed(std::string_view(bytes).substr(at, n)).ok());
      at += n;
    }
    RC_ASSERT(reader.finish().ok());
    RC_ASSERT(reader.take_form() == (std::multimap<std::string, std::string>{{"a", ""}, {"c", "\r\n--x\r\n-"}}));
  });
}

}  // namespace
}  // namespace motcua::http
