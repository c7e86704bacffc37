// Is this right? Everything on one page with its source, and one button. What the register says wrongly is told from here, too.
#include <algorithm>

#include "base/ids.hpp"
#include "platform/config/config.hpp"
#include "platform/http/target.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/declarations/declaring_pages.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

std::string source_text(const DeclaringSite& site, const Request& request, const Filled& source) {
  return site.text(request, "declarations.from_" + source.source, {{"day", i18n::date_short(request.lang, vietnam_date(source.at))}});
}

json::array known_rows(const DeclaringSite& site, const Request& request, const Asked& asked, const KnownDetails& known) {
  const auto& d = known.details.reveal();
  const std::string source = known.at ? source_text(site, request, {known.registered ? "register" : "you", *known.at}) : "";
  const std::string next = "?next=" + http::percent_encode(pages::link(request, asked.base));
  const std::string href = pages::link(request, (known.registered ? "/me/wrong/" : "/me/people/") + asked.person.handle) + next;
  json::array rows;
  const auto add = [&](const char* key, const std::string& answer) {
    if (!answer.empty()) rows.push_back(json::object{{"question", site.text(request, key)}, {"answer", answer}, {"source", source}, {"href", href}, {"registered", known.registered}});
  };
  add("declarations.row_name", d.full_name);
  add("declarations.row_birth", i18n::birth(request.lang, d.birth));
  add("declarations.row_address", d.address);
  return rows;
}

/// One time of a repeated page is one row.
json::object step_row(const DeclaringSite& site, const Request& request, const Asked& asked, const Step& step, const Draft& draft) {
  return {{"question", step.page->title.in(request.lang) + " " + std::to_string(step.time)}, {"answer", show_step_in_line(step, draft.answers, request.lang, site.declaring->reading())},
          {"href", pages::link(request, asked.base + "/" + to_text(step))}};
}

void add_answer_rows(const DeclaringSite& site, const Request& request, const Asked& asked, const Draft& draft, json::array& rows) {
  const Reading reading = site.declaring->reading();
  for (const Step& step : steps_of(*asked.form, draft.answers)) {
    if (step.time > 0) {
      rows.push_back(step_row(site, request, asked, step, draft));
      continue;
    }
    for (const auto& field : step.page->fields) {
      if (!is_asked(step, field, draft.answers)) continue;
      const auto found = draft.answers.find(field.id);
      const auto source = draft.filled.find(field.id);
      rows.push_back(json::object{{"question", field.label.in(request.lang)},
                                  {"answer", found == draft.answers.end() ? site.text(request, "declarations.not_said") : show_answer(field, found->second, request.lang, reading)},
                                  {"source", source == draft.filled.end() ? "" : source_text(site, request, source->second)},
                                  {"href", pages::link(request, asked.base + "/" + to_text(step))}});
    }
  }
}

Result<Response> check_page_of(const DeclaringSite& site, const Request& request, const Asked& asked, const Draft& draft, const Failure* failure) {
  TRY_ASSIGN(const auto known, site.declaring->known(asked.person));
  json::array rows = known_rows(site, request, asked, known);
  add_answer_rows(site, request, asked, draft, rows);
  json::array more;
  for (const auto& page : asked.form->pages)
    if (page.repeat > 0 && is_asked(page, draft.answers) && times_of(page, draft.answers) < page.repeat)
      more.push_back(json::object{{"href", pages::link(request, asked.base + "/" + to_text(Step{&page, times_of(page, draft.answers) + 1}))},
                                  {"label", page.title.in(request.lang) + " " + std::to_string(times_of(page, draft.answers) + 1)}});
  const std::string title = site.text(request, draft.from ? "declarations.still_right_title" : "declarations.check_title");
  json::object context{{"rows", std::move(rows)}, {"more", std::move(more)}, {"title", title}, {"again", draft.from.has_value()}, {"form_title", asked.form->title.in(request.lang)},
                       {"declaration", draft.declaration}, {"action", pages::link(request, asked.base)},
                       {"days", std::to_string(site.house->settings.duration("retention.declarations_days") / std::chrono::days(1))}};
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  return site.page(request, "declarations/check", std::move(context), title, failure ? 409 : 200);
}

Result<Response> begin(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  TRY_ASSIGN(const auto draft, site.declaring->open(asked.person, *asked.form));
  if (const auto open = first_open_step(*asked.form, draft.answers)) return Response::see_other(pages::link(request, asked.base + "/" + to_text(*open)));
  return check_page_of(site, request, asked, draft, nullptr);
}

Result<Response> send(const DeclaringSite& site, const Request& request) {
  TRY_ASSIGN(const auto asked, asked_of(site, request));
  const std::string number = request.form_value("declaration");
  if (!is_id("dec", number)) return invalid("declarations.number_unreadable", "declaration");
  TRY_ASSIGN(const auto sent, site.declaring->find(asked.person, number));
  if (!sent) {
    TRY_ASSIGN(auto draft, site.declaring->open(asked.person, *asked.form));
    if (const auto open = first_open_step(*asked.form, draft.answers)) return Response::see_other(pages::link(request, asked.base + "/" + to_text(*open)));
    draft.declaration = number;
    const auto told = site.declaring->submit(teller_of(request), asked.person, *asked.form, draft);
    if (!told && told.failure().kind == FailureKind::conflict) return check_page_of(site, request, asked, draft, &told.failure());
    if (!told) return told.failure();
  }
  return Response::see_other(pages::link(request, "/me/declarations/" + asked.person.handle + "/" + number));
}

}  // namespace

void add_sending_routes(http::Router& router, const DeclaringSite& site) {
  using enum http::Method;
  router.add({.method = get, .path = "/me/declare/{person}/{form}", .access = http::Access::resident(), .handler = [site](const Request& r) { return begin(site, r); },
              .summary = "Is this still right today? Or the first question"});
  router.add({.method = post, .path = "/me/declare/{person}/{form}", .access = http::Access::resident(), .handler = [site](const Request& r) { return send(site, r); },
              .summary = "Send a declaration"});
}

}  // namespace motcua::declarations
