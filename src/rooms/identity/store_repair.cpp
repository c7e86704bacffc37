#include <map>

#include "rooms/identity/repair.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Values;

const std::string columns = "SELECT subject_id, field, says, should_say, source, probability, state, repair_id, decided_by, decided_at FROM identity_correction ";

StoredCorrection correction_of(const Row& row) {
  return {row.string(0), static_cast<RepairField>(row.integer(1)), row.string(2), row.string(3), row.string(4), row.real(5),
          static_cast<CorrectionState>(row.integer(6)), row.string(7), row.string(8), row.instant(9)};
}

bool is_persons(const StoredCorrection& c) { return c.state == CorrectionState::confirmed || c.state == CorrectionState::refused; }

}  // namespace

Result<std::vector<StoredCorrection>> corrections_of(Reader& reader, std::span<const std::string> subjects) {
  static const std::string sql = columns + "WHERE subject_id IN " + chunk_placeholders();
  std::vector<StoredCorrection> out;
  TRY(in_chunks(subjects, [&](Values ids) { return reader.query(sql, ids, [&](const Row& row) { out.push_back(correction_of(row)); }); }));
  return out;
}

Result<std::int64_t> put_corrections(Transaction& tx, std::span<const std::string> subjects, std::span<const StoredCorrection> corrections) {
  TRY_ASSIGN(const auto known, corrections_of(tx, subjects));
  std::map<std::pair<std::string_view, RepairField>, const StoredCorrection*> there;
  for (const auto& k : known) there[{k.subject, k.field}] = &k;
  std::vector<Values> fresh, old;
  std::int64_t added = 0;
  for (const auto& c : corrections) {
    const auto known_one = there.extract({c.subject, c.field});
    const StoredCorrection* k = known_one ? known_one.mapped() : nullptr;
    const bool same = k && k->says == c.says && k->should_say == c.should_say;
    if (same && (k->state == c.state || is_persons(*k))) continue;
    if (k) old.push_back({k->subject, static_cast<int>(k->field)});
    added += same ? 0 : 1;
    fresh.push_back({c.subject, static_cast<int>(c.field), c.says, c.should_say, c.source, c.probability, static_cast<int>(c.state), c.repair_id,
                     c.decided_by, c.decided_at});
  }
  for (const auto& [at, k] : there)
    if (!is_persons(*k)) old.push_back({k->subject, static_cast<int>(k->field)});
  if (!old.empty()) TRY(tx.execute_many("DELETE FROM identity_correction WHERE subject_id = $1 AND field = $2", old));
  if (!fresh.empty())
    TRY(tx.bulk_insert("identity_correction", {"subject_id", "field", "says", "should_say", "source", "probability", "state", "repair_id", "decided_by", "decided_at"},
                       fresh));
  return added;
}

}  // namespace motcua::identity::store
