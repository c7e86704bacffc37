#include "platform/smpp/pdu.hpp"

namespace motcua::smpp {
namespace {

// Optional parameters, section 5.3.2.
constexpr std::uint16_t message_payload = 0x0424;
constexpr std::size_t short_message_max = 254;
constexpr std::uint8_t version_3_4 = 0x34, international = 1, isdn = 1;

/// Reads front to back; after the first thing that does not fit nothing is read any more.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint32_t number(std::size_t octets) {
    std::uint32_t value = 0;
    for (const char c : take(octets)) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  std::uint8_t octet() { return static_cast<std::uint8_t>(number(1)); }
  /// A C-octet string of at most `max` octets, its NUL among them.
  std::string text(std::size_t max) {
    const auto end = rest_.substr(0, max).find('\0');
    if (end == std::string_view::npos) return fail();
    std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return value;
  }
  std::string_view take(std::size_t n) {
    if (n > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  bool empty() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  std::string fail() {
    failed_ = true;
    rest_ = {};
    return {};
  }
  std::string_view rest_;
  bool failed_ = false;
};

void put(std::string& out, std::uint32_t value, std::size_t octets) {
  for (std::size_t i = octets; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}
void put_text(std::string& out, std::string_view text, std::size_t max) {
  out += text.substr(0, std::min(text.size(), max - 1));
  out += '\0';
}

}  // namespace

Result<Header> read_header(std::span<const std::uint8_t> bytes) {
  Reader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Header h;
  h.length = reader.number(4);
  h.command = reader.number(4);
  h.status = reader.number(4);
  h.sequence = reader.number(4);
  if (reader.failed() || h.length < header_bytes || h.length > pdu_bytes_max) return invalid("smpp.length_unlikely");
  return h;
}

Result<Message> read_message(std::string_view body) {
  Reader r(body);
  Message m;
  r.text(6);                                    // service_type
  m.source_ton = r.octet();
  m.source_npi = r.octet();
  m.source = r.text(21);
  m.destination_ton = r.octet();
  m.destination_npi = r.octet();
  m.destination = r.text(21);
  m.esm_class = r.octet();
  r.take(2);                                    // protocol_id, priority_flag
  r.text(17);                                   // schedule_delivery_time
  m.validity = r.text(17);
  m.registered_delivery = r.octet();
  r.octet();                                    // replace_if_present_flag
  m.data_coding = r.octet();
  r.octet();                                    // sm_default_msg_id
  m.content = r.take(r.octet());
  while (!r.empty() && !r.failed()) {
    const auto tag = static_cast<std::uint16_t>(r.number(2));
    const std::string_view value = r.take(r.number(2));
    if (r.failed()) break;
    if (tag == message_payload) m.content = value;
    else m.parameters[tag] = value;
  }
  if (r.failed()) return invalid("smpp.body_damaged");
  return m;
}

std::string write_packet(std::uint32_t command, std::uint32_t status, std::uint32_t sequence, std::string_view body) {
  std::string out;
  put(out, static_cast<std::uint32_t>(header_bytes + body.size()), 4);
  put(out, command, 4);
  put(out, status, 4);
  put(out, sequence, 4);
  return out.append(body);
}

std::string write_message(Command command, std::uint32_t sequence, const Message& m) {
  const bool long_one = m.content.size() > short_message_max;
  std::string body;
  put_text(body, "", 6);
  put(body, m.source_ton, 1);
  put(body, m.source_npi, 1);
  put_text(body, m.source, 21);
  put(body, m.destination_ton, 1);
  put(body, m.destination_npi, 1);
  put_text(body, m.destination, 21);
  put(body, m.esm_class, 1);
  put(body, 0, 2);
  put_text(body, "", 17);
  put_text(body, m.validity, 17);
  put(body, m.registered_delivery, 1);
  put(body, 0, 1);
  put(body, m.data_coding, 1);
  put(body, 0, 1);
  put(body, long_one ? 0 : static_cast<std::uint32_t>(m.content.size()), 1);
  if (!long_one) body += m.content;
  auto parameters = m.parameters;
  if (long_one) parameters[message_payload] = m.content;
  for (const auto& [tag, value] : parameters) {
    put(body, tag, 2);
    put(body, static_cast<std::uint32_t>(value.size()), 2);
    body += value;
  }
  return write_packet(static_cast<std::uint32_t>(command), ok, sequence, body);
}

std::string write_bind(std::uint32_t sequence, const Login& login) {
  std::string body;
  put_text(body, login.system_id, 16);
  put_text(body, login.password, 9);
  put_text(body, login.system_type, 13);
  put(body, version_3_4, 1);
  put(body, international, 1);
  put(body, isdn, 1);
  put_text(body, "", 41);
  return write_packet(static_cast<std::uint32_t>(Command::bind_transceiver), ok, sequence, body);
}

}  // namespace motcua::smpp
