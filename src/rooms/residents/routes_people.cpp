// The resident's own page, who one is, and for whom one speaks.
#include <algorithm>
#include <boost/json.hpp>

#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "platform/i18n/format.hpp"
#include "platform/units/units.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

std::string relation_text(const Site& site, const Request& request, Relation relation) { return site.text(request, "residents.relation_" + std::string(to_text(relation))); }

}  // namespace

/// As people write it, and as parse_date reads it back: 27/03/1990, 03/1990, 1990. What cannot be read stays as typed.
std::string birth_text(const std::string& told) {
  const auto date = parse_date(told);
  if (!date) return told;
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return (date->day > 0 ? two(date->day) + "/" : "") + (date->month > 0 ? two(date->month) + "/" : "") + std::to_string(date->year);
}

namespace {

json::object show_person(const Site& site, const Request& request, const Person& p) {
  const Details& d = p.details.reveal();
  json::object row{{"name", d.full_name}, {"birth", birth_text(d.birth)}, {"relation", relation_text(site, request, p.relation)}, {"self", p.relation == Relation::self}, {"waits", p.waits},
                   {"proved", p.assurance == Assurance::proved}, {"href", pages::link(request, "/me/people/" + p.handle)},
                   {"code_href", pages::link(request, "/me/people/" + p.handle + "/code")}};
  row["links"] = p.waits ? json::array{} : site.house->pages.related(request, "resident", p.handle);
  return row;
}

Result<Response> my_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto people, site.residents->list_people(*request.resident));
  if (people.empty() || people.front().relation != Relation::self) return Response::see_other(pages::link(request, "/me/who"));
  TRY_ASSIGN(const auto proxies, site.residents->list_proxies(*request.resident));
  json::array rows, spoken_by;
  for (const auto& p : people) rows.push_back(show_person(site, request, p));
  for (const auto& p : proxies)
    spoken_by.push_back(json::object{{"relation", site.text(request, "residents.proxy_" + std::string(to_text(p.relation)))}, {"since", i18n::date_time(request.lang, p.since)},
                                     {"action", pages::link(request, "/me/proxies/" + p.handle + "/end")}});
  json::object context{{"people", std::move(rows)}, {"proxies", std::move(spoken_by)}, {"has_proxies", !proxies.empty()}, {"name", people.front().details.reveal().full_name},
                       {"may_add", people.size() < people_max}};
  return site.page(request, "residents/me", std::move(context), "residents.me_title");
}

}  // namespace

Details details_of(const Request& request, Details d) {
  for (const auto& [name, member] : {std::pair{"full_name", &Details::full_name}, std::pair{"birth", &Details::birth}, std::pair{"sex", &Details::sex}, std::pair{"id_number", &Details::id_number},
                                     std::pair{"phone", &Details::phone}, std::pair{"address", &Details::address}, std::pair{"ward_code", &Details::ward_code},
                                     std::pair{"nationality", &Details::nationality}, std::pair{"insurance_number", &Details::insurance_number}})
    if (request.form.contains(name)) d.*member = request.form_value(name);
  return d;
}

json::object details_context(const Site& site, const Request& request, const Details& d) {
  json::array sexes;
  for (const char* sex : {"female", "male", "other"}) sexes.push_back(json::object{{"value", sex}, {"label", site.text(request, std::string("residents.sex_") + sex)}, {"checked", d.sex == sex}});
  return {{"full_name", d.full_name}, {"birth", birth_text(d.birth)}, {"id_number", d.id_number}, {"phone", d.phone}, {"address", d.address}, {"insurance_number", d.insurance_number}, {"sexes", std::move(sexes)}};
}

namespace {

struct Form {
  const char* page;
  const char* title_key;
};
constexpr Form who_form{"residents/who", "residents.who_title"}, new_form{"residents/new_person", "residents.new_person_title"}, details_form{"residents/details", "residents.details_title"};

Response form_page(const Site& site, const Request& request, const Form& form, const Details& details, json::object more, const std::vector<Failure>& failures) {
  json::object context = details_context(site, request, details);
  for (auto& [key, value] : more) context[key] = std::move(value);
  return site.page(request, form.page, std::move(context), form.title_key, failures);
}

/// All that is wrong with what was told, not the first alone; a failure that lies elsewhere stands by itself.
std::vector<Failure> problems(const Site& site, const Request& request, const NewPerson& person, const Failure& failure) {
  auto all = site.people->problems_of(*request.resident, person);
  const bool among = std::any_of(all.begin(), all.end(), [&](const Failure& f) { return f.field == failure.field; });
  if (!among) all.insert(all.begin(), failure);
  return all;
}

json::object relations_context(const Site& site, const Request& request) {
  json::array rows;
  for (const Relation r : {Relation::child, Relation::parent, Relation::spouse, Relation::relative, Relation::neighbour})
    rows.push_back(json::object{{"value", to_text(r)}, {"label", relation_text(site, request, r)}, {"checked", request.form_value("relation") == to_text(r)}});
  return {{"relations", std::move(rows)}};
}

Result<Response> who_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto phone, site.residents->phone_of(request.resident->account));
  return form_page(site, request, who_form, {}, {{"own_phone", to_display_phone(phone.reveal())}, {"next", next_of(request)}}, {});
}

