// QR codes of others: whatever the bytes, the readers answer; what was read is written, and read again the same. The first byte says whether the
// rest is base45, CBOR or a signed message.
#include <cstdlib>

#include "base/base45.hpp"
#include "platform/cose/cose.hpp"

namespace {

using namespace motcua;

void read_text(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto read = from_base45(text);
  if (read && to_base45(*read) != text) std::abort();
}

void read_value(std::span<const std::uint8_t> bytes) {
  const auto value = cose::read_cbor(bytes);
  if (!value) return;
  const auto written = cose::write_cbor(*value);
  const auto again = cose::read_cbor(written, {.bytes_max = 16 * 65'536});   // a number in two bytes may be written in nine
  if (!again || cose::write_cbor(*again) != written) std::abort();
}

void read_message(std::span<const std::uint8_t> bytes) {
  static const cose::PublicKey key = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 7)).public_key();
  const auto message = cose::read_sign1(bytes);
  if (message && cose::verify(*message, key)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span rest(data + 1, size - 1);
  if (data[0] % 3 == 0) read_text(rest);
  else if (data[0] % 3 == 1) read_value(rest);
  else read_message(rest);
  return 0;
}
