#include "platform/zip/zip.hpp"

#include <gtest/gtest.h>

#include "base/ids.hpp"

namespace motcua::zip {
namespace {

const std::vector<Entry> two = {{"export.bin", std::string(5000, 'x')}, {"export.sig", std::string("\0\xff", 2)}};

TEST(Zip, WhatIsWrittenIsRead) {
  const auto read_back = read(write(two));
  ASSERT_TRUE(read_back);
  ASSERT_EQ(read_back->size(), 2U);
  for (std::size_t i = 0; i < two.size(); ++i) {
    EXPECT_EQ((*read_back)[i].name, two[i].name);
    EXPECT_EQ((*read_back)[i].bytes, two[i].bytes);
  }
  EXPECT_EQ(read(write({}))->size(), 0U);
}

/// As other programs write it: raw deflate, and a comment behind the directory.
TEST(Zip, DeflatedWithAComment) {
  std::string archive = "PK\x03\x04";
  const std::string packed = std::string("\xcb\x48\xcd\xc9\xc9\x57\xc8\xc0\x4e\x72\x01\x00", 12);   // raw deflate
  const std::string plain = "hello hello hello hello hello\n";
  std::string expected = write(std::vector<Entry>{{"a", plain}});
  // The same archive with the entry deflated: method 8, packed size 11, in both headers.
  const auto crc = expected.substr(14, 4);
  const std::string head = std::string("\x14\0\0\0\x08\0\0\0\x21\0", 10) + crc + std::string("\x0c\0\0\0\x1e\0\0\0\x01\0\0\0", 12);
  archive += head + "a" + packed;
  const std::size_t directory = archive.size();
  archive += std::string("PK\x01\x02\x14\0", 6) + head + std::string(14, '\0') + "a";
  const std::size_t directory_bytes = archive.size() - directory;
  archive += std::string("PK\x05\x06\0\0\0\0\x01\0\x01\0", 12) + static_cast<char>(directory_bytes) + std::string(3, '\0') + static_cast<char>(directory) + std::string(3, '\0') +
             std::string("\x03\0", 2) + "end";
  const auto entries = read(archive);
  ASSERT_TRUE(entries) << entries.failure().code;
  EXPECT_EQ((*entries)[0].bytes, plain);
}

TEST(Zip, NoPrefixOfAnArchiveIsOne) {
  const std::string whole = write(two);
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(read(std::string_view(whole).substr(0, n))) << n;
}

TEST(Zip, EveryChangedByteIsFoundOrChangesNothing) {
  const std::string whole = write(std::vector<Entry>{{"export.bin", "0123456789"}});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    const auto entries = read(changed);
    if (!entries || entries->size() != 1) continue;
    EXPECT_EQ((*entries)[0].bytes, "0123456789") << at;
  }
}

TEST(Zip, Limits) {
  EXPECT_EQ(read(write(two), {.entries_max = 1}).failure().code, "zip.too_large");
  EXPECT_EQ(read(write(two), {.entry_bytes_max = 4999}).failure().code, "zip.too_large");
  EXPECT_EQ(read(write(std::vector<Entry>{two[0], two[0]})).failure().code, "zip.damaged");
}

}  // namespace
}  // namespace motcua::zip
