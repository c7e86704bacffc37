#include "rooms/identity/model.hpp"

#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "base/json_text.hpp"
#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "base/vietnamese.hpp"

namespace motcua::identity {
namespace {

enum Needs : unsigned { needs_name = 1, needs_birth = 2, needs_sex = 4, needs_phone = 8, needs_id = 16 };

/// Which fields a row of a KIND must have (docs/formats.md, section 2). A KIND not named here needs a name.
unsigned needs_of(std::string_view kind) {
  if (kind == "residents") return needs_name | needs_birth | needs_sex | needs_id;
  if (kind == "vhd") return needs_name | needs_birth | needs_phone;
  if (kind == "bluezone-users") return needs_phone;
  return needs_name;
}

/// Reads one field: a failure of a needed field is the row's, of any other a warning and the text kept as it came.
class FieldReader {
 public:
  FieldReader(Record& record, std::vector<intake::Warning>& warnings, unsigned needs) : record_(record), warnings_(warnings), needs_(needs) {}

  template <class Parse>
  Result<void> read(const char* field, std::string_view text, unsigned need, Parse parse) {
    if (text.empty()) return (needs_ & need) != 0 ? Result<void>(invalid("identity.field_required", field)) : Result<void>();
    auto parsed = parse(text);
    if (parsed) return {};
    Failure failure = std::move(parsed).failure();
    failure.field = field;
    if ((needs_ & need) != 0 || is_damaged(failure.code)) return failure;
    warnings_.push_back({field, failure.code});
    add_to_json_object(record_.payload, std::string(field) + "_as_told", text);
    return {};
  }

