#include "rooms/declarations/routes.hpp"

#include <boost/json/array.hpp>

#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "platform/pages/pages.hpp"

namespace motcua::declarations {
namespace {

namespace json = boost::json;

const std::vector<std::string> readers = {"tracer", "tracing_supervisor", "reviewer"};
constexpr auto purpose = "identity-review";
constexpr int declarations_shown_max = 200;

/// "fever, cough · near a case": what was said, in words; "nothing" when nothing was.
std::string said(const House& house, const std::string& lang, const DeclarationSummary& d) {
  std::string out;
  const auto add = [&](const std::string& key) { out += (out.empty() ? "" : ", ") + house.texts.text(lang, key); };
  for (const auto& symptom : d.symptoms) add("declarations.symptom_" + symptom);
  if (d.contact_with_case) add("declarations.contact_with_case");
  if (d.contact_with_symptomatic) add("declarations.contact_with_symptomatic");
  if (d.from_affected_area) add("declarations.from_affected_area");
  return out.empty() ? house.texts.text(lang, "declarations.nothing_said") : out;
}

struct Site {
  House* house;
  identity::Identity* identity;
  Declarations* declarations;

  /// Identity says whether this reader may see the person, and puts the look on record.
  Result<http::Response> of_person(const http::Request& request) const {
    const std::string person = request.param("person_id");
    TRY_ASSIGN(auto act, auth::act_of(request, {"tracer", "tracing_supervisor", "reviewer"}, purpose, "declarations.view_person"));
    const identity::Viewer viewer{std::move(act), auth::areas_of(*request.principal, {"tracer", "tracing_supervisor", "reviewer"})};
    TRY_ASSIGN(const auto view, identity->view_person(viewer, person));
    std::vector<std::string> subjects;
    for (const auto& record : view.records) subjects.push_back(record.subject);
    TRY_ASSIGN(const auto told, house->database.read_value([&](storage::Reader& reader) {
      return declarations->of_subjects(reader, subjects, declarations_shown_max);
    }));
    json::array rows;
    for (const auto& d : told)
      rows.push_back(json::object{{"when", i18n::date_time(request.lang, d.declared_at)}, {"source", d.source}, {"said", said(*house, request.lang, d)}});
    json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"name", view.summary.full_name.reveal()},
                         {"person_href", pages::link(request, "/people/" + person)}};
    pages::PageFrame frame;
    frame.title = house->texts.text(request.lang, "declarations.person_title");
    frame.active = "identity.nav_people";
    return http::Response::html(house->pages.render(request, "declarations/person", std::move(context), frame));
  }
};

}  // namespace

void add_page_routes(http::Router& router, House& house, identity::Identity& identity, Declarations& declarations) {
  house.pages.add_related("person", {"declarations.related", "/people/{id}/declarations", readers, 5});
  const Site site{&house, &identity, &declarations};
  router.add({.method = http::Method::get, .path = "/people/{person_id}/declarations", .access = http::Access::roles(readers, purpose),
              .handler = [site](const http::Request& request) { return site.of_person(request); }, .summary = "What a person declared"});
}

}  // namespace motcua::declarations
