#pragma once
// Streams over an import's source: encrypted uploads, and gzip unpacked on the way.
#include <atomic>
#include <memory>
#include <string>

#include "platform/crypto/crypto.hpp"
#include "platform/intake/intake.hpp"

namespace motcua::intake {

/// An upload as platform/crypto/sealed_file.hpp keeps it.
std::unique_ptr<ByteSource> sealed_source(crypto::KeyRing& keys, std::string context, std::string path);

/// The stream's bytes, unpacked when they begin as gzip does (whatever the file is called). `packed_done` counts what was read of
/// the stored bytes. Failures: intake.gzip_truncated, intake.gzip_damaged, intake.file_too_large (file_bytes_max, unpacked).
std::unique_ptr<ByteStream> unpacked(std::unique_ptr<ByteStream> stored, std::atomic<std::uint64_t>& packed_done);

}  // namespace motcua::intake
