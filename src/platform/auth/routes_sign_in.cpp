// The pages of signing in: password, code (or setting up codes), a password of one's own.
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>

#include "platform/auth/cookies.hpp"
#include "platform/auth/otpauth.hpp"
#include "platform/auth/site.hpp"
#include "platform/documents/qr.hpp"

namespace motcua::auth {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr auto citizen = pages::Layout::citizen;
constexpr std::size_t next_bytes_max = 2000;

/// Only a path of this site: an address like //example.org or /\example.org leads elsewhere.
std::string safe_next(const Request& request, const std::string& next) {
  const bool local = next.size() > 1 && next.size() <= next_bytes_max && next[0] == '/' && next[1] != '/' && next[1] != '\\';
  const bool plain = std::none_of(next.begin(), next.end(), [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x21; });
  return local && plain ? next : pages::link(request, "/");
}

std::string path_of(Stage stage) {
  switch (stage) {
    case Stage::code: return "/sign-in/code";
    case Stage::enrol: return "/sign-in/enrol";
    case Stage::password: return "/sign-in/password";
    case Stage::full: return "/";
  }
  return "/";
}

std::string encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text)
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_') out += static_cast<char>(c);
    else out.append({'%', digits[c >> 4], digits[c & 15]});
  return out;
}

/// On to the next step, or to where she wanted to go, with the new token in place of the old.
Response go_on(const Request& request, const OpenedSession& opened) {
  const std::string next = safe_next(request, request.form_value("next"));
  Response response = Response::see_other(opened.stage == Stage::full ? next : pages::link(request, path_of(opened.stage)) + "?next=" + encode(next));
  set_session(request, response, opened.token.reveal());
  return response;
}

Response begin_again(const Request& request) {
  Response response = Response::see_other(pages::link(request, "/sign-in?again=1"));
  clear_session(request, response);
  return response;
}

bool is_private_enough(const Site& site, const Request& request) {
  return request.secure || site.auth.options().allow_plain_http || is_this_machine(request.remote_address);
}

/// What each form of a step carries.
json::object step_context(const Request& request, const Session& step) {
  const std::string next = request.method == http::Method::get ? request.query_value("next") : request.form_value("next");
  return {{"csrf", step.csrf}, {"next", safe_next(request, next)}};
}

Result<std::optional<Session>> step_of(const Site& site, const Request& request, Stage stage) {
  TRY_ASSIGN(auto step, site.auth.sessions().find(session_token(request)));
  if (step && step->stage != stage) step.reset();
  return step;
}

bool is_own_form(const Request& request, const Session& step) {
  return crypto::equal_constant_time(request.form_value("csrf"), step.csrf);
}

Response sign_in_page(const Site& site, const Request& request, const Failure* failure) {
  Response cookie;
  json::object context{{"csrf", set_form_token(request, cookie)},
                       {"next", request.method == http::Method::get ? request.query_value("next") : request.form_value("next")},
                       {"again", !request.query_value("again").empty()},
                       {"insecure", !is_private_enough(site, request)}};
  Response response = site.page(request, "auth/sign_in", std::move(context), "auth.sign_in_title", citizen, failure);
  for (auto& header : cookie.headers) response.headers.push_back(std::move(header));
  return response;
}

Result<Response> post_sign_in(const Site& site, const Request& request) {
  if (!is_private_enough(site, request)) return Failure{FailureKind::forbidden, "auth.not_private"};
  if (!form_token_fits(request)) {
    const Failure stale = invalid("auth.form_stale");
    return sign_in_page(site, request, &stale);
  }
  const Credentials credentials{Personal<std::string>(request.form_value("login")), Personal<std::string>(request.form_value("password"))};
  auto opened = site.auth.sign_in().start(credentials, origin_of(request));
  if (opened) return go_on(request, *opened);
  if (opened.failure().kind == FailureKind::unavailable || opened.failure().kind == FailureKind::internal) return opened.failure();
  return sign_in_page(site, request, &opened.failure());
}

