#pragma once
// Consent to the use of what the app recorded (promise 11): given by the upload itself, withdrawn and given again at the counter, in force the same
// moment. Inner header of the room.
#include <string>
#include <vector>

#include "rooms/tracing/desk.hpp"

namespace motcua::tracing {

/// The person as identity knows her, if she lives in one of the asker's areas; tracing.not_found otherwise.
Result<identity::PersonSummary> get_visible_person(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& person_id);

/// On record as a look at the person.
Result<PersonConsent> get_consent(const Desk& desk, const Asker& asker, const std::string& person_id);
Result<void> set_consent(const Desk& desk, const Asker& asker, const std::string& person_id, const std::string& reference, bool given);
Result<std::vector<CaseLink>> list_cases_of_person(const Desk& desk, const Asker& asker, const std::string& person_id);

}  // namespace motcua::tracing
