#include "rooms/tracing/consent.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "platform/events/events.hpp"
#include "platform/units/units.hpp"
#include "rooms/tracing/store_consent.hpp"

namespace motcua::tracing {
namespace {

/// The phones that are or were this person's, each once.
Result<std::vector<std::string>> phones_of(const Desk& desk, storage::Reader& reader, const std::string& person_id) {
  const std::string ids[] = {person_id};
  TRY_ASSIGN(const auto spans, desk.doors.identity.references_of(reader, ids));
  std::set<std::string> phones;
  for (const auto& span : spans)
    if (span.reference.starts_with("phone:")) phones.insert(span.reference);
  return std::vector<std::string>(phones.begin(), phones.end());
}

Result<PersonConsent> read_consent(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& person_id) {
  TRY_ASSIGN(const auto person, get_visible_person(desk, reader, asker, person_id));
  PersonConsent out{person.person_id, person.full_name, person.ward_code, {}};
  TRY_ASSIGN(const auto phones, phones_of(desk, reader, person_id));
  TRY_ASSIGN(const auto used, store::with_proximity(reader, phones));
  TRY_ASSIGN(const auto said, store::consents_of(reader, phones));
  for (const std::string& phone : phones) {
    PhoneConsent one{Personal<std::string>(phone), true, used.contains(phone), std::nullopt};
    for (const auto& statement : said)
      if (statement.reference == phone) one.given = statement.given, one.since = statement.since;
    out.phones.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<identity::PersonSummary> get_visible_person(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& person_id) {
  if (!is_id("per", person_id)) return not_found("tracing.not_found");
  const std::string ids[] = {person_id};
  TRY_ASSIGN(auto found, desk.doors.identity.summaries(reader, ids));
  const auto in_area = [&](const std::string& area) {
    return area.empty() || area == "vn" || (!found[0].ward_code.empty() && desk.house.units.contains(area, found[0].ward_code));
  };
  if (found.empty() || std::none_of(asker.areas.begin(), asker.areas.end(), in_area)) return not_found("tracing.not_found");
  return std::move(found[0]);
}

Result<PersonConsent> get_consent(const Desk& desk, const Asker& asker, const std::string& person_id) {
  TRY_ASSIGN(auto out, desk.house.database.read_value([&](storage::Reader& reader) { return read_consent(desk, reader, asker, person_id); }));
  TRY(record(desk, asker.act, {read_note(out.person_id, out.person_id, out.ward_code)}));
  return out;
}

/// Who was reached through this phone is traced anew by the event; the statement itself holds for every question from now on.
Result<void> set_consent(const Desk& desk, const Asker& asker, const std::string& person_id, const std::string& reference, bool given) {
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto person, get_visible_person(desk, tx, asker, person_id));
    TRY_ASSIGN(const auto phones, phones_of(desk, tx, person_id));
    if (std::find(phones.begin(), phones.end(), reference) == phones.end()) return invalid("tracing.consent_not_her_phone", "phone");
    TRY(store::save_consent(tx, {reference, desk.house.now(), given, asker.act.actor}));
    tx.note({.object = person.person_id, .subject = person.person_id, .area = person.ward_code, .detail = given ? R"({"given":true})" : R"({"given":false})"});
    return desk.house.bus.emit(tx, "tracing.facts_changed", {});
  });
}

Result<std::vector<CaseLink>> list_cases_of_person(const Desk& desk, const Asker& asker, const std::string& person_id) {
  std::string area;
  TRY_ASSIGN(auto links, desk.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<CaseLink>> {
    TRY_ASSIGN(const auto person, get_visible_person(desk, reader, asker, person_id));
    area = person.ward_code;
    const std::string ids[] = {person_id};
    return store::links_of(reader, ids);
  }));
  TRY(record(desk, asker.act, {read_note(person_id, person_id, area)}));
  return links;
}

}  // namespace motcua::tracing
