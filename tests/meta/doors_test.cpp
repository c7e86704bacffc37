// A room is entered by its door, by tests too: of another room only rooms/<room>/<room>.hpp is included.
#include <gtest/gtest.h>

#include <regex>

#include "tests/meta/sources.hpp"

namespace motcua::tests {
namespace {

TEST(Doors, OfAnotherRoomOnlyTheDoorIsIncluded) {
  const std::regex include("#include \"rooms/([a-z_]+)/([a-z_0-9]+)\\.hpp\"");
  int seen = 0;
  for (const char* folder : {"src", "tests"})
    for (const char* ending : {".cpp", ".hpp"})
      each_source(folder, ending, [&](const std::string& path, const std::string& text) {
        for (std::sregex_iterator found(text.begin(), text.end(), include), end; found != end; ++found) {
          const std::string room = (*found)[1], header = (*found)[2];
          if (path.starts_with("src/rooms/" + room + "/")) continue;
          ++seen;
          EXPECT_EQ(header, room) << path << " includes " << (*found)[0];
        }
      });
  EXPECT_GT(seen, 10) << "the includes were not found";
}

}  // namespace
}  // namespace motcua::tests
