#include "rooms/exposure/store.hpp"

namespace motcua::exposure::store {
namespace {

constexpr const char* columns = "SELECT code_hash, code_id, case_id, issued_by, report_type, onset_interval, issued_at, expires_at, claimed_day FROM exposure_code ";
constexpr int codes_shown_max = 50;
constexpr std::int64_t day_ms = 86'400'000;

Code code_of(const storage::Row& r) {
  return {r.bytes(0), r.string(1), r.string(2), r.string(3), static_cast<ReportType>(r.integer(4)), r.optional_integer(5), r.instant(6), r.instant(7), !r.is_null(8)};
}

/// The row if the statement before changed it; asked in any case, so that a wrong code is the same work.
Result<std::optional<Code>> changed(storage::Transaction& tx, const crypto::Bytes& hash, std::int64_t rows) {
  TRY_ASSIGN(auto code, tx.find(columns + std::string("WHERE code_hash = $1"), {hash}, code_of));
  if (rows != 1) code.reset();
  return code;
}

}  // namespace

Result<void> add_code(storage::Transaction& tx, const Code& c) {
  TRY(tx.execute("INSERT INTO exposure_code (code_hash, code_id, case_id, report_type, onset_interval, issued_by, issued_at, expires_at, certified) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
                 {c.hash, c.code_id, c.case_id, static_cast<int>(c.type), c.onset_interval, c.issued_by, c.issued_at, c.expires_at}));
  return {};
}

Result<std::vector<Code>> list_codes(storage::Reader& reader, const std::string& case_id) {
  return reader.list(columns + std::string("WHERE case_id = $1 ORDER BY issued_at DESC, code_id LIMIT $2"), {case_id, codes_shown_max}, code_of);
}

Result<std::int64_t> count_open_codes(storage::Reader& reader, const std::string& case_id, Instant now) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM exposure_code WHERE case_id = $1 AND claimed_day IS NULL AND expires_at > $2", {case_id, now},
                                       [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<std::optional<Code>> claim_code(storage::Transaction& tx, const crypto::Bytes& hash, Instant now, bool certified) {
  TRY_ASSIGN(const auto rows, tx.execute("UPDATE exposure_code SET claimed_day = $2, certified = $3 WHERE code_hash = $1 AND claimed_day IS NULL AND expires_at > $4",
                                         {hash, to_millis(now) / day_ms, certified, now}));
  return changed(tx, hash, rows);
}

Result<std::optional<Code>> certify_code(storage::Transaction& tx, const crypto::Bytes& hash) {
  TRY_ASSIGN(const auto rows, tx.execute("UPDATE exposure_code SET certified = 1 WHERE code_hash = $1 AND claimed_day IS NOT NULL AND certified = 0", {hash}));
  return changed(tx, hash, rows);
}

}  // namespace motcua::exposure::store
