#pragma once
// A file of doses held against the records of all other kinds.
//
// Whose a row is, the linkage engine says among everything that is stored, as `link` would once the row came in: a row is the person's at the
// probability of a link, in review below it, nobody's below that. Other doses vouch for nothing: they are what is to be repaired. What a
// field should say is decided by repair_rules.hpp.
#include <functional>

#include "rooms/identity/linking.hpp"

namespace motcua::identity {

inline constexpr std::size_t repair_rows_max = 1'000'000;   // of one file, held in memory: some 2.2 KB each

/// Identity::repair_doses.
Result<RepairSummary> repair_doses(House& house, Identity& identity, const Act& act, const intake::ByteSource& file, const RepairOptions& options,
                                   const std::function<void(const RepairRow&)>& each);

enum class CorrectionState { proposed, machine, confirmed, refused };

namespace store {

struct StoredCorrection {
  std::string subject;
  RepairField field = RepairField::name;
  std::string says, should_say, source;
  double probability = 0;                  // that the record is the person's
  CorrectionState state = CorrectionState::proposed;
  std::string repair_id, decided_by;
  Instant decided_at{};
};
Result<std::vector<StoredCorrection>> corrections_of(Reader& reader, std::span<const std::string> subjects);
/// Makes `corrections` those of `subjects`: the machine's earlier ones that are not among them go, a person's word on the same texts stays.
/// How many were not there before.
Result<std::int64_t> put_corrections(Transaction& tx, std::span<const std::string> subjects, std::span<const StoredCorrection> corrections);

}  // namespace store
}  // namespace motcua::identity
