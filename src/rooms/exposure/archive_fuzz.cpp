// Archives of others: whatever the bytes, the reader answers, and what it read is written and read again the same.
#include <cstdlib>

#include "rooms/exposure/archive.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua;
  static const auto key = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 7));
  static const auto public_key = key.public_key();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)exposure::read_archive(bytes, &public_key);
  const auto read = exposure::read_archive(bytes, nullptr);
  if (!read) return 0;
  const auto again = exposure::read_archive(exposure::write_archive(*read, key), &public_key);
  if (!again || again->keys.size() != read->keys.size() || again->revised.size() != read->revised.size() || again->from != read->from || again->region != read->region) std::abort();
  return 0;
}
