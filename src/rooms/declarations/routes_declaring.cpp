// A resident declares, page by page and without script. Checking and sending: routes_sending.cpp; receipt and pass: routes_receipt.cpp.
#include <algorithm>

#include "rooms/declarations/declaring_pages.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

std::string title_of(const Step& step, const json::array& fields, std::string_view lang) {
  if (step.page->title.vi.empty()) return std::string(fields.empty() ? step.page->fields[0].label.in(lang) : fields[0].at("label").as_string().c_str());
  return step.page->title.in(lang) + (step.time > 0 ? " " + std::to_string(step.time) : "");
}

std::string back_of(const Asked& asked, const std::vector<Step>& steps, const Step& step) {
  std::string back = "/me";
  for (const Step& s : steps) {
    if (s.page == step.page && s.time == step.time) break;
    if (s.page > step.page) break;
    back = asked.base + "/" + to_text(s);
  }
  return back;
}

Response question_page(const DeclaringSite& site, const Request& request, const Asked& asked, const Step& step, const FormAnswers& answers, const std::vector<Failure>& failures) {
  const Form& form = *asked.form;
  const auto steps = steps_of(form, answers);
  int number = 0, of = 0;
  for (const auto& page : form.pages)
    if (is_asked(page, answers)) ++of, number += &page <= step.page ? 1 : 0;
  json::array fields = show_step(*site.house, request.lang, step, answers, failures, site.declaring->reading());
  const std::string title = title_of(step, fields, request.lang);
  const int times = times_of(*step.page, answers);
  json::object context{{"fields", std::move(fields)}, {"back", pages::link(request, back_of(asked, steps, step))}, {"action", pages::link(request, asked.base + "/" + to_text(step))},
                       {"number", std::to_string(number)}, {"of", std::to_string(of)}, {"form_title", form.title.in(request.lang)}, {"name", asked.person.details.reveal().full_name},
                       {"page_title", step.page->title.vi.empty() ? "" : title}, {"repeats", step.time > 0 && step.time < step.page->repeat && step.time >= times},
                       {"removable", step.time > 0 && times > 1 && step.time <= times}};
  if (!failures.empty()) pages::put_errors(site.house->texts, request.lang, failures, context);
  return site.page(request, "declarations/question", std::move(context), title, failures.empty() ? 200 : 422);
}

Result<Response> show_question(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  TRY_ASSIGN(const auto draft, site.declaring->open(asked.person, *asked.form));
  const auto step = find_step(*asked.form, request.param("page"), draft.answers);
  if (!step) return not_found("declarations.no_such_form");
  return question_page(site, request, asked, *step, draft.answers, {});
}

Result<Response> remove_step(const DeclaringSite& site, const Request& request, const Asked& asked, const Step& step, Draft draft) {
  draft.answers = without_step(step, std::move(draft.answers));
  TRY(site.declaring->save_draft(teller_of(request), asked.person, *asked.form, draft));
  return Response::see_other(pages::link(request, asked.base));
}

Result<Response> answer_question(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  const Form& form = *asked.form;
  TRY_ASSIGN(auto draft, site.declaring->open(asked.person, form));
  const auto step = find_step(form, request.param("page"), draft.answers);
  if (!step) return not_found("declarations.no_such_form");
  const std::string then = request.form_value("then");
  if (then == "remove") return remove_step(site, request, asked, *step, std::move(draft));
  for (const auto& field : step->page->fields) draft.answers.erase(key_of(field, step->time));
  draft.answers.merge(typed_answers(request, *step, site.declaring->reading()));
  auto [answers, failures] = read_answers(form, draft.answers, site.declaring->reading());
  std::erase_if(failures, [&](const Failure& f) {
    return std::none_of(step->page->fields.begin(), step->page->fields.end(), [&](const Field& field) { return key_of(field, step->time) == f.field; });
  });
  if (!failures.empty()) return question_page(site, request, asked, *step, draft.answers, failures);
  draft.answers = std::move(answers);
  TRY(site.declaring->save_draft(teller_of(request), asked.person, form, draft));
  if (then == "another" && step->time < step->page->repeat) return Response::see_other(pages::link(request, asked.base + "/" + to_text(Step{step->page, step->time + 1})));
  const auto next = first_open_step(form, draft.answers);
  return Response::see_other(pages::link(request, asked.base + (next ? "/" + to_text(*next) : "")));
}

}  // namespace

Act teller_of(const Request& request) { return residents::act_of(*request.resident, "declarations.declare", request.id); }

Result<Asked> asked_of(const DeclaringSite& site, const Request& request) {
  Asked asked;
  TRY_ASSIGN(asked.person, site.residents->get_person(*request.resident, request.param("person")));
  TRY_ASSIGN(asked.form, site.declaring->form_today(request.param("form")));
  asked.base = "/me/declare/" + asked.person.handle + "/" + std::string(to_text(asked.form->kind));
  return asked;
}

void add_question_routes(http::Router& router, const DeclaringSite& site) {
  using enum http::Method;
  router.add({.method = get, .path = "/me/declare/{person}/{form}/{page}", .access = http::Access::resident(), .handler = [site](const Request& r) { return show_question(site, r); },
              .summary = "One question of a declaration"});
  router.add({.method = post, .path = "/me/declare/{person}/{form}/{page}", .access = http::Access::resident(), .handler = [site](const Request& r) { return answer_question(site, r); },
              .summary = "Answer one question"});
}

void add_declaring_routes(http::Router& router, House& house, identity::Identity& identity, residents::Residents& residents, const Declaring& declaring) {
  int order = 5;
  for (const char* form : {"health", "daily", "domestic", "entry"})
    house.pages.add_related("resident", {std::string("declarations.declare_") + form, std::string("/me/declare/{id}/") + form, pages::for_residents, order++});
  house.pages.add_related("resident", {"declarations.pass_link", "/me/pass/{id}", pages::for_residents, order++});
  house.pages.add_related("resident", {"declarations.told_link", "/me/declarations/{id}", pages::for_residents, order++});
  const DeclaringSite site{&house, &identity, &residents, &declaring};
  add_question_routes(router, site);
  add_sending_routes(router, site);
  add_receipt_routes(router, site);
  add_wrong_routes(router, site);
}

}  // namespace motcua::declarations
