#pragma once
// Messages from telephones as SMS Server Tools 3 (smsd) leaves them: a file each in the spool's folder "incoming" ("From: 84...", "Alphabet: ...", a blank
// line, the text). The other direction of make_spool.
#include <functional>
#include <string>

#include "base/personal.hpp"
#include "base/result.hpp"

namespace motcua::outbound {

inline constexpr std::size_t incoming_bytes_max = 16 * 1024;   // of a file; a longer one is no message
inline constexpr int incoming_files_max = 500;                 // of one round

struct Incoming {
  std::string id;                                              // the file's name
  Personal<std::string> phone, text;                           // +84...; UTF-8 where smsd writes that, as it came otherwise
};
/// Durable when it returns without a failure.
using Heard = std::function<Result<void>(const Incoming&)>;

/// Hands over what lies there and takes it away when it was heard; what cannot be read goes to the folder "unreadable" beside. How many. A failure of
/// `heard` ends the round: the file stays for the next.
Result<int> take_incoming(const std::string& dir, const Heard& heard);

}  // namespace motcua::outbound
