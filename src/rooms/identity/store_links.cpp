#include <algorithm>
#include <map>
#include <set>

#include "rooms/identity/store.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Value;
using storage::Values;

Result<void> discard_count(Result<std::int64_t> changed) {
  if (!changed) return std::move(changed).failure();
  return {};
}

Result<void> discard_counts(Result<std::vector<std::int64_t>> changed) {
  if (!changed) return std::move(changed).failure();
  return {};
}

Result<std::int64_t> count(Reader& reader, std::string_view sql) {
  TRY_ASSIGN(const auto n, reader.find(sql, {}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

PersonSummary to_summary(const Row& row) {
  PersonSummary s;
  s.person_id = row.string(0);
  s.full_name = Personal(row.string(1));
  s.birth = row.string(2);
  s.sex = to_text(static_cast<Sex>(row.integer(3)));
  s.phone = Personal(row.string(4));
  s.ward_code = row.string(5);
  s.address = Personal(row.string(6));
  s.records = static_cast<int>(row.integer(7));
  s.phone_shared_by = std::max(1, static_cast<int>(row.integer(8)));
  return s;
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> persons_of(Reader& reader, std::span<const std::string> subjects) {
  static const std::string sql = "SELECT subject_id, person_id FROM identity_link WHERE subject_id IN " + chunk_placeholders();
  std::vector<std::pair<std::string, std::string>> out;
  TRY(in_chunks(subjects, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { out.emplace_back(row.string(0), row.string(1)); });
  }));
  return out;
}

Result<std::vector<std::string>> subjects_of(Reader& reader, std::string_view person_id, int limit) {
  return reader.list("SELECT subject_id FROM identity_link WHERE person_id = $1 ORDER BY subject_id LIMIT $2", {person_id, limit},
                     [](const Row& row) { return row.string(0); });
}

Result<std::map<std::string, std::string>> first_subjects(Reader& reader, std::span<const std::string> person_ids) {
  static const std::string sql = "SELECT person_id, MIN(subject_id) FROM identity_link WHERE person_id IN " + chunk_placeholders() + " GROUP BY person_id";
  std::map<std::string, std::string> out;
  TRY(in_chunks(person_ids, [&](Values ids) { return reader.query(sql, ids, [&](const Row& row) { out[row.string(0)] = row.string(1); }); }));
  return out;
}

Result<void> put_links(Transaction& tx, std::span<const LinkChange> links, Instant now) {
  std::vector<Values> rows;
  rows.reserve(links.size());
  for (const LinkChange& l : links) rows.push_back({l.subject, l.person_id, l.probability, l.decided_by, l.partner, l.content_hash, now});
  return discard_counts(tx.execute_many(
      "INSERT INTO identity_link (subject_id, person_id, probability, decided_by, partner, content_hash, linked_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subject_id) DO UPDATE SET person_id = excluded.person_id, "
      "probability = excluded.probability, decided_by = excluded.decided_by, partner = excluded.partner, "
      "content_hash = excluded.content_hash, linked_at = excluded.linked_at",
      rows));
}

Result<void> rebuild_persons(Transaction& tx, std::span<const std::string> person_ids, Instant now) {
  static const std::string sql =
      "SELECT l.person_id, r.kind, r.told_at, r.full_name, r.birth, r.sex, r.phone, r.phone_is_own, r.address, r.ward_code "
      "FROM identity_link l JOIN identity_record r ON r.subject_id = l.subject_id WHERE l.person_id IN " + chunk_placeholders();
  std::map<std::string, std::vector<Record>, std::less<>> records;
  for (const auto& id : person_ids) records[id];
  TRY(in_chunks(person_ids, [&](Values ids) {
    return tx.query(sql, ids, [&](const Row& row) {
      Record r;
      r.kind = row.string(1);
      r.told_at = row.optional_instant(2);
      r.full_name = row.string(3);
      r.birth = row.string(4);
      r.sex = static_cast<Sex>(row.integer(5));
      r.phone = row.string(6);
      r.phone_is_own = row.integer(7) != 0;
      r.address = row.string(8);
      r.ward_code = row.string(9);
      records.find(row.text(0))->second.push_back(std::move(r));
    });
  }));
  std::vector<Values> gone, kept;
  for (const auto& [id, of_person] : records) {
    if (of_person.empty()) {
      gone.push_back({id});
      continue;
    }
    const Summary s = summarise(of_person);
    kept.push_back({id, s.full_name, s.name_key, s.birth, static_cast<int>(s.sex), s.phone, s.ward_code, s.address, s.records, now});
  }
  if (!gone.empty()) TRY(discard_counts(tx.execute_many("DELETE FROM identity_person WHERE person_id = $1", gone)));
  if (kept.empty()) return {};
  return discard_counts(tx.execute_many(
      "INSERT INTO identity_person (person_id, full_name, name_key, birth, sex, phone, ward_code, address, records, rebuilt_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (person_id) DO UPDATE SET full_name = excluded.full_name, "
      "name_key = excluded.name_key, birth = excluded.birth, sex = excluded.sex, phone = excluded.phone, ward_code = excluded.ward_code, "
      "address = excluded.address, records = excluded.records, rebuilt_at = excluded.rebuilt_at",
      kept));
}

Result<std::vector<PersonSummary>> summaries(Reader& reader, std::span<const std::string> person_ids) {
  static const std::string sql =
      "SELECT p.person_id, p.full_name, p.birth, p.sex, p.phone, p.ward_code, p.address, p.records, "
      "CASE WHEN p.phone = '' THEN 1 ELSE (SELECT COUNT(*) FROM identity_person q WHERE q.phone = p.phone) END "
      "FROM identity_person p WHERE p.person_id IN " + chunk_placeholders();
  std::map<std::string, PersonSummary, std::less<>> found;
  TRY(in_chunks(person_ids, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { found.emplace(row.string(0), to_summary(row)); });
  }));
  std::vector<PersonSummary> out;
  for (const auto& id : person_ids)
    if (const auto at = found.find(id); at != found.end()) out.push_back(at->second);
  return out;
}

