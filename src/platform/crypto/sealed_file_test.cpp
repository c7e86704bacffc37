#include "platform/crypto/sealed_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace motcua::crypto {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t head_bytes = 40;
constexpr std::size_t whole_chunk = sealed_chunk_bytes + 16;

class SealedFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "motcua-sealed-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir = pattern;
    keys = std::move(*open_key_ring(dir));
  }
  void TearDown() override { fs::remove_all(dir); }

  std::string slurp(const std::string& name) const {
    std::ifstream in(dir + "/" + name, std::ios::binary);
    std::stringstream s;
    s << in.rdbuf();
    return s.str();
  }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(dir + "/" + name, std::ios::binary | std::ios::trunc) << content;
  }
  static std::string some_text(std::size_t n) {
    std::string text(n, '\0');
    for (std::size_t i = 0; i < n; ++i) text[i] = static_cast<char>('a' + i * 7 % 23);
    return text;
  }
  std::string code_on_opening(const std::string& sealed) {
    put("changed", sealed);
    auto r = open_file(*keys, "upload", dir + "/changed", dir + "/out");
    EXPECT_FALSE(fs::exists(dir + "/out.part"));
    EXPECT_EQ(fs::exists(dir + "/out"), r.ok());
    return r ? "" : r.failure().code;
  }
  std::string dir;
  std::unique_ptr<KeyRing> keys;
};

TEST_F(SealedFileTest, Promise03RoundTripOfEverySizeAroundAChunk) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, sealed_chunk_bytes - 1, sealed_chunk_bytes, sealed_chunk_bytes + 1,
                              3 * sealed_chunk_bytes, 3 * sealed_chunk_bytes + 5}) {
    SCOPED_TRACE(n);
    put("plain", some_text(n));
    ASSERT_TRUE(seal_file(*keys, "upload", dir + "/plain", dir + "/sealed"));
    EXPECT_EQ(slurp("sealed").find("hovahov"), std::string::npos);
    ASSERT_TRUE(open_file(*keys, "upload", dir + "/sealed", dir + "/back"));
    EXPECT_EQ(slurp("back"), some_text(n));
  }
}

TEST_F(SealedFileTest, PlainTextDoesNotStandInTheFile) {
  put("plain", "Nguyễn Thị Ví Dụ;0900000000");
  ASSERT_TRUE(seal_file(*keys, "upload", dir + "/plain", dir + "/sealed"));
  EXPECT_EQ(slurp("sealed").find("0900000000"), std::string::npos);
}

TEST_F(SealedFileTest, CutMovedRepeatedAndChangedFilesAreFoundOut) {
  put("plain", some_text(3 * sealed_chunk_bytes + 100));
  ASSERT_TRUE(seal_file(*keys, "upload", dir + "/plain", dir + "/sealed"));
  const std::string good = slurp("sealed");
  ASSERT_EQ(code_on_opening(good), "");
  fs::remove(dir + "/out");
  const std::string head = good.substr(0, head_bytes);
  const auto chunk = [&](std::size_t i) { return good.substr(head_bytes + i * whole_chunk, whole_chunk); };
  const std::vector<std::pair<const char*, std::string>> cases = {
      {"cut inside a chunk", good.substr(0, good.size() - 1)},
      {"cut at a chunk's border", good.substr(0, head_bytes + 3 * whole_chunk)},
      {"cut after the head", head},
      {"cut inside the head", good.substr(0, 20)},
      {"empty", ""},
      {"chunks exchanged", head + chunk(1) + chunk(0) + chunk(2) + chunk(3)},
      {"chunk dropped", head + chunk(0) + chunk(2) + chunk(3)},
      {"chunk repeated", head + chunk(0) + chunk(0) + chunk(1) + chunk(2) + chunk(3)},
      {"something behind", good + "x"},
      {"last chunk twice", good + chunk(3)},
  };
  for (const auto& [name, content] : cases) EXPECT_EQ(code_on_opening(content), "crypto.file_damaged") << name;
  for (const std::size_t at : {std::size_t{0}, std::size_t{9}, head_bytes, head_bytes + whole_chunk - 1, good.size() - 1}) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_EQ(code_on_opening(changed), "crypto.file_damaged") << at;
  }
}

TEST_F(SealedFileTest, AnotherContextDoesNotOpen) {
  put("plain", "x");
  ASSERT_TRUE(seal_file(*keys, "upload", dir + "/plain", dir + "/sealed"));
  auto r = open_file(*keys, "backup", dir + "/sealed", dir + "/out");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "crypto.file_damaged");
}

TEST_F(SealedFileTest, RotationOfTheMasterKeyLeavesFilesReadable) {
  put("plain", "before");
  ASSERT_TRUE(seal_file(*keys, "backup", dir + "/plain", dir + "/sealed"));
  ASSERT_TRUE(keys->rotate_master());
  keys = std::move(*open_key_ring(dir));
  ASSERT_TRUE(open_file(*keys, "backup", dir + "/sealed", dir + "/out"));
  EXPECT_EQ(slurp("out"), "before");
}

TEST_F(SealedFileTest, AWriterThatDoesNotFinishLeavesNothing) {
  const std::string text = some_text(100'000);
  {
    auto writer = SealedFileWriter::create(*keys, "upload", dir + "/spool");
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    EXPECT_EQ((*writer)->plain_bytes(), text.size());
  }
  EXPECT_FALSE(fs::exists(dir + "/spool"));
  EXPECT_FALSE(fs::exists(dir + "/spool.part"));
}

TEST_F(SealedFileTest, SmallPiecesInAndOut) {
  const std::string text = some_text(sealed_chunk_bytes * 2 + 11);
  auto writer = SealedFileWriter::create(*keys, "upload", dir + "/spool", {.durable = false});
  ASSERT_TRUE(writer);
  for (std::size_t i = 0; i < text.size(); i += 997)
    ASSERT_TRUE((*writer)->write({reinterpret_cast<const std::uint8_t*>(text.data()) + i, std::min<std::size_t>(997, text.size() - i)}));
  ASSERT_TRUE((*writer)->finish());
  auto reader = SealedFileReader::open(*keys, "upload", dir + "/spool");
  ASSERT_TRUE(reader);
  std::string back;
  std::vector<std::uint8_t> piece(1013);
  for (;;) {
    auto n = (*reader)->read(piece);
    ASSERT_TRUE(n);
    if (*n == 0) break;
    back.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*n));
  }
  EXPECT_EQ(back, text);
}

TEST_F(SealedFileTest, ADiskThatCannotBeWrittenIsAFailureNotACrash) {
  auto writer = SealedFileWriter::create(*keys, "upload", dir + "/no/such/folder/file");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.failure().code, "crypto.file_unwritable");
}

}  // namespace
}  // namespace motcua::crypto
