#pragma once
// The SQL of scans and of the papers read from them; what is sealed is opened by paper_desk.cpp.
#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::declarations::store {

struct ScanRow {
  std::string scan_id, actor, area;
  Instant given_at{};
  std::optional<Instant> ended_at;
  int pages = 0, pages_read = 0, recognised = 0;
  std::string failure, rejected = "[]";
};
Result<void> add_scan(storage::Transaction& tx, const ScanRow& row);
Result<std::optional<ScanRow>> find_scan(storage::Reader& reader, std::string_view scan_id);
/// Newest first.
Result<std::vector<ScanRow>> list_scans(storage::Reader& reader, int limit);
Result<std::int64_t> count_unread(storage::Reader& reader);
/// The oldest that nobody reads now.
Result<std::optional<ScanRow>> next_unread(storage::Reader& reader, Instant now);
/// False: somebody else took it, or it has ended.
Result<bool> claim_scan(storage::Transaction& tx, std::string_view scan_id, Instant now, Instant until);
Result<void> tell_progress(storage::Transaction& tx, std::string_view scan_id, int read, int pages, Instant until);
/// False: it has ended already.
Result<bool> end_scan(storage::Transaction& tx, const ScanRow& row, Instant now);

enum class PaperState { waiting, confirmed, rejected };
struct PaperRow {
  std::string paper_id, scan_id, area;
  int position = 0;                     // within the scan, from 1
  std::string number, form, version;
  bool copied = false;
  PaperState state = PaperState::waiting;
  crypto::Bytes sealed;
  std::string declaration;              // dec_...: the number it will have
  Instant given_at{};
  std::string decided_by;
};
Result<void> add_paper(storage::Transaction& tx, const PaperRow& row, const std::vector<crypto::Bytes>& pictures);
Result<std::optional<PaperRow>> find_paper(storage::Reader& reader, std::string_view paper_id);
/// Oldest first, without what is sealed.
Result<std::vector<PaperRow>> list_waiting(storage::Reader& reader, int limit);
Result<std::optional<crypto::Bytes>> find_picture(storage::Reader& reader, std::string_view paper_id, int field);
/// Whether another paper of this number was read before.
Result<bool> is_number_known(storage::Reader& reader, std::string_view number, std::string_view but_paper);
/// False: it does not wait any more. What was read and its pictures go.
Result<bool> decide_paper(storage::Transaction& tx, std::string_view paper_id, PaperState state, std::string_view by, std::string_view reason, Instant now);

struct ScanCounts {
  std::string scan_id;
  int waiting = 0, confirmed = 0, rejected = 0;
};
Result<std::vector<ScanCounts>> count_papers(storage::Reader& reader, Instant given_from);

/// Rows older than that, deleted or only counted; papers that were never decided go with everything read from them.
Result<std::int64_t> purge_papers(storage::Reader& reader, storage::Transaction* tx, Instant given_before);

}  // namespace motcua::declarations::store
