// What was declared, with number and time, for the person to keep and to print; and the pass.
#include "platform/documents/qr.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/declarations/declaring_pages.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

/// What a gate may see, and no more.
Result<void> put_pass(const DeclaringSite& site, const Request& request, const IssuedPass& issued, json::object& context) {
  TRY_ASSIGN(const std::string words, site.declaring->passes().text_of(issued.pass));
  TRY_ASSIGN(const auto code, documents::encode_qr(words));
  context["qr"] = documents::qr_svg(code, site.text(request, "declarations.pass_qr_label"));
  context["state"] = site.text(request, "declarations.pass_" + std::string(to_text(issued.pass.state)));
  context["tone"] = issued.pass.state == PassState::red ? "bad" : issued.pass.state == PassState::yellow ? "warn" : "ok";
  context["issued"] = i18n::date_time(request.lang, issued.pass.issued_at);
  context["expires"] = i18n::date_time(request.lang, issued.pass.expires_at);
  context["has_pass"] = true;
  return {};
}

Result<Response> pass_page(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(const auto pass, site.declaring->pass_of(person));
  json::object context{{"name", person.details.reveal().full_name}, {"declare_href", pages::link(request, "/me/declare/" + person.handle + "/health")}};
  if (pass) {
    TRY(put_pass(site, request, *pass, context));
  }
  return site.page(request, "declarations/pass", std::move(context), site.text(request, "declarations.pass_title"));
}

std::string form_title(const DeclaringSite& site, const Request& request, const ToldDeclaration& told) {
  const Form* form = site.declaring->form_of(told);
  return form ? form->title.in(request.lang) : site.text(request, "declarations.declare_" + std::string(to_text(told.form)));
}

Result<Response> list_page(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(const auto told, site.declaring->list(person, told_max));
  json::array rows;
  for (const auto& d : told)
    rows.push_back(json::object{{"title", form_title(site, request, d)}, {"when", i18n::date_time(request.lang, d.declared_at)}, {"valid", site.house->now() < d.expires_at},
                                {"expires", i18n::date_time(request.lang, d.expires_at)}, {"href", pages::link(request, "/me/declarations/" + person.handle + "/" + d.declaration)}});
  json::object context{{"name", person.details.reveal().full_name}, {"any", !rows.empty()}, {"rows", std::move(rows)}};
  return site.page(request, "declarations/told", std::move(context), site.text(request, "declarations.told_title"));
}

json::array told_rows(const DeclaringSite& site, const Request& request, const Form& form, const ToldDeclaration& told) {
  const Reading reading = site.declaring->reading(told.declared_at);
  json::array rows;
  for (const Step& step : steps_of(form, told.answers)) {
    if (step.time > 0) {
      rows.push_back(json::object{{"question", step.page->title.in(request.lang) + " " + std::to_string(step.time)}, {"answer", show_step_in_line(step, told.answers, request.lang, reading)}});
      continue;
    }
    for (const auto& field : step.page->fields)
      if (const auto found = told.answers.find(field.id); found != told.answers.end())
        rows.push_back(json::object{{"question", field.label.in(request.lang)}, {"answer", show_answer(field, found->second, request.lang, reading)}});
  }
  return rows;
}

Result<Response> receipt_page(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(const auto told, site.declaring->get(person, request.param("declaration")));
  json::object context{{"name", person.details.reveal().full_name}, {"form_title", form_title(site, request, told)}, {"number", told.declaration},
                       {"declared", i18n::date_time(request.lang, told.declared_at)}, {"until", i18n::date_time(request.lang, told.expires_at)}, {"back", pages::link(request, "/me/declarations/" + person.handle)}};
  if (const Form* form = site.declaring->form_of(told)) context["rows"] = told_rows(site, request, *form, told);
  TRY_ASSIGN(const auto pass, site.declaring->pass_of(person, told.pass_id));
  if (pass) {
    TRY(put_pass(site, request, *pass, context));
  }
  return site.page(request, "declarations/receipt", std::move(context), site.text(request, "declarations.receipt_title"));
}

}  // namespace

void add_receipt_routes(http::Router& router, const DeclaringSite& site) {
  const auto add = [&](const char* path, const char* summary, auto page) {
    router.add({.path = path, .access = http::Access::resident(), .handler = [site, page](const Request& r) -> Result<Response> { return page(site, r); }, .summary = summary});
  };
  add("/me/pass/{person}", "The pass of a person", pass_page);
  add("/me/declarations/{person}", "What was declared for a person here", list_page);
  add("/me/declarations/{person}/{declaration}", "The receipt of a declaration", receipt_page);
}

}  // namespace motcua::declarations
