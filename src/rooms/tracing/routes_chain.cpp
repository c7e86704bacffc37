// The chain of transmission as a picture with its table behind it, and the case's timeline.
#include <algorithm>
#include <boost/json.hpp>

#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int nodes_shown = 60;       // as many as stay legible; more are said to be left out
constexpr int timeline_events_max = 300;

ChainRequest chain_of(const Request& request) {
  const int level = request.query_value("level").empty() ? 2 : std::atoi(request.query_value("level").c_str());
  return {.case_id = request.param("case_id"), .level_max = std::clamp(level, 1, trace_depth_max), .nodes_max = nodes_shown, .around_person = request.query_value("around")};
}

std::string edge_label(const Site& site, const Request& request, const ChainEdge& edge) {
  return site.text(request, "tracing.kind_" + edge.kind) + " · " + i18n::minutes(site.house->texts, request.lang, edge.minutes);
}

std::string name_of(const Site& site, const Request& request, const ChainNode& node) {
  return node.label.empty() ? site.text(request, "tracing.no_name") : node.label;
}

Result<Response> chain_json(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto chain, site.tracing->get_chain(asker_for(request, "tracing.view_chain"), chain_of(request)));
  json::array nodes, edges;
  for (const auto& node : chain.nodes)
    nodes.push_back(json::object{{"id", node.person_id}, {"label", name_of(site, request, node)}, {"class", node.class_name}, {"level", node.level},
                                 {"href", node.contact_id.empty() ? "" : pages::link(request, "/contacts/" + node.contact_id)}});
  for (const auto& edge : chain.edges)
    edges.push_back(json::object{{"from", edge.from}, {"to", edge.to}, {"label", edge_label(site, request, edge)}});
  return Response::json(json::serialize(json::object{{"nodes", std::move(nodes)}, {"edges", std::move(edges)}}));
}

Result<Response> chain_page(const Site& site, const Request& request) {
  const auto asked = chain_of(request);
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), asked.case_id));
  TRY_ASSIGN(const auto chain, site.tracing->get_chain(asker_for(request, "tracing.view_chain"), asked));
  std::map<std::string, const ChainNode*> nodes;
  for (const auto& node : chain.nodes) nodes[node.person_id] = &node;
  json::array rows, levels;
  for (const auto& edge : chain.edges) {
    const auto from = nodes.find(edge.from), to = nodes.find(edge.to);
    if (from == nodes.end() || to == nodes.end()) continue;
    json::object row{{"from", name_of(site, request, *from->second)}, {"from_class", from->second->class_name}, {"to", name_of(site, request, *to->second)}, {"to_class", to->second->class_name},
                     {"when", site.when(request, edge.at)}, {"sentence", site.say(request, edge.reason)}};
    if (!to->second->contact_id.empty()) row["to_href"] = pages::link(request, "/contacts/" + to->second->contact_id);
    rows.push_back(std::move(row));
  }
  for (int level = 1; level <= std::max(view.depth, 2); ++level)
    levels.push_back(json::object{{"label", site.text(request, "tracing.chain_to", {{"class", "F" + std::to_string(level)}})}, {"current", level == asked.level_max},
                                  {"href", pages::link_with(request, "level", std::to_string(level))}});
  std::string source = pages::link(request, "/cases/" + asked.case_id + "/chain.json") + "?level=" + std::to_string(asked.level_max);
  if (!asked.around_person.empty()) source += "&around=" + asked.around_person;
  const std::string title = site.text(request, "tracing.chain_title");
  json::object context{{"source", source}, {"any", !rows.empty()}, {"rows", std::move(rows)}, {"levels", std::move(levels)},
                       {"left_out", chain.left_out > 0 ? i18n::number(chain.left_out) : ""}, {"case_href", pages::link(request, "/cases/" + asked.case_id)},
                       {"around", !asked.around_person.empty()}, {"whole_href", pages::link(request, request.path)}, {"name", view.full_name.reveal()}};
  return site.page(request, "tracing/chain", std::move(context),
                   {.title = title, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {view.full_name.reveal(), "/cases/" + view.case_id}, {title, ""}},
                    .scripts = {"chain.js"}, .wide = true});
}

Result<Response> timeline_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  TRY_ASSIGN(const auto events, site.tracing->list_timeline(asker_for(request, "tracing.view_timeline"), id, timeline_events_max));
  json::array days;
  std::int64_t exposures = 0, all = 0;
  for (const auto& one : view.by_class) all += one.contacts;
  std::optional<Date> day;
  for (const auto& event : events) {
    const Date on = vietnam_date(event.at);
    if (!day || *day != on) days.push_back(json::object{{"day", i18n::date_long(site.house->texts, request.lang, on)}, {"events", json::array()}});
    day = on;
    json::object entry{{"time", i18n::time_of_day(event.at)}, {"kind", event.kind}, {"sentence", site.say(request, event.text)}};
    if (!event.contact_id.empty()) {
      ++exposures;
      const std::string& name = event.full_name.reveal();
      entry["href"] = pages::link(request, "/contacts/" + event.contact_id);
      entry["class"] = event.class_name;
      entry["name"] = name.empty() ? site.text(request, "tracing.no_name") : name;
    }
    days.back().as_object()["events"].as_array().push_back(std::move(entry));
  }
  const std::string title = site.text(request, "tracing.timeline_title");
  json::object context{{"any", !days.empty()}, {"days", std::move(days)}, {"name", view.full_name.reveal()}, {"case_href", pages::link(request, "/cases/" + id)}};
  if (all > exposures) context["left_out"] = site.text(request, "tracing.timeline_left_out", {{"shown", i18n::number(exposures)}, {"left_out", i18n::number(all - exposures)}});
  return site.page(request, "tracing/timeline", std::move(context),
                   {.title = title, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {view.full_name.reveal(), "/cases/" + id}, {title, ""}}});
}

}  // namespace

void add_chain_routes(http::Router& router, const Site& site) {
  router.add({.path = "/cases/{case_id}/chain", .access = for_all(), .handler = [site](const Request& r) { return chain_page(site, r); }, .summary = "The chain of a case"});
  router.add({.path = "/cases/{case_id}/chain.json", .access = for_all(), .handler = [site](const Request& r) { return chain_json(site, r); },
              .summary = "The chain of a case as nodes and edges"});
  router.add({.path = "/cases/{case_id}/timeline", .access = for_all(), .handler = [site](const Request& r) { return timeline_page(site, r); },
              .summary = "What happened when"});
}

}  // namespace motcua::tracing
