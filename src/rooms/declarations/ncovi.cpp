// NCOVI: a declaration of one's health. Its phone is a contact's, not always the person's: relatives declare for one another and the
// form does not say so.
#include "rooms/declarations/loader.hpp"

namespace motcua::declarations {
namespace {

enum Column : std::size_t { declaration_id, declared_at, full_name, birth_date, sex, id_number, insurance_number, nationality, phone, email,
                            address, ward, district, province, symptoms, contact_case, contact_symptomatic, from_affected_area, chronic };

const std::vector<intake::Column>& columns() {
  static const std::vector<intake::Column> made{
      {"declaration_id", true}, {"declared_at", true}, {"full_name", true}, {"birth_date"}, {"sex"}, {"id_number"}, {"insurance_number"},
      {"nationality"}, {"phone"}, {"email"}, {"address"}, {"ward"}, {"district"}, {"province"}, {"symptoms"}, {"contact_case"},
      {"contact_symptomatic"}, {"from_affected_area"}, {"chronic"}};
  return made;
}

std::string rename(const std::string& field) { return field == "birth" ? "birth_date" : field == "record_id" ? "declaration_id" : field; }

Result<Parsed> parse(const RowText& row, std::vector<intake::Warning>& warnings) {
  Parsed parsed;
  auto declared = parse_instant(row.at(declared_at));
  if (!declared) return at_column(std::move(declared).failure(), "declared_at");
  parsed.declaration.declared_at = *declared;
  auto& r = parsed.record;
  r.record_id = row.at(declaration_id), r.kind = "ncovi", r.full_name = row.at(full_name), r.birth = row.at(birth_date), r.sex = row.at(sex);
  r.id_number = row.at(id_number), r.insurance_number = row.at(insurance_number), r.nationality = row.at(nationality);
  r.phone = row.at(phone), r.email = row.at(email), r.address = row.at(address);
  r.ward = row.at(ward), r.district = row.at(district), r.province = row.at(province);
  r.payload = row.payload({symptoms, contact_case, contact_symptomatic, from_affected_area, chronic});
  auto& a = parsed.declaration.answers;
  a.symptoms = parse_symptoms(row.at(symptoms));
  a.contact_case = row.answer(contact_case, warnings);
  a.contact_symptomatic = row.answer(contact_symptomatic, warnings);
  a.from_affected_area = row.answer(from_affected_area, warnings);
  return parsed;
}

}  // namespace

intake::Kind ncovi_kind(identity::Identity& identity) {
  return {.name = "ncovi", .columns = columns(), .start = [&identity](const intake::ImportOptions& options) -> Result<std::unique_ptr<intake::Loader>> {
            return make_loader(identity, options.source.empty() ? "ncovi" : options.source, columns(), parse, rename);
          }};
}

}  // namespace motcua::declarations
