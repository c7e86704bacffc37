// Archives of others: whatever the bytes, the reader answers, and what it read is written and read again the same. The first byte says whether the rest
// is the whole archive or the keys' message within a sound one.
#include <cstdlib>

#include "platform/zip/zip.hpp"
#include "rooms/exposure/archive.hpp"

namespace {

using namespace motcua;

const crypto::P256Key& signer() {
  static const auto key = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 7));
  return key;
}

void read(std::string_view bytes) {
  static const auto public_key = signer().public_key();
  (void)exposure::read_archive(bytes, &public_key);
  const auto told = exposure::read_archive(bytes, nullptr);
  if (!told) return;
  const auto again = exposure::read_archive(exposure::write_archive(*told, signer()), &public_key);
  if (!again || again->keys.size() != told->keys.size() || again->revised.size() != told->revised.size() || again->from != told->from || again->region != told->region) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) read(rest);
  else read(zip::write(std::vector<zip::Entry>{{"export.bin", std::string(exposure::export_header) + std::string(rest)}, {"export.sig", std::string(rest)}}));
  return 0;
}
