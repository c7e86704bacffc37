// A page kept for everybody: made once, and never given to or taken from somebody with a session.
#include "platform/http/shared_pages.hpp"

#include "platform/http/server_fixture.hpp"

namespace motcua::http {
namespace {

class SharedPagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Router router;
    router.add({.path = "/", .access = Access::anyone(), .handler = [this](const Request& q) -> Result<Response> {
      ++made;
      return Response::html((q.cookies.contains("session") ? "hers " : "everybody's ") + std::string(2000, 'x'));
    }});
    router.add({.path = "/form", .access = Access::anyone(), .handler = [this](const Request&) -> Result<Response> {
      ++made;
      Response response = Response::html("a form");
      response.headers.emplace_back("Set-Cookie", "token=1");
      return response;
    }});
    ServerOptions options;
    options.port = 0;
    options.line.inside_cookies = {"session"};
    options.shared_pages = {{"/", 1s}, {"/form", 1s}};
    server = std::make_unique<Server>(std::move(router), Hooks{}, options);
    ASSERT_TRUE(server->start());
  }
  std::string ask(const std::string& path, const std::string& more = "") {
    RawClient client(server->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n");
    return client.read_answer();
  }
  std::atomic<int> made = 0;
  std::unique_ptr<Server> server;
};

TEST_F(SharedPagesTest, IsMadeOnceForEachLanguageAndCodingAndAgainWhenItIsOld) {
  const auto first = ask("/vi/"), second = ask("/vi/");
  EXPECT_EQ(made, 1);
  EXPECT_EQ(body_in(first), body_in(second));
  EXPECT_NE(header_in(first, "X-Request-Id"), header_in(second, "X-Request-Id"));
  EXPECT_EQ(header_in(second, "Cache-Control"), "no-store");
  EXPECT_NE(header_in(second, "Content-Security-Policy"), "");
  ask("/en/");
  EXPECT_EQ(made, 2);
  EXPECT_EQ(header_in(ask("/vi/", "Accept-Encoding: gzip\r\n"), "Content-Encoding"), "gzip");
  EXPECT_EQ(header_in(ask("/vi/", "Accept-Encoding: gzip\r\n"), "Content-Encoding"), "gzip");
  EXPECT_EQ(made, 3);
  EXPECT_EQ(header_in(ask("/vi/"), "Content-Encoding"), "");
  EXPECT_EQ(made, 3);
  std::this_thread::sleep_for(1100ms);
  ask("/vi/");
  EXPECT_EQ(made, 4);
}

TEST_F(SharedPagesTest, WhoHasASessionIsAnsweredAloneAndHerPageIsNobodyElses) {
  EXPECT_TRUE(body_in(ask("/vi/", "Cookie: session=1\r\n")).starts_with("hers"));
  EXPECT_TRUE(body_in(ask("/vi/")).starts_with("everybody's"));
  EXPECT_TRUE(body_in(ask("/vi/", "Cookie: session=1\r\n")).starts_with("hers"));
  EXPECT_TRUE(body_in(ask("/vi/")).starts_with("everybody's"));
  EXPECT_EQ(made, 3);
}

TEST_F(SharedPagesTest, WithAQuestionOrACookieItIsMadeEachTime) {
  ask("/vi/?q=1"), ask("/vi/?q=1");
  EXPECT_EQ(made, 2);
  ask("/vi/form"), ask("/vi/form");
  EXPECT_EQ(made, 4);
}

}  // namespace
}  // namespace motcua::http
