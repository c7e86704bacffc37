// The list as a file. What fits a screen anyway is given at once; more is a bulk export and needs a second person (trust.md, promise 9).
#include <algorithm>
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/auth/approval.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/target.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr std::int64_t rows_alone_max = page_size_max;   // as many as one may look at on one page

ContactFilter filter_of(const Request& request) {
  const auto value = [&](const std::string& name) { return filter_value(request, name); };
  return {.case_id = request.param("case_id"), .class_name = value("class"), .ward_code = value("ward"), .state = value("state"), .page_size = 1};
}

/// What exactly was asked for and shown: the approval holds for this and nothing else.
std::string params_hash(const ContactFilter& filter) {
  return to_hex(crypto::sha256("tracing.export|" + filter.case_id + "|" + filter.class_name + "|" + filter.ward_code + "|" + filter.state));
}

std::optional<auth::Approval> find_approval(const std::vector<auth::Approval>& all, const Request& request, const std::string& hash, Instant now) {
  for (const auto& approval : all)
    if (approval.params_hash == hash && approval.requested_by == request.principal->account && approval.expires_at > now &&
        (approval.state == "approved" || approval.state == "asked"))
      return approval;
  return std::nullopt;
}

Result<Response> export_page(const Site& site, const Request& request) {
  const auto filter = filter_of(request);
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), filter.case_id));
  TRY_ASSIGN(const auto counted, site.tracing->list_contacts(asker_for(request, "tracing.list_contacts"), filter));
  const auth::Approvals approvals(site.house->database, site.house->units, site.house->now);
  TRY_ASSIGN(const auto mine, approvals.list_for(*request.principal));
  const auto approval = find_approval(mine, request, params_hash(filter), site.house->now());
  const bool alone = counted.total <= rows_alone_max;
  const std::string title = site.text(request, "tracing.export_title");
  json::object context{{"name", view.full_name.reveal()}, {"total", i18n::number(counted.total)}, {"alone_max", i18n::number(rows_alone_max)}, {"class", filter.class_name},
                       {"ward", filter.ward_code}, {"state", filter.state}, {"case_href", pages::link(request, "/cases/" + filter.case_id)},
                       {"may_download", alone || (approval && approval->state == "approved")}, {"waiting", !alone && approval && approval->state == "asked"},
                       {"must_ask", !alone && !approval}, {"second", !alone}, {"action", pages::link(request, "/cases/" + filter.case_id + "/export")},
                       {"approval", approval ? approval->id : ""}};
  return site.page(request, "tracing/export", std::move(context),
                   {.title = title, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {view.full_name.reveal(), "/cases/" + view.case_id}, {title, ""}}});
}

Result<Response> ask(const Site& site, const Request& request, const ContactFilter& filter) {
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), filter.case_id));
  const auth::Approvals approvals(site.house->database, site.house->units, site.house->now);
  TRY(approvals.request_approval(request, {.kind = "bulk_export", .params_hash = params_hash(filter), .area = view.ward_code, .purpose = "contact-tracing"}));
  std::string back = "/cases/" + filter.case_id + "/export";
  char joint = '?';
  for (const auto& [name, value] : {std::pair{"class", filter.class_name}, {"ward", filter.ward_code}, {"state", filter.state}}) {
    if (value.empty()) continue;
    back += joint + (std::string(name) + "=" + http::percent_encode(value));
    joint = '&';
  }
  return Response::see_other(pages::link(request, back));
}

Result<Response> download(const Site& site, const Request& request) {
  const auto filter = filter_of(request);
  if (request.form_value("ask") == "1") return ask(site, request, filter);
  const Asker asker = asker_for(request, "tracing.export_contacts");
  TRY_ASSIGN(const auto counted, site.tracing->list_contacts(asker, filter));
  if (counted.total > rows_alone_max)
    TRY(site.house->database.write(asker.act, [&](storage::Transaction& tx) {
      return auth::Approvals::consume(tx, request.principal->account, request.form_value("approval"), "bulk_export", params_hash(filter), site.house->now());
    }));
  TRY_ASSIGN(auto csv, site.tracing->export_contacts(asker, filter));
  return Response::csv(std::move(csv), "contacts-" + filter.case_id.substr(0, 12));
}

}  // namespace

void add_export_routes(http::Router& router, const Site& site) {
  router.add({.path = "/cases/{case_id}/export", .access = for_tracers(), .handler = [site](const Request& r) { return export_page(site, r); }, .summary = "The list as a file: the form"});
  router.add({.method = http::Method::post, .path = "/cases/{case_id}/export", .access = for_tracers(), .handler = [site](const Request& r) { return download(site, r); },
              .summary = "The list as a file, or a second person's consent to it"});
}

}  // namespace motcua::tracing
