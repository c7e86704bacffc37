// The server on a real socket: a table of good and evil requests, each written as the bytes a client sends.
#include "platform/http/server_fixture.hpp"

namespace motcua::http {
namespace {

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
