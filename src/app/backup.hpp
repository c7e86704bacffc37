#pragma once
// An installation in one file, and back. Form:
//
//   "MCBACKUP1\n", number of secrets (4 bytes, big-endian), for each: length of name (2), name, length (4), the wrapped secret;
//   then the database as a sealed file (crypto/sealed_file.hpp, context "backup").
//
// The secrets are in it as they lie on disk, wrapped under the master key; the master key is not. Whoever restores brings it: as
// DATA/keys/master.key or by MOTCUA_MASTER_KEY_FILE.
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::app {

inline constexpr std::uint32_t backup_secrets_max = 1000;
inline constexpr std::uint32_t backup_secret_bytes_max = 64 * 1024;

/// While the installation runs. `file` appears whole or not at all, mode 0600; its size in bytes.
Result<std::uint64_t> write_backup(storage::Database& database, crypto::KeyRing& keys, const std::string& data_dir,
                                   const std::string& file);

/// Into a folder that holds no database (`data_dir/keys/master.key` may be there), or into the empty database at `url`.
/// Failures: backup.not_a_backup, backup.database_there (conflict), crypto.master_key_wrong, crypto.file_damaged.
Result<void> read_backup(const std::string& file, const std::string& data_dir, const std::string& url);

}  // namespace motcua::app
