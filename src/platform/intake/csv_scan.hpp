#pragma once
// The two inner loops of reading a table: where does this field end, and is this text clean.
#include <cstddef>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace motcua::intake {

inline constexpr std::size_t padding_bytes = 16;  // what find_end may read behind the end

/// First of delimiter or \n in [at, end), or end. Looks at 16 bytes at a time.
inline const char* find_end(const char* at, const char* end, char delimiter) {
#if defined(__SSE2__)
  const auto d = _mm_set1_epi8(delimiter), n = _mm_set1_epi8('\n');
  for (; at < end; at += 16) {
    auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    auto hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, d), _mm_cmpeq_epi8(block, n))));
    if (hits != 0) {
      auto* hit = at + __builtin_ctz(hits);
      return hit < end ? hit : end;
    }
  }
  return end;
#else
  while (at < end && *at != delimiter && *at != '\n') ++at;
  return at;
#endif
}

/// Length of the longest well-formed UTF-8 prefix. `cut` is set when what follows may be a character cut at the end.
std::size_t utf8_prefix(std::string_view text, bool& cut);

}  // namespace motcua::intake
