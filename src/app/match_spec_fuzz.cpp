// libFuzzer: any text as a SPEC.toml ends with a plan or with a failure that has a code. ASCII only: toml++ 3.3 runs into a point it calls
// unreachable at other letters outside quotes (is_non_ascii_horizontal_whitespace).
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/match_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 127; })) return 0;
  for (const std::size_t files : {1, 2}) {
    const auto plan = motcua::app::parse_match_spec(text, "spec.toml", files);
    if (plan ? plan->columns.size() != plan->spec.fields.size() : plan.failure().code.empty()) std::abort();
  }
  return 0;
}
