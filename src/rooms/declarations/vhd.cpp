// VHD and tokhaiyte: a declaration of one's health (HDHealth), of entry (HDPassenger) or of a domestic journey (HDLocal). `otherUser` 1 means
// that somebody else declares: then the phone is that person's.
#include <map>

#include "base/phone.hpp"
#include "rooms/declarations/loader.hpp"

namespace motcua::declarations {
namespace {

enum Column : std::size_t { id, createdAt, type, otherUser, fullName, passport, birthYear, gender, nation, province, district, ward, address, phone, email,
                            countryPassing, signals, hasPatient, hasFromSickCountry, hasSick, vehicle, flightCode, vehicleCode, seat, startTime,
                            startProvince, endProvince };

const std::vector<intake::Column>& columns() {
  static const std::vector<intake::Column> made{
      {"id", true}, {"createdAt", true}, {"type", true}, {"otherUser"}, {"fullName", true}, {"passport"}, {"birthYear", true}, {"gender"}, {"nation"},
      {"province"}, {"district"}, {"ward"}, {"address"}, {"phone", true}, {"email"}, {"countryPassing"}, {"signals"}, {"hasPatient"},
      {"hasFromSickCountry"}, {"hasSick"}, {"vehicle"}, {"flightCode"}, {"vehicleCode"}, {"seat"}, {"startTime"}, {"startProvince"}, {"endProvince"}};
  return made;
}

std::string rename(const std::string& field) {
  static const std::map<std::string, std::string> names{{"record_id", "id"}, {"full_name", "fullName"}, {"birth", "birthYear"}, {"sex", "gender"},
                                                        {"nationality", "nation"}, {"id_number", "passport"}};
  auto found = names.find(field);
  return found == names.end() ? field : found->second;
}

bool is_type(std::string_view text) { return text == "HDHealth" || text == "HDPassenger" || text == "HDLocal"; }

void take_person(const RowText& row, identity::SourceRecord& r) {
  r.record_id = row.at(id), r.kind = "vhd", r.full_name = row.at(fullName), r.birth = row.at(birthYear), r.sex = row.at(gender);
  // The field takes a passport, an old card or a new one; what it is shows in the number.
  r.id_number = row.at(passport), r.nationality = row.at(nation), r.phone = row.at(phone), r.email = row.at(email), r.address = row.at(address);
  r.ward = row.at(ward), r.district = row.at(district), r.province = row.at(province);
  r.payload = row.payload({type, otherUser, countryPassing, signals, hasPatient, hasFromSickCountry, hasSick, vehicle, flightCode, vehicleCode, seat, startTime,
                           startProvince, endProvince});
}

/// Required fields that identity would only warn of.
Result<void> check_required(const RowText& row) {
  if (!is_type(row.at(type))) return invalid("declarations.type_unknown", "type");
  if (auto birth = parse_date(row.at(birthYear)); !birth) return at_column(std::move(birth).failure(), "birthYear");
  if (auto number = parse_phone(row.at(phone)); !number) return at_column(std::move(number).failure(), "phone");
  return {};
}

Result<Parsed> parse(const RowText& row, std::vector<intake::Warning>& warnings, const DefaultStays& stays) {
  Parsed parsed;
  TRY(check_required(row));
  auto created = parse_instant(row.at(createdAt));
  if (!created) return at_column(std::move(created).failure(), "createdAt");
  parsed.declaration.declared_at = *created;
  take_person(row, parsed.record);
  auto& a = parsed.declaration.answers;
  // Not said who declares: the phone may be anybody's.
  auto behalf = row.answer(otherUser, warnings);
  a.on_behalf = behalf.value_or(false);
  parsed.record.phone_is_own = behalf == std::optional(false);
  a.symptoms = parse_symptoms(row.at(signals));
  a.contact_case = row.answer(hasPatient, warnings);
  a.contact_symptomatic = row.answer(hasSick, warnings);
  a.from_affected_area = row.answer(hasFromSickCountry, warnings);
  if (row.at(type) != "HDHealth") {
    auto journey = parse_journey({row.at(vehicle), row.at(flightCode), row.at(vehicleCode), row.at(seat), row.at(startTime)}, stays);
    if (journey) parsed.declaration.journey = std::move(*journey);
    else warnings.push_back({"startTime", journey.failure().code});
  }
  return parsed;
}

}  // namespace

intake::Kind vhd_kind(identity::Identity& identity, DefaultStays stays) {
  return {.name = "vhd", .columns = columns(), .start = [&identity, stays](const intake::ImportOptions& options) -> Result<std::unique_ptr<intake::Loader>> {
            auto parse_row = [stays](const RowText& row, std::vector<intake::Warning>& warnings) { return parse(row, warnings, stays); };
            return make_loader(identity, options.source.empty() ? "vhd" : options.source, columns(), parse_row, rename);
          }};
}

}  // namespace motcua::declarations
