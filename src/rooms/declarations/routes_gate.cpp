// The gate's page: one input, a big answer, declaring for whoever has not; a slip to print; and the same page without anybody signed in, which the
// device keeps for when there is no network (web/scripts/gate.js).
#include "rooms/declarations/routes_gate.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/ids.hpp"
#include "platform/auth/access.hpp"
#include "platform/documents/qr.hpp"
#include "platform/http/failure.hpp"
#include "platform/i18n/format.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "platform/units/units.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> gate_roles{"gate_staff"};
constexpr const char* gate_form = "health";
constexpr std::pair<const char*, std::string residents::Details::*> typed[] = {
    {"full_name", &residents::Details::full_name}, {"birth", &residents::Details::birth}, {"sex", &residents::Details::sex}, {"id_number", &residents::Details::id_number},
    {"phone", &residents::Details::phone}, {"address", &residents::Details::address}, {"insurance_number", &residents::Details::insurance_number}};

struct Site {
  House* house;
  const Gate* gate;
  std::string text(const Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
};

int year_in(const std::string& text) {
  int year = 0;
  std::from_chars(text.data(), text.data() + text.size(), year);
  return year;
}

// ---- the answer

void put_times(const Site& site, const Request& request, Instant from, Instant to, json::object& out) {
  out["times"] = site.text(request, "declarations.gate_times", {{"declared", i18n::date_time(request.lang, from)}, {"expires", i18n::date_time(request.lang, to)}});
}

void put_sign(const Site& site, const Request& request, const GateSign& sign, json::object& out) {
  out["tone"] = sign.tone, out["mark"] = sign.mark, out["word"] = site.text(request, sign.word), out["shown"] = true;
}

json::array show_hits(const Site& site, const std::vector<GateHit>& hits) {
  json::array rows;
  for (const auto& hit : hits)
    rows.push_back(json::object{{"about", hit.about}, {"name", hit.full_name.reveal()}, {"year", hit.birth_year == 0 ? "" : std::to_string(hit.birth_year)},
                                {"ward", hit.ward_code.empty() ? "" : site.house->units.full_name(hit.ward_code, vietnam_date(site.house->now()))}});
  return rows;
}

json::object show_answer(const Site& site, const Request& request, const GateQuestion& question, const GateAnswer& answer) {
  json::object out;
  put_sign(site, request, sign_of(answer), out);
  out["label"] = answer.label;
  if (answer.kind == GateAnswer::Kind::pass && answer.reading.pass) {
    put_times(site, request, answer.reading.pass->issued_at, answer.reading.pass->expires_at, out);
    if (answer.reading.verdict == PassVerdict::valid && answer.reading.pass->check) out["ask_factor"] = true, out["text"] = question.text;
    if (answer.fits) out["fits"] = site.text(request, *answer.fits ? "declarations.gate_fits" : "declarations.gate_fits_not");
  }
  if (answer.standing) {
    put_times(site, request, answer.standing->declared_at, answer.standing->expires_at, out);
    if (!answer.standing->told_here) out["elsewhere"] = site.text(request, "declarations.gate_told_elsewhere");
  }
  out["hits"] = show_hits(site, answer.hits);
  out["any_hits"] = !answer.hits.empty();
  return out;
}

// ---- declaring for somebody

json::array show_questions(const Request& request, const Form& form, const FormAnswers& given) {
  json::array rows;
  for (const auto& page : form.pages)
    for (const auto& field : page.fields) {
      const auto found = given.find(field.id);
      const auto has = [&](const std::string& value) { return found != given.end() && std::find(found->second.begin(), found->second.end(), value) != found->second.end(); };
      json::array options;
      for (const auto& c : field.choices)
        options.push_back(json::object{{"value", c.value}, {"label", c.label.in(request.lang)}, {"id", "q-" + field.id + "-" + c.value}, {"checked", has(c.value)}});
      rows.push_back(json::object{{"id", "q-" + field.id}, {"name", "q_" + field.id}, {"label", field.label.in(request.lang)}, {"is_text", field.choices.empty()},
                                  {"type", field.kind == FieldKind::yes_no ? "radio" : "checkbox"}, {"options", std::move(options)},
                                  {"value", found == given.end() || found->second.empty() ? "" : found->second.front()}});
    }
  return rows;
}

json::object show_declaring(const Request& request, const Form& form, const GateDeclaration& asked, const std::string& label) {
  json::object out{{"declaration", asked.declaration}, {"about", asked.about}, {"scanned", asked.text}, {"label", label}, {"all_no", asked.all_no}, {"questions", show_questions(request, form, asked.answers)}};
  for (const auto& [name, member] : typed) out[name] = asked.details.*member;
  for (const char* sex : {"male", "female", "other"}) out[std::string("is_") + sex] = asked.details.sex == sex;
  return out;
}

/// For whom it may be told now: somebody found who has no pass that counts, or whoever the staff will name.
std::optional<GateDeclaration> to_declare(const GateQuestion& question, const GateAnswer& answer) {
  using enum GateAnswer::Kind;
  if (answer.kind == several || answer.kind == too_many || answer.kind == unreadable) return std::nullopt;
  if (answer.kind == pass && (answer.reading.verdict == PassVerdict::valid || answer.reading.verdict == PassVerdict::unreadable)) return std::nullopt;
  if (answer.standing && answer.standing->verdict == PassVerdict::valid) return std::nullopt;
  GateDeclaration asked;
  asked.declaration = crypto::random_id("dec"), asked.about = answer.about, asked.details = answer.told;
  const bool typed_name = answer.kind == nobody && answer.told.full_name.empty() && question.text.find_first_of("0123456789:|<>") == std::string::npos;
  if (typed_name) asked.details.full_name = question.text;
  return asked;
}

GateDeclaration declaration_of(const Request& request, const Form& form) {
  GateDeclaration asked;
  asked.declaration = request.form_value("declaration"), asked.form = gate_form, asked.all_no = request.form_value("all_no") == "1";
  asked.about = request.form_value("about"), asked.text = request.form_value("scanned");
  for (const auto& [name, member] : typed) asked.details.*member = request.form_value(name);
  for (const auto& page : form.pages)
    for (const auto& field : page.fields) {
      const auto [from, to] = request.form.equal_range("q_" + field.id);
      for (auto at = from; at != to; ++at)
        if (!at->second.empty()) asked.answers[field.id].push_back(at->second);
    }
  return asked;
}

// ---- the page

struct View {
  json::object answer = {};
  std::optional<json::object> declaring = {};
  std::optional<Failure> failure = {};
};

/// What the device shows by itself when there is no network: every word it may need.
json::array words_of(const Site& site, const Request& request) {
  json::array words;
  const auto add = [&](std::string name, const GateSign& sign) {
    words.push_back(json::object{{"name", std::move(name)}, {"tone", sign.tone}, {"mark", sign.mark}, {"word", site.text(request, sign.word)}});
  };
  for (const auto verdict : {PassVerdict::expired, PassVerdict::not_yet, PassVerdict::revoked, PassVerdict::unknown_key, PassVerdict::bad_signature, PassVerdict::unreadable})
    add(std::string(to_text(verdict)), sign_of(verdict, PassState::declared));
  for (const auto state : {PassState::declared, PassState::green, PassState::yellow, PassState::red}) add("valid-" + std::string(to_text(state)), sign_of(PassVerdict::valid, state));
  add("waiting", {"ok", "✓", "declarations.gate_kept"});
  add("offline", {"warn", "!", "declarations.gate_offline_unknown"});
  add("stale", {"bad", "✕", "declarations.gate_stale"});
  return words;
}

Result<Response> gate_page(const Site& site, const Request& request, View view) {
  TRY_ASSIGN(const Form* form, site.gate->declaring().form_today(gate_form));
  json::object context{{"answer", std::move(view.answer)}, {"words", words_of(site, request)}, {"action", pages::link(request, "/gate")}, {"offline_form", show_declaring(request, *form, {}, "")}};
  if (view.declaring) context["declaring"] = std::move(*view.declaring), context["has_declaring"] = true;
  json::array rows;
  int declared = 0;
  if (request.principal) {
    TRY_ASSIGN(const auto day, site.gate->today(request.principal->account));
    declared = day.declared;
    for (const auto& row : day.last)
      rows.push_back(json::object{{"ticket", std::to_string(row.ticket)}, {"time", i18n::time_of_day(row.received_at)}, {"label", row.label}, {"href", pages::link(request, "/gate/slips/" + row.declaration)}});
  }
  context["declared_today"] = i18n::number(declared);
  context["any_rows"] = !rows.empty();
  context["rows"] = std::move(rows);
  if (view.failure) pages::put_errors(site.house->texts, request.lang, {*view.failure}, context);
  pages::PageFrame frame{.title = site.text(request, "declarations.gate_title"), .active = "declarations.nav_gate", .scripts = {"scan.js", "gate.js"}};
  return Response::html(site.house->pages.render(request, "declarations/gate", std::move(context), frame), view.failure ? http::status_of(*view.failure) : 200);
}

Result<Response> open(const Site& site, const Request& request) {
  View view;
  if (const std::string number = request.query_value("declared"); !number.empty()) {
    TRY_ASSIGN(const auto slip, site.gate->slip(request.principal->account, number));
    put_sign(site, request, sign_of(slip.pass.revoked_at ? PassVerdict::revoked : PassVerdict::valid, slip.pass.pass.state), view.answer);
    put_times(site, request, slip.pass.pass.issued_at, slip.pass.pass.expires_at, view.answer);
    view.answer["label"] = slip.row.label, view.answer["ticket"] = std::to_string(slip.row.ticket), view.answer["slip_href"] = pages::link(request, "/gate/slips/" + number);
  }
  return gate_page(site, request, std::move(view));
}

Result<Response> check(const Site& site, const Request& request) {
  TRY_ASSIGN(const Act act, gate_act(request, "gate-check", "declarations.gate_check"));
  const GateQuestion question{request.form_value("text"), request.form_value("about"), request.form_value("initials"), year_in(request.form_value("birth_year"))};
  TRY_ASSIGN(const Form* form, site.gate->declaring().form_today(gate_form));
  auto answer = site.gate->check(act, question);
  View view;
  if (!answer && answer.failure().kind != FailureKind::not_found && answer.failure().kind != FailureKind::invalid) return std::move(answer).failure();
  if (!answer) {
    view.failure = std::move(answer).failure();
    return gate_page(site, request, std::move(view));
  }
  view.answer = show_answer(site, request, question, *answer);
  if (const auto asked = to_declare(question, *answer)) view.declaring = show_declaring(request, *form, *asked, answer->label);
  return gate_page(site, request, std::move(view));
}

Result<Response> declare(const Site& site, const Request& request) {
  TRY_ASSIGN(const Act act, gate_act(request, "declaring", "declarations.declare"));
  TRY_ASSIGN(const Form* form, site.gate->declaring().form_today(gate_form));
  const auto asked = declaration_of(request, *form);
  auto received = site.gate->declare(act, asked);
  if (received) return Response::see_other(pages::link(request, "/gate?declared=" + received->told.declaration));
  if (received.failure().kind != FailureKind::invalid && received.failure().kind != FailureKind::conflict) return std::move(received).failure();
  View view;
  view.failure = std::move(received).failure();
  if (find_step(*form, view.failure->field, asked.answers) || asked.answers.contains(view.failure->field)) view.failure->field = "q-" + view.failure->field;
  view.declaring = show_declaring(request, *form, asked, "");
  return gate_page(site, request, std::move(view));
}

Result<Response> slip_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto slip, site.gate->slip(request.principal->account, request.param("declaration")));
  TRY_ASSIGN(const std::string words, site.gate->declaring().passes().text_of(slip.pass.pass));
  TRY_ASSIGN(const auto code, documents::encode_qr(words));
  json::object context{{"qr", documents::qr_svg(code, site.text(request, "declarations.pass_qr_label"))}, {"label", slip.row.label}, {"ticket", std::to_string(slip.row.ticket)},
                       {"back", pages::link(request, "/gate")}, {"revoked", slip.pass.revoked_at.has_value()}};
  put_sign(site, request, sign_of(slip.pass.revoked_at ? PassVerdict::revoked : PassVerdict::valid, slip.pass.pass.state), context);
  put_times(site, request, slip.pass.pass.issued_at, slip.pass.pass.expires_at, context);
  return Response::html(site.house->pages.render(request, "declarations/gate_slip", std::move(context), {.title = site.text(request, "declarations.gate_slip_title"), .active = "declarations.nav_gate"}));
}

