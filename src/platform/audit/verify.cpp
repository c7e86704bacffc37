#include <algorithm>

#include "platform/audit/audit.hpp"
#include "platform/audit/rows.hpp"

namespace motcua::audit {
namespace {

constexpr std::int64_t batch_entries = 10'000;  // some 10 MB in memory at a time

/// Walks the chain entry by entry; checkpoints are compared as their entry passes.
class Walk {
 public:
  Walk(std::vector<Checkpoint> checkpoints, const crypto::Bytes& public_key, const std::optional<Witness>& witness)
      : checkpoints_(std::move(checkpoints)), public_key_(public_key), witness_(witness) {}

  /// False when the chain broke here.
  bool pass(const Entry& e) {
    if (e.seq != seq_ + 1) return broken(seq_ + 1, BreakKind::removed);
    if (hash_of(e, scratch_) != e.hash) return broken(e.seq, BreakKind::changed);
    if (e.prev != hash_) return broken(e.seq, BreakKind::chain_broken);
    seq_ = e.seq;
    hash_ = e.hash;
    for (; at_ < checkpoints_.size() && checkpoints_[at_].seq <= e.seq; ++at_)
      if (!pass(checkpoints_[at_], e)) return false;
    if (witness_ && witness_->seq == e.seq && witness_->hash_hex != to_hex(e.hash)) return broken(e.seq, BreakKind::rewritten);
    return true;
  }

  /// After the last entry: does anything know of more?
  void end(const Head& head, std::int64_t stored_seq_max) {
    const std::int64_t known =
        std::max({head.seq, checkpoints_.empty() ? 0 : checkpoints_.back().seq, witness_ ? witness_->seq : 0});
    if (known > seq_) broken(seq_ + 1, BreakKind::truncated);
    else if (head.seq < seq_ || head.hash != hash_) broken(head.seq, BreakKind::rewritten);
    else if (stored_seq_max > seq_) broken(seq_ + 1, BreakKind::chain_broken);  // put behind the head by hand
  }

  Verification result() const { return {seq_, static_cast<std::int64_t>(at_), break_}; }
  std::int64_t seq() const { return seq_; }

 private:
  bool pass(const Checkpoint& c, const Entry& e) {
    if (!crypto::verify_ed25519(public_key_, checkpoint_text(c.seq, c.hash, c.at), c.signature))
      return broken(c.seq, BreakKind::bad_signature);
    if (c.seq != e.seq || c.hash != e.hash) return broken(c.seq, BreakKind::rewritten);
    return true;
  }
  bool broken(std::int64_t seq, BreakKind kind) {
    break_ = Break{seq, kind};
    return false;
  }

  const std::vector<Checkpoint> checkpoints_;
  const crypto::Bytes public_key_;
  const std::optional<Witness> witness_;
  std::string scratch_;
  std::int64_t seq_ = 0;
  crypto::Hash256 hash_{};
  std::size_t at_ = 0;
  std::optional<Break> break_;
};

struct Known {
  Head head;
  std::int64_t stored_seq_max = 0;
  std::vector<Checkpoint> checkpoints;
};

Result<Known> known_now(storage::Database& database) {
  return database.read_value([](storage::Reader& reader) -> Result<Known> {
    TRY_ASSIGN(const Head head, find_head(reader));
    TRY_ASSIGN(const auto last, reader.find("SELECT MAX(seq) FROM audit_entry", {}, [](const storage::Row& r) { return r.integer(0); }));
    TRY_ASSIGN(auto checkpoints, reader.list(select_checkpoint + "ORDER BY seq", {}, checkpoint_of));
    return Known{head, last.value_or(0), std::move(checkpoints)};
  });
}

}  // namespace

std::string_view to_text(BreakKind kind) {
  switch (kind) {
    case BreakKind::changed: return "changed";
    case BreakKind::removed: return "removed";
    case BreakKind::chain_broken: return "chain_broken";
    case BreakKind::truncated: return "truncated";
    case BreakKind::rewritten: return "rewritten";
    case BreakKind::bad_signature: return "bad_signature";
  }
  return "changed";
}

Result<Verification> verify(storage::Database& database, crypto::KeyRing& keys, const std::optional<Witness>& witness) {
  TRY_ASSIGN(const auto key, keys.signing_key("audit"));
  TRY_ASSIGN(Known known, known_now(database));
  Walk walk(std::move(known.checkpoints), key.public_key, witness);
  // Entries appended while we read lie behind this head and are left for the next time.
  for (bool more = true; more;) {
    TRY_ASSIGN(const auto entries, database.read_value([&](storage::Reader& reader) {
      return reader.list(select_entry + "WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
                         {walk.seq(), known.head.seq, batch_entries}, entry_of);
    }));
    for (const Entry& e : entries)
      if (!walk.pass(e)) return walk.result();
    more = static_cast<std::int64_t>(entries.size()) == batch_entries;
  }
  walk.end(known.head, known.stored_seq_max);
  return walk.result();
}

}  // namespace motcua::audit
