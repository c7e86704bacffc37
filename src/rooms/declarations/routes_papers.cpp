// Forms on paper: printed for anybody and for residents; for clerks, scans given, and what was read confirmed with the picture beside each field.
#include <algorithm>
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/declarations/paper_desk.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> clerks = {"clerk"};
constexpr const char* purpose = "declaring";

struct Site {
  House* house;
  residents::Residents* residents;
  const Declaring* declaring;
  Papers* papers;
  PaperDesk* desk;

  std::string text(const Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
};

Result<Act> act_of(const Request& request, std::string action) { return auth::act_of(request, {"clerk"}, purpose, std::move(action)); }
std::vector<std::string> areas_of(const Request& request) { return auth::areas_of(*request.principal, {"clerk"}); }

// ---- printing

Response pdf(std::string bytes, const std::string& name) {
  Response response;
  response.body = std::move(bytes);
  response.content_type = "application/pdf";
  response.headers.emplace_back("Content-Disposition", "inline; filename=\"" + name + ".pdf\"");
  return response;
}

/// A blank one of a form, the same for everybody.
Result<Response> print_blank(const Site& site, const Request& request) {
  const std::string form = request.param("form");
  TRY_ASSIGN(auto bytes, site.papers->print({.form = form, .lang = request.lang, .numbered = false}));
  auto response = pdf(std::move(bytes), form);
  response.cacheable = true;
  return response;
}

Result<Response> print_own(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  const std::string form = request.param("form");
  TRY_ASSIGN(auto bytes, site.papers->print({.form = form, .lang = request.lang, .person = &person}));
  return pdf(std::move(bytes), form);
}

Result<Response> print_copies(const Site& site, const Request& request) {
  const std::string form = request.query.contains("form") ? request.query_value("form") : "health";
  const int copies = request.query.contains("copies") ? std::atoi(request.query_value("copies").c_str()) : 1;
  TRY_ASSIGN(auto bytes, site.papers->print({.form = form, .lang = request.lang, .copies = copies}));
  return pdf(std::move(bytes), form);
}

// ---- scans, and what waits

json::object show_scan(const Site& site, const Request& request, const ScanView& scan) {
  const bool ended = scan.row.ended_at.has_value();
  std::string state = ended ? site.text(request, "declarations.scan_read") : site.text(request, "declarations.scan_reading", {{"read", std::to_string(scan.row.pages_read)}, {"pages", std::to_string(scan.row.pages)}});
  if (!scan.row.failure.empty()) state = site.house->texts.sentence(request.lang, invalid(scan.row.failure));
  json::array rejected;
  for (const auto& page : scan.rejected)
    rejected.push_back(json::object{{"page", site.text(request, "declarations.scan_page", {{"page", std::to_string(page.page)}})}, {"why", site.house->texts.sentence(request.lang, invalid(page.code))}});
  return {{"given", i18n::date_time(request.lang, scan.row.given_at)}, {"state", std::move(state)}, {"tone", !ended ? "info" : scan.row.failure.empty() ? "ok" : "bad"},
          {"pages", i18n::number(scan.row.pages)}, {"recognised", i18n::number(scan.row.recognised)}, {"any_rejected", !rejected.empty()}, {"rejected", std::move(rejected)},
          {"waiting", i18n::number(scan.papers.waiting)}, {"confirmed", i18n::number(scan.papers.confirmed)}, {"refused", i18n::number(scan.papers.rejected)}};
}

Result<Response> list_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto scans, site.desk->list_scans(areas_of(request)));
  TRY_ASSIGN(const auto waiting, site.desk->list_waiting(areas_of(request)));
  json::array rows, forms;
  bool reading = false;
  for (const auto& scan : scans) rows.push_back(show_scan(site, request, scan)), reading = reading || !scan.row.ended_at;
  for (const Form* form : site.declaring->forms_today()) forms.push_back(json::object{{"value", to_text(form->kind)}, {"label", form->title.in(request.lang)}});
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"forms", std::move(forms)}, {"reading", reading}, {"waiting", std::to_string(waiting.size())}, {"any_waiting", !waiting.empty()},
                       {"live", pages::link(request, "/papers?part=1")}, {"here", pages::link(request, "/papers")}, {"copies_max", std::to_string(paper_copies_max)}, {"done", !request.query_value("done").empty()}};
  if (!waiting.empty()) context["first_href"] = pages::link(request, "/papers/" + waiting.front().paper_id);
  if (!request.query_value("part").empty()) return Response::html(site.house->pages.render_part(request, "declarations/papers_list", std::move(context)));
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  return Response::html(site.house->pages.render(request, "declarations/papers", std::move(context),
                                                 {.title = site.text(request, "declarations.papers_title"), .active = "declarations.nav_papers", .scripts = {"upload.js"}}), failure ? 422 : 200);
}

