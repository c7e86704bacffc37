#include "platform/audit/walk.hpp"

#include <algorithm>

namespace motcua::audit {
namespace {

constexpr std::int64_t batch_entries = 10'000;  // some 10 MB in memory at a time

}  // namespace

bool Walk::begin(const Cut& cut) {
  if (cut.seq == 0 || crypto::verify_ed25519(public_key_, cut_text(cut), cut.signature)) return true;
  return broken(cut.seq, BreakKind::bad_signature);
}

bool Walk::pass(const Entry& e) {
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

void Walk::end(const Head& head, std::int64_t stored_seq_max) {
  const std::int64_t known =
      std::max({head.seq, checkpoints_.empty() ? 0 : checkpoints_.back().seq, witness_ ? witness_->seq : 0});
  if (known > seq_) broken(seq_ + 1, BreakKind::truncated);
  else if (head.seq < seq_ || head.hash != hash_) broken(head.seq, BreakKind::rewritten);
  else if (stored_seq_max > seq_) broken(seq_ + 1, BreakKind::chain_broken);  // put behind the head by hand
}

bool Walk::pass(const Checkpoint& c, const Entry& e) {
  if (!crypto::verify_ed25519(public_key_, checkpoint_text(c.seq, c.hash, c.at), c.signature))
    return broken(c.seq, BreakKind::bad_signature);
  if (c.seq != e.seq || c.hash != e.hash) return broken(c.seq, BreakKind::rewritten);
  return true;
}

bool Walk::broken(std::int64_t seq, BreakKind kind) {
  break_ = Break{seq, kind};
  return false;
}

Result<Known> known_now(storage::Database& database) {
  return database.read_value([](storage::Reader& reader) -> Result<Known> {
    TRY_ASSIGN(const Head head, find_head(reader));
    TRY_ASSIGN(const auto last, reader.find("SELECT MAX(seq) FROM audit_entry", {}, [](const storage::Row& r) { return r.integer(0); }));
    TRY_ASSIGN(auto checkpoints, reader.list(select_checkpoint + "ORDER BY seq", {}, checkpoint_of));
    TRY_ASSIGN(auto cut, find_cut(reader));
    return Known{head, std::move(cut), last.value_or(0), std::move(checkpoints)};
  });
}

/// Entries up to this one, in portions; false when the chain broke.
Result<bool> pass_until(storage::Database& database, Walk& walk, std::int64_t last) {
  for (bool more = true; more;) {
    TRY_ASSIGN(const auto entries, database.read_value([&](storage::Reader& reader) {
      return reader.list(select_entry + "WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3", {walk.seq(), last, batch_entries}, entry_of);
    }));
    for (const Entry& e : entries)
      if (!walk.pass(e)) return false;
    more = static_cast<std::int64_t>(entries.size()) == batch_entries;
  }
  return true;
}

}  // namespace motcua::audit
