// A resident declares, page by page and without script: questions, one page to confirm, the pass as receipt.
#include <algorithm>
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/config/config.hpp"
#include "platform/documents/qr.hpp"
#include "platform/i18n/format.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

struct Site {
  House* house;
  residents::Residents* residents;
  const Declaring* declaring;

  std::string text(const Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
  Response page(const Request& request, std::string_view name, json::object context, std::string title, int status = 200) const {
    return Response::html(house->pages.render(request, name, std::move(context), {.title = std::move(title), .layout = pages::Layout::citizen}), status);
  }
};

Act teller_of(const Request& request) { return residents::act_of(*request.resident, "declarations.declare", request.id); }

/// Whom and what an address names. Whose it is comes first: what is not the asker's own is not there, whatever else the address says.
struct Asked {
  residents::Person person;
  const Form* form = nullptr;
  std::string base;                     // "/me/declare/{person}/{form}"
};
Result<Asked> asked_of(const Site& site, const Request& request) {
  Asked asked;
  TRY_ASSIGN(asked.person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(asked.form, site.declaring->form_today(request.param("form")));
  asked.base = "/me/declare/" + asked.person.handle + "/" + std::string(to_text(asked.form->kind));
  return asked;
}

// ---- one page of questions

json::object show_field(const Site& site, const Request& request, const Field& field, const FormAnswers& answers, const std::vector<Failure>& failures) {
  const auto found = answers.find(field.id);
  const auto values = found == answers.end() ? std::vector<std::string>() : found->second;
  json::object out{{"id", field.id}, {"label", field.label.in(request.lang)}, {"hint", field.hint.in(request.lang)}, {"why", field.why.in(request.lang)},
                   {"is_text", field.kind == FieldKind::text}, {"is_choices", field.kind == FieldKind::choices}, {"is_yes_no", field.kind == FieldKind::yes_no}};
  if (field.kind == FieldKind::text) out["value"] = values.empty() ? "" : values[0];
  json::array choices;
  for (std::size_t i = 0; i < field.choices.size(); ++i) {
    const auto& c = field.choices[i];
    // The first has the field's own id: there the summary of errors leads.
    choices.push_back(json::object{{"value", c.value}, {"label", c.label.in(request.lang)}, {"input", i == 0 ? field.id : field.id + "-" + c.value},
                                   {"checked", std::find(values.begin(), values.end(), c.value) != values.end()}});
  }
  out["options"] = std::move(choices);
  for (const auto& failure : failures)
    if (failure.field == field.id) out["error"] = site.text(request, failure.code, failure.args);
  return out;
}

Response question_page(const Site& site, const Request& request, const Asked& asked, const FormPage& page, const FormAnswers& answers, const std::vector<Failure>& failures) {
  const Form& form = *asked.form;
  const auto number = static_cast<std::size_t>(&page - form.pages.data());
  json::array fields;
  for (const auto& field : page.fields) fields.push_back(show_field(site, request, field, answers, failures));
  const std::string back = number == 0 ? "/me" : asked.base + "/" + form.pages[number - 1].id;
  json::object context{{"fields", std::move(fields)}, {"back", pages::link(request, back)}, {"action", pages::link(request, asked.base + "/" + page.id)},
                       {"number", std::to_string(number + 1)}, {"of", std::to_string(form.pages.size())}, {"form_title", form.title.in(request.lang)},
                       {"name", asked.person.details.reveal().full_name}};
  if (!failures.empty()) pages::put_errors(site.house->texts, request.lang, failures, context);
  return site.page(request, "declarations/question", std::move(context), page.fields[0].label.in(request.lang), failures.empty() ? 200 : 422);
}

Result<Response> show_question(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  const FormPage* page = find_page(*asked.form, request.param("page"));
  if (!page) return not_found("declarations.no_such_form");
  TRY_ASSIGN(const auto draft, site.declaring->open(asked.person, *asked.form));
  return question_page(site, request, asked, *page, draft.answers, {});
}

Result<Response> answer_question(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  const FormPage* page = find_page(*asked.form, request.param("page"));
  if (!page) return not_found("declarations.no_such_form");
  TRY_ASSIGN(auto draft, site.declaring->open(asked.person, *asked.form));
  for (const auto& field : page->fields) {
    draft.answers.erase(field.id);
    const auto [from, to] = request.form.equal_range(field.id);
    for (auto at = from; at != to; ++at)
      if (!at->second.empty()) draft.answers[field.id].push_back(at->second);
  }
  if (const auto failures = check_page(*page, draft.answers); !failures.empty()) return question_page(site, request, asked, *page, draft.answers, failures);
  TRY(site.declaring->save_draft(teller_of(request), asked.person, *asked.form, draft));
  const FormPage* next = first_open_page(*asked.form, draft.answers);
  return Response::see_other(pages::link(request, asked.base + (next ? "/" + next->id : "")));
}

// ---- is this right?

/// "Fever, cough"; "Yes · Đà Nẵng" stays two rows.
std::string answer_text(const Field& field, const std::vector<std::string>& values, std::string_view lang) {
  std::string out;
  for (const auto& value : values) {
    const auto choice = std::find_if(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == value; });
    out += (out.empty() ? "" : ", ") + (choice == field.choices.end() ? value : choice->label.in(lang));
  }
  return out;
}

json::array known_rows(const Site& site, const Request& request, const Asked& asked, const KnownDetails& known) {
  const auto& d = known.details.reveal();
  const std::string day = known.at ? i18n::date_short(request.lang, vietnam_date(*known.at)) : "";
  const std::string source = site.text(request, known.registered ? "declarations.from_register" : "declarations.from_you", {{"day", day}});
  const std::string href = pages::link(request, "/me/people/" + asked.person.handle);
  json::array rows;
  const auto add = [&](const char* key, const std::string& answer) {
    if (!answer.empty()) rows.push_back(json::object{{"question", site.text(request, key)}, {"answer", answer}, {"source", source}, {"href", href}});
  };
  add("declarations.row_name", d.full_name);
  add("declarations.row_birth", i18n::birth(request.lang, d.birth));
  add("declarations.row_address", d.address);
  return rows;
}

Result<Response> check_page_of(const Site& site, const Request& request, const Asked& asked, const Draft& draft, const Failure* failure) {
  TRY_ASSIGN(const auto known, site.declaring->known(asked.person));
  json::array rows = known_rows(site, request, asked, known);
  const std::string source = draft.from ? site.text(request, "declarations.from_last", {{"day", i18n::date_short(request.lang, vietnam_date(*draft.from))}}) : "";
  for (const auto& page : asked.form->pages)
    for (const auto& field : page.fields) {
      const auto found = draft.answers.find(field.id);
      if (found == draft.answers.end() || !is_asked(field, draft.answers)) continue;
      rows.push_back(json::object{{"question", field.label.in(request.lang)}, {"answer", answer_text(field, found->second, request.lang)}, {"source", source},
                                  {"href", pages::link(request, asked.base + "/" + page.id)}});
    }
  const std::string title = site.text(request, draft.from ? "declarations.still_right_title" : "declarations.check_title");
  json::object context{{"rows", std::move(rows)}, {"title", title}, {"again", draft.from.has_value()}, {"form_title", asked.form->title.in(request.lang)}, {"declaration", draft.declaration},
                       {"action", pages::link(request, asked.base)}, {"days", std::to_string(site.house->settings.duration("retention.declarations_days") / std::chrono::days(1))}};
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  return site.page(request, "declarations/check", std::move(context), title, failure ? 409 : 200);
}

Result<Response> begin(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  TRY_ASSIGN(const auto draft, site.declaring->open(asked.person, *asked.form));
  if (const FormPage* open = first_open_page(*asked.form, draft.answers)) return Response::see_other(pages::link(request, asked.base + "/" + open->id));
  return check_page_of(site, request, asked, draft, nullptr);
}

Result<Response> send(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  const std::string number = request.form_value("declaration");
  TRY_ASSIGN(const auto sent, site.declaring->find(asked.person, number));
  if (!sent) {
    TRY_ASSIGN(auto draft, site.declaring->open(asked.person, *asked.form));
    if (const FormPage* open = first_open_page(*asked.form, draft.answers)) return Response::see_other(pages::link(request, asked.base + "/" + open->id));
    draft.declaration = number;
    const auto told = site.declaring->submit(teller_of(request), asked.person, *asked.form, draft);
    if (!told && told.failure().kind == FailureKind::conflict) return check_page_of(site, request, asked, draft, &told.failure());
    if (!told) return told.failure();
  }
  return Response::see_other(pages::link(request, "/me/pass/" + asked.person.handle));
}

// ---- the pass, which is the receipt

/// What a gate may see, and no more.
Result<void> put_pass(const Site& site, const Request& request, const IssuedPass& issued, json::object& context) {
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

Result<Response> pass_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(const auto pass, site.declaring->pass_of(person));
  json::object context{{"name", person.details.reveal().full_name}, {"declare_href", pages::link(request, "/me/declare/" + person.handle + "/health")}};
  if (pass) {
    TRY(put_pass(site, request, *pass, context));
  }
  return site.page(request, "declarations/pass", std::move(context), site.text(request, "declarations.pass_title"));
}

}  // namespace

void add_declaring_routes(http::Router& router, House& house, residents::Residents& residents, const Declaring& declaring) {
  house.pages.add_related("resident", {"declarations.declare_health", "/me/declare/{id}/health", pages::for_residents, 5});
  house.pages.add_related("resident", {"declarations.declare_daily", "/me/declare/{id}/daily", pages::for_residents, 6});
  house.pages.add_related("resident", {"declarations.pass_link", "/me/pass/{id}", pages::for_residents, 7});
  const Site site{&house, &residents, &declaring};
  const auto add = [&](http::Method method, const char* path, const char* summary, auto handler) {
    router.add({.method = method, .path = path, .access = http::Access::resident(), .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
  };
  using enum http::Method;
  add(get, "/me/declare/{person}/{form}", "Is this still right today? Or the first question", begin);
  add(post, "/me/declare/{person}/{form}", "Send a declaration", send);
  add(get, "/me/declare/{person}/{form}/{page}", "One question of a declaration", show_question);
  add(post, "/me/declare/{person}/{form}/{page}", "Answer one question", answer_question);
  add(get, "/me/pass/{person}", "The pass of a person", pass_page);
}

}  // namespace motcua::declarations
