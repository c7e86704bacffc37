// QR codes of others: whatever the text, the reader answers, and a failure holds nothing of it.
#include <cstdint>
#include <cstdlib>

#include "base/document_qr.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = motcua::parse_document_qr({reinterpret_cast<const char*>(data), size});
  if (!found && (!found.failure().args.empty() || !found.failure().detail.empty())) std::abort();
  return 0;
}