/// The page as a device keeps it: nobody's, so without token, name and list.
Result<Response> shell(const Site& site, const Request& request) {
  Request nobodys = request;
  nobodys.principal.reset();
  nobodys.resident.reset();
  TRY_ASSIGN(auto response, gate_page(site, nobodys, {}));
  response.cacheable = true;
  return response;
}

}  // namespace

GateSign sign_of(PassVerdict verdict, PassState state) {
  switch (verdict) {
    case PassVerdict::valid: break;
    case PassVerdict::expired: return {"warn", "!", "declarations.gate_expired"};
    case PassVerdict::not_yet: return {"warn", "!", "declarations.gate_not_yet"};
    case PassVerdict::revoked: return {"bad", "✕", "declarations.gate_revoked"};
    case PassVerdict::unknown_key: return {"bad", "✕", "declarations.gate_unknown_key"};
    case PassVerdict::bad_signature: return {"bad", "✕", "declarations.gate_bad_signature"};
    case PassVerdict::unreadable: return {"none", "?", "declarations.gate_unreadable"};
  }
  switch (state) {
    case PassState::declared: return {"ok", "✓", "declarations.gate_declared"};
    case PassState::green: return {"ok", "✓", "declarations.gate_green"};
    case PassState::yellow: return {"warn", "!", "declarations.gate_yellow"};
    case PassState::red: break;
  }
  return {"bad", "✕", "declarations.gate_red"};
}

