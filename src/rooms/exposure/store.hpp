#pragma once
// The room's only SQL. Inner header of the room.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"
#include "rooms/exposure/model.hpp"

namespace motcua::exposure::store {

inline constexpr std::string_view decoy_origin = "decoy";

/// `type` is what holds now, `told_type` what was last put into an archive (before that, as published).
struct Key : ArchivedKey {
  bool traveler = false, made_up = false, archived = false;
  std::string origin;
  Instant released_at{};
  ReportType told_type = ReportType::unknown;
  std::optional<Instant> revised_at;
};

// ---- keys (store_key.cpp)
/// Of at most publish_keys_max keys those that are here: one statement, whatever their number.
Result<std::vector<Key>> keys_among(storage::Reader& reader, std::span<const crypto::Block128> keys);
Result<void> add_keys(storage::Transaction& tx, std::span<const Key> keys);
/// Type, risk, onset and time of the revision; it waits for the next archive.
Result<void> revise_keys(storage::Transaction& tx, std::span<const Key> keys);
/// Of these keys those of a decoy, before anybody can see them.
Result<void> drop_decoys(storage::Transaction& tx, std::span<const crypto::Block128> keys);

/// Not yet in an archive, and released before `to`; at most archive_keys_max.
Result<std::vector<Key>> list_new(storage::Reader& reader, Instant to);
/// In an archive, and of another type since.
Result<std::vector<Key>> list_revised(storage::Reader& reader, Instant to);
/// Made up, told and not revised, in the order of their bytes.
Result<std::vector<Key>> list_made_up(storage::Reader& reader, std::size_t limit);
Result<void> mark_archived(storage::Transaction& tx, std::span<const Key> keys);
/// Of phones here, released in [since, to), changed or not.
Result<std::vector<Key>> list_own(storage::Reader& reader, Instant since, Instant to, bool travelers_only);

// ---- codes (store_code.cpp)
struct Code {
  crypto::Bytes hash;
  std::string code_id, case_id, issued_by;
  ReportType type = ReportType::confirmed;
  std::optional<std::int64_t> onset_interval;
  Instant issued_at{}, expires_at{};
  bool claimed = false;
};
Result<void> add_code(storage::Transaction& tx, const Code& code);
Result<std::vector<Code>> list_codes(storage::Reader& reader, const std::string& case_id);
Result<std::int64_t> count_open_codes(storage::Reader& reader, const std::string& case_id, Instant now);
/// Uses a code up: its row, once. `certified`: keys come with it, no certificate will be asked for.
Result<std::optional<Code>> claim_code(storage::Transaction& tx, const crypto::Bytes& hash, Instant now, bool certified);
/// A code that was claimed gets one certificate.
Result<std::optional<Code>> certify_code(storage::Transaction& tx, const crypto::Bytes& hash);

// ---- archives (store_archive.cpp)
Result<std::optional<Instant>> last_archive_end(storage::Reader& reader);
Result<void> add_archive(storage::Transaction& tx, const ArchiveSummary& summary, Instant from, Instant to, const std::string& content);
Result<std::vector<std::string>> list_archives(storage::Reader& reader);
Result<std::optional<std::string>> find_archive(storage::Reader& reader, const std::string& name);

// ---- forgetting (store_archive.cpp)
Result<std::int64_t> forget_keys(storage::Transaction& tx, std::int64_t ended_before_interval, bool count_only);
Result<std::int64_t> forget_archives(storage::Transaction& tx, Instant ended_before, bool count_only);
Result<std::int64_t> forget_codes(storage::Transaction& tx, Instant expired_before, bool count_only);

}  // namespace motcua::exposure::store
