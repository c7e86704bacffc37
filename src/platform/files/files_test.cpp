// A folder on disk keeps what base/folder.hpp promises.
#include "platform/files/files.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/support/temp_dir.hpp"

namespace motcua::files {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string text_of(const Folder& folder, const std::string& name) {
  auto file = folder.map(name);
  if (!file) return file.failure().code;
  return {(*file)->bytes().begin(), (*file)->bytes().end()};
}

TEST(Files, ReplacingAppendingRemoving) {
  tests::TempDir dir;
  auto folder = make_folder(dir.str() + "/a/b").value();
  EXPECT_EQ(text_of(*folder, "x"), "files.not_found");
  ASSERT_TRUE(folder->replace("x", bytes("one")).ok());
  auto before = folder->map("x").value();
  ASSERT_TRUE(folder->replace("x", bytes("three")).ok());
  EXPECT_EQ(text_of(*folder, "x"), "three");
  EXPECT_EQ(before->bytes().size(), 3U) << "a mapping keeps what it mapped";
  {
    auto log = folder->append_to("log").value();
    ASSERT_TRUE(log->append(bytes("ab")).ok());
    ASSERT_TRUE(log->append(bytes("c")).ok());
    ASSERT_TRUE(log->sync().ok());
  }
  EXPECT_EQ(text_of(*folder, "log"), "abc");
  ASSERT_TRUE(folder->replace("empty", {}).ok());
  EXPECT_EQ(text_of(*folder, "empty"), "");
  EXPECT_EQ(size_bytes(dir.str()).value(), 8U);
  EXPECT_EQ(folder->list().value().size(), 3U) << "nothing half-made stays behind";
  ASSERT_TRUE(folder->remove("x").ok());
  ASSERT_TRUE(folder->remove("x").ok());
  ASSERT_TRUE(folder->sync().ok());
  EXPECT_EQ(text_of(*folder, "x"), "files.not_found");
}

TEST(Files, OneHolderOfTheLock) {
  tests::TempDir dir;
  auto first = open_folder(dir.str()).value();
  auto second = open_folder(dir.str()).value();
  ASSERT_TRUE(first->lock().ok());
  EXPECT_EQ(second->lock().failure().code, "files.in_use");
  first.reset();
  EXPECT_TRUE(second->lock().ok());
}

TEST(Files, NoFolderAndNoFile) {
  tests::TempDir dir;
  EXPECT_EQ(open_folder(dir.str() + "/nothing").failure().code, "files.not_found");
  auto folder = open_folder(dir.str()).value();
  ASSERT_TRUE(folder->replace("file", bytes("x")).ok());
  EXPECT_EQ(open_folder(dir.str() + "/file").failure().code, "files.not_found");
  EXPECT_EQ(make_folder(dir.str() + "/file/inside").failure().kind, FailureKind::not_found);
}

}  // namespace
}  // namespace motcua::files
