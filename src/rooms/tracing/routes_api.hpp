#pragma once
// Tracing for programs: the routes under /api/v1 that are about cases, contacts and follow-up.
#include "platform/house/house.hpp"
#include "platform/http/router.hpp"

namespace motcua::tracing {

class Tracing;
void add_api_routes(http::Router& router, House& house, Tracing& tracing);
void add_inquiry_api_routes(http::Router& router, House& house, Tracing& tracing);

/// A number in the address, `fallback` when absent. Failure tracing.number_out_of_range.
Result<int> number_of(const http::Request& request, const std::string& name, int fallback, int min, int max);

}  // namespace motcua::tracing
