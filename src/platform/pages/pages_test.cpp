#include "platform/pages/pages.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>
#include <thread>

#include "platform/pages/templates.hpp"

namespace motcua::pages {
namespace {

i18n::Texts texts() {
  return i18n::Texts({{"vi", {{"t.hello", {"Chào <b> {{name}}"}}}}, {"en", {{"t.hello", {"Hello <b> {{name}}"}}}}});
}

std::string once(const std::string& source, const boost::json::object& context, std::string_view lang = "en") {
  const Sources sources{{"t/a", source}, {"t/row", "[{{name}}]"}, {"t/loop", "{{> t/loop}}"}};
  return Template("t/a", expand(sources, "t/a", texts(), lang)).render(context);
}

TEST(Templates, EscapeWhatComesFromPeopleAndFromTexts) {
  EXPECT_EQ(once("{{name}} {{{name}}}", {{"name", "<i>&\"'"}}), "&lt;i&gt;&amp;&quot;&#39; <i>&\"'");
  EXPECT_EQ(once("{{_ t.hello}}", {{"name", "<i>"}}), "Hello &lt;b&gt; &lt;i&gt;");
  EXPECT_EQ(once("{{_ t.hello}}", {{"name", "An"}}, "vi"), "Chào &lt;b&gt; An");
}

TEST(Templates, SectionsListsIncludesAndEmptyTexts) {
  const boost::json::object context{{"rows", {{{"name", "a"}}, {{"name", "b"}}}}, {"phone", ""}, {"n", 3}, {"yes", true}, {"none", nullptr}};
  EXPECT_EQ(once("{{#rows}}{{> t/row}}{{/rows}}", context), "[a][b]");
  EXPECT_EQ(once("{{#phone}}has{{/phone}}{{^phone}}none{{/phone}} {{n}} {{#yes}}y{{/yes}}{{^none}}-{{/none}}", context), "none 3 y-");
}

TEST(Templates, RefuseWhatIsNotThere) {
  EXPECT_THROW(once("{{_ t.unknown}}", {}), std::logic_error);
  EXPECT_THROW(once("{{> t/unknown}}", {}), std::logic_error);
  EXPECT_THROW(once("{{> t/loop}}", {}), std::logic_error);
  EXPECT_THROW(once("{{#open}}", {}), std::logic_error);
}

http::Request request(const std::string& target, const std::string& lang) {
  http::Request r;
  r.lang = lang;
  r.target = target;
  r.path = target.substr(3, target.find('?') == std::string::npos ? std::string::npos : target.find('?') - 3);
  return r;
}

class PagesTest : public ::testing::Test {
 protected:
  i18n::Texts texts_;
  Pages pages_{texts_, [](std::string_view name) { return "/assets/x/" + std::string(name); }};
};

TEST_F(PagesTest, ErrorPageSpeaksTheLanguageAndLeadsToTheOther) {
  const auto page = pages_.error_page(request("/en/no-such?x=1", "en"), 404, not_found("http.not_found"));
  EXPECT_EQ(page.status, 404);
  EXPECT_NE(page.body.find("<html lang=\"en\""), std::string::npos);
  EXPECT_NE(page.body.find("<title>Page not found"), std::string::npos);
  EXPECT_NE(page.body.find("href=\"/vi/no-such?x=1\""), std::string::npos);
  EXPECT_EQ(page.body.find("{{"), std::string::npos);
}

TEST_F(PagesTest, TheRailShowsTheRoomsOfTheRoles) {
  pages_.add_navigation({"pages.menu", "/cases", {"tracer"}, 10});
  pages_.add_navigation({"pages.close", "/accounts", {"administrator"}, 20});
  auto r = request("/en/desk", "en");
  r.principal = http::Principal{.account = "acc_1", .display_name = "Lan", .grants = {{.role = "tracer", .area = ""}}, .session = "", .csrf = "tok"};
  const auto page = pages_.render(r, "layout/error", {}, {.title = "T", .active = "pages.menu"});
  EXPECT_NE(page.find("<a href=\"/en/cases\" aria-current=\"page\">Menu</a>"), std::string::npos);
  EXPECT_EQ(page.find("/en/accounts"), std::string::npos);
  EXPECT_NE(page.find("name=\"csrf\" value=\"tok\""), std::string::npos);
}

TEST_F(PagesTest, TheRailSaysHowMuchWaits) {
  std::int64_t waiting = 0;
  pages_.add_navigation({"identity.nav_review", "/review", {}, 10, [&](const http::Request&) -> Result<std::int64_t> { return waiting; }});
  auto r = request("/en/desk", "en");
  r.principal = http::Principal{.account = "acc_1", .display_name = "Lan", .grants = {}, .session = "", .csrf = "tok"};
  struct Row { std::int64_t waiting; const char* badge; };
  for (const Row& row : {Row{1, ">1<"}, Row{99, ">99<"}, Row{100, ">99+<"}}) {
    waiting = row.waiting;
    EXPECT_NE(pages_.render(r, "layout/error", {}, {.title = "T"}).find(std::string("mc-badge\"") + row.badge), std::string::npos) << row.waiting;
  }
  waiting = 0;
  EXPECT_EQ(pages_.render(r, "layout/error", {}, {.title = "T"}).find("mc-badge"), std::string::npos);
}

TEST_F(PagesTest, EveryTemplateHasNoScriptAndNoStyleInIt) {
  for (const auto& [name, source] : embedded_sources()) {
    EXPECT_EQ(source.find("style="), std::string::npos) << name;
    EXPECT_EQ(source.find("<style"), std::string::npos) << name;
    EXPECT_EQ(source.find(" onclick"), std::string::npos) << name;
    for (auto at = source.find("<script"); at != std::string::npos; at = source.find("<script", at + 1))
      EXPECT_EQ(source.substr(at, 27), "<script type=\"module\" src=\"") << name;
  }
}

TEST_F(PagesTest, ManyThreadsRenderOneTemplate) {
  const auto expected = pages_.error_page(request("/vi/x", "vi"), 404, not_found("x")).body;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_EQ(pages_.error_page(request("/vi/x", "vi"), 404, not_found("x")).body, expected);
    });
}

