#pragma once
// The sources of the house as text, for tests that read them.
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

namespace motcua::tests {

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Files below a folder of the tree whose names end so; `visit` is given the path from the top and the text.
inline void each_source(const std::string& folder, const std::string& ending, const std::function<void(const std::string&, const std::string&)>& visit) {
  const std::filesystem::path top(MOTCUA_SOURCE_DIR);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder))
    if (entry.is_regular_file() && entry.path().string().ends_with(ending)) visit(std::filesystem::relative(entry.path(), top).string(), content_of(entry.path()));
}
inline bool is_test(const std::string& path) {
  return path.ends_with("_test.cpp") || path.ends_with("_fuzz.cpp") || path.find("/test_house") != std::string::npos || path.find("_fixture") != std::string::npos;
}

}  // namespace motcua::tests
