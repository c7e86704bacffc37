#pragma once
// Archives of diagnosis keys as phones read them: a ZIP of `export.bin` and `export.sig`. Pure.
// Source: Apple, "Setting Up a Key Server"; Google, "Exposure Key export file format and verification" (both 2020).
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/crypto/p256.hpp"
#include "rooms/exposure/model.hpp"

namespace motcua::exposure {

inline constexpr std::string_view export_header = "EK Export v1    ";          // 16 bytes
inline constexpr std::string_view signature_algorithm = "1.2.840.10045.4.3.2"; // ECDSA with SHA-256
inline constexpr std::size_t archive_bytes_max = 64u << 20;                    // of a file that is read
inline constexpr std::size_t archive_keys_max = 750'000;                       // 16 MB, the largest a phone takes

/// The archive, its keys sorted by their bytes (they are random, so that order tells nothing), signed with ECDSA P-256 over `export.bin`.
std::string write_archive(Archive archive, const crypto::P256Key& key);

/// `key`: whose signature must stand in it; null: anybody's, which is for looking and not for taking in. Failures: zip.*,
/// exposure.archive_damaged (no such files, another header, no such message, a field out of bounds), exposure.archive_not_signed.
Result<Archive> read_archive(std::string_view bytes, const crypto::P256PublicKey* key);

}  // namespace motcua::exposure
