#pragma once
// The chain's own form: what exactly is hashed, and what is signed.
//
// hash(entry) = SHA-256 over these fields in this order, each as a netstring "<length in bytes>:<bytes>,":
//   prev      hash of the entry before, 64 lower-case hexadecimal digits; 64 zeros before the first
//   seq       decimal, from 1 without a gap
//   at        decimal, milliseconds since 1970-01-01 UTC
//   actor, role, purpose, action, object, subject, area, detail, request    UTF-8
//   read      "1" when somebody looked, "0" when something changed
// Netstrings leave no doubt where a field ends, so no two entries have one form.
//
// A checkpoint signs (Ed25519) the text "motcua audit checkpoint\n<seq>\n<hash, hex>\n<at>\n".
#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::audit {

struct Entry {
  std::int64_t seq = 0;
  Instant at{};
  std::string actor, role, purpose, action, object, subject, area, detail, request;
  bool read = false;
  crypto::Hash256 prev{};
  crypto::Hash256 hash{};
};

struct Checkpoint {
  std::int64_t seq = 0;
  crypto::Hash256 hash{};
  Instant at{};
  crypto::Bytes signature;
};

/// The bytes that are hashed; `scratch` is reused to keep appending cheap.
const std::string& canonical_form(const Entry& entry, std::string& scratch);
crypto::Hash256 hash_of(const Entry& entry, std::string& scratch);
std::string checkpoint_text(std::int64_t seq, const crypto::Hash256& hash, Instant at);

/// Text that both databases hold and that is no longer than `bytes_max`: NUL and broken UTF-8 become '?', the rest is cut at a letter's border.
std::string bounded_text(std::string_view text, std::size_t bytes_max);

}  // namespace motcua::audit