Result<Response> give(const Site& site, const Request& request) {
  if (request.files.empty() || request.files.front().bytes == 0) {
    const auto failure = invalid("declarations.scan_missing", "file");
    return list_page(site, request, &failure);
  }
  TRY_ASSIGN(const auto act, act_of(request, "declarations.give_scan"));
  const auto areas = areas_of(request);
  for (const auto& file : request.files) {
    const auto given = site.desk->give(act, areas.empty() ? "" : areas.front(), file.path);
    if (!given) return list_page(site, request, &given.failure());
  }
  site.desk->wake();
  return Response::see_other(pages::link(request, "/papers?given=1"));   // another address than the form's: upload.js goes there
}

// ---- one paper

bool has_many_answers(const Form& form, std::string_view key) {
  const auto questions = questions_on_paper(form);
  return std::any_of(questions.begin(), questions.end(), [&](const PaperQuestion& q) { return q.key == key && q.field->kind == FieldKind::choices; });
}
const documents::PaperField* find_on_paper(const documents::PaperForm& form, std::string_view key) {
  for (const auto& section : form.sections)
    for (const auto& field : section.fields)
      if (field.key == key) return &field;
  return nullptr;
}

/// As somebody in this country writes a day; what is none stays.
std::string day_text(const std::string& iso) { return iso.size() == 10 && parse_date(iso) ? iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4) : iso; }
std::string day_of(const std::string& text) {
  const auto date = parse_date(text);
  return date ? to_iso(*date) : text;
}

json::object show_field(const Site& site, const Request& request, const OpenPaper& paper, std::size_t i, const std::vector<Failure>& failures) {
  const ReadPaperField& field = paper.fields[i];
  const auto& on_paper = *find_on_paper(paper.known->paper, field.key);
  const bool many = has_many_answers(paper.known->form, field.key), is_date = on_paper.kind == documents::PaperKind::date;
  json::object out{{"key", field.key}, {"label", field.label}, {"doubtful", failures.empty() && field.doubtful}, {"value", is_date ? day_text(field.value.text) : field.value.text}, {"is_choice", !on_paper.options.empty()},
                   {"many", many}, {"digits", on_paper.kind == documents::PaperKind::digits}};
  if (paper.has_picture[i]) out["picture"] = pages::link(request, "/papers/" + paper.row.paper_id + "/pictures/" + std::to_string(i));
  json::array options;
  const auto& chosen = field.value.chosen;
  for (std::size_t o = 0; o < on_paper.options.size(); ++o) {
    const auto& option = on_paper.options[o];
    const bool ticked = std::find(chosen.begin(), chosen.end(), option.key) != chosen.end() && (many || chosen.size() == 1);
    options.push_back(json::object{{"value", option.key}, {"label", option.label}, {"checked", ticked}, {"input", o == 0 ? field.key : field.key + "-" + option.key}});
  }
  out["options"] = std::move(options);
  for (const auto& failure : failures)
    if (failure.field == field.key) out["error"] = site.text(request, failure.code, failure.args), out["doubtful"] = true;
  return out;
}

