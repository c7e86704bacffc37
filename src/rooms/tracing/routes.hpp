#pragma once
// The tracer's desk. Routes parse, call the door once, and present; inner header of the room.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "platform/http/router.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::tracing {

void add_page_routes(http::Router& router, House& house, Tracing& tracing);

/// What the routes share.
struct Site {
  House* house;
  Tracing* tracing;

  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const {
    return house->texts.text(request.lang, key, args);
  }
  std::string say(const http::Request& request, const Sentence& sentence) const;
  std::string ward(const http::Request& request, const std::string& code) const;        // the ward alone: "Phường 17"
  std::string full_ward(const std::string& code) const;                                 // with its parents
  std::string when(const http::Request& request, Instant at) const;
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, pages::PageFrame frame,
                      const Failure* failure = nullptr) const;
};

/// The asker of a request under the purpose of her role: a ward's health worker follows up, tracers trace.
Asker asker_for(const http::Request& request, std::string action);
http::Access for_all();        // tracer, tracing_supervisor, ward_health_worker
http::Access for_tracers();    // without the ward's health worker
/// Of somebody who hands out work: the areas of her tracer's roles alone.
Asker giver_for(const http::Request& request, std::string action);
/// Her page, "" for whom it would answer "not allowed": a ward's health worker knows people by their tasks.
std::string person_link(const http::Request& request, const std::string& person_id);
/// A failure that belongs beside a field goes back to the form; anything else to the error page.
bool belongs_on_form(const Failure& failure);
int page_of(const http::Request& request);
/// What a list is filtered by: chips stand in the address; what somebody searches for (a name, a phone) comes in a form and never does.
std::string filter_value(const http::Request& request, const std::string& name);
/// What a list of tasks shows, of an address or of a form: who (me, none, an account), ward, state, class, case, overdue.
TaskFilter task_filter_of(const http::Request& request);
/// What layout tracing/give reads: may one give, and the filter its form carries along.
void put_giving(const http::Request& request, std::int64_t total, boost::json::object& context);
std::string yes(bool condition, std::string text);

// ---- as templates read them (show.cpp)
boost::json::object show_case(const Site& site, const http::Request& request, const CaseSummary& one);
boost::json::object show_row(const Site& site, const http::Request& request, const ContactRow& row);
boost::json::object show_contact(const Site& site, const http::Request& request, const ContactView& contact);
boost::json::object show_task(const Site& site, const http::Request& request, const TaskView& task);
boost::json::object show_due(const Site& site, const http::Request& request, const std::optional<Instant>& due);
boost::json::array chips(const Site& site, const http::Request& request, std::string_view name, const std::vector<Count>& counts,
                         std::string_view key_prefix);
std::string state_tone(std::string_view state);
/// Links to what else is asked of a case (routes_inquiry.cpp).
boost::json::array questions(const Site& site, const http::Request& request, const std::string& case_id, std::string_view current);

void add_case_routes(http::Router& router, const Site& site);
void add_contact_routes(http::Router& router, const Site& site);
void add_inquiry_routes(http::Router& router, const Site& site);
void add_chain_routes(http::Router& router, const Site& site);
void add_export_routes(http::Router& router, const Site& site);
void add_consent_routes(http::Router& router, const Site& site);
void add_task_routes(http::Router& router, const Site& site);
void add_colleague_routes(http::Router& router, const Site& site);

}  // namespace motcua::tracing
