#include "rooms/residents/store.hpp"

namespace motcua::residents::store {
namespace {

KeyRow key_of(const storage::Row& r) { return {r.string(0), r.string(1), r.string(2), r.bytes(3)}; }

constexpr std::string_view session_columns = "SELECT id, account, csrf, device, kind, created_at, last_seen_at FROM residents_session ";
SessionRow session_of(const storage::Row& r) {
  return {r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.instant(5), r.instant(6)};
}

constexpr std::string_view person_columns = "SELECT account, person, subject, relation, basis, state, code_id, asked_at, given_at, ended_at, consent, official, manner FROM residents_person ";
std::optional<Instant> when(const storage::Row& r, int column) {
  return r.is_null(column) ? std::optional<Instant>() : std::optional(r.instant(column));
}
PersonRow person_of(const storage::Row& r) {
  return {r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.string(5), r.string(6), r.instant(7), when(r, 8), when(r, 9), r.string(10), r.string(11), r.string(12)};
}

}  // namespace

Result<std::optional<KeyRow>> find_key(Reader& reader, std::string_view key_hash) {
  return reader.find("SELECT key_hash, kind, account, sealed FROM residents_key WHERE key_hash = $1", {key_hash}, key_of);
}

Result<std::optional<KeyRow>> find_key_of(Reader& reader, std::string_view account, std::string_view kind) {
  return reader.find("SELECT key_hash, kind, account, sealed FROM residents_key WHERE account = $1 AND kind = $2 ORDER BY created_at LIMIT 1", {account, kind}, key_of);
}

Result<std::int64_t> put_key(Transaction& tx, const KeyRow& key, Instant now) {
  return tx.execute("INSERT INTO residents_key (key_hash, kind, account, sealed, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key_hash) DO NOTHING",
                    {key.key_hash, key.kind, key.account, key.sealed, now});
}

Result<void> put_account(Transaction& tx, std::string_view account, Instant now) {
  TRY(tx.execute("INSERT INTO residents_account (account, created_at, signed_in_at) VALUES ($1, $2, $3)", {account, now, now}));
  return {};
}

Result<void> mark_signed_in(Transaction& tx, std::string_view account, Instant now) {
  TRY(tx.execute("UPDATE residents_account SET signed_in_at = $1 WHERE account = $2", {now, account}));
  return {};
}

Result<void> put_arrival(Transaction& tx, std::string_view token_hash, const Arrival& arrival) {
  TRY(tx.execute("INSERT INTO residents_arrival (token_hash, csrf, code_id, sealed, created_at) VALUES ($1, $2, $3, $4, $5)",
                 {token_hash, arrival.csrf, arrival.code_id, arrival.sealed, arrival.created_at}));
  return {};
}

Result<std::optional<Arrival>> find_arrival(Reader& reader, std::string_view token_hash) {
  return reader.find("SELECT csrf, code_id, sealed, created_at FROM residents_arrival WHERE token_hash = $1", {token_hash},
                     [](const storage::Row& r) { return Arrival{r.string(0), r.string(1), r.bytes(2), r.instant(3)}; });
}

Result<void> remove_arrival(Transaction& tx, std::string_view token_hash) {
  TRY(tx.execute("DELETE FROM residents_arrival WHERE token_hash = $1", {token_hash}));
  return {};
}

Result<void> put_session(Transaction& tx, std::string_view token_hash, const SessionRow& s) {
  TRY(tx.execute("INSERT INTO residents_session (token_hash, id, account, csrf, kind, device, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {token_hash, s.id, s.account, s.csrf, s.kind, s.device, s.created_at, s.last_seen_at}));
  return {};
}

Result<std::optional<SessionRow>> find_session(Reader& reader, std::string_view token_hash) {
  return reader.find(std::string(session_columns) + "WHERE token_hash = $1", {token_hash}, session_of);
}

Result<void> mark_seen(Transaction& tx, std::string_view id, std::string_view account, Instant now) {
  TRY(tx.execute("UPDATE residents_session SET last_seen_at = $1 WHERE account = $2 AND id = $3", {now, account, id}));
  return {};
}

Result<std::vector<SessionRow>> list_sessions(Reader& reader, std::string_view account) {
  return reader.list(std::string(session_columns) + "WHERE account = $1 ORDER BY last_seen_at DESC, id LIMIT 100", {account}, session_of);
}

Result<std::int64_t> remove_session(Transaction& tx, std::string_view account, std::string_view id) {
  return tx.execute("DELETE FROM residents_session WHERE account = $1 AND id = $2", {account, id});
}

Result<void> remove_sessions_of(Transaction& tx, std::string_view account) {
  TRY(tx.execute("DELETE FROM residents_session WHERE account = $1", {account}));
  return {};
}

Result<std::vector<PersonRow>> list_speakers(Reader& reader, std::string_view person, int limit) {
  return reader.list(std::string(person_columns) + "WHERE person = $1 AND state = 'given' AND relation <> 'self' ORDER BY given_at, consent LIMIT $2", {person, limit}, person_of);
}

Result<std::int64_t> purge(Transaction& tx, const Over& over) {
  TRY_ASSIGN(const auto arrivals, tx.execute("DELETE FROM residents_arrival WHERE created_at < $1", {over.arrivals}));
  TRY_ASSIGN(const auto sessions, tx.execute("DELETE FROM residents_session WHERE last_seen_at < $1 OR (kind = 'device' AND last_seen_at < $2) OR (kind = 'visit' AND last_seen_at < $3)",
                                             {over.trusted, over.devices, over.visits}));
  return arrivals + sessions;
}

Result<void> put_person(Transaction& tx, const PersonRow& p) {
  TRY(tx.execute("INSERT INTO residents_person (account, person, subject, relation, basis, state, code_id, asked_at, given_at, ended_at, consent, official, manner) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (account, person) DO UPDATE SET relation = excluded.relation, basis = excluded.basis, "
                 "state = excluded.state, code_id = excluded.code_id, asked_at = excluded.asked_at, given_at = excluded.given_at, ended_at = NULL, consent = excluded.consent, "
                 "official = excluded.official, manner = excluded.manner WHERE residents_person.state = 'ended'",
                 {p.account, p.person, p.subject, p.relation, p.basis, p.state, p.code_id, p.asked_at, p.given_at, p.ended_at, p.consent, p.official, p.manner}));
  return {};
}

Result<std::vector<PersonRow>> list_people(Reader& reader, std::string_view account) {
  return reader.list(std::string(person_columns) + "WHERE account = $1 AND state <> 'ended' ORDER BY CASE WHEN relation = 'self' THEN 0 ELSE 1 END, asked_at, person LIMIT 1000", {account}, person_of);
}

Result<std::optional<PersonRow>> find_person(Reader& reader, std::string_view account, std::string_view person) {
  return reader.find(std::string(person_columns) + "WHERE account = $1 AND person = $2 AND state <> 'ended'", {account, person}, person_of);
}

Result<std::vector<PersonRow>> list_of_subjects(Reader& reader, const std::vector<std::string>& subjects) {
  std::vector<PersonRow> rows;
  for (const auto& subject : subjects) {
    TRY_ASSIGN(auto found, reader.list(std::string(person_columns) + "WHERE subject = $1 AND state = 'given' ORDER BY given_at, person LIMIT 1000", {subject}, person_of));
    rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return rows;
}

Result<std::int64_t> give(Transaction& tx, const PersonRow& row, Instant now) {
  return tx.execute("UPDATE residents_person SET state = 'given', given_at = $1, code_id = NULL WHERE account = $2 AND person = $3 AND state = 'waits'",
                    {now, row.account, row.person});
}

Result<std::int64_t> end(Transaction& tx, std::string_view account, std::string_view person, Instant now) {
  return tx.execute("UPDATE residents_person SET state = 'ended', ended_at = $1, code_id = NULL WHERE account = $2 AND person = $3 AND state <> 'ended' AND (relation <> 'self' OR (basis = 'card' AND official = ''))",
                    {now, account, person});
}

}  // namespace motcua::residents::store
