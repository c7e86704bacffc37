#pragma once
// The only SQL of residents. Every function works inside the caller's snapshot or transaction.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::residents::store {

using storage::Reader;
using storage::Transaction;

// ---- accounts
struct KeyRow {
  std::string key_hash, kind, account;
  crypto::Bytes sealed;
};
Result<std::optional<KeyRow>> find_key(Reader& reader, std::string_view key_hash);
Result<std::optional<KeyRow>> find_key_of(Reader& reader, std::string_view account, std::string_view kind);
/// How many: none when that key finds an account already.
Result<std::int64_t> put_key(Transaction& tx, const KeyRow& key, Instant now);
Result<void> put_account(Transaction& tx, std::string_view account, Instant now);
Result<void> mark_signed_in(Transaction& tx, std::string_view account, Instant now);

// ---- arrivals and sessions
struct Arrival {
  std::string csrf, code_id;
  crypto::Bytes sealed;
  Instant created_at{};
};
Result<void> put_arrival(Transaction& tx, std::string_view token_hash, const Arrival& arrival);
Result<std::optional<Arrival>> find_arrival(Reader& reader, std::string_view token_hash);
Result<void> remove_arrival(Transaction& tx, std::string_view token_hash);

struct SessionRow {
  std::string id, account, csrf, device, kind;   // kind: visit, device, trusted
  Instant created_at{}, last_seen_at{};
};
Result<void> put_session(Transaction& tx, std::string_view token_hash, const SessionRow& session);
Result<std::optional<SessionRow>> find_session(Reader& reader, std::string_view token_hash);
Result<void> mark_seen(Transaction& tx, std::string_view id, std::string_view account, Instant now);
Result<std::vector<SessionRow>> list_sessions(Reader& reader, std::string_view account);
/// How many.
Result<std::int64_t> remove_session(Transaction& tx, std::string_view account, std::string_view id);
Result<void> remove_sessions_of(Transaction& tx, std::string_view account);
/// Arrivals made, and sessions of each kind not seen, since these times.
struct Over { Instant arrivals, visits, devices, trusted; };
Result<std::int64_t> purge(Transaction& tx, const Over& over);

// ---- for whom
struct PersonRow {
  std::string account, person, subject, relation, basis, state;   // state: waits, given, ended
  std::string code_id;
  Instant asked_at{};
  std::optional<Instant> given_at, ended_at;
  std::string consent;                                            // cns_...: names this consent alone; several accounts may speak for one person
  std::string official, manner;                                   // before whom, and how it was given; empty: before nobody
};
/// A consent that ended is given anew; one that holds stays as it is.
Result<void> put_person(Transaction& tx, const PersonRow& row);
Result<std::vector<PersonRow>> list_people(Reader& reader, std::string_view account);          // not the ended
Result<std::optional<PersonRow>> find_person(Reader& reader, std::string_view account, std::string_view person);
/// Those for whom others speak, by their records; not the ended.
Result<std::vector<PersonRow>> list_of_subjects(Reader& reader, const std::vector<std::string>& subjects);
/// Others who may speak for this person now, by this handle.
Result<std::vector<PersonRow>> list_speakers(Reader& reader, std::string_view person, int limit);
/// How many: none when it is not in that state any more.
Result<std::int64_t> give(Transaction& tx, const PersonRow& row, Instant now);
Result<std::int64_t> end(Transaction& tx, std::string_view account, std::string_view person, Instant now);

}  // namespace motcua::residents::store
