#include "platform/cose/cbor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "base/ids.hpp"

namespace motcua::cose {
namespace {

Bytes bytes(std::string_view hex) {
  Bytes out(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, out)) << hex;
  return out;
}

Value text(const char* t) { return Value(std::string(t)); }
Value number(std::int64_t n) { return Value(n); }

struct Case {
  const char* hex;
  Value value;
};

/// RFC 8949, appendix A: what is read here, and is written the same.
std::vector<Case> deterministic() {
  return {{"00", number(0)}, {"17", number(23)}, {"1818", number(24)}, {"1903e8", number(1000)}, {"1a000f4240", number(1000000)},
          {"1b000000e8d4a51000", number(1000000000000)}, {"20", number(-1)}, {"3863", number(-100)}, {"3903e7", number(-1000)},
          {"1b7fffffffffffffff", number(std::numeric_limits<std::int64_t>::max())}, {"3b7fffffffffffffff", number(std::numeric_limits<std::int64_t>::min())},
          {"fb3ff199999999999a", Value(1.1)}, {"fa47c35000", Value(100000.0)}, {"fb7e37e43c8800759c", Value(1.0e+300)}, {"fbc010666666666666", Value(-4.1)},
          {"f4", Value(false)}, {"f5", Value(true)}, {"f6", Value(nullptr)}, {"f7", Value(Undefined{})},
          {"c11a514b67b0", Value(Tagged{1, {number(1363896240)}})}, {"d74401020304", Value(Tagged{23, {Value(bytes("01020304"))}})},
          {"40", Value(Bytes{})}, {"60", text("")}, {"6449455446", text("IETF")}, {"62225c", text("\"\\")}, {"62c3bc", text("ü")}, {"64f0908591", text("\xf0\x90\x85\x91")},
          {"80", Value(Array{})}, {"8301820203820405", Value(Array{number(1), Value(Array{number(2), number(3)}), Value(Array{number(4), number(5)})})},
          {"a0", Value(Map{})}, {"a201020304", Value(Map{{number(1), number(2)}, {number(3), number(4)}})},
          {"a26161016162820203", Value(Map{{text("a"), number(1)}, {text("b"), Value(Array{number(2), number(3)})}})}};
}

TEST(Cbor, ExamplesOfRfc8949AreReadAndWritten) {
  for (const auto& [hex, value] : deterministic()) {
    const auto read = read_cbor(bytes(hex));
    ASSERT_TRUE(read) << hex << ' ' << read.failure().code;
    EXPECT_TRUE(*read == value) << hex;
    EXPECT_EQ(to_hex(write_cbor(value)), hex);
  }
}

TEST(Cbor, OtherFormsOfTheSameAreRead) {
  const Array one_to_three{number(1), Value(Array{number(2), number(3)}), Value(Array{number(4), number(5)})};
  const std::vector<Case> cases = {
      {"1800", number(0)}, {"1b0000000000000001", number(1)}, {"f93c00", Value(1.0)}, {"f90001", Value(5.960464477539063e-8)}, {"f97c00", Value(HUGE_VAL)},
      {"5f42010243030405ff", Value(bytes("0102030405"))}, {"7f657374726561646d696e67ff", text("streaming")}, {"9fff", Value(Array{})},
      {"9f018202039f0405ffff", Value(one_to_three)}, {"83018202039f0405ff", Value(one_to_three)},
      {"bf61610161629f0203ffff", Value(Map{{text("a"), number(1)}, {text("b"), Value(Array{number(2), number(3)})}})},
      {"826161bf61626163ff", Value(Array{text("a"), Value(Map{{text("b"), text("c")}})})}};
  for (const auto& [hex, value] : cases) {
    const auto read = read_cbor(bytes(hex));
    ASSERT_TRUE(read) << hex << ' ' << read.failure().code;
    EXPECT_TRUE(*read == value) << hex;
  }
}

TEST(Cbor, WhatIsNotReadIsRefusedByItsReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "cose.cbor_unreadable"}, {"18", "cose.cbor_unreadable"}, {"8201", "cose.cbor_unreadable"}, {"a101", "cose.cbor_unreadable"}, {"44010203", "cose.cbor_unreadable"},
      {"1c", "cose.cbor_unreadable"}, {"ff", "cose.cbor_unreadable"}, {"f8ff", "cose.cbor_unreadable"}, {"f0", "cose.cbor_unreadable"}, {"9f01", "cose.cbor_unreadable"},
      {"c1", "cose.cbor_unreadable"}, {"82ff00", "cose.cbor_unreadable"}, {"bf01ff", "cose.cbor_unreadable"},
      {"1bffffffffffffffff", "cose.cbor_unreadable"}, {"3bffffffffffffffff", "cose.cbor_unreadable"},
      {"9bffffffffffffffff", "cose.cbor_unreadable"}, {"bb7fffffffffffffff00", "cose.cbor_unreadable"}, {"5bffffffffffffffff00", "cose.cbor_unreadable"},
      {"61ff", "cose.cbor_unreadable"}, {"6100", "cose.cbor_unreadable"}, {"5f6161ff", "cose.cbor_unreadable"}, {"7f7f6161ffff", "cose.cbor_unreadable"},
      {"0000", "cose.cbor_trailing_bytes"}, {"a0ff", "cose.cbor_trailing_bytes"},
      {"a201010102", "cose.cbor_duplicate_key"}, {"a20101180102", "cose.cbor_duplicate_key"}, {"bf616101616102ff", "cose.cbor_duplicate_key"}};
  for (const auto& [hex, code] : cases) {
    const auto read = read_cbor(bytes(hex));
    ASSERT_FALSE(read) << hex;
    EXPECT_EQ(read.failure().code, code) << hex;
  }
}

