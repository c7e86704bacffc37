#include "rooms/declarations/store_passes.hpp"

#include <algorithm>

namespace motcua::declarations::store {
namespace {

using storage::Row;

const std::string columns = "SELECT subject_id, pass_id, state, form, check_byte, period, issued_at, expires_at, revoked_at FROM declarations_pass WHERE ";

IssuedPass pass_in(const Row& row) {
  IssuedPass out{.pass_id = row.string(1), .subject = row.string(0), .period = row.string(5), .revoked_at = row.optional_instant(8)};
  out.pass = {.id = bits_of_pass(out.pass_id).value_or(Bits128{}), .issued_at = row.instant(6), .expires_at = row.instant(7),
              .state = static_cast<PassState>(row.integer(2)), .form = static_cast<FormKind>(row.integer(3))};
  if (const auto check = row.optional_integer(4)) out.pass.check = static_cast<std::uint8_t>(*check);
  return out;
}

Result<std::int64_t> purge(storage::Reader& reader, storage::Transaction* tx, const std::string& from_where, Instant before) {
  if (tx != nullptr) return tx->execute("DELETE FROM " + from_where, {before});
  TRY_ASSIGN(const auto n, reader.find("SELECT count(*) FROM " + from_where, {before}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

}  // namespace

Result<void> add_pass(storage::Transaction& tx, const IssuedPass& p) {
  const std::optional<int> check = p.pass.check ? std::optional<int>(*p.pass.check) : std::nullopt;
  TRY(tx.execute("INSERT INTO declarations_pass (subject_id, pass_id, state, form, check_byte, period, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {p.subject, p.pass_id, static_cast<int>(p.pass.state), static_cast<int>(p.pass.form), check, p.period, p.pass.issued_at, p.pass.expires_at}));
  return {};
}

Result<std::vector<IssuedPass>> open_passes(storage::Reader& reader, const std::string& subject, Instant now) {
  return reader.list(columns + "subject_id = $1 AND expires_at > $2 AND revoked_at IS NULL ORDER BY issued_at, pass_id", {subject, now}, pass_in);
}

Result<std::optional<IssuedPass>> find_pass(storage::Reader& reader, const std::string& subject, const std::string& pass_id) {
  return reader.find(columns + "subject_id = $1 AND pass_id = $2", {subject, pass_id}, pass_in);
}

Result<std::vector<IssuedPass>> passes_of(storage::Reader& reader, std::span<const std::string> subjects, int limit) {
  std::vector<IssuedPass> found;
  for (const auto& subject : subjects) {
    TRY_ASSIGN(const auto some, reader.list(columns + "subject_id = $1 ORDER BY issued_at DESC, pass_id LIMIT $2", {subject, limit}, pass_in));
    found.insert(found.end(), some.begin(), some.end());
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return std::tie(b.pass.issued_at, a.pass_id) < std::tie(a.pass.issued_at, b.pass_id); });
  if (found.size() > static_cast<std::size_t>(std::max(limit, 0))) found.resize(static_cast<std::size_t>(std::max(limit, 0)));
  return found;
}

Result<void> revoke(storage::Transaction& tx, const IssuedPass& pass, Instant now) {
  TRY(tx.execute("UPDATE declarations_pass SET revoked_at = $3 WHERE subject_id = $1 AND pass_id = $2", {pass.subject, pass.pass_id, now}));
  TRY(tx.execute("INSERT INTO declarations_pass_revocation (pass_id, revoked_at, expires_at) VALUES ($1, $2, $3) ON CONFLICT (pass_id) DO NOTHING",
                 {pass.pass_id, now, pass.pass.expires_at}));
  return {};
}

Result<std::vector<Revoked>> list_revoked(storage::Reader& reader, Instant since, Instant now, int limit) {
  return reader.list("SELECT pass_id, revoked_at FROM declarations_pass_revocation WHERE revoked_at >= $1 AND expires_at > $2 ORDER BY revoked_at, pass_id LIMIT $3",
                     {since, now, limit}, [](const Row& row) { return Revoked{row.string(0), row.instant(1)}; });
}

Result<bool> is_revoked(storage::Reader& reader, const std::string& pass_id) {
  TRY_ASSIGN(const auto found, reader.find("SELECT 1 FROM declarations_pass_revocation WHERE pass_id = $1", {pass_id}, [](const Row&) { return true; }));
  return found.has_value();
}

Result<std::int64_t> purge_passes(storage::Reader& reader, storage::Transaction* tx, Instant expired_before) {
  return purge(reader, tx, "declarations_pass WHERE expires_at < $1", expired_before);
}
Result<std::int64_t> purge_revocations(storage::Reader& reader, storage::Transaction* tx, Instant expired_before) {
  return purge(reader, tx, "declarations_pass_revocation WHERE expires_at < $1", expired_before);
}

}  // namespace motcua::declarations::store
