// The door of a venue: one after the other, or a bus at once.
#include <boost/json.hpp>

#include "platform/crypto/crypto.hpp"
#include "rooms/venues/keeper.hpp"

namespace motcua::venues {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

/// Each line that says something.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t") != std::string_view::npos) lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

struct Answer {
  std::size_t read = 0;
  std::string refused;      // lines that nothing could be read from, to be corrected
  std::string reason;       // of the first of them
};

Result<Response> door_page(const Site& site, const Request& request, const Answer* answer, const Failure* failure) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.view_door"));
  TRY_ASSIGN(const Venue venue, site.venues->get_venue(keeper, request.param("venue_id")));
  json::object context{{"venue", venue.name}, {"action", pages::link(request, request.path)}, {"number", crypto::random_id("chk")}, {"closed", venue.closed_at.has_value()}};
  if (answer != nullptr) {
    context["done"] = answer->read == 0 ? "" : site.house->texts.text(request.lang, "venues.door_done", {{"n", std::to_string(answer->read)}});
    context["refused"] = answer->refused;
    context["reason"] = answer->reason;
  }
  pages::PageFrame frame{.title = site.text(request, "venues.door_title", {{"venue", venue.name}}), .active = "venues.nav_venues",
                         .crumbs = {{site.text(request, "venues.nav_venues"), "/venues"}, {venue.name, "/venues/" + venue.venue_id}, {site.text(request, "venues.door"), ""}}, .scripts = {"scan.js"}};
  return site.page(request, "venues/door", std::move(context), std::move(frame), failure);
}

Result<Response> check_in(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.check_in_shown"));
  auto shown = lines_of(request.form_value("shown"));
  if (shown.empty()) shown = lines_of(request.form_value("group"));
  const auto done = site.venues->check_in_shown(keeper, request.param("venue_id"), request.form_value("number"), shown, {});
  if (!done) return belongs_on_form(done.failure()) ? door_page(site, request, nullptr, &done.failure()) : Result<Response>(done.failure());
  Answer answer{done->outcomes.size(), {}, {}};
  for (const auto& [position, failure] : done->refused) {
    answer.refused += shown[position] + "\n";
    if (answer.reason.empty()) answer.reason = site.house->texts.sentence(request.lang, failure);
  }
  return door_page(site, request, &answer, nullptr);
}

}  // namespace

void add_door_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  router.add({.path = "/venues/{venue_id}/door", .access = for_staff(), .handler = [site](const Request& r) { return door_page(site, r, nullptr, nullptr); }, .summary = "The door of a venue"});
  router.add({.method = post, .path = "/venues/{venue_id}/door", .access = for_staff(), .handler = [site](const Request& r) { return check_in(site, r); }, .summary = "Check in who shows a card or says a phone"});
}

}  // namespace motcua::venues
