#include "rooms/identity/routes.hpp"

#include <boost/json.hpp>

#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "platform/units/units.hpp"

namespace motcua::identity {
namespace {

const std::vector<std::string> roles = {"tracer", "tracing_supervisor", "reviewer"};
constexpr auto purpose = "identity-review";

}  // namespace

http::Access for_reviewers() { return http::Access::roles(roles, purpose); }

Result<Viewer> viewer_for(const http::Request& request, std::string action) {
  TRY_ASSIGN(auto act, auth::act_of(request, {"tracer", "tracing_supervisor", "reviewer"}, purpose, std::move(action)));
  return Viewer{std::move(act), auth::areas_of(*request.principal, {"tracer", "tracing_supervisor", "reviewer"})};
}

bool belongs_on_page(const Failure& failure) { return failure.kind == FailureKind::invalid || failure.kind == FailureKind::conflict; }

std::string Site::when(const http::Request& request, Instant at) const { return i18n::date_time(request.lang, at); }

std::string Site::ward(const std::string& code) const {
  return code.empty() ? std::string() : house->units.full_name(code, vietnam_date(house->now()));
}

std::string Site::decider(const http::Request& request, const std::string& who) const {
  if (who == "auto" || who == "rule") return text(request, "identity.decided_" + who);
  if (request.principal && who == request.principal->account) return text(request, "identity.decided_me");
  return text(request, "identity.decided_colleague");
}

http::Response Site::page(const http::Request& request, std::string_view name, boost::json::object context, pages::PageFrame frame,
                          const Failure* failure) const {
  if (failure) pages::put_errors(house->texts, request.lang, {*failure}, context);
  const int status = !failure ? 200 : failure->kind == FailureKind::conflict ? 409 : 422;
  return http::Response::html(house->pages.render(request, name, std::move(context), frame), status);
}

void add_page_routes(http::Router& router, House& house, Identity& identity) {
  house.pages.add_navigation({"identity.nav_people", "/people", roles, 30});
  house.pages.add_navigation({"identity.nav_review", "/review", roles, 40, [&identity](const http::Request& r) -> Result<std::int64_t> {
                                TRY_ASSIGN(const auto viewer, viewer_for(r, "identity.list_review"));
                                TRY_ASSIGN(const auto page, identity.list_review(viewer, {.page_size = 1}));
                                return page.total;
                              }});
  const Site site{&house, &identity};
  add_person_routes(router, site);
  add_review_routes(router, site);
  add_repair_routes(router, site);
  add_model_routes(router, site);
  add_reader_routes(router, site);
}

}  // namespace motcua::identity
