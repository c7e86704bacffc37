// "This is wrong": what the register says of a person, and the person's own words against it, for identity's reviewers.
#include "platform/i18n/format.hpp"
#include "rooms/declarations/declaring_pages.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

/// Who the register calls this person. Nobody: they told everything themselves, and change it themselves.
struct Registered {
  residents::Person person;
  std::string person_id;                // empty: the register does not know them
  std::vector<identity::Identity::Objected> objected;
};
Result<Registered> registered_of(const DeclaringSite& site, const Request& request) {
  Registered out;
  TRY_ASSIGN(out.person, site.residents->get_person(*request.resident, request.param("person")));
  TRY(site.house->database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(const auto known, site.residents->find_known(reader, out.person));
    if (!known) return {};
    out.person_id = *known;
    TRY_ASSIGN(out.objected, site.identity->objected(reader, *known));
    return {};
  }));
  return out;
}

Result<Response> wrong_page(const DeclaringSite& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto registered, registered_of(site, request));
  if (registered.person_id.empty()) return Response::see_other(pages::link(request, "/me/people/" + registered.person.handle));
  TRY_ASSIGN(const auto known, site.declaring->known(registered.person));
  const auto& d = known.details.reveal();
  json::array rows, told;
  const std::pair<const char*, std::string> shown[] = {{"declarations.row_name", d.full_name}, {"declarations.row_birth", i18n::birth(request.lang, d.birth)}, {"declarations.row_address", d.address}};
  for (const auto& [key, answer] : shown)
    if (!answer.empty()) rows.push_back(json::object{{"question", site.text(request, key)}, {"answer", answer}});
  for (const auto& o : registered.objected)
    told.push_back(json::object{{"words", o.words.reveal()}, {"answer", o.answer.reveal()}, {"when", i18n::date_time(request.lang, o.at)}, {"state", site.text(request, "identity.objection_" + o.state)}});
  json::object context{{"rows", std::move(rows)}, {"any_told", !told.empty()}, {"told", std::move(told)}, {"words", request.form_value("words")}, {"next", residents::safe_next(request, residents::next_of(request))},
                       {"action", pages::link(request, request.path)}};
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  return site.page(request, "declarations/wrong", std::move(context), site.text(request, "declarations.wrong_title"), failure ? 422 : 200);
}

Result<Response> tell_wrong(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto registered, registered_of(site, request));
  if (registered.person_id.empty()) return not_found("residents.no_such_person");
  const auto told = site.identity->object(residents::act_of(*request.resident, "declarations.object", request.id), registered.person_id, request.form_value("words"));
  if (told) return Response::see_other(residents::safe_next(request, residents::next_of(request)));
  return told.failure().kind == FailureKind::invalid || told.failure().kind == FailureKind::conflict ? wrong_page(site, request, &told.failure()) : Result<Response>(told.failure());
}

}  // namespace

void add_wrong_routes(http::Router& router, const DeclaringSite& site) {
  using enum http::Method;
  router.add({.method = get, .path = "/me/wrong/{person}", .access = http::Access::resident(), .handler = [site](const Request& r) { return wrong_page(site, r, nullptr); },
              .summary = "What the register says of a person, and what is wrong with it"});
  router.add({.method = post, .path = "/me/wrong/{person}", .access = http::Access::resident(), .handler = [site](const Request& r) { return tell_wrong(site, r); },
              .summary = "Say that the register is wrong"});
}

}  // namespace motcua::declarations
