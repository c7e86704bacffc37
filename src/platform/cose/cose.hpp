#pragma once
// COSE_Sign1 (RFC 9052, 4.2): a payload with one signature, as passes and health certificates carry it.
#include <cstdint>
#include <span>
#include <variant>

#include "platform/cose/cbor.hpp"
#include "platform/crypto/p256.hpp"
#include "platform/crypto/rsa.hpp"

namespace motcua::cose {

/// RFC 9053, 2.1 and RFC 8230, 2.
enum class Algorithm : std::int64_t { es256 = -7, ps256 = -37 };

struct Sign1 {
  Algorithm algorithm = Algorithm::es256;   // of the protected header
  Bytes kid;                                // of the protected header, else of the other; empty: none
  Bytes protected_header;                   // as it came: it is signed
  Bytes payload;
  Bytes signature;
};

using PublicKey = std::variant<crypto::P256PublicKey, crypto::RsaPublicKey>;

/// Untagged, tag 18 or tags 61 and 18 (CWT, RFC 8392). Failures: those of read_cbor; cose.not_sign1 (another shape, a detached payload, a
/// header that must be understood and is not), cose.algorithm_unknown.
Result<Sign1> read_sign1(std::span<const std::uint8_t> message, const Limits& limits = {});
/// False, too, where the key is not of the algorithm's kind.
bool verify(const Sign1& message, const PublicKey& key);

/// ES256, untagged, algorithm and kid protected.
Bytes write_sign1(Bytes payload, Bytes kid, const crypto::P256Key& key);

}  // namespace motcua::cose