GateSign sign_of(const GateAnswer& answer) {
  switch (answer.kind) {
    case GateAnswer::Kind::pass:
      if (answer.reading.verdict == PassVerdict::valid && answer.fits == false) return {"bad", "✕", "declarations.gate_not_theirs"};
      return sign_of(answer.reading.verdict, answer.reading.pass ? answer.reading.pass->state : PassState::declared);
    case GateAnswer::Kind::person:
      return answer.standing ? sign_of(answer.standing->verdict, answer.standing->state) : GateSign{"warn", "!", "declarations.gate_not_declared"};
    case GateAnswer::Kind::several: return {"none", "?", "declarations.gate_several"};
    case GateAnswer::Kind::too_many: return {"none", "?", "declarations.gate_too_many"};
    case GateAnswer::Kind::nobody: return {"warn", "!", "declarations.gate_nobody"};
    case GateAnswer::Kind::elsewhere: return {"none", "?", "declarations.gate_elsewhere"};
    case GateAnswer::Kind::unreadable: break;
  }
  return {"none", "?", "declarations.gate_unreadable"};
}

Result<Act> gate_act(const Request& request, std::string_view purpose, std::string action) { return auth::act_of(request, {"gate_staff"}, purpose, std::move(action)); }

void add_gate_routes(http::Router& router, House& house, const Gate& gate) {
  house.pages.add_navigation({"declarations.nav_gate", "/gate", gate_roles, 10});
  const Site site{&house, &gate};
  const auto add = [&](http::Method method, const char* path, const char* purpose, const char* summary, auto handler) {
    router.add({.method = method, .path = path, .access = http::Access::roles(gate_roles, purpose), .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
  };
  using enum http::Method;
  add(get, "/gate", "gate-check", "The gate: scan or type", open);
  add(post, "/gate", "gate-check", "Declared or not, valid or not", check);
  add(post, "/gate/declarations", "declaring", "Declare for somebody at the gate", declare);
  add(get, "/gate/slips/{declaration}", "declaring", "The pass of somebody just declared for, to print", slip_page);
  router.add({.method = get, .path = "/gate/offline", .access = http::Access::anyone(), .handler = [site](const Request& r) { return shell(site, r); }, .summary = "The gate's page as a device keeps it"});
}

}  // namespace motcua::declarations
