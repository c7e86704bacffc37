#include "rooms/declarations/store_papers.hpp"

namespace motcua::declarations::store {
namespace {

using storage::Row;

constexpr const char* select_scan = "SELECT scan_id, actor, area, given_at, ended_at, pages, pages_read, recognised, failure, rejected FROM declarations_scan";
ScanRow to_scan(const Row& row) {
  return {row.string(0), row.string(1), row.string(2), row.instant(3), row.optional_instant(4), static_cast<int>(row.integer(5)), static_cast<int>(row.integer(6)),
          static_cast<int>(row.integer(7)), row.string(8), row.string(9)};
}

constexpr const char* paper_columns = "paper_id, scan_id, area, position, number, form, version, copied, state, declaration, given_at, decided_by";
PaperRow to_paper(const Row& row) {
  PaperRow paper{row.string(0), row.string(1), row.string(2), static_cast<int>(row.integer(3)), row.string(4), row.string(5), row.string(6), row.integer(7) != 0,
                 PaperState(row.integer(8)), {}, row.string(9), row.instant(10), row.string(11)};
  return paper;
}

}  // namespace

Result<void> add_scan(storage::Transaction& tx, const ScanRow& row) {
  TRY(tx.execute("INSERT INTO declarations_scan (scan_id, actor, area, given_at, claimed_until, pages, pages_read, recognised, failure, rejected) VALUES ($1, $2, $3, $4, 0, 0, 0, 0, '', '[]')",
                 {row.scan_id, row.actor, row.area, row.given_at}));
  return {};
}

Result<std::optional<ScanRow>> find_scan(storage::Reader& reader, std::string_view scan_id) {
  return reader.find(std::string(select_scan) + " WHERE scan_id = $1", {scan_id}, to_scan);
}

Result<std::vector<ScanRow>> list_scans(storage::Reader& reader, int limit) {
  return reader.list(std::string(select_scan) + " ORDER BY given_at DESC, scan_id LIMIT $1", {limit}, to_scan);
}

Result<std::int64_t> count_unread(storage::Reader& reader) {
  TRY_ASSIGN(const auto n, reader.find("SELECT count(*) FROM declarations_scan WHERE ended_at IS NULL", {}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

Result<std::optional<ScanRow>> next_unread(storage::Reader& reader, Instant now) {
  return reader.find(std::string(select_scan) + " WHERE ended_at IS NULL AND claimed_until < $1 ORDER BY given_at, scan_id LIMIT 1", {now}, to_scan);
}

Result<bool> claim_scan(storage::Transaction& tx, std::string_view scan_id, Instant now, Instant until) {
  TRY_ASSIGN(const auto taken, tx.execute("UPDATE declarations_scan SET claimed_until = $3 WHERE scan_id = $1 AND ended_at IS NULL AND claimed_until < $2", {scan_id, now, until}));
  return taken == 1;
}

Result<void> tell_progress(storage::Transaction& tx, std::string_view scan_id, int read, int pages, Instant until) {
  TRY(tx.execute("UPDATE declarations_scan SET pages_read = $2, pages = $3, claimed_until = $4 WHERE scan_id = $1 AND ended_at IS NULL", {scan_id, read, pages, until}));
  return {};
}

Result<bool> end_scan(storage::Transaction& tx, const ScanRow& row, Instant now) {
  TRY_ASSIGN(const auto ended, tx.execute("UPDATE declarations_scan SET ended_at = $2, pages = $3, pages_read = $3, recognised = $4, failure = $5, rejected = $6 WHERE scan_id = $1 AND ended_at IS NULL",
                                          {row.scan_id, now, row.pages, row.recognised, row.failure, row.rejected}));
  return ended == 1;
}

Result<void> add_paper(storage::Transaction& tx, const PaperRow& row, const std::vector<crypto::Bytes>& pictures) {
  TRY(tx.execute("INSERT INTO declarations_paper (paper_id, scan_id, area, position, number, form, version, copied, state, sealed, declaration, given_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)",
                 {row.paper_id, row.scan_id, row.area, row.position, row.number, row.form, row.version, row.copied, row.sealed, row.declaration, row.given_at}));
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (!pictures[i].empty()) TRY(tx.execute("INSERT INTO declarations_paper_picture (paper_id, field, sealed) VALUES ($1, $2, $3)", {row.paper_id, i, pictures[i]}));
  return {};
}

Result<std::optional<PaperRow>> find_paper(storage::Reader& reader, std::string_view paper_id) {
  return reader.find(std::string("SELECT ") + paper_columns + ", sealed FROM declarations_paper WHERE paper_id = $1", {paper_id}, [](const Row& row) {
    PaperRow paper = to_paper(row);
    paper.sealed = row.bytes(12);
    return paper;
  });
}

Result<std::vector<PaperRow>> list_waiting(storage::Reader& reader, int limit) {
  return reader.list(std::string("SELECT ") + paper_columns + " FROM declarations_paper WHERE state = 0 ORDER BY given_at, position, paper_id LIMIT $1", {limit}, to_paper);
}

Result<std::optional<crypto::Bytes>> find_picture(storage::Reader& reader, std::string_view paper_id, int field) {
  return reader.find("SELECT sealed FROM declarations_paper_picture WHERE paper_id = $1 AND field = $2", {paper_id, field}, [](const Row& row) { return row.bytes(0); });
}

Result<bool> is_number_known(storage::Reader& reader, std::string_view number, std::string_view but_paper) {
  if (number.empty()) return false;
  TRY_ASSIGN(const auto found, reader.find("SELECT paper_id FROM declarations_paper WHERE number = $1 AND paper_id <> $2 AND state <> 2 LIMIT 1", {number, but_paper}, [](const Row& row) { return row.string(0); }));
  return found.has_value();
}

Result<bool> decide_paper(storage::Transaction& tx, std::string_view paper_id, PaperState state, std::string_view by, std::string_view reason, Instant now) {
  TRY_ASSIGN(const auto decided, tx.execute("UPDATE declarations_paper SET state = $2, sealed = $3, decided_at = $4, decided_by = $5, reason = $6 WHERE paper_id = $1 AND state = 0",
                                            {paper_id, static_cast<int>(state), crypto::Bytes(), now, by, reason}));
  if (decided == 0) return false;
  TRY(tx.execute("DELETE FROM declarations_paper_picture WHERE paper_id = $1", {paper_id}));
  return true;
}

Result<std::vector<ScanCounts>> count_papers(storage::Reader& reader, Instant given_from) {
  return reader.list("SELECT scan_id, sum(CASE WHEN state = 0 THEN 1 ELSE 0 END), sum(CASE WHEN state = 1 THEN 1 ELSE 0 END), sum(CASE WHEN state = 2 THEN 1 ELSE 0 END) "
                     "FROM declarations_paper WHERE given_at >= $1 GROUP BY scan_id", {given_from}, [](const Row& row) {
    return ScanCounts{row.string(0), static_cast<int>(row.integer(1)), static_cast<int>(row.integer(2)), static_cast<int>(row.integer(3))};
  });
}

Result<std::int64_t> purge_papers(storage::Reader& reader, storage::Transaction* tx, Instant given_before) {
  if (tx == nullptr) {
    TRY_ASSIGN(const auto n, reader.find("SELECT count(*) FROM declarations_paper WHERE given_at < $1", {given_before}, [](const Row& row) { return row.integer(0); }));
    return n.value_or(0);
  }
  TRY(tx->execute("DELETE FROM declarations_paper_picture WHERE paper_id IN (SELECT paper_id FROM declarations_paper WHERE given_at < $1)", {given_before}));
  TRY(tx->execute("DELETE FROM declarations_scan WHERE given_at < $1", {given_before}));
  return tx->execute("DELETE FROM declarations_paper WHERE given_at < $1", {given_before});
}

}  // namespace motcua::declarations::store
