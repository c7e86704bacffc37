#include "platform/config/config.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace motcua::config {
namespace {

const std::vector<Setting> table = {
    {.name = "http.port", .fallback = std::int64_t{8080}, .min = 0, .max = 65535, .unit = "", .description = "Port."},
    {.name = "http.wait_s", .fallback = std::int64_t{3}, .min = 1, .max = 60, .unit = "s", .description = "Wait."},
    {.name = "linkage.threshold", .fallback = 0.9, .min = 0.5, .max = 1, .unit = "", .description = "Threshold."},
    {.name = "http.public", .fallback = false, .description = "Public."},
    {.name = "log.level", .fallback = std::string("info"), .description = "Level.", .choices = {"debug", "info"}},
    {.name = "log.file", .fallback = std::string(), .max = 10, .description = "File."},
};

class Config : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file); }
  std::string toml(const std::string& text) {
    std::ofstream(file) << text;
    return file;
  }
  std::string file = (std::filesystem::temp_directory_path() / ("motcua-config-" + std::to_string(::getpid()) + ".toml")).string();
};

TEST_F(Config, TheLaterSourceWins) {
  const auto s = Settings::load(table, {.file = toml("[http]\nport = 1\nwait_s = 5\n[linkage]\nthreshold = 1\n"),
                                        .environment = {{"MOTCUA_HTTP_PORT", "2"}, {"MOTCUA_HTTP_PUBLIC", "true"}, {"HOME", "/"}, {"MOTCUA_MASTER_KEY_FILE", "/k"}, {"MOTCUA_OTHER", "x"}},
                                        .flags = {{"http.port", "3"}}});
  ASSERT_TRUE(s) << s.failure().code << s.failure().field;
  EXPECT_EQ(s->integer("http.port"), 3);
  EXPECT_EQ(s->origin("http.port"), "flag");
  EXPECT_EQ(s->duration("http.wait_s"), std::chrono::seconds(5));
  EXPECT_EQ(s->origin("http.wait_s"), "file");
  EXPECT_DOUBLE_EQ(s->real("linkage.threshold"), 1.0);
  EXPECT_TRUE(s->boolean("http.public"));
  EXPECT_EQ(s->text("log.level"), "info");
  EXPECT_EQ(s->origin("log.level"), "default");
}

TEST_F(Config, WhatIsWrongIsNamed) {
  const struct { const char* what; Sources sources; const char* code; const char* field; } cases[] = {
      {"too large", {.flags = {{"http.port", "65536"}}}, "config.out_of_bounds", "http.port"},
      {"too small", {.environment = {{"MOTCUA_HTTP_WAIT_S", "0"}}}, "config.out_of_bounds", "http.wait_s"},
      {"not a number", {.flags = {{"http.port", "80x"}}}, "config.wrong_type", "http.port"},
      {"NaN", {.flags = {{"linkage.threshold", "nan"}}}, "config.out_of_bounds", "linkage.threshold"},
      {"not a boolean", {.flags = {{"http.public", "yes"}}}, "config.wrong_type", "http.public"},
      {"not a choice", {.flags = {{"log.level", "loud"}}}, "config.not_a_choice", "log.level"},
      {"text too long", {.flags = {{"log.file", "12345678901"}}}, "config.out_of_bounds", "log.file"},
      {"unknown flag", {.flags = {{"http.prot", "1"}}}, "config.unknown", "http.prot"},
      {"unknown variable", {.environment = {{"MOTCUA_HTTP_PROT", "1"}}}, "config.unknown", "MOTCUA_HTTP_PROT"},
      {"unknown key", {.file = toml("[http]\nprot = 1\n")}, "config.unknown", "http.prot"},
  };
  for (const auto& c : cases) {
    const auto s = Settings::load(table, c.sources);
    ASSERT_FALSE(s) << c.what;
    EXPECT_EQ(s.failure().code, c.code) << c.what;
    EXPECT_EQ(s.failure().field, c.field) << c.what;
    EXPECT_EQ(s.failure().kind, FailureKind::invalid) << c.what;
  }
}

TEST_F(Config, FilesThatCannotBeRead) {
  const struct { const char* text; const char* code; std::optional<std::int64_t> row; } cases[] = {
      {"[http\nport = 1\n", "config.unreadable", 1},
      {"[http]\nport = 1\nport = 2\n", "config.unreadable", 3},
      {"[http]\nport = \"80\"\n", "config.wrong_type", {}},
      {"port = 80\n", "config.unknown", {}},
      {"[[[", "config.unreadable", 1},
  };
  for (const auto& c : cases) {
    const auto s = Settings::load(table, {.file = toml(c.text)});
    ASSERT_FALSE(s) << c.text;
    EXPECT_EQ(s.failure().code, c.code) << c.text;
    if (c.row) {
      EXPECT_EQ(s.failure().row, c.row) << c.text;
    }
  }
  const auto absent = Settings::load(table, {.file = "/no/such/file.toml"});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.failure().code, "config.unreadable");
}

TEST_F(Config, DefectsAreThrown) {
  const Settings s(table);
  EXPECT_THROW((void)s.integer("http.prot"), std::logic_error);
  EXPECT_THROW((void)s.text("http.port"), std::logic_error);
  EXPECT_THROW((void)s.duration("http.port"), std::logic_error);
  EXPECT_THROW(Settings({table[0], table[0]}), std::logic_error);
  EXPECT_THROW(Settings({{.name = "a.b", .fallback = std::int64_t{1}, .description = "No bounds."}}), std::logic_error);
  EXPECT_THROW(Settings({{.name = "a.b", .fallback = std::int64_t{9}, .min = 0, .max = 5, .description = "Out."}}), std::logic_error);
}

TEST(PlatformSettings, AreSoundAndInTheReference) {
  const Settings settings(platform_settings());   // throws when a default is out of its bounds
  EXPECT_EQ(settings.duration("visits.venue_stay_min"), std::chrono::minutes(60));
  EXPECT_EQ(settings.integer("retention.proximity_days"), 21);
  std::ifstream in(std::string(MOTCUA_SOURCE_DIR) + "/docs/settings.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::string made = reference_markdown(platform_settings());
  if (std::getenv("MOTCUA_TEST_WRITE_REFERENCE")) std::ofstream(std::string(MOTCUA_SOURCE_DIR) + "/docs/settings.md") << made;
  else EXPECT_EQ(text.str(), made) << "docs/settings.md is stale: run config_test with MOTCUA_TEST_WRITE_REFERENCE=1";
}

}  // namespace
}  // namespace motcua::config