Result<Response> tell_who(const Site& site, const Request& request) {
  const NewPerson person{details_of(request), Relation::self};
  const auto added = site.residents->add_person(origin_of(request), *request.resident, person);
  if (added || added.failure().code == "residents.known_already") return Response::see_other(safe_next(request, next_of(request)));
  if (!belongs_on_form(added.failure())) return added.failure();
  TRY_ASSIGN(const auto phone, site.residents->phone_of(request.resident->account));
  return form_page(site, request, who_form, person.details, {{"own_phone", to_display_phone(phone.reveal())}, {"next", next_of(request)}}, problems(site, request, person, added.failure()));
}

Result<Response> add_person(const Site& site, const Request& request) {
  const auto relation = parse_relation(request.form_value("relation"));
  const NewPerson person{details_of(request), relation.value_or(Relation::relative)};
  const auto added = !relation || *relation == Relation::self ? Result<Person>(invalid("residents.relation_needed", "relation"))
                                                             : site.residents->add_person(origin_of(request), *request.resident, person);
  if (added) return Response::see_other(pages::link(request, added->waits ? "/me/people/" + added->handle + "/code" : "/me"));
  if (!belongs_on_form(added.failure())) return added.failure();
  return form_page(site, request, new_form, person.details, relations_context(site, request), problems(site, request, person, added.failure()));
}

Result<Response> consent_code_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto people, site.residents->list_people(*request.resident));
  for (const auto& p : people) {
    if (p.handle != request.param("person")) continue;
    if (!p.waits) return Response::see_other(pages::link(request, "/me"));
    return site.page(request, "residents/consent_code", {{"name", p.details.reveal().full_name}, {"phone", to_masked_phone(p.details.reveal().phone)}, {"action", pages::link(request, request.path)},
                                                          {"end", pages::link(request, "/me/people/" + p.handle + "/end")}}, "residents.consent_code_title", listed(failure));
  }
  return not_found("residents.no_such_person");
}

Result<Response> confirm(const Site& site, const Request& request) {
  const auto done = site.residents->confirm_person(origin_of(request), *request.resident, request.param("person"), request.form_value("code"));
  if (done) return Response::see_other(pages::link(request, "/me"));
  return belongs_on_form(done.failure()) ? consent_code_page(site, request, &done.failure()) : Result<Response>(done.failure());
}

Response person_page(const Site& site, const Request& request, const Person& person, const Details& details, const std::vector<Failure>& failures) {
  return form_page(site, request, details_form, details,
                   {{"action", pages::link(request, request.path)}, {"self", person.relation == Relation::self}, {"proved", person.assurance == Assurance::proved},
                    {"end", pages::link(request, request.path + "/end")}, {"phone_changes", person.basis == Basis::guardian}, {"next", next_of(request)}, {"back_href", safe_next(request, next_of(request))}}, failures);
}

Result<Response> details_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  return person_page(site, request, person, person.details.reveal(), {});
}

Result<Response> change_details(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  const Details told = details_of(request, person.details.reveal());
  const auto changed = site.residents->change_details(origin_of(request), *request.resident, person.handle, told);
  if (changed) return Response::see_other(safe_next(request, next_of(request)));
  if (!belongs_on_form(changed.failure())) return changed.failure();
  return person_page(site, request, person, told, problems(site, request, {told, person.relation}, changed.failure()));
}

}  // namespace

void add_people_routes(http::Router& router, const Site& site) {
  const auto resident = http::Access::resident();
  using enum http::Method;
  const auto add = [&](http::Method method, const char* path, const char* summary, auto handler) {
    router.add({.method = method, .path = path, .access = resident, .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
  };
  add(get, "/me", "The resident's own page", my_page);
  add(get, "/me/who", "Who one is, told once", who_page);
  add(post, "/me/who", "Tell who one is", tell_who);
  add(get, "/me/people/new", "Somebody else for whom one speaks", [](const Site& s, const Request& r) -> Result<Response> { return form_page(s, r, new_form, {}, relations_context(s, r), {}); });
  add(post, "/me/people/new", "Add somebody for whom one speaks", add_person);
  add(get, "/me/people/{person}/code", "The code by which somebody says yes", [](const Site& s, const Request& r) { return consent_code_page(s, r, nullptr); });
  add(post, "/me/people/{person}/code", "Somebody says yes", confirm);
  add(get, "/me/people/{person}", "What a person told of themselves", details_page);
  add(post, "/me/people/{person}", "Change what a person told", change_details);
  add(post, "/me/people/{person}/end", "Speak for somebody no more", [](const Site& s, const Request& r) -> Result<Response> {
    TRY(s.residents->end_person(origin_of(r), *r.resident, r.param("person")));
    return Response::see_other(pages::link(r, "/me"));
  });
  add(post, "/me/proxies/{person}/end", "Let somebody speak for one no more", [](const Site& s, const Request& r) -> Result<Response> {
    TRY(s.residents->end_proxy(origin_of(r), *r.resident, r.param("person")));
    return Response::see_other(pages::link(r, "/me"));
  });
}

}  // namespace motcua::residents
