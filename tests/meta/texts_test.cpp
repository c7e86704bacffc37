// Walks all texts of the house: both languages say everything with the same values, nothing is written for nobody, and whatever the
// program can name is written.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"

namespace motcua {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// C++ and HTML of the program, tests left out: a text that only a test names is written for nobody.
std::string everything() {
  std::string all;
  for (const char* folder : {"src", "web/layout"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(MOTCUA_SOURCE_DIR) / folder)) {
      const std::string name = entry.path().filename().string();
      const bool ours = name.ends_with(".cpp") || name.ends_with(".hpp") || name.ends_with(".html");
      if (ours && !name.ends_with("_test.cpp")) all += content_of(entry.path()) + "\n";
    }
  return all;
}

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern); at != std::sregex_iterator(); ++at) found.insert((*at)[1]);
  return found;
}

TEST(Texts, BothLanguagesSayEverythingWithTheSameValues) {
  EXPECT_EQ(i18n::Texts().check(), std::vector<std::string>{});
}

TEST(Texts, EveryTemplateFindsItsTexts) {
  const i18n::Texts texts;
  EXPECT_NO_THROW(pages::Pages(texts, [](std::string_view name) { return std::string(name); }));
}

TEST(Texts, NothingIsWrittenForNobody) {
  const std::string source = everything();
  const auto named = all_matches(source, std::regex(R"re(["']([a-z0-9_]+\.[A-Za-z0-9_.\-]+)["'])re"));
  const auto in_templates = all_matches(source, std::regex(R"re(\{\{_ ([A-Za-z0-9_.\-]+)\}\})re"));
  // "tracing.state_" + state, "identity.level." + level: every key that begins so is meant.
  const auto beginnings = all_matches(source, std::regex(R"re("([a-z0-9]+\.(?:[A-Za-z0-9_.\-]*[_.])?)")re"));
  // key + "_ago": every key that ends so is meant.
  const auto endings = all_matches(source, std::regex(R"re("(_[a-z]+)")re"));
  const i18n::Texts texts;
  for (const auto& key : texts.keys("vi")) {
    const auto begins = [&key](const std::string& beginning) { return key.starts_with(beginning); };
    const auto ends = [&key](const std::string& ending) { return key.ends_with(ending); };
    EXPECT_TRUE(named.contains(key) || in_templates.contains(key) || std::any_of(beginnings.begin(), beginnings.end(), begins) ||
                std::any_of(endings.begin(), endings.end(), ends))
        << key << " is named nowhere";
  }
}

TEST(Texts, EveryFailureAPersonCanMeetHasItsSentence) {
  const i18n::Texts texts;
  const std::regex failure(R"re(\b(?:invalid|not_found|conflict)\(\s*"([a-z_]+\.[a-z0-9_.]+)")re");
  for (const auto& code : all_matches(everything(), failure)) EXPECT_TRUE(texts.has(code)) << code << " has no sentence";
}

}  // namespace
}  // namespace motcua
