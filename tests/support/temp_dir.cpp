#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace motcua::tests {

TempDir::TempDir() {
  auto pattern = (std::filesystem::temp_directory_path() / "motcua-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string test_data_dir() {
  const char* named = std::getenv("MOTCUA_TEST_DATA");
  const std::filesystem::path dir =
      named != nullptr ? std::filesystem::path(named) : std::filesystem::path(MOTCUA_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  return std::filesystem::is_directory(dir, ignored) ? dir.string() : std::string();
}

}  // namespace motcua::tests
