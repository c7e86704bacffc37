// libFuzzer: any bytes end with a value or a failure, and the size of the blocks they arrive in makes no difference.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "platform/intake/csv_reader.hpp"

namespace {

using namespace motcua::intake;

std::string read_all(const std::string& text, std::size_t block_bytes) {
  auto stream = text_source(text)->open();
  CsvReader reader(std::move(*stream), ',', block_bytes);
  std::vector<std::string_view> fields;
  std::string seen;
  for (;;) {
    auto more = reader.next(fields);
    if (!more) return seen + "!" + more.failure().code;
    if (!*more) return seen;
    for (auto field : fields) seen += std::to_string(field.size()) + ":" + std::string(field);
    seen += "\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  std::string text(reinterpret_cast<const char*>(data), size);
  if (read_all(text, 1 << 20) != read_all(text, 3)) std::abort();
  const Kind kind{.name = "fuzz", .columns = {{"a", true}, {"b", false}}, .start = {}};
  (void)check_structure(kind, *text_source(text));
  return 0;
}
