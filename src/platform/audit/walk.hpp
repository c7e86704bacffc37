#pragma once
// Going along the chain to see whether it holds. Open to this slice alone.
#include <vector>

#include "platform/audit/retention.hpp"
#include "platform/audit/rows.hpp"

namespace motcua::audit {

/// Walks the chain entry by entry; checkpoints are compared as their entry passes.
class Walk {
 public:
  Walk(const Cut& cut, std::vector<Checkpoint> checkpoints, const crypto::Bytes& public_key, const std::optional<Witness>& witness)
      : checkpoints_(std::move(checkpoints)), public_key_(public_key), witness_(witness), begin_(cut.seq), seq_(cut.seq), hash_(cut.hash) {}

  /// False when the chain's beginning is not one that was signed.
  bool begin(const Cut& cut);
  /// False when the chain broke here.
  bool pass(const Entry& e);
  /// After the last entry: does anything know of more?
  void end(const Head& head, std::int64_t stored_seq_max);

  Verification result() const { return {seq_ - begin_, static_cast<std::int64_t>(at_), break_}; }
  std::int64_t seq() const { return seq_; }

 private:
  bool pass(const Checkpoint& c, const Entry& e);
  bool broken(std::int64_t seq, BreakKind kind);

  const std::vector<Checkpoint> checkpoints_;
  const crypto::Bytes public_key_;
  const std::optional<Witness> witness_;
  std::string scratch_;
  const std::int64_t begin_;
  std::int64_t seq_;
  crypto::Hash256 hash_;
  std::size_t at_ = 0;
  std::optional<Break> break_;
};

struct Known {
  Head head;
  Cut cut;
  std::int64_t stored_seq_max = 0;
  std::vector<Checkpoint> checkpoints;
};
Result<Known> known_now(storage::Database& database);
/// Entries up to this one, in portions; false when the chain broke.
Result<bool> pass_until(storage::Database& database, Walk& walk, std::int64_t last);

}  // namespace motcua::audit