TEST(Cbor, LimitsHold) {
  const auto nested = [](int depth, std::uint8_t head) {
    Bytes out(static_cast<std::size_t>(depth), head);
    out.push_back(0);
    return out;
  };
  for (const std::uint8_t head : {0x81, 0xc1}) {
    EXPECT_TRUE(read_cbor(nested(16, head)));
    EXPECT_EQ(read_cbor(nested(17, head)).failure().code, "cose.cbor_too_deep");
    EXPECT_EQ(read_cbor(nested(60'000, head)).failure().code, "cose.cbor_too_deep");
  }
  EXPECT_TRUE(read_cbor(nested(3, 0x81), {.depth_max = 3}));
  EXPECT_EQ(read_cbor(nested(3, 0x81), {.bytes_max = 3}).failure().code, "cose.cbor_too_large");
}

TEST(Cbor, KeysAreWrittenInTheOrderOfTheirBytes) {
  // RFC 8949, 4.2.1: 10, 100, -1, "z", "aa", [100], [-1], false
  const Map map{{Value(false), number(8)}, {Value(Array{number(-1)}), number(7)}, {Value(Array{number(100)}), number(6)}, {text("aa"), number(5)},
                {text("z"), number(4)}, {number(-1), number(3)}, {number(100), number(2)}, {number(10), number(1)}};
  EXPECT_EQ(to_hex(write_cbor(Value(map))), "a80a011864022003617a046261610581186406812007f408");
}

RC_GTEST_PROP(Cbor, WhatIsWrittenIsRead, (std::int64_t n, const Bytes& some, const std::vector<std::int64_t>& many, std::uint64_t tag)) {
  Array array;
  for (const auto one : many) array.emplace_back(one);
  const Value value(Map{{Value(n), Value(some)}, {Value(std::string("a")), Value(Tagged{tag, {Value(array)}})}});
  const auto read = read_cbor(write_cbor(value), {.bytes_max = 1 << 20});
  RC_ASSERT(static_cast<bool>(read));
  RC_ASSERT(write_cbor(*read) == write_cbor(value));
  RC_ASSERT(*read->at(Value(n)) == Value(some));
}

}  // namespace
}  // namespace motcua::cose
