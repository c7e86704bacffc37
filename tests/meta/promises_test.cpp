// docs/guides/promises.md names the tests that hold each promise: they exist.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/meta/sources.hpp"

namespace motcua::tests {
namespace {

TEST(Promises, EveryTestNamedIsThere) {
  std::set<std::string> tests;
  const std::regex declared(R"(TEST(?:_P|_F)?\((\w+),\s*(\w+)\))");
  for (const char* folder : {"src", "tests"})
    each_source(folder, "_test.cpp", [&](const std::string&, const std::string& text) {
      for (std::sregex_iterator at(text.begin(), text.end(), declared), end; at != end; ++at) tests.insert((*at)[1].str() + "." + (*at)[2].str());
    });
  const std::string guide = content_of(std::string(MOTCUA_SOURCE_DIR) + "/docs/guides/promises.md");
  const std::regex line_of(R"(\| (\d+) \|([^\n]*))"), named(R"(`(\w+\.\w+)`)");
  std::map<int, int> held;
  for (std::sregex_iterator at(guide.begin(), guide.end(), line_of), end; at != end; ++at) {
    const std::string line = (*at)[2].str();
    for (std::sregex_iterator test(line.begin(), line.end(), named); test != end; ++test) {
      EXPECT_TRUE(tests.contains((*test)[1].str())) << "promise " << (*at)[1] << " is said to be held by " << (*test)[1];
      ++held[std::stoi((*at)[1].str())];
    }
  }
  for (const int promise : {1, 2, 3, 4, 7, 8, 9, 11}) EXPECT_GE(held[promise], 1) << "promise " << promise << " is held by no test";
}

}  // namespace
}  // namespace motcua::tests
