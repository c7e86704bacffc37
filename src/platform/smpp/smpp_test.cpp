#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "platform/smpp/parts.hpp"

namespace motcua::smpp {
namespace {

using namespace std::string_literals;

std::string_view body_of(const std::string& packet) { return std::string_view(packet).substr(header_bytes); }
Message told(std::string content, std::uint8_t coding = 0, std::uint8_t esm_class = 0) {
  Message m;
  m.content = std::move(content);
  m.data_coding = coding;
  m.esm_class = esm_class;
  return m;
}

TEST(Pdu, AMessageThereAndBack) {
  for (const std::size_t size : {0U, 1U, 254U, 255U, 4000U}) {
    Message m = told(std::string(size, 'a'), 8, 0x40);
    m.source = "84938000001";
    m.source_ton = 1;
    m.destination = "1022";
    m.parameters[0x020C] = "\x00\x07"s;
    const std::string packet = write_message(Command::deliver_sm, 42, m);
    const auto header = read_header({reinterpret_cast<const std::uint8_t*>(packet.data()), header_bytes});
    ASSERT_TRUE(header);
    EXPECT_EQ(header->length, packet.size());
    EXPECT_EQ(header->sequence, 42U);
    const auto read = read_message(body_of(packet));
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(read->content, m.content);
    EXPECT_EQ(read->source, m.source);
    EXPECT_EQ(read->parameters, m.parameters);
  }
}

TEST(Pdu, LengthsThatCannotBe) {
  for (const std::uint32_t length : {0U, 15U, 70'001U, 0xFFFFFFFFU}) {
    const std::uint8_t bytes[header_bytes] = {static_cast<std::uint8_t>(length >> 24), static_cast<std::uint8_t>(length >> 16), static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
    EXPECT_FALSE(read_header(bytes)) << length;
  }
}

/// Cut anywhere, a message is refused or, where an optional parameter ends, read without it; never anything else.
TEST(Pdu, CutAnywhere) {
  const std::string packet = write_message(Command::deliver_sm, 1, told("hello"));
  for (std::size_t n = 0; n < packet.size() - header_bytes; ++n) EXPECT_FALSE(read_message(body_of(packet).substr(0, n))) << n;
}

RC_GTEST_PROP(Pdu, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  const auto message = read_message(bytes);
  if (message) (void)read_words(*message);
}

TEST(Words, Alphabets) {
  const struct { Message message; std::string text; } rows[] = {
      {told("1022 123456782"), "1022 123456782"}, {told("\x00\x11\x1B\x65\x1B\x3C"s), "@_€["}, {told("caf\xE9", 3), "café"},
      {told("\x1E\xA1\x00 \x00x"s, 8), "ạ x"}, {told("\xD8\x3D\xDE\x00"s, 8), "😀"}, {told("\xD8\x3D"s, 8), "\uFFFD"}, {told("\x00\x41\x00"s, 8), "A"}, {told("\x00\x00"s, 8), "\uFFFD"},
      {told("\x05\x00\x03\x07\x02\x01" "ab"s, 0, 0x40), "ab"}, {told("\x06\x08\x04\x00\x07\x02\x02" "cd"s, 0, 0x40), "cd"}, {told("\xFF\x01"s, 3, 0x40), "ÿ\x01"}};
  for (const auto& [message, text] : rows) EXPECT_EQ(read_words(message).text, text);
  EXPECT_TRUE(read_words(told("id:1 sub:001", 0, 0x04)).receipt);
  EXPECT_EQ(read_words(told("\x05\x00\x03\x07\x02\x01" "ab"s, 0, 0x40)).part->number, 1);
  EXPECT_FALSE(read_words(told("\x05\x00\x03\x07\x02\x03" "ab"s, 0, 0x40)).part) << "the third of two";
}

TEST(Words, AreWrittenInAsManyPartsAsNeeded) {
  const struct { std::string text; std::uint8_t coding; std::size_t parts; } rows[] = {
      {"", 0, 1}, {std::string(160, 'a'), 0, 1}, {std::string(161, 'a'), 0, 2}, {std::string(80, '{'), 0, 1}, {std::string(81, '{'), 0, 2}, {"Đã ghi nhận", 8, 1}};
  for (const auto& [text, coding, parts] : rows) {
    const Encoded e = write_words(text, 7);
    EXPECT_EQ(e.data_coding, coding);
    EXPECT_EQ(e.parts.size(), parts) << text;
    std::string back;
    for (const auto& part : e.parts) back += read_words(told(part, coding, e.parts.size() > 1 ? 0x40 : 0)).text;
    EXPECT_EQ(back, text);
  }
}

TEST(Parts, InAnyOrderAndLate) {
  Parts parts;
  const Parts::Time now{};
  EXPECT_FALSE(parts.add("84938000001", {7, 3, 2}, "b", 11, now));
  EXPECT_FALSE(parts.add("84938000002", {7, 3, 1}, "x", 12, now)) << "another telephone's";
  EXPECT_FALSE(parts.add("84938000001", {7, 3, 3}, "c", 13, now));
  EXPECT_FALSE(parts.add("84938000001", {7, 3, 3}, "c", 14, now)) << "sent again";
  const auto whole = parts.add("84938000001", {7, 3, 1}, "a", 15, now);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->text, "abc");
  EXPECT_EQ(whole->sequences, (std::vector<std::uint32_t>{11, 13, 14, 15}));
  EXPECT_TRUE(parts.take_late(now + Parts::wait_max).empty());
  const auto late = parts.take_late(now + Parts::wait_max + std::chrono::seconds(1));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].text, "x");
  EXPECT_TRUE(parts.add("84938000001", {8, 200, 1}, "z", 16, now)) << "two hundred parts: each for itself";
}

}  // namespace
}  // namespace motcua::smpp
