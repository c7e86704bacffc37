#include "platform/log/log.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/ids.hpp"
#include "base/personal.hpp"

namespace motcua::log {
namespace {

// The promise itself: what somebody typed does not compile into a log line.
static_assert(!std::is_constructible_v<Field, Literal, std::string>);
static_assert(!std::is_constructible_v<Field, Literal, std::string_view>);
static_assert(!std::is_constructible_v<Field, Literal, const char*>);
static_assert(!std::is_constructible_v<Field, Literal, Personal<std::string>>);
static_assert(!std::is_constructible_v<Field, Literal, Personal<int>>);
static_assert(!std::is_constructible_v<Field, std::string, int>);
static_assert(!std::is_constructible_v<Literal, std::string>);
static_assert(!std::is_constructible_v<Word, std::string>);
// And what may be logged does.
static_assert(std::is_constructible_v<Field, Literal, int>);
static_assert(std::is_constructible_v<Field, Literal, bool>);
static_assert(std::is_constructible_v<Field, Literal, double>);
static_assert(std::is_constructible_v<Field, Literal, std::chrono::seconds>);
static_assert(std::is_constructible_v<Field, Literal, FailureKind>);
static_assert(std::is_constructible_v<Field, Literal, Word>);

class Log : public ::testing::Test {
 protected:
  void SetUp() override { capture([this](std::string_view line) { lines.emplace_back(line); }); }
  void TearDown() override { capture({}); }
  std::string rest_of_last() const { return lines.back().substr(lines.back().find(",\"level\"") + 1); }
  std::vector<std::string> lines;
};

TEST_F(Log, WritesOneObjectWithTypedValues) {
  const std::string import = to_id("imp", Bits128{1, 2, 3});
  info("import.finished", {{"import", id(import)}, {"rows", 50000}, {"ok", true}, {"share", 0.25}, {"state", "done"},
                           {"took", std::chrono::microseconds(1500)}, {"kind", FailureKind::conflict}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("{\"at\":\"20"));
  EXPECT_EQ(rest_of_last(), "\"level\":\"info\",\"event\":\"import.finished\",\"import\":\"" + import +
                                "\",\"rows\":50000,\"ok\":true,\"share\":0.25,\"state\":\"done\",\"took_ms\":1.5,\"kind\":2}");
}

TEST_F(Log, BelowTheLevelNothingIsWritten) {
  debug("log.quiet");
  EXPECT_TRUE(lines.empty());
}

TEST_F(Log, WordsAreChecked) {
  const struct { const char* text; const char* logged; } table[] = {
      {"identity.already_merged", "identity.already_merged"},
      {"/cases/{case_id}", "/cases/{case_id}"},
      {"", "not-a-code"},
      {"0912345678", "not-a-code"},
      {"x0912345678", "not-a-code"},
      {"Nguyễn Thị Hoa", "not-a-code"},
      {"a b", "not-a-code"},
      {"a\"b", "not-a-code"},
  };
  for (const auto& row : table) EXPECT_EQ(code(row.text).text(), row.logged) << row.text;
  EXPECT_EQ(code(std::string(97, 'a')).text(), "not-a-code");
  EXPECT_EQ(id("0912345678").text(), "not-an-id");
  EXPECT_EQ(id("per_short").text(), "not-an-id");
  EXPECT_EQ(id("").text(), "not-an-id");
}

TEST_F(Log, RequestScopeNestsAndEnds) {
  const std::string outer = to_id("req", Bits128{1}), inner = to_id("req", Bits128{2});
  {
    RequestScope one(outer);
    { RequestScope two(inner); info("log.inner"); }
    info("log.outer");
  }
  info("log.none");
  EXPECT_NE(lines[0].find("\"request\":\"" + inner), std::string::npos);
  EXPECT_NE(lines[1].find("\"request\":\"" + outer), std::string::npos);
  EXPECT_EQ(lines[2].find("request"), std::string::npos);
}

TEST_F(Log, DetailsOfFailuresAreBlotted) {
  Failure failure = internal("storage.failed", "step 21 near \"0912345678\"\nHoa ạ");
  failure.row = 7;
  log::failure(Level::error, "job.failed", failure, {{"attempt", 2}});
  EXPECT_EQ(rest_of_last(), "\"level\":\"error\",\"event\":\"job.failed\",\"kind\":9,\"code\":\"storage.failed\",\"row\":7,\"attempt\":2,"
                            "\"detail\":\"step 21 near \\\"##########\\\" Hoa ???\"}");
  log::failure(Level::error, "job.failed", internal("a.b", std::string(5000, 'x')));
  EXPECT_LT(lines.back().size(), 500u);
}

TEST(LogFile, IsWrittenAndAnImpossibleOneIsRefused) {
  const auto file = std::filesystem::temp_directory_path() / ("motcua-log-test-" + std::to_string(::getpid()) + ".jsonl");
  ASSERT_TRUE(configure({.file = file.string()}));
  warning("log.written", {{"n", 1}});
  std::ifstream in(file);
  std::string line;
  ASSERT_TRUE(std::getline(in, line));
  EXPECT_NE(line.find("\"event\":\"log.written\",\"n\":1}"), std::string::npos);
  const auto refused = configure({.file = "/proc/no/such/place.jsonl"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, "log.cannot_open");
  ASSERT_TRUE(configure({}));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace motcua::log
