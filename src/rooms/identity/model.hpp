#pragma once
// What identity keeps of a record, and how a record as it was told becomes that.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sex.hpp"
#include "engines/linkage/linkage.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::identity {

inline constexpr std::size_t record_bytes_max = 64 * 1024;  // all texts of one record together; a form holds some hundred bytes

/// The columns of identity_record.
struct Record {
  std::string subject, source, record_id, kind;
  std::optional<Instant> told_at;
  std::string full_name;         // normal form, otherwise as written
  std::string birth;             // ISO, maybe a year or month only
  Sex sex = Sex::unknown;
  std::string phone;             // canonical
  bool phone_is_own = false;
  std::string email, id_number, old_id_number, insurance_number, passport, nationality, address, ward_code, household_id;
  std::string payload;           // JSON: what else was told, and "<field>_as_told" where a field could not be read
  bool has_name() const { return !full_name.empty(); }
};

/// "phone:..." or "id:..." that a record claims.
struct Claim {
  std::string reference;
  bool is_own = false;
};
std::vector<Claim> claims_of(const Record& record);

struct PreparedRecord {
  Record record;
  std::int64_t content_hash = 0;
  std::vector<Claim> claims;
};

/// Normalises. `record.subject` and `record.ward_code` from the register of units are the caller's. Failures name the member of
/// SourceRecord: identity.record_without_key, identity.record_too_large, identity.field_required, identity.nobody_named and those of base.
Result<Record> to_record(SourceRecord told, std::vector<intake::Warning>& warnings);
std::int64_t hash_of(const Record& record);

linkage::PersonRecord to_linkage(const Record& record);
/// "ncovi:D-12": the record's key for the engine, the same in every installation.
std::string key_of(std::string_view source, std::string_view record_id);

struct RecordReference { std::string source, record_id; };
/// Of "record:SOURCE:ID"; nothing for other references.
std::optional<RecordReference> to_record_reference(std::string_view reference);

/// "N***** V** A*, 19**".
std::string masked(std::string_view full_name, std::string_view birth);

}  // namespace motcua::identity
