#pragma once
// Pages and API: parse, one call of the door, present. Inner header of the room.
#include <boost/json/object.hpp>

#include "platform/http/router.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/venues/venues.hpp"

namespace motcua::venues {

struct Site {
  House* house;
  residents::Residents* residents;
  Venues* venues;
  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
  /// With a failure the same page again under its status.
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, pages::PageFrame frame, const Failure* failure = nullptr) const;
};

bool belongs_on_form(const Failure& failure);
/// "10:42" today, with the date before.
std::string clock_text(const http::Request& request, Instant at, Instant now);
http::Access for_staff();                                      // venue, gate_staff

void add_routes(http::Router& router, const Site& site);
void add_resident_routes(http::Router& router, const Site& site);
void add_keeper_routes(http::Router& router, const Site& site);
void add_door_routes(http::Router& router, const Site& site);
void add_api_routes(http::Router& router, const Site& site);
void add_inbound_routes(http::Router& router, const Site& site);

}  // namespace motcua::venues
