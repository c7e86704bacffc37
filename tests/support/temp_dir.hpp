#pragma once
// A directory that lives as long as the test.
#include <filesystem>
#include <string>

namespace motcua::tests {

class TempDir {
 public:
  TempDir();   // below the system's temporary directory, mode 0700
  ~TempDir();  // removed with all that is in it
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string str() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// The folder of real data sets: MOTCUA_TEST_DATA, or ../shared/data beside the source tree. Empty when there is none.
std::string test_data_dir();

}  // namespace motcua::tests