 private:
  /// Bytes that are no text cannot be kept anywhere.
  static bool is_damaged(std::string_view code) { return code == "text.not_utf8" || code == "text.nul_byte"; }
  Record& record_;
  std::vector<intake::Warning>& warnings_;
  unsigned needs_;
};

std::string upper_alnum(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
    else if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string lower_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// A number goes to the column its shape says, whatever column it was told in: VHD's "passport" holds identity cards.
void place_id(Record& record, NationalId id, bool old_column) {
  if (id.kind == IdKind::passport) {
    record.passport = std::move(id.number);
    return;
  }
  std::string& column = old_column || !record.id_number.empty() ? record.old_id_number : record.id_number;
  if (column.empty() && id.number != record.id_number) column = std::move(id.number);
}

Result<void> read_id(FieldReader& reader, Record& record, const char* field, std::string_view text, unsigned need, bool old_column) {
  return reader.read(field, text, need, [&](std::string_view t) -> Result<void> {
    TRY_ASSIGN(auto id, parse_national_id(t));
    place_id(record, std::move(id), old_column);
    return {};
  });
}

Result<void> read_person(FieldReader& reader, Record& record, const SourceRecord& told) {
  TRY(reader.read("full_name", told.full_name, needs_name, [&](std::string_view t) -> Result<void> {
    TRY_ASSIGN(record.full_name, vietnamese::normalise_name(t));
    if (!vietnamese::fold(record.full_name).empty()) return {};
    record.full_name.clear();
    return invalid("text.empty");
  }));
  TRY(reader.read("birth", told.birth, needs_birth, [&](std::string_view t) -> Result<void> {
    TRY_ASSIGN(const auto date, parse_date(t));
    record.birth = to_iso(date);
    return {};
  }));
  TRY(reader.read("sex", told.sex, needs_sex, [&](std::string_view t) -> Result<void> {
    TRY_ASSIGN(record.sex, parse_sex(t));
    return {};
  }));
  return reader.read("phone", told.phone, needs_phone, [&](std::string_view t) -> Result<void> {
    TRY_ASSIGN(auto phone, parse_phone(t));
    record.phone = std::move(phone.number);
    return {};
  });
}

Result<void> check_plain(const SourceRecord& told) {
  const std::array<std::pair<const char*, const std::string*>, 12> fields{{{"record_id", &told.record_id}, {"source", &told.source},
      {"phone", &told.phone}, {"id_number", &told.id_number}, {"email", &told.email}, {"nationality", &told.nationality},
      {"address", &told.address}, {"household_id", &told.household_id}, {"birth", &told.birth}, {"sex", &told.sex},
      {"ward_code", &told.ward_code}, {"payload", &told.payload}}};
  std::size_t bytes = told.full_name.size();
  for (const auto& [name, text] : fields) {
    bytes += text->size();
    if (!vietnamese::is_clean_utf8(*text)) return invalid(text->find('\0') != text->npos ? "text.nul_byte" : "text.not_utf8", name);
  }
  if (bytes > record_bytes_max)
    return Failure{FailureKind::too_large, "identity.record_too_large", {}, std::nullopt, {{"bytes_max", std::to_string(record_bytes_max)}}};
  return {};
}

}  // namespace

std::string key_of(std::string_view source, std::string_view record_id) {
  std::string key(source);
  key += ':';
  return key += record_id;
}

std::optional<RecordReference> to_record_reference(std::string_view reference) {
  if (!reference.starts_with("record:")) return std::nullopt;
  reference.remove_prefix(7);
  const std::size_t colon = reference.find(':');
  if (colon == 0 || colon == reference.npos || colon + 1 == reference.size()) return std::nullopt;
  return RecordReference{std::string(reference.substr(0, colon)), std::string(reference.substr(colon + 1))};
}

std::vector<Claim> claims_of(const Record& record) {
  std::vector<Claim> claims;
  if (!record.phone.empty()) claims.push_back({"phone:" + record.phone, record.phone_is_own});
  for (const std::string* id : {&record.id_number, &record.old_id_number, &record.passport})
    if (!id->empty()) claims.push_back({"id:" + *id, true});
  return claims;
}

Result<Record> to_record(SourceRecord told, std::vector<intake::Warning>& warnings) {
  if (told.source.empty() || told.source.find(':') != told.source.npos) return invalid("identity.record_without_key", "source");
  if (told.record_id.empty()) return invalid("identity.record_without_key", "record_id");
  TRY(check_plain(told));
  Record record;
  record.payload = told.payload.empty() ? "{}" : std::move(told.payload);
  FieldReader reader(record, warnings, needs_of(told.kind));
  TRY(read_person(reader, record, told));
  TRY(read_id(reader, record, "id_number", told.id_number, needs_id, false));
  TRY(read_id(reader, record, "passport", told.passport, 0, false));
  TRY(read_id(reader, record, "old_id_number", told.old_id_number, 0, true));
  if (record.full_name.empty() && record.phone.empty() && record.id_number.empty() && record.passport.empty())
    return invalid("identity.nobody_named", "full_name");
  record.source = std::move(told.source);
  record.record_id = std::move(told.record_id);
  record.kind = std::move(told.kind);
  record.told_at = told.told_at;
  record.phone_is_own = told.phone_is_own && !record.phone.empty();
  record.email = lower_ascii(std::move(told.email));
  record.insurance_number = upper_alnum(told.insurance_number);
  record.nationality = std::move(told.nationality);
  record.address = std::move(told.address);
  record.ward_code = std::move(told.ward_code);
  record.household_id = std::move(told.household_id);
  return record;
}

std::int64_t hash_of(const Record& r) {
  std::string all;
  all.reserve(512);
  for (const std::string* text : {&r.kind, &r.full_name, &r.birth, &r.phone, &r.email, &r.id_number, &r.old_id_number, &r.insurance_number,
                                  &r.passport, &r.nationality, &r.address, &r.ward_code, &r.household_id, &r.payload}) {
    all += *text;
    all += '\x1f';
  }
  all += static_cast<char>('0' + static_cast<int>(r.sex));
  all += r.phone_is_own ? '1' : '0';
  if (r.told_at) all += std::to_string(to_millis(*r.told_at));
  return static_cast<std::int64_t>(content_hash(all));
}

linkage::PersonRecord to_linkage(const Record& r) {
  linkage::PersonRecord out;
  out.key = key_of(r.source, r.record_id);
  out.source = r.source;
  out.one_per_person = r.kind == "residents";
  out.full_name = r.full_name;
  if (auto birth = parse_date(r.birth)) out.birth = *birth;
  out.sex = r.sex;
  if (!r.phone.empty()) out.phones.push_back({r.phone, r.phone_is_own});
  out.id_number = r.id_number;
  out.old_id_number = r.old_id_number;
  out.passport = r.passport;
  out.insurance_number = r.insurance_number;
  out.email = r.email;
  out.ward_code = r.ward_code;
  out.address = r.address;
  out.household_id = r.household_id;
  return out;
}

std::string masked(std::string_view full_name, std::string_view birth) {
  std::string out;
  for (const auto word : vietnamese::words(full_name)) {
    if (!out.empty()) out += ' ';
    std::size_t first = 1;
    while (first < word.size() && (static_cast<unsigned char>(word[first]) & 0xC0) == 0x80) ++first;
    out += word.substr(0, first);
    for (std::size_t i = first; i < word.size(); ++i)
      if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80) out += '*';
  }
  if (birth.size() >= 4) (out += ", ") += std::string(birth.substr(0, 2)) + "**";
  return out;
}

Result<std::string> to_reference(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (text.size() > 512 || colon == text.npos) return invalid("identity.reference_unreadable");
  const std::string_view kind = text.substr(0, colon), rest = text.substr(colon + 1);
  if (kind == "phone") {
    auto phone = parse_phone(rest);
    if (phone) return "phone:" + phone->number;
  } else if (kind == "id") {
    auto id = parse_national_id(rest);
    if (id) return "id:" + id->number;
  } else if (to_record_reference(text) && vietnamese::is_clean_utf8(text)) {
    return std::string(text);
  }
  return invalid("identity.reference_unreadable");
}

}  // namespace motcua::identity