TEST(Parts, LinksKeepFiltersAndGoBackToPageOne) {
  auto r = request("/vi/cases?class=F1&page=3&q=a%26b", "vi");
  r.query = {{"class", "F1"}, {"page", "3"}, {"q", "a&b"}};
  EXPECT_EQ(link_with(r, "class", "F2"), "/vi/cases?q=a%26b&class=F2");
  EXPECT_EQ(link_with(r, "class", ""), "/vi/cases?q=a%26b");
  EXPECT_EQ(link_with(r, "page", "4"), "/vi/cases?class=F1&q=a%26b&page=4");
}

TEST(Parts, PaginationShowsTheEndsAndTheNeighbours) {
  const i18n::Texts t;
  struct Case { std::int64_t total; int page; std::string shown; };
  for (const auto& c : std::vector<Case>{{50, 1, ""}, {51, 1, "*1 2"}, {500, 1, "*1 2 . 10"}, {500, 5, "1 . 4 *5 6 . 10"}, {500, 10, "1 . 9 *10"},
                                         {150, 2, "1 *2 3"}, {50'000'000, 500'000, "1 . 499\u202f999 *500\u202f000 500\u202f001 . 1\u202f000\u202f000"}}) {
    const auto p = pagination(t, request("/vi/cases", "vi"), c.total, c.page, 50);
    std::string shown;
    if (p.contains("numbers"))
      for (const auto& n : p.at("numbers").as_array()) {
        const auto& o = n.as_object();
        shown += shown.empty() ? "" : " ";
        if (o.contains("gap")) shown += ".";
        else shown += (o.at("current").as_bool() ? "*" : "") + std::string(o.at("number").as_string());
      }
    EXPECT_EQ(shown, c.shown) << c.total << " " << c.page;
  }
}

TEST(Parts, ErrorsStandInTheSummaryAndBesideTheField) {
  const i18n::Texts t;
  boost::json::object context;
  put_errors(t, "en", {invalid("text.empty", "phone")}, context);
  EXPECT_EQ(context.at("error_phone"), "Enter a value.");
  EXPECT_EQ(boost::json::serialize(context.at("errors")), R"([{"text":"Enter a value.","field":"phone"}])");
}

}  // namespace
}  // namespace motcua::pages
