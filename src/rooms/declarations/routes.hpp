#pragma once
// Pages and API: what a person declared, for staff; declaring, for residents; and what gates ask of passes.
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"
#include "rooms/declarations/declarations.hpp"
#include "rooms/declarations/declaring.hpp"
#include "rooms/declarations/gate.hpp"
#include "rooms/declarations/paper_desk.hpp"

namespace motcua::declarations {

void add_page_routes(http::Router& router, House& house, identity::Identity& identity, Declarations& declarations);
void add_pass_routes(http::Router& router, House& house, Passes& passes);
void add_declaring_routes(http::Router& router, House& house, identity::Identity& identity, residents::Residents& residents, const Declaring& declaring);
void add_declaring_api(http::Router& router, residents::Residents& residents, const Declaring& declaring);
void add_gate_routes(http::Router& router, House& house, const Gate& gate);
void add_gate_api(http::Router& router, House& house, const Gate& gate);
void add_paper_routes(http::Router& router, House& house, residents::Residents& residents, const Declaring& declaring, Papers& papers, PaperDesk& desk);
void add_fhir_routes(http::Router& router, House& house, residents::Residents& residents, const Declaring& declaring);

}  // namespace motcua::declarations