Result<OpenPaper> paper_of(const Site& site, const Request& request, const char* action) {
  TRY_ASSIGN(const auto act, act_of(request, action));
  return site.desk->open(act, areas_of(request), request.param("paper_id"));
}

/// The one after this, and how many wait behind it.
struct Next {
  std::string path;
  std::size_t waiting = 0;
};
Result<Next> next_of(const Site& site, const Request& request, const std::string& paper_id) {
  TRY_ASSIGN(const auto waiting, site.desk->list_waiting(areas_of(request)));
  const auto at = std::find_if(waiting.begin(), waiting.end(), [&](const auto& row) { return row.paper_id == paper_id; });
  const auto next = at == waiting.end() ? waiting.begin() : at + 1;
  return Next{next == waiting.end() ? "/papers" : "/papers/" + next->paper_id, waiting.size()};
}

Result<Response> paper_page(const Site& site, const Request& request, const OpenPaper& paper, const std::vector<Failure>& failures) {
  TRY_ASSIGN(const auto next, next_of(site, request, paper.row.paper_id));
  json::array fields, reasons, missing;
  bool focused = !failures.empty();
  for (std::size_t i = 0; i < paper.fields.size(); ++i) {
    auto field = show_field(site, request, paper, i, failures);
    if (!focused && paper.fields[i].doubtful) field["focus"] = focused = true;
    fields.push_back(std::move(field));
  }
  for (const auto reason : paper_reasons()) reasons.push_back(json::object{{"value", reason}, {"label", site.text(request, "declarations.paper_reason_" + std::string(reason))}});
  const bool waits = paper.row.state == store::PaperState::waiting;
  json::object context{{"fields", std::move(fields)}, {"reasons", std::move(reasons)}, {"waits", waits}, {"confirmed", paper.row.state == store::PaperState::confirmed}, {"incomplete", !paper.missing.empty()},
                       {"copied", paper.row.copied || paper.number_known}, {"waiting", std::to_string(next.waiting)}, {"form_title", paper.known->form.title.in(request.lang)}, {"no_doubt", !focused},
                       {"action", pages::link(request, "/papers/" + paper.row.paper_id)}, {"next_href", pages::link(request, next.path)}, {"done", !request.query_value("done").empty()}};
  if (!failures.empty()) pages::put_errors(site.house->texts, request.lang, failures, context);
  const std::string title = site.text(request, "declarations.paper_title");
  return Response::html(site.house->pages.render(request, "declarations/paper", std::move(context),
                                                 {.title = title, .active = "declarations.nav_papers", .crumbs = {{site.text(request, "declarations.papers_title"), "/papers"}, {title, ""}}, .scripts = {"papers.js"}}),
                        failures.empty() ? 200 : 422);
}

Result<Response> show_paper(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto paper, paper_of(site, request, "declarations.view_paper"));
  return paper_page(site, request, paper, {});
}

Result<Response> show_picture(const Site& site, const Request& request) {
  const std::string field = request.param("field");
  if (field.empty() || field.size() > 3 || field.find_first_not_of("0123456789") != std::string::npos) return not_found("declarations.no_such_paper");
  TRY_ASSIGN(auto png, site.desk->picture(areas_of(request), request.param("paper_id"), std::atoi(field.c_str())));
  Response response;
  response.body = std::move(png);
  response.content_type = "image/png";
  return response;
}

/// What the clerk says is on the paper; her word replaces what was read.
PaperValues confirmed_values(const Request& request, OpenPaper& paper) {
  PaperValues values;
  for (auto& field : paper.fields) {
    const auto& on_paper = *find_on_paper(paper.known->paper, field.key);
    documents::PaperValue value;
    const auto [from, to] = request.form.equal_range(field.key);
    for (auto at = from; at != to; ++at) {
      if (at->second.empty()) continue;
      if (on_paper.options.empty()) value.text = on_paper.kind == documents::PaperKind::date ? day_of(at->second) : at->second;
      else value.chosen.push_back(at->second);
    }
    field.value = value;
    values[field.key] = std::move(value);
  }
  return values;
}

