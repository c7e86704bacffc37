#pragma once
// A fast 64-bit hash of content, the same on every machine: to see whether something changed. Not for secrets or ids.
#include <cstdint>
#include <string_view>

namespace motcua {

std::uint64_t content_hash(std::string_view bytes);

}  // namespace motcua
