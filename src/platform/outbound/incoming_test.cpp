#include "platform/outbound/incoming.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace motcua::outbound {
namespace {

using namespace std::string_literals;

class IncomingTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder()); }
  std::string folder() const { return dir_.path().string() + "/incoming"; }
  void put(const std::string& name, const std::string& content) const { std::ofstream(folder() + "/" + name, std::ios::binary) << content; }
  bool is_there(const std::string& name) const { return std::filesystem::exists(dir_.path().string() + "/" + name); }
  Result<int> take(bool refuse = false) {
    return take_incoming(dir_.path().string(), [&](const Incoming& m) -> Result<void> {
      if (refuse) return unavailable("storage.unavailable", "");
      heard_.push_back(m.id + " " + m.phone.reveal() + " " + m.text.reveal());
      return {};
    });
  }
  tests::TempDir dir_;
  std::vector<std::string> heard_;
};

TEST_F(IncomingTest, IsHeardAndTakenAway) {
  put("GSM1.a", "From: 84938000001\nFrom_SMSC: 84900000001\nReceived: 21-08-10 09:00:00\nAlphabet: ISO\n\n1022 123456782");
  put("GSM1.b", "From: 84938000002\r\nAlphabet: UCS2\r\n\r\n\x1E\xA1\x00x"s);
  put("GSM1.c", "From: VIETTEL\nAlphabet: ISO\n\nad");
  EXPECT_EQ(*take(), 3);
  EXPECT_EQ(heard_, (std::vector<std::string>{"GSM1.a +84938000001 1022 123456782", "GSM1.b +84938000002 ạx", "GSM1.c VIETTEL ad"}));
  EXPECT_EQ(*take(), 0);
}

TEST_F(IncomingTest, WhatCannotBeReadIsLaidAsideAndHoldsUpNothing) {
  put("GSM1.a", "");
  put("GSM1.b", "no header\n");
  put("GSM1.c", "From: 84938000001\n\n" + std::string(incoming_bytes_max, 'x'));
  put("GSM1.d", "From: 84938000001\n\nok");
  EXPECT_EQ(*take(), 1);
  for (const char* name : {"GSM1.a", "GSM1.b", "GSM1.c"}) EXPECT_TRUE(is_there("unreadable/"s + name)) << name;
}

TEST_F(IncomingTest, WhatIsNotHeardStays) {
  put("GSM1.a", "From: 84938000001\n\nok");
  EXPECT_FALSE(take(true));
  EXPECT_TRUE(is_there("incoming/GSM1.a"));
  EXPECT_EQ(*take(), 1);
}

TEST(Incoming, NoFolderIsNoMessage) { EXPECT_EQ(*take_incoming("/nowhere/at/all", [](const Incoming&) { return Result<void>(); }), 0); }

}  // namespace
}  // namespace motcua::outbound
