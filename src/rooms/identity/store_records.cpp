#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "rooms/identity/store.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Value;
using storage::Values;

constexpr std::string_view record_columns =
    "r.subject_id, r.source, r.record_id, r.kind, r.told_at, r.full_name, r.birth, r.sex, r.phone, r.phone_is_own, r.email, r.id_number, "
    "r.old_id_number, r.insurance_number, r.passport, r.nationality, r.address, r.ward_code, r.household_id, r.payload, r.content_hash, "
    "r.imported_at, l.person_id, l.decided_by, l.partner, l.probability, l.content_hash";

const std::vector<std::string> insert_columns{"subject_id", "source", "record_id", "kind", "told_at", "full_name", "birth", "sex", "phone",
    "phone_is_own", "email", "id_number", "old_id_number", "insurance_number", "passport", "nationality", "address", "ward_code",
    "household_id", "payload", "content_hash", "imported_at"};

StoredRecord to_stored(const Row& row) {
  StoredRecord out;
  Record& r = out.record;
  r.subject = row.string(0);
  r.source = row.string(1);
  r.record_id = row.string(2);
  r.kind = row.string(3);
  r.told_at = row.optional_instant(4);
  r.full_name = row.string(5);
  r.birth = row.string(6);
  r.sex = static_cast<Sex>(row.integer(7));
  r.phone = row.string(8);
  r.phone_is_own = row.integer(9) != 0;
  r.email = row.string(10);
  r.id_number = row.string(11);
  r.old_id_number = row.string(12);
  r.insurance_number = row.string(13);
  r.passport = row.string(14);
  r.nationality = row.string(15);
  r.address = row.string(16);
  r.ward_code = row.string(17);
  r.household_id = row.string(18);
  r.payload = row.string(19);
  out.content_hash = row.integer(20);
  out.imported_at = row.instant(21);
  out.link = {row.string(22), row.string(23), row.string(24), row.real(25), row.integer(26)};
  return out;
}

Values to_values(const PreparedRecord& p, Instant now) {
  const Record& r = p.record;
  return {r.subject, r.source, r.record_id, r.kind, Value(r.told_at), r.full_name, r.birth, static_cast<int>(r.sex), r.phone,
          r.phone_is_own, r.email, r.id_number, r.old_id_number, r.insurance_number, r.passport, r.nationality, r.address, r.ward_code,
          r.household_id, r.payload, p.content_hash, now};
}

using Hashes = std::unordered_map<std::string_view, std::int64_t>;

Result<Hashes> known_hashes(Reader& reader, std::span<const std::shared_ptr<const PreparedRecord>> records, std::span<const std::size_t> which) {
  static const std::string sql = "SELECT subject_id, content_hash FROM identity_record WHERE subject_id IN " + chunk_placeholders();
  Hashes hashes;  // keyed by the records' own texts: the row's live shorter
  std::vector<std::string> subjects;
  for (const std::size_t i : which) {
    hashes.emplace(records[i]->record.subject, 0);
    subjects.push_back(records[i]->record.subject);
  }
  TRY(in_chunks(subjects, [&](Values ids) {
    return reader.query(sql, ids, [&](const Row& row) { hashes.find(row.text(0))->second = row.integer(1); });
  }));
  return hashes;
}

void append_claims(std::vector<Values>& out, const PreparedRecord& p) {
  for (const Claim& c : p.claims) out.push_back({c.reference, p.record.subject, Value(p.record.told_at), c.is_own});
}

/// The order of their keys, so that the pages of a large table are visited one after the other; of two with one key the first stays first.
std::vector<std::size_t> order_of(std::span<const std::shared_ptr<const PreparedRecord>> records) {
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return records[a]->record.subject < records[b]->record.subject; });
  return order;
}

const std::string& text_of(const Value& value) { return std::get<std::string>(value.get()); }

/// Inserts those that are not there yet, and their claims; 1 for each that was new.
Result<std::vector<std::int64_t>> insert_new(Transaction& tx, std::span<const std::shared_ptr<const PreparedRecord>> records, Instant now) {
  static const std::string sql = [] {
    std::string columns, places;
    for (std::size_t i = 0; i < insert_columns.size(); ++i) {
      columns += (i > 0 ? ", " : "") + insert_columns[i];
      places += (i > 0 ? ", $" : "$") + std::to_string(i + 1);
    }
    return "INSERT INTO identity_record (" + columns + ") VALUES (" + places + ") ON CONFLICT (subject_id) DO NOTHING";
  }();
  std::vector<Values> rows, claims;
  rows.reserve(records.size());
  const auto order = order_of(records);
  for (const std::size_t i : order) rows.push_back(to_values(*records[i], now));
  TRY_ASSIGN(const auto changed, tx.execute_many(sql, rows));
  std::vector<std::int64_t> inserted(records.size());
  for (std::size_t i = 0; i < order.size(); ++i) inserted[order[i]] = changed[i];
  claims.reserve(records.size() * 2);
  for (std::size_t i = 0; i < records.size(); ++i)
    if (inserted[i] > 0) append_claims(claims, *records[i]);
  std::sort(claims.begin(), claims.end(), [](const Values& a, const Values& b) { return text_of(a[0]) < text_of(b[0]); });
  if (!claims.empty()) TRY(tx.bulk_insert("identity_claim", {"reference", "subject_id", "since", "is_own"}, claims));
  return inserted;
}

Result<void> remove_claims(Transaction& tx, const std::string& subject) {
  TRY_ASSIGN(const auto stored, records_by_subject(tx, std::span(&subject, 1)));
  for (const auto& s : stored)
    for (const Claim& c : claims_of(s.record)) {
      auto removed = tx.execute("DELETE FROM identity_claim WHERE reference = $1 AND subject_id = $2", {c.reference, subject});
      if (!removed) return std::move(removed).failure();
    }
  return {};
}

