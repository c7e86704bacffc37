#pragma once
// What the questions of inquiry.hpp share. Inner header of the room.
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/inquiry.hpp"

namespace motcua::tracing {

/// A case the asker may see, with the rules it was traced by and the wards whose people she may be shown.
struct AskedCase { store::CaseRow row; Policy policy; store::Wards wards; };
Result<AskedCase> ask_case(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id);
/// A trace without those the asker may not see.
Result<TraceResult> answer_visible(const Desk& desk, storage::Reader& reader, const AskedCase& asked, const CaseFacts& facts, const TraceRequest& request);

Result<Comparison> compare(const Desk& desk, const Asker& asker, const CompareRequest& request);
Result<Places> list_places(const Desk& desk, const Asker& asker, const std::string& case_id);
Result<Sources> list_sources(const Desk& desk, const Asker& asker, const std::string& case_id);
Result<std::vector<LinkedCase>> list_linked_cases(const Desk& desk, const Asker& asker, const std::string& case_id);
Result<Bridges> list_bridges(const Desk& desk, const Asker& asker, const std::string& case_id, const std::string& other_case_id);

}  // namespace motcua::tracing