Response code_page(const Site& site, const Request& request, const Session& step, const Failure* failure) {
  return site.page(request, "auth/code", step_context(request, step), "auth.code_title", citizen, failure);
}

Result<Response> enrol_page(const Site& site, const Request& request, const Session& step, const Failure* failure) {
  TRY_ASSIGN(const Enrolment enrolment, site.auth.sign_in().begin_enrolment(session_token(request), origin_of(request)));
  json::object context = step_context(request, step);
  context["secret"] = enrolment.secret.reveal();
  context["uri"] = enrolment.uri.reveal();
  TRY_ASSIGN(const documents::Qr code, documents::encode_qr(enrolment.uri.reveal()));
  context["qr"] = documents::qr_svg(code, site.text(request, "auth.qr_label"));
  return site.page(request, "auth/enrol", std::move(context), "auth.enrol_title", citizen, failure);
}

Response password_page(const Site& site, const Request& request, const Session& step, const Failure* failure) {
  json::object context = step_context(request, step);
  context["letters_min"] = std::to_string(password_letters_min);
  return site.page(request, "auth/password", std::move(context), "auth.password_title", citizen, failure);
}

/// One step: shows its page on GET; on POST does it, and shows the page again when it did not succeed.
template <class Show, class Do>
http::Handler step_handler(Site site, Stage stage, Show show, Do act) {
  return [=](const Request& request) -> Result<Response> {
    TRY_ASSIGN(const auto step, step_of(site, request, stage));
    if (!step) return begin_again(request);
    if (request.method == http::Method::get) return show(site, request, *step, nullptr);
    if (!is_own_form(request, *step)) return Failure{FailureKind::forbidden, "auth.form_not_ours"};
    Result<OpenedSession> opened = act(site, request);
    if (opened) return go_on(request, *opened);
    const Failure& failure = opened.failure();
    if (failure.kind == FailureKind::unauthenticated) return begin_again(request);
    if (failure.kind != FailureKind::invalid && failure.kind != FailureKind::rate_limited) return failure;
    return show(site, request, *step, &failure);
  };
}

void add_step(http::Router& router, Stage stage, const http::Handler& handler, const char* summary) {
  for (const auto method : {http::Method::get, http::Method::post})
    router.add({.method = method, .path = path_of(stage), .access = http::Access::anyone(), .handler = handler, .summary = summary});
}

}  // namespace

void add_sign_in_routes(http::Router& router, Site site) {
  router.add({.path = "/sign-in", .access = http::Access::anyone(), .handler = [site](const Request& request) -> Result<Response> {
                if (request.principal) return Response::see_other(safe_next(request, request.query_value("next")));
                return sign_in_page(site, request, nullptr);
              }, .summary = "Sign in: login and password"});
  router.add({.method = http::Method::post, .path = "/sign-in", .access = http::Access::anyone(),
              .handler = [site](const Request& request) { return post_sign_in(site, request); }, .summary = "Sign in"});
  add_step(router, Stage::code, step_handler(site, Stage::code, code_page, [](const Site& s, const Request& r) {
             return s.auth.sign_in().finish_code(session_token(r), r.form_value("code"), origin_of(r));
           }), "Sign in: the code");
  add_step(router, Stage::enrol, step_handler(site, Stage::enrol, enrol_page, [](const Site& s, const Request& r) {
             return s.auth.sign_in().finish_enrolment(session_token(r), r.form_value("code"), origin_of(r));
           }), "Sign in: set up codes");
  add_step(router, Stage::password, step_handler(site, Stage::password, password_page, [](const Site& s, const Request& r) {
             return s.auth.sign_in().choose_password(session_token(r), Personal<std::string>(r.form_value("password")), origin_of(r));
           }), "Sign in: choose a password");
  router.add({.method = http::Method::post, .path = "/sign-out", .access = http::Access::signed_in(),
              .handler = [site](const Request& request) -> Result<Response> {
                TRY(site.auth.sessions().sign_out(*request.principal, request.id));
                Response response = Response::see_other(pages::link(request, "/sign-in"));
                clear_session(request, response);
                return response;
              }, .summary = "Sign out"});
}

}  // namespace motcua::auth