Result<std::vector<std::string>> persons_named_like(Reader& reader, std::string_view name_key, int limit) {
  const std::string end = std::string(name_key) + "\x7f";
  return reader.list("SELECT person_id FROM identity_person WHERE name_key >= $1 AND name_key < $2 ORDER BY name_key, person_id LIMIT $3",
                     {name_key, end, limit}, [](const Row& row) { return row.string(0); });
}

Result<std::int64_t> count_persons(Reader& reader) { return count(reader, "SELECT COUNT(*) FROM identity_person"); }
Result<std::int64_t> count_records(Reader& reader) { return count(reader, "SELECT COUNT(*) FROM identity_record"); }
Result<std::int64_t> count_links(Reader& reader) { return count(reader, "SELECT COUNT(*) FROM identity_link"); }

namespace {

struct ClaimBy { PersonClaim claim; std::string subject; };

/// What breaks ties between persons; read where it is asked for only, for records are wide. `claims` by reference.
Result<void> put_keys(Reader& reader, std::vector<ClaimBy>& claims, ClaimKeys keys) {
  static const std::string sql = "SELECT subject_id, source, record_id, full_name FROM identity_record WHERE subject_id IN " + chunk_placeholders();
  std::vector<std::string> subjects;
  for (std::size_t from = 0, to = 0; from < claims.size(); from = to) {
    bool several = keys == ClaimKeys::all;
    for (to = from; to < claims.size() && claims[to].claim.reference == claims[from].claim.reference; ++to)
      several = several || claims[to].claim.person_id != claims[from].claim.person_id;
    if (several) for (std::size_t i = from; i < to; ++i) subjects.push_back(claims[i].subject);
  }
  struct Told { std::string key; bool named = false; };
  std::map<std::string, Told, std::less<>> told;
  TRY(in_chunks(subjects, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { told[row.string(0)] = {key_of(row.text(1), row.text(2)), !row.text(3).empty()}; });
  }));
  for (ClaimBy& c : claims)
    if (const auto found = told.find(c.subject); found != told.end()) c.claim.key = found->second.key, c.claim.named = found->second.named;
  return {};
}

}  // namespace

