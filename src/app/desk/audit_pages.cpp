// The auditor's view of the log: who did or saw what, when, in what role and why. Looking at it is on record too.
#include <boost/json.hpp>

#include "app/desk/site.hpp"
#include "platform/audit/audit.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr auto purpose = "audit";
constexpr int entries_a_page = 50;

/// What a room says for a code of the log; the code itself where none does.
std::string in_words(const Site& site, const Request& request, const std::string& prefix, const std::string& code) {
  return site.house->texts.has(prefix + code) ? site.text(request, prefix + code) : code;
}

Result<Response> log_page(const Site& site, const Request& request) {
  audit::Filter filter{.object = request.query_value("object"), .actor = request.query_value("actor"), .reads_only = request.query_value("reads") == "1"};
  if (const auto subject = request.query_value("subject"); !subject.empty()) filter.subjects = {subject};
  const auto before = std::atoll(request.query_value("before").c_str());
  TRY_ASSIGN(const auto act, auth::act_of(request, {"auditor"}, purpose, "audit.list"));
  TRY(audit::record_read(site.house->database, act, {}));
  TRY_ASSIGN(const auto page, site.house->database.read_value([&](storage::Reader& reader) {
    return audit::list_entries(reader, filter, before, entries_a_page);
  }));
  json::array rows;
  for (const auto& entry : page.entries)
    rows.push_back(json::object{{"seq", i18n::number(entry.seq)}, {"when", site.when(request, entry.at)}, {"actor", site.actor_name(request, entry.actor)},
                                {"actor_href", pages::link_with(request, "actor", entry.actor)}, {"role", in_words(site, request, "auth.role_", entry.role)}, {"purpose", in_words(site, request, "identity.purpose.", entry.purpose)},
                                {"action", in_words(site, request, "identity.act.", entry.action)}, {"object", entry.object}, {"subject", entry.subject}, {"area", entry.area},
                                {"kind", site.text(request, entry.read ? "desk.audit_read" : "desk.audit_change")}, {"tone", entry.read ? "info" : "warn"}});
  json::object context{{"entries", std::move(rows)}, {"any", !page.entries.empty()}, {"object", filter.object}, {"actor", filter.actor},
                       {"subject", request.query_value("subject")}, {"reads", filter.reads_only}, {"all_href", pages::link_with(request, "reads", "")},
                       {"reads_href", pages::link_with(request, "reads", "1")}};
  if (page.next_before) context["older"] = pages::link_with(request, "before", std::to_string(*page.next_before));
  return Response::html(site.house->pages.render(request, "desk/audit", std::move(context),
                                                 {.title = site.text(request, "desk.audit_title"), .active = "desk.nav_audit", .wide = true}));
}

}  // namespace

void add_audit_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"desk.nav_audit", "/audit", {"auditor"}, 530});
  router.add({.path = "/audit", .access = http::Access::roles({"auditor"}, purpose), .handler = [site](const Request& r) { return log_page(site, r); },
              .summary = "The audit log"});
}

}  // namespace motcua::app::desk