Result<void> update_one(Transaction& tx, const PreparedRecord& p, Instant now) {
  TRY(remove_claims(tx, p.record.subject));
  static const std::string sql = [] {
    std::string s = "UPDATE identity_record SET ";
    for (std::size_t i = 1; i < insert_columns.size(); ++i) {
      if (i > 1) s += ", ";
      s += insert_columns[i] + " = $" + std::to_string(i + 1);
    }
    return s + " WHERE subject_id = $1";
  }();
  auto updated = tx.execute(sql, to_values(p, now));
  if (!updated) return std::move(updated).failure();
  std::vector<Values> claims;
  append_claims(claims, p);
  if (claims.empty()) return {};
  return tx.bulk_insert("identity_claim", {"reference", "subject_id", "since", "is_own"}, claims);
}

}  // namespace

std::string chunk_placeholders(std::size_t offset) {
  std::string out = "(";
  for (std::size_t i = 1; i <= chunk_ids; ++i) out += (i > 1 ? ",$" : "$") + std::to_string(offset + i);
  return out + ")";
}

Result<void> in_chunks(std::span<const std::string> ids, const std::function<Result<void>(Values)>& each) {
  for (std::size_t at = 0; at < ids.size(); at += chunk_ids) {
    const auto part = ids.subspan(at, std::min(chunk_ids, ids.size() - at));
    Values values(part.begin(), part.end());
    while (values.size() < chunk_ids) values.emplace_back(part.back());
    TRY(each(std::move(values)));
  }
  return {};
}

Result<std::vector<Saved>> save_records(Transaction& tx, std::span<const std::shared_ptr<const PreparedRecord>> records, Instant now) {
  TRY_ASSIGN(const auto inserted, insert_new(tx, records, now));
  std::vector<Saved> out(records.size(), Saved::accepted);
  std::vector<std::size_t> there;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (inserted[i] == 0) there.push_back(i);
  TRY_ASSIGN(auto known, known_hashes(tx, records, there));
  for (const std::size_t i : there) {  // in order: of two rows with one id the later one counts
    const PreparedRecord& p = *records[i];
    std::int64_t& hash = known[p.record.subject];
    out[i] = hash == p.content_hash ? Saved::unchanged : Saved::updated;
    if (out[i] == Saved::unchanged) continue;
    TRY(update_one(tx, p, now));
    hash = p.content_hash;
  }
  std::vector<std::string> changed;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (out[i] != Saved::unchanged) changed.push_back(records[i]->record.subject);
  if (!changed.empty()) TRY(note_change(tx, std::move(changed)));
  return out;
}

Result<void> for_each_record(Reader& reader, const std::function<void(const StoredRecord&)>& visit) {
  return reader.query(
      "SELECT subject_id, source, record_id, kind, full_name, birth, sex, phone, phone_is_own, email, id_number, old_id_number, "
      "insurance_number, passport, address, ward_code, household_id, content_hash, told_at FROM identity_record",
      {}, [&](const Row& row) {
        StoredRecord out;
        Record& r = out.record;
        int column = 0;
        for (std::string* text : {&r.subject, &r.source, &r.record_id, &r.kind, &r.full_name, &r.birth}) *text = row.text(column++);
        r.sex = static_cast<Sex>(row.integer(6));
        r.phone = row.text(7);
        r.phone_is_own = row.integer(8) != 0;
        column = 9;
        for (std::string* text : {&r.email, &r.id_number, &r.old_id_number, &r.insurance_number, &r.passport, &r.address, &r.ward_code, &r.household_id})
          *text = row.text(column++);
        out.content_hash = row.integer(17);
        r.told_at = row.optional_instant(18);
        visit(out);
      });
}

Result<void> for_each_link_row(Reader& reader, const std::function<void(const LinkView&)>& visit) {
  return reader.query("SELECT subject_id, person_id, decided_by, probability, content_hash FROM identity_link", {},
                      [&](const Row& row) { visit({row.text(0), row.text(1), row.text(2), row.real(3), row.integer(4)}); });
}

Result<std::vector<StoredRecord>> records_of_persons(Reader& reader, std::span<const std::string> person_ids, int limit) {
  static const std::string sql = "SELECT " + std::string(record_columns) +
      " FROM identity_link l JOIN identity_record r ON r.subject_id = l.subject_id WHERE l.person_id IN " + chunk_placeholders() +
      " ORDER BY r.source, r.record_id LIMIT $101";
  std::vector<StoredRecord> out;
  TRY(in_chunks(person_ids, [&](Values ids) {
    ids.emplace_back(limit);
    return reader.query(sql, ids, [&](const Row& row) { out.push_back(to_stored(row)); });
  }));
  return out;
}

Result<std::vector<StoredRecord>> records_by_subject(Reader& reader, std::span<const std::string> subjects) {
  static const std::string sql = "SELECT " + std::string(record_columns) +
      " FROM identity_record r LEFT JOIN identity_link l ON l.subject_id = r.subject_id WHERE r.subject_id IN " + chunk_placeholders();
  std::vector<StoredRecord> out;
  TRY(in_chunks(subjects, [&](Values ids) { return reader.query(sql, ids, [&](const Row& row) { out.push_back(to_stored(row)); }); }));
  return out;
}

Result<std::vector<std::string>> claimants(Reader& reader, std::string_view reference, int limit) {
  return reader.list("SELECT subject_id FROM identity_claim WHERE reference = $1 ORDER BY subject_id LIMIT $2", {reference, limit},
                     [](const Row& row) { return row.string(0); });
}

}  // namespace motcua::identity::store