Result<std::vector<PersonClaim>> claims_on(Reader& reader, std::span<const std::string> references, ClaimKeys keys) {
  static const std::string sql =
      "SELECT c.reference, c.since, l.person_id, c.subject_id FROM identity_claim c "
      "JOIN identity_link l ON l.subject_id = c.subject_id WHERE c.is_own = 1 AND c.reference IN " + chunk_placeholders();
  std::vector<ClaimBy> claims;
  TRY(in_chunks(references, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { claims.push_back({{row.string(0), row.optional_instant(1), row.string(2), "", false}, row.string(3)}); });
  }));
  std::stable_sort(claims.begin(), claims.end(), [](const ClaimBy& a, const ClaimBy& b) { return a.claim.reference < b.claim.reference; });
  TRY(put_keys(reader, claims, keys));
  std::vector<PersonClaim> out;
  out.reserve(claims.size());
  for (ClaimBy& c : claims) out.push_back(std::move(c.claim));
  return out;
}

Result<std::vector<std::string>> references_claimed(Reader& reader, std::span<const std::string> person_ids) {
  static const std::string sql =
      "SELECT r.phone, r.phone_is_own, r.id_number, r.old_id_number, r.passport FROM identity_link l "
      "JOIN identity_record r ON r.subject_id = l.subject_id WHERE l.person_id IN " + chunk_placeholders();
  std::set<std::string> out;
  TRY(in_chunks(person_ids, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) {
      if (row.integer(1) != 0) out.insert("phone:" + row.string(0));
      for (int column = 2; column <= 4; ++column)
        if (!row.text(column).empty()) out.insert("id:" + row.string(column));
    });
  }));
  return std::vector<std::string>(out.begin(), out.end());
}

Result<std::vector<std::pair<std::string, std::string>>> record_keys_of(Reader& reader, std::span<const std::string> person_ids) {
  static const std::string sql =
      "SELECT l.person_id, r.source, r.record_id FROM identity_link l JOIN identity_record r ON r.subject_id = l.subject_id "
      "WHERE l.person_id IN " + chunk_placeholders();
  std::vector<std::pair<std::string, std::string>> out;
  TRY(in_chunks(person_ids, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { out.emplace_back(row.string(0), key_of(row.text(1), row.text(2))); });
  }));
  return out;
}

Result<void> for_each_link(Reader& reader, const std::function<void(const ExportRow&)>& visit) {
  return reader.query(
      "SELECT r.source, r.record_id, l.person_id, l.decided_by, l.probability FROM identity_record r "
      "JOIN identity_link l ON l.subject_id = r.subject_id ORDER BY r.source, r.record_id",
      {}, [&](const Row& row) { visit({row.text(0), row.text(1), row.text(2), row.text(3), row.real(4)}); });
}

Result<State> read_state(Reader& reader) {
  TRY_ASSIGN(auto state, reader.find("SELECT model, model_records, changes, changes_linked, epoch, generation FROM identity_state WHERE id = 1", {}, [](const Row& row) {
    return State{row.string(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.string(5)};
  }));
  if (!state) return internal("identity.state_missing", "identity_state has no row");
  return *std::move(state);
}

Result<void> advance_epoch(Transaction& tx, std::int64_t epoch) {
  TRY_ASSIGN(const auto changed, tx.execute("UPDATE identity_state SET epoch = epoch + 1 WHERE id = 1 AND epoch = $1", {epoch}));
  if (changed == 0) return conflict("identity.links_moved_on");
  return {};
}

Result<void> raise_epoch(Transaction& tx) { return discard_count(tx.execute("UPDATE identity_state SET epoch = epoch + 1 WHERE id = 1", {})); }

Result<void> put_model(Transaction& tx, std::string_view model, std::int64_t records) {
  return discard_count(tx.execute("UPDATE identity_state SET model = $1, model_records = $2 WHERE id = 1", {model, records}));
}

Result<void> mark_linked(Transaction& tx, std::int64_t changes) {
  return discard_count(tx.execute("UPDATE identity_state SET changes_linked = $1 WHERE id = 1", {changes}));
}

}  // namespace motcua::identity::store
