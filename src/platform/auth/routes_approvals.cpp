// What waits for a second person.
#include <boost/json.hpp>

#include "platform/auth/site.hpp"

namespace motcua::auth {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

std::string state_key(const Approval& a, Instant now) {
  const bool over = now > a.expires_at && (a.state == "asked" || a.state == "approved");
  return "auth.approval_state_" + (over ? std::string("expired") : a.state);
}

Result<Response> list_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto approvals, site.auth.approvals().list_for(*request.principal));
  json::array to_decide, own;
  for (const Approval& a : approvals) {
    const bool mine = a.requested_by == request.principal->account;
    std::string name;
    if (!mine) {
      TRY_ASSIGN(const auto account, site.auth.accounts().find(a.requested_by));
      if (account) name = account->display_name.reveal();
    }
    json::object row{{"id", a.id},
                     {"kind", site.text(request, "auth.approval_" + a.kind)},
                     {"area", site.area_name(request, a.area)},
                     {"purpose", a.purpose},
                     {"asked_by", name},
                     {"asked_at", site.time_text(request, a.requested_at)},
                     {"expires_at", site.time_text(request, a.expires_at)},
                     {"state", site.text(request, state_key(a, site.auth.now()))}};
    (mine ? own : to_decide).push_back(std::move(row));
  }
  const bool some_to_decide = !to_decide.empty(), some_own = !own.empty();
  json::object context{{"to_decide", std::move(to_decide)}, {"some_to_decide", some_to_decide}, {"own", std::move(own)}, {"some_own", some_own}};
  return site.page(request, "auth/approvals", std::move(context), "auth.approvals_title", pages::Layout::desk, failure);
}

http::Handler decision(Site site, bool approves) {
  return [site, approves](const Request& request) -> Result<Response> {
    const Approvals& approvals = site.auth.approvals();
    const std::string id = request.param("approval_id");
    const auto done = approves ? approvals.approve(request, id) : approvals.refuse(request, id);
    if (done) return Response::see_other(pages::link(request, "/approvals"));
    if (done.failure().kind != FailureKind::conflict) return done.failure();
    return list_page(site, request, &done.failure());
  };
}

}  // namespace

void add_approval_routes(http::Router& router, Site site) {
  const auto signed_in = http::Access::signed_in();
  router.add({.path = "/approvals", .access = signed_in, .handler = [site](const Request& r) { return list_page(site, r, nullptr); },
              .summary = "What waits for a second person"});
  router.add({.method = http::Method::post, .path = "/approvals/{approval_id}/approve", .access = signed_in, .handler = decision(site, true),
              .summary = "Approve"});
  router.add({.method = http::Method::post, .path = "/approvals/{approval_id}/refuse", .access = signed_in, .handler = decision(site, false),
              .summary = "Refuse"});
}

}  // namespace motcua::auth