std::vector<Failure> failures_of(const Site& site, const Request& request, const OpenPaper& paper, const PaperValues& values) {
  std::vector<Failure> failures;
  if (request.form_value("compared") != "yes") failures.push_back(invalid("declarations.compare_first", "compared"));
  const auto told = told_of(paper.known->form, values);
  for (auto& failure : read_answers(paper.known->form, told.answers, site.declaring->reading()).failures) failures.push_back(std::move(failure));
  return failures;
}

Result<Response> confirm(const Site& site, const Request& request) {
  TRY_ASSIGN(auto paper, paper_of(site, request, "declarations.view_paper"));
  TRY_ASSIGN(const auto next, next_of(site, request, paper.row.paper_id));
  if (paper.row.state == store::PaperState::waiting) {
    const auto values = confirmed_values(request, paper);
    auto failures = failures_of(site, request, paper, values);
    if (failures.empty()) {
      TRY_ASSIGN(const auto act, act_of(request, "declarations.confirm_paper"));
      const auto done = site.desk->confirm(act, areas_of(request), paper.row.paper_id, values);
      if (!done && done.failure().kind != FailureKind::invalid && done.failure().kind != FailureKind::conflict) return done.failure();
      if (!done) failures.push_back(done.failure());
    }
    if (!failures.empty()) return paper_page(site, request, paper, failures);
  }
  return Response::see_other(pages::link(request, next.path + "?done=1"));
}

Result<Response> reject(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto paper, paper_of(site, request, "declarations.view_paper"));
  TRY_ASSIGN(const auto next, next_of(site, request, paper.row.paper_id));
  TRY_ASSIGN(const auto act, act_of(request, "declarations.reject_paper"));
  const auto done = site.desk->reject(act, areas_of(request), paper.row.paper_id, request.form_value("reason"));
  if (!done && done.failure().kind == FailureKind::invalid) return paper_page(site, request, paper, {done.failure()});
  if (!done) return done.failure();
  return Response::see_other(pages::link(request, next.path));
}

}  // namespace

void add_paper_routes(http::Router& router, House& house, residents::Residents& residents, const Declaring& declaring, Papers& papers, PaperDesk& desk) {
  const Site site{&house, &residents, &declaring, &papers, &desk};
  using enum http::Method;
  const auto add = [&](http::Method method, const char* path, http::Access access, const char* summary, auto handler, std::size_t body_max = 64 * 1024, bool upload = false) {
    router.add({.method = method, .path = path, .access = std::move(access), .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary,
                .body_max_bytes = body_max, .upload = upload});
  };
  const auto for_clerks = [] { return http::Access::roles(clerks, purpose); };
  house.pages.add_related("resident", {"declarations.paper_own", "/me/paper/{id}/health", pages::for_residents, 8});
  house.pages.add_navigation({"declarations.nav_papers", "/papers", clerks, 30});
  add(get, "/forms/{form}/paper", http::Access::anyone(), "A blank form to print", print_blank);
  add(get, "/me/paper/{person}/{form}", http::Access::resident(), "A form to print with what is known filled in", print_own);
  add(get, "/papers", for_clerks(), "Scans of paper forms, and what waits to be confirmed", [](const Site& s, const Request& r) { return list_page(s, r, nullptr); });
  add(post, "/papers", for_clerks(), "Give a scan", give, scan_bytes_max, true);
  add(get, "/papers/print", for_clerks(), "Blank forms to print, each with a number of its own", print_copies);
  add(get, "/papers/{paper_id}", for_clerks(), "A form that was read, with the picture beside each field", show_paper);
  add(post, "/papers/{paper_id}", for_clerks(), "Confirm a form that was read: a declaration", confirm);
  add(post, "/papers/{paper_id}/reject", for_clerks(), "A form that is not taken, with the reason", reject);
  add(get, "/papers/{paper_id}/pictures/{field}", for_clerks(), "The picture of a field", show_picture);
}

}  // namespace motcua::declarations
