#pragma once
// Cases closed long ago keep their shape (who was reached how, and when) and lose their people. Inner header of the room.
#include "platform/house/house.hpp"

namespace motcua::tracing {

/// Every person of such a case becomes an id of this case alone that leads nowhere; names, numbers and notes of calls go. How many cases.
Result<std::int64_t> forget_names(storage::Transaction& tx, Instant confirmed_before, bool count_only);

namespace store {
struct NamedRow {
  std::string person_id, via_person, path, earliest_path;
};
Result<std::int64_t> count_named_cases(storage::Reader& reader, Instant confirmed_before);
/// case_id, person_id.
Result<std::vector<std::pair<std::string, std::string>>> named_cases(storage::Reader& reader, Instant confirmed_before, int limit);
Result<std::vector<NamedRow>> named_contacts(storage::Reader& reader, const std::string& case_id);
/// One row a contact: what it was, what it becomes.
Result<void> rename_contacts(storage::Transaction& tx, const std::string& case_id, const std::vector<std::pair<std::string, NamedRow>>& rows);
Result<void> rename_case(storage::Transaction& tx, const std::string& case_id, const std::string& person_id);
}  // namespace store
}  // namespace motcua::tracing
