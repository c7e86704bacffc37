// What the server does over time: keep-alive, pipelining, time-outs, many connections, stopping, files, compression, hooks.
#include <signal.h>
#include <zlib.h>

#include <future>

#include "platform/crypto/crypto.hpp"
#include "platform/http/server_fixture.hpp"

namespace motcua::http {
namespace {

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::string plain(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  const int result = inflate(&stream, Z_FINISH);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END ? plain : "";
}

const std::string home = "GET /vi/ HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(ServerTest, KeepsAliveAndAnswersPipelinedRequestsInOrder) {
  start();
  auto c = client();
  std::string many;
  for (int i = 0; i < 50; ++i) many += "GET /vi/cases/n" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_TRUE(c.send(many));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(body_in(c.read_answer()), "vi case n" + std::to_string(i) + " q=");
  c.send("GET /vi/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(header_in(c.read_answer(), "Connection"), "close");
  EXPECT_TRUE(c.sees_close(1000));
}

TEST_F(ServerTest, ARequestMayArriveByteByByte) {
  start();
  auto c = client();
  // The last chunk in single bytes once made the parser's assertion fail.
  for (const char byte : std::string("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")) c.send({&byte, 1});
  for (const std::string_view piece : {"0\r\n", "\r", "\n"}) {
    std::this_thread::sleep_for(20ms);
    c.send(piece);
  }
  EXPECT_EQ(status_in(c.read_answer()), 200);
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  auto c = client();
  c.send("HEAD /vi/ HTTP/1.1\r\nHost: a\r\n\r\n" + home);
  const std::string head = c.read_answer(false);
  EXPECT_EQ(header_in(head, "Content-Length"), "4");
  EXPECT_EQ(body_in(head), "");
  EXPECT_EQ(body_in(c.read_answer()), "home");
}

TEST_F(ServerTest, AsksForTheBodyThatIsExpected) {
  start();
  auto c = client();
  c.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(status_in(c.read_answer()), 100);
  c.send("abc");
  EXPECT_EQ(body_in(c.read_answer()), "abc");
  auto refused = client();
  refused.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n");
  EXPECT_EQ(status_in(refused.read_answer()), 413) << "no 100 before the refusal";
}

TEST_F(ServerTest, SlowHeadersAndBodiesEndWith408) {
  start();
  auto slow_head = client(), slow_body = client();
  slow_body.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {   // a byte now and then does not buy time
    slow_head.send(i == 0 ? "G" : "x");
    slow_body.send("b");
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_EQ(status_in(slow_head.read_answer()), 408);
  EXPECT_EQ(status_in(slow_body.read_answer()), 408);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST_F(ServerTest, IdleConnectionsAreClosedAndOthersNot) {
  options.idle_timeout = 200ms;
  start();
  auto idle = client(), busy = client();
  busy.send("GET /vi/slow HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(idle.sees_close(2000));
  EXPECT_EQ(body_in(busy.read_answer()), "slept");
}

TEST_F(ServerTest, AClientThatDoesNotReadIsCutOff) {
  options.write_timeout = 200ms;
  options.transfer_rate_min_bytes = 1'000'000'000;
  start();
  auto c = client();
  const int small = 4096;
  ::setsockopt(c.socket(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  c.send("GET /vi/huge HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(1000ms);
  c.send("x");                        // nobody is there any more: the answer to this is a reset
  pollfd waiting{c.socket(), 0, 0};   // seen without reading anything
  ASSERT_EQ(::poll(&waiting, 1, 2000), 1);
  EXPECT_NE(waiting.revents & (POLLHUP | POLLERR), 0);
}

TEST_F(ServerTest, ALargeAnswerArrivesWhole) {
  start();
  EXPECT_EQ(body_in(ask("GET /vi/huge HTTP/1.1\r\nHost: a\r\n\r\n")), std::string(20'000'000, 'y'));
}

TEST_F(ServerTest, AThousandConnectionsAreServed) {
  start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 1000; ++i) clients.push_back(client());
  for (auto& c : clients) ASSERT_TRUE(c.send(home));
  for (auto& c : clients) ASSERT_EQ(status_in(c.read_answer()), 200);
  for (auto& c : clients) ASSERT_TRUE(c.send(home));
  for (auto& c : clients) ASSERT_EQ(body_in(c.read_answer()), "home");
}

TEST_F(ServerTest, ConnectionsOverTheLimitAreClosed) {
  options.connections_max = 2;
  start();
  auto a = client(), b = client();
  a.send(home), b.send(home);
  EXPECT_EQ(status_in(a.read_answer()), 200);
  EXPECT_EQ(status_in(b.read_answer()), 200);
  EXPECT_TRUE(client().sees_close(1000));
  a.send(home);
  EXPECT_EQ(status_in(a.read_answer()), 200);
}

TEST_F(ServerTest, WhenTheWorkersAreBusyTheQueueEnds) {
  options.worker_threads = 1;
  options.worker_queue_max = 1;
  start();
  auto first = client(), second = client();
  first.send("GET /vi/slow HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(100ms);
  second.send(home);
  const std::string refused = second.read_answer();
  EXPECT_EQ(status_in(refused), 503);
  EXPECT_EQ(header_in(refused, "Retry-After"), "2");
  EXPECT_EQ(status_in(ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")), 200) << "health is answered all the same";
  EXPECT_EQ(body_in(first.read_answer()), "slept");
}

TEST_F(ServerTest, StopsWithRequestsInFlightFinished) {
  start();
  auto busy = client(), idle = client();
  idle.send(home);
  EXPECT_EQ(status_in(idle.read_answer()), 200);
  busy.send("GET /vi/slow HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(100ms);
  const auto began = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  const std::string answer = busy.read_answer();
  EXPECT_EQ(body_in(answer), "slept");
  EXPECT_EQ(header_in(answer, "Connection"), "close");
  EXPECT_TRUE(idle.sees_close(100));
  EXPECT_FALSE(client().connected());
}

TEST_F(ServerTest, ATermSignalEndsTheRun) {
  start();
  auto run = std::async(std::launch::async, [&] { server->run_until_signal(); });
  std::this_thread::sleep_for(100ms);
  ASSERT_EQ(::raise(SIGTERM), 0);
  EXPECT_EQ(run.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, TextsAreCompressedWhenTheClientTakesIt) {
  start();
  const std::string packed = ask("GET /vi/big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br, gzip;q=0.5\r\n\r\n");
  EXPECT_EQ(header_in(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(header_in(packed, "Vary"), "Accept-Encoding");
  EXPECT_EQ(gunzip(body_in(packed)), std::string(50'000, 'x'));
  const std::string plain = ask("GET /vi/big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0\r\n\r\n");
  EXPECT_EQ(header_in(plain, "Content-Encoding"), "");
  EXPECT_EQ(body_in(plain).size(), 50'000u);
  EXPECT_NE(header_in(plain, "ETag"), header_in(packed, "ETag")) << "strong tags name bytes";
  EXPECT_EQ(header_in(ask(home.substr(0, home.size() - 2) + "Accept-Encoding: gzip\r\n\r\n"), "Content-Encoding"), "") << "too small";
}

TEST_F(ServerTest, AnUnchangedPageIsNotSentAgain) {
  start();
  const std::string tag = header_in(ask("GET /vi/big HTTP/1.1\r\nHost: a\r\n\r\n"), "ETag");
  ASSERT_FALSE(tag.empty());
  auto c = client();
  c.send("GET /vi/big HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"other\", " + tag + "\r\n\r\n" + home);
  const std::string answer = c.read_answer();
  EXPECT_EQ(status_in(answer), 304);
  EXPECT_EQ(header_in(answer, "ETag"), tag);
  EXPECT_EQ(body_in(c.read_answer()), "home");
  EXPECT_EQ(header_in(ask(home), "ETag"), "") << "pages that may not be kept have no tag";
  EXPECT_EQ(header_in(ask(home), "Cache-Control"), "no-store");
}

TEST_F(ServerTest, EveryAnswerCarriesTheSecurityHeaders) {
  start();
  for (const char* path : {"/vi/", "/vi/nowhere", "/healthz", "/vi/throws", "/vi/%zz", "/api/v1/secret"}) {
    const std::string answer = ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string policy = header_in(answer, "Content-Security-Policy");
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << path;
    EXPECT_NE(policy.find("default-src 'self'"), std::string::npos) << path;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_EQ(header_in(answer, "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(header_in(answer, "Referrer-Policy"), "same-origin") << path;
    EXPECT_TRUE(header_in(answer, "X-Request-Id").starts_with("req_")) << path;
  }
}

std::string multipart(const std::string& body, const std::string& path = "/vi/upload", const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\"X-b\"\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

TEST_F(ServerTest, MultipartFilesGoToPrivateFilesThatEndWithTheRequest) {
  const auto folder = std::filesystem::temp_directory_path() / ("motcua-http-test-" + std::to_string(::getpid()));
  Hooks hooks;
  hooks.uploads = plain_files(folder.string());
  start(std::move(hooks));
  const std::string big(300'000, 'z');
  const std::string answer = ask(multipart("preamble\r\n--X-b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nchào\r\n"
                                           "--X-b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../a \\\"b\\\".csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--X-c\r\n\r\n"
                                           "--X-b\r\nContent-Disposition: form-data; name=\"g\"; filename=\"g\"\r\n\r\n" + big + "\r\n--X-b--\r\nepilogue"));
  EXPECT_EQ(body_in(answer), "form=chào f:../../a \"b\".csv:12:12:1:a,b\r\n--X-c\r\n g:g:300000:300000:1:" + std::string(20, 'z'));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST_F(ServerTest, MultipartThatIsWrongIsRefused) {
  start();
  const std::string part = "Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n";
  const struct { const char* what; std::string request; int status; } table[] = {
      {"no end", multipart("--X-b\r\n" + part + "abc"), 400},
      {"empty", multipart("--X-b--\r\n"), 200},
      {"part without a name", multipart("--X-b\r\nContent-Type: a/b\r\n\r\nabc\r\n--X-b--\r\n"), 400},
      {"headers without end", multipart("--X-b\r\nA: " + std::string(10'000, 'a')), 400},
      {"a text field too long", multipart("--X-b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n" + std::string(70'000, 't') + "\r\n--X-b--\r\n"), 413},
      {"file where none is taken", multipart("--X-b\r\n" + part + "abc\r\n--X-b--\r\n", "/vi/cases"), 400},
      {"no boundary", "POST /vi/upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"not signed in: refused before the body", "POST /vi/private-upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=X-b\r\nContent-Length: 4000000\r\n\r\n", 303},
  };
  for (const auto& row : table) EXPECT_EQ(status_in(ask(row.request)), row.status) << row.what;
}

TEST_F(ServerTest, HooksIdentifyCheckAndFinish) {
  Hooks hooks;
  hooks.identify.push_back([](Request& q, const Route*) -> Result<void> {
    if (q.cookies.count("sid")) q.principal = Principal{.account = "acc_1", .grants = {{q.cookies.at("sid"), ""}}};
    if (q.header("x-many") == "1") return Failure{FailureKind::rate_limited, "auth.too_many", {}, {}, {{"retry_after_seconds", "17"}}};
    return {};
  });
  hooks.check.push_back([](Request& q, const Route*) -> Result<void> {
    if (q.method != Method::get && q.form_value("csrf") != "good" && !q.wants_json) return Failure{FailureKind::forbidden, "auth.csrf"};
    return {};
  });
  hooks.finish.push_back([](const Request&, Response& r) { r.headers.emplace_back("X-Finished", "1"); });
  hooks.error_page = [](const Request& q, int status, const Failure& f) { return Response::html(q.lang + ":" + std::to_string(status) + ":" + f.code, status); };
  hooks.sentence = [](std::string_view lang, const Failure& f) { return std::string(lang) + " sentence of " + f.code; };
  start(std::move(hooks));
  const auto get = [&](const std::string& path, const std::string& more = "") { return ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n"); };
  EXPECT_EQ(body_in(get("/vi/desk", "Cookie: x=1; sid=tracer\r\n")), "desk");
  EXPECT_EQ(body_in(get("/vi/desk", "Cookie: sid=gate_staff\r\n")), "vi:403:http.forbidden");
  EXPECT_EQ(status_in(get("/vi/desk")), 303);
  EXPECT_EQ(header_in(get("/vi/desk"), "X-Finished"), "1");
  EXPECT_EQ(body_in(get("/en/nowhere")), "en:404:http.no_such_page");
  const std::string limited = get("/vi/", "X-Many: 1\r\n");
  EXPECT_EQ(status_in(limited), 429);
  EXPECT_EQ(header_in(limited, "Retry-After"), "17");
  EXPECT_NE(get("/api/v1/secret", "Accept-Language: en\r\n").find("\"detail\":\"en sentence of http.sign_in_needed\""), std::string::npos);
  const auto post = [&](const std::string& body) {
    return ask("POST /vi/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_EQ(status_in(post("name=a&csrf=good")), 200);
  EXPECT_EQ(body_in(post("name=a&csrf=evil")), "vi:403:auth.csrf");
}

class MemoryAnswers : public IdempotencyStore {
 public:
  Result<std::optional<SavedAnswer>> find(const std::string& scope, const std::string& key) override {
    const auto found = answers.find(scope + key);
    return found == answers.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> save(const std::string& scope, const std::string& key, const SavedAnswer& answer) override {
    answers.emplace(scope + key, answer);
    return {};
  }
  std::map<std::string, SavedAnswer> answers;
};

TEST_F(ServerTest, AKeyedWriteIsAnsweredOnce) {
  MemoryAnswers answers;
  Hooks hooks;
  hooks.idempotency = &answers;
  start(std::move(hooks));
  const auto post = [&](const std::string& key, const std::string& body) {
    return ask("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nIdempotency-Key: " + key + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_EQ(header_in(post("key-00001", "one"), "Idempotency-Replayed"), "");
  const std::string again = post("key-00001", "one");
  EXPECT_EQ(header_in(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(body_in(again), "one");
  EXPECT_EQ(status_in(post("key-00001", "two")), 422);
  EXPECT_EQ(status_in(post("key-00002", "two")), 200);
  EXPECT_EQ(status_in(post("short", "two")), 400);
  EXPECT_EQ(answers.answers.size(), 2u);
}

TEST_F(ServerTest, TheSourceOfARequestIsBelievedOnlyFromATrustedProxy) {
  Hooks hooks;
  hooks.identify.push_back([](Request& q, const Route*) -> Result<void> {
    return Failure{FailureKind::invalid, "test." + q.remote_address + (q.secure ? ".secure" : "")};
  });
  hooks.error_page = [](const Request&, int status, const Failure& f) { return Response::html(f.code, status); };
  const std::string request = "GET /vi/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n";
  start(hooks);
  EXPECT_EQ(body_in(ask(request)), "test.127.0.0.1");
  options.trusted_proxies = {"127.0.0.1"};
  start(hooks);
  const std::string answer = ask(request);
  EXPECT_EQ(body_in(answer), "test.203.0.113.9.secure");
  EXPECT_NE(header_in(answer, "Strict-Transport-Security"), "");
}

TEST_F(ServerTest, WhatCannotBeListenedOnIsSaid) {
  start();
  ServerOptions second = options;
  second.port = server->port();
  Server taken(make_test_router(), {}, second);
  EXPECT_EQ(taken.start().failure().code, "http.cannot_listen");
  ServerOptions bad = options;
  bad.certificate_file = "/no/such.pem";
  Server no_certificate(make_test_router(), {}, bad);
  EXPECT_EQ(no_certificate.start().failure().code, "http.bad_certificate");
}

}  // namespace
}  // namespace motcua::http
