#pragma once
// SMPP 3.4 on the wire (Short Message Peer to Peer Protocol Specification v3.4, 12-Oct-1999, issue 1.2): the packets an ESME needs, read strictly within
// their lengths. What is not of these reads as a header alone.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::smpp {

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t pdu_bytes_max = 70'000;          // message_payload holds at most 64 KB
inline constexpr std::uint32_t response = 0x80000000;         // set in the command of an answer

enum class Command : std::uint32_t {                          // section 5.1.2.1
  generic_nack = 0x80000000, submit_sm = 0x4, deliver_sm = 0x5, unbind = 0x6, bind_transceiver = 0x9, enquire_link = 0x15,
};
enum Status : std::uint32_t { ok = 0, invalid_command = 0x3, throttled = 0x58, temporary_error = 0x64 };   // section 5.1.3

struct Header {
  std::uint32_t length = 0, command = 0, status = 0, sequence = 0;
};
/// Failure smpp.length_unlikely: what follows cannot be told apart any more.
Result<Header> read_header(std::span<const std::uint8_t> bytes);      // at least header_bytes

/// Body of submit_sm and deliver_sm (sections 4.4.1, 4.6.1); they are laid out alike.
struct Message {
  std::string source, destination;                           // digits, without +
  std::uint8_t source_ton = 0, source_npi = 0, destination_ton = 0, destination_npi = 0;
  std::uint8_t esm_class = 0, data_coding = 0, registered_delivery = 0;
  std::string validity;
  std::string content;                                       // short_message, or message_payload
  std::map<std::uint16_t, std::string> parameters;           // the other optional ones
};
/// Failure smpp.body_damaged.
Result<Message> read_message(std::string_view body);
/// Whole packets. `content` over 254 bytes goes as message_payload.
std::string write_message(Command command, std::uint32_t sequence, const Message& message);
struct Login { std::string system_id, password, system_type; };
std::string write_bind(std::uint32_t sequence, const Login& login);
/// Any packet whose body is ready-made; `body` of an answer to deliver_sm is one NUL (the empty message_id).
std::string write_packet(std::uint32_t command, std::uint32_t status, std::uint32_t sequence, std::string_view body = {});

/// One of several parts, told by a user data header (3GPP TS 23.040, 9.2.3.24.1 and .8) or by sar_* parameters.
struct Part {
  std::uint16_t reference = 0;
  std::uint8_t total = 1, number = 1;                        // from 1
};
struct Words {
  std::string text;                                          // UTF-8; what cannot be read is U+FFFD
  std::optional<Part> part;
  bool receipt = false;                                      // of a message that was sent: nothing a person said
};
/// Never fails: a telephone may send anything.
Words read_words(const Message& message);
/// As data_coding and contents of the parts, each with its header when there are several: GSM 7 bit (one octet a letter, as SMPP carries it) where every letter
/// is in its alphabet, else UCS-2.
struct Encoded {
  std::uint8_t data_coding = 0;
  std::vector<std::string> parts;
};
Encoded write_words(std::string_view text, std::uint8_t reference);

}  // namespace motcua::smpp
