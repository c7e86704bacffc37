// The server on a real socket: a table of good and evil requests, each written as the bytes a client sends.
#include "platform/http/server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/http/raw_client_test.hpp"
#include "platform/log/log.hpp"

namespace motcua::http {
namespace {

using namespace std::chrono_literals;

Router make_router() {
  Router r;
  const auto page = [](std::string text) { return [text](const Request&) -> Result<Response> { return Response::html(text); }; };
  r.add({.method = Method::get, .path = "/", .access = Access::anyone(), .handler = page("home")});
  r.add({.method = Method::get, .path = "/cases/{case_id}", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::html(q.lang + " case " + q.param("case_id") + " q=" + q.query_value("q"));
  }});
  r.add({.method = Method::get, .path = "/desk", .access = Access::roles({"tracer"}, "contact-tracing"), .handler = page("desk")});
  r.add({.method = Method::post, .path = "/cases", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::html("name=" + q.form_value("name") + " files=" + std::to_string(q.files.size()));
  }});
  r.add({.method = Method::get, .path = "/throws", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    throw std::runtime_error("secret 0912345678");
  }});
  r.add({.method = Method::get, .path = "/slow", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    std::this_thread::sleep_for(300ms);
    return Response::html("slept");
  }});
  r.add({.method = Method::get, .path = "/big", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    Response response = Response::html(std::string(50'000, 'x'));
    response.cacheable = true;
    return response;
  }});
  r.add({.method = Method::get, .path = "/huge", .access = Access::anyone(), .handler = page(std::string(20'000'000, 'y'))});
  r.add({.method = Method::get, .path = "/split", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    Response response = Response::html("x");
    response.headers.emplace_back("X-Echo", q.query_value("v"));
    return response;
  }});
  r.add({.method = Method::post, .path = "/api/v1/echo", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::json(q.body);
  }});
  r.add({.method = Method::get, .path = "/api/v1/secret", .access = Access::signed_in(), .handler = page("secret")});
  r.add({.method = Method::post, .path = "/upload", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    std::string text = "form=" + q.form_value("note");
    for (const auto& file : q.files) {
      std::ifstream in(file.path, std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(in)), {});
      const auto mode = static_cast<int>(std::filesystem::status(file.path).permissions());
      text += " " + file.field + ":" + file.file_name + ":" + std::to_string(file.bytes) + ":" + std::to_string(content.size()) + ":" +
              std::to_string(mode == 0600) + ":" + content.substr(0, 20);
    }
    return Response::html(text);
  }, .body_max_bytes = 5'000'000, .upload = true});
  r.add({.method = Method::post, .path = "/private-upload", .access = Access::signed_in(), .handler = page("stored"), .body_max_bytes = 5'000'000, .upload = true});
  return r;
}

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log::capture([this](std::string_view line) {
      std::lock_guard lock(mutex);
      log += std::string(line) + "\n";
    });
    options.port = 0;
    options.sweep_interval = 50ms;
    options.header_timeout = 600ms;
    options.body_timeout = 800ms;
    options.stop_grace = 2000ms;
  }
  void TearDown() override {
    server.reset();
    log::capture({});
  }
  void start(Hooks hooks = {}) {
    server = std::make_unique<Server>(make_router(), std::move(hooks), options);
    const auto started = server->start();
    ASSERT_TRUE(started) << started.failure().code;
  }
  RawClient client() { return RawClient(server->port()); }
  std::string ask(std::string_view bytes) {
    auto c = client();
    c.send(bytes);
    return c.read_answer();
  }
  std::string log_text() {
    std::lock_guard lock(mutex);
    return log;
  }
  ServerOptions options;
  std::unique_ptr<Server> server;
  std::mutex mutex;
  std::string log;
};

