// Any bytes as a packet: read or refused, and what was read says something or nothing.
#include "platform/smpp/pdu.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua::smpp;
  if (size < header_bytes) return 0;
  (void)read_header({data, header_bytes}).ok();
  const auto message = read_message({reinterpret_cast<const char*>(data) + header_bytes, size - header_bytes});
  if (!message) return 0;
  const Words words = read_words(*message);
  (void)write_words(words.text, 1);
  const std::string packet = write_message(Command::deliver_sm, 1, *message);
  if (!read_message(std::string_view(packet).substr(header_bytes))) __builtin_trap();
  return 0;
}
