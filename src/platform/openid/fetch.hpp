#pragma once
// Asking another server over HTTPS: the one seam over libcurl. Small answers, short waits, no redirects; HTTP without TLS to this machine alone.
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace motcua::openid {

inline constexpr std::size_t answer_bytes_max = 256 * 1024;
inline constexpr long connect_timeout_ms = 5'000, answer_timeout_ms = 10'000;

struct Ask {
  std::string url;
  std::vector<std::string> headers = {};                       // "Accept: application/json"
  std::string form = {};                                       // application/x-www-form-urlencoded: a POST; empty: a GET
};
struct Answer {
  long status = 0;
  std::string body;
};
/// Failure openid.unreachable (unavailable): no answer, too long an answer, a certificate that does not verify, an address that is not https.
using Fetch = std::function<Result<Answer>(const Ask&)>;
/// Safe to call from many threads.
Fetch make_fetch();

/// Whether it may be asked at all: https, or http on 127.0.0.1, ::1 or localhost.
bool is_allowed(std::string_view url);

}  // namespace motcua::openid