TEST_F(ServerTest, AnswersOrRefusesAsTheTableSays) {
  start();
  const std::string long_name(9000, 'a'), many_fields = [] {
    std::string fields;
    for (int i = 0; i < 150; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
    return fields;
  }();
  const struct { const char* what; std::string bytes; int status; const char* contains; } table[] = {
      {"root", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 303, "Location: /vi/"},
      {"page", "GET /vi/ HTTP/1.1\r\nHost: a\r\n\r\n", 200, "home"},
      {"page without slash", "GET /vi HTTP/1.1\r\nHost: a\r\n\r\n", 200, "home"},
      {"parameters and language", "GET /en/cases/c%20x?q=a+%26b HTTP/1.1\r\nHost: a\r\n\r\n", 200, "en case c x q=a &b"},
      {"absolute form", "GET http://a/vi/ HTTP/1.1\r\nHost: a\r\n\r\n", 200, "home"},
      {"empty line before", "\r\nGET /vi/ HTTP/1.1\r\nHost: a\r\n\r\n", 200, "home"},
      {"page without language", "GET /cases/c1 HTTP/1.1\r\nHost: a\r\nAccept-Language: en-GB\r\n\r\n", 303, "Location: /en/cases/c1"},
      {"HTTP/1.0", "GET /vi/ HTTP/1.0\r\n\r\n", 200, "Connection: close"},
      {"unknown page", "GET /en/nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404, "lang=\"en\""},
      {"unknown page to a program", "GET /en/nowhere HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n", 404, "\"code\":\"http.no_such_page\""},
      {"unknown API", "GET /api/v1/nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404, "application/problem+json"},
      {"API under a language", "GET /vi/api/v1/secret HTTP/1.1\r\nHost: a\r\n\r\n", 404, ""},
      {"other method", "DELETE /vi/cases/c1 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "Allow: GET, HEAD, OPTIONS"},
      {"OPTIONS", "OPTIONS /api/v1/echo HTTP/1.1\r\nHost: a\r\n\r\n", 204, "Allow: POST, OPTIONS"},
      {"unknown method", "BREW /vi/ HTTP/1.1\r\nHost: a\r\n\r\n", 501, ""},
      {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"not signed in, page", "GET /vi/desk?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", 303, "Location: /vi/sign-in?next=%2Fvi%2Fdesk%3Fx%3D1"},
      {"not signed in, API", "GET /api/v1/secret HTTP/1.1\r\nHost: a\r\n\r\n", 401, "http.sign_in_needed"},
      {"form", "POST /vi/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n\r\nname=L%C3%AA+A", 200, "name=Lê A"},
      {"form of bad UTF-8", "POST /vi/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\nname=%ff", 400, ""},
      {"JSON", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"a\":1}", 200, "{\"a\":1}"},
      {"chunked", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n", 200, "abcdefg"},
      {"chunk size not hex", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"chunk size overflowing", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc", 400, ""},
      {"chunk size negative", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc", 400, ""},
      {"chunk longer than said", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"chunk extension without end", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;" + std::string(40'000, 'e'), 400, ""},
      {"chunks over the limit", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" + std::string(0x20000, 'b') + "\r\n0\r\n\r\n", 413, "http.body_too_large"},
      {"length and coding", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {"coding and length", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400, ""},
      {"another coding", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {"coding in 1.0", "POST /api/v1/echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {"two lengths", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, ""},
      {"length with a sign", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400, ""},
      {"length beyond 64 bits", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc", 400, ""},
      {"length over the limit, body not sent", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", 413, "http.body_too_large"},
      {"no host", "GET /vi/ HTTP/1.1\r\n\r\n", 400, ""},
      {"two hosts", "GET /vi/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, ""},
      {"bad version", "GET /vi/ HTTP/3.7\r\nHost: a\r\n\r\n", 505, ""},
      {"TLS hello to a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400, ""},
      {"bare line feeds", "GET /vi/ HTTP/1.1\nHost: a\n\n\r\n\r\n", 505, ""},
      {"blank before the colon", "GET /vi/ HTTP/1.1\r\nHost : a\r\n\r\n", 400, ""},
      {"NUL in a field", std::string("GET /vi/ HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 39), 400, ""},
      {"NUL in the path", "GET /vi/a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"dots", "GET /vi/../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"encoded dots", "GET /vi/%2e%2E/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"encoded slash", "GET /vi/cases/a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"backslash", "GET /vi/cases/..\\..\\x HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"bad triplet", "GET /vi/cases/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"not UTF-8", "GET /vi/cases/%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
      {"target too long", "GET /vi/" + long_name + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, ""},
      {"target without end", "GET /vi/" + long_name + long_name + long_name, 414, ""},
      {"header too large", "GET /vi/ HTTP/1.1\r\nHost: a\r\nX: " + long_name + "\r\nY: " + long_name + "\r\n\r\n", 431, ""},
      {"header without end", "GET /vi/ HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x'), 431, ""},
      {"too many fields", "GET /vi/ HTTP/1.1\r\nHost: a\r\n" + many_fields + "\r\n", 431, ""},
      {"other expectation", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx", 417, ""},
      {"header injection", "GET /vi/split?v=a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: a\r\n\r\n", 500, ""},
      {"defect", "GET /vi/throws HTTP/1.1\r\nHost: a\r\n\r\n", 500, ""},
      {"health", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 200, "ok"},
      {"ready", "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n", 200, "ready"},
      {"metrics here", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", 200, "motcua_http_requests_total"},
      {"metrics from elsewhere", "GET /metrics HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n", 404, ""},
      {"OpenAPI", "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n", 200, "\"openapi\":\"3.1.0\""},
  };
  for (const auto& row : table) {
    const std::string answer = ask(row.bytes);
    EXPECT_EQ(status_in(answer), row.status) << row.what << "\n" << answer.substr(0, 600);
    EXPECT_NE(answer.find(row.contains), std::string::npos) << row.what << "\n" << answer.substr(0, 900);
    EXPECT_EQ(answer.find("0912345678"), std::string::npos) << row.what;
  }
  EXPECT_EQ(status_in(ask("GET /vi/ HTTP/1.1\r\nHost: a\r\n\r\n")), 200) << "still there after all of them";
  EXPECT_EQ(log_text().find("0912345678"), std::string::npos);
  EXPECT_EQ(log_text().find("q=a"), std::string::npos) << "no query values in the log";
}

}  // namespace
}  // namespace motcua::http
