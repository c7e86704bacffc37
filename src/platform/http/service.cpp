#include "platform/http/service.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <typeinfo>

#include <unistd.h>

#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/accept.hpp"
#include "platform/http/cookie.hpp"
#include "platform/http/failure.hpp"
#include "platform/http/target.hpp"
#include "platform/log/log.hpp"

namespace motcua::http {
namespace {

constexpr std::string_view method_names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
constexpr const char* worker_busy_retry = "2";   // seconds
constexpr const char* line_cookie = "motcua-line";
constexpr std::chrono::minutes line_full_look_again{5};

std::optional<Method> method_of(std::string_view name) {
  if (name == "HEAD" || name == "OPTIONS") return Method::get;
  for (std::size_t m = 0; m < std::size(method_names); ++m)
    if (name == method_names[m]) return static_cast<Method>(m);
  return std::nullopt;
}

/// Paths that stand alone; all others are pages and live under /vi and /en.
bool is_plain(const Router& router, std::string_view path) {
  return router.is_interface(path) || path == "/healthz" || path == "/readyz" || path == "/metrics" || path.starts_with("/assets/");
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

bool is_media_type(std::string_view content_type, std::string_view wanted) {
  return equal_ignoring_case(without_blanks(content_type.substr(0, content_type.find(';'))), wanted);
}

void fill_from_head(Request& request, const Head& head, const std::string& peer, bool secure, const std::vector<std::string>& trusted_proxies) {
  for (const auto& [name, value] : head.fields) request.headers.emplace(name, value);
  std::string cookies;
  for (const auto& [name, value] : head.fields)
    if (name == "cookie") (cookies += cookies.empty() ? "" : ";") += value;
  request.cookies = parse_cookies(cookies);
  request.target = head.target;
  request.remote_address = peer;
  request.secure = secure;
  if (std::find(trusted_proxies.begin(), trusted_proxies.end(), peer) == trusted_proxies.end()) return;
  const std::string forwarded = request.header("x-forwarded-for");   // the last address is the one our proxy saw itself
  if (!forwarded.empty()) {
    const auto comma = forwarded.rfind(',');
    request.remote_address = without_blanks(std::string_view(forwarded).substr(comma == std::string::npos ? 0 : comma + 1));
  }
  if (request.header("x-forwarded-proto") == "https") request.secure = true;
}

}  // namespace

Service::Service(Router router, Hooks hooks, const ServerOptions& options)
    : router_(std::move(router)), hooks_(std::move(hooks)), options_(options), line_(options.line), shared_pages_(options.shared_pages, options.line.inside_cookies),
      people_waiting_(metrics::registry().gauge("motcua_http_waiting_people", "People in the line before the door", {})) {
  if (!hooks_.uploads) hooks_.uploads = plain_files(std::filesystem::temp_directory_path().string() + "/motcua-uploads-" + std::to_string(::getpid()));
  openapi_ = router_.openapi(options_.api_title, options_.api_version);
  add_built_in_routes();
  for (const auto& route : router_.routes()) route_metrics_.push_back(metrics_of(method_names[static_cast<std::size_t>(route.method)], route.path));
  route_metrics_.push_back(metrics_of("any", "/-"));
}

Service::RouteMetrics Service::metrics_of(std::string_view method, std::string_view route) {
  constexpr const char* classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx", "other"};
  auto& registry = metrics::registry();
  const metrics::Labels labels{{"method", std::string(method)}, {"route", std::string(route)}};
  RouteMetrics made;
  made.seconds = &registry.histogram("motcua_http_request_seconds", "Time from head to answer", labels);
  for (std::size_t i = 0; i < made.by_class.size(); ++i) {
    metrics::Labels more = labels;
    more.emplace_back("status", classes[i]);
    made.by_class[i] = &registry.counter("motcua_http_requests_total", "Requests answered", more);
  }
  return made;
}

void Service::add_built_in_routes() {
  const auto add = [&](const char* path, Handler handler, bool quick) {
    router_.add({.method = Method::get, .path = path, .access = Access::anyone(), .handler = std::move(handler), .quick = quick});
  };
  add("/healthz", [](const Request&) -> Result<Response> { return Response::json("{\"status\":\"ok\"}"); }, true);
  add("/readyz", [this](const Request&) -> Result<Response> {
    if (hooks_.ready) TRY(hooks_.ready());
    return Response::json("{\"status\":\"ready\"}");
  }, false);
  add("/metrics", [this](const Request& request) { return metrics_page(request); }, false);
  add("/api/openapi.json", [this](const Request&) -> Result<Response> {
    Response response = Response::json(openapi_);
    response.cacheable = true;
    return response;
  }, true);
}

Result<Response> Service::metrics_page(const Request& request) const {
  // Through a proxy everybody seems to come from this machine, so a forwarded request does not count as local.
  const bool local = is_loopback(request.remote_address) && request.headers.count("x-forwarded-for") == 0 && request.headers.count("forwarded") == 0;
  if (!options_.metrics_public && !local) return not_found("http.no_such_page");
  if (hooks_.measure) hooks_.measure();
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics::registry().render();
  return response;
}

Exchange Service::open(const Head& head, const std::string& peer, bool secure) {
  Exchange exchange;
  Request& request = exchange.request;
  request.id = crypto::random_id("req");
  fill_from_head(request, head, peer, secure, options_.trusted_proxies);
  exchange.head_only = head.method == "HEAD";
  request.lang = language_of(request.header("accept-language"));
  request.wants_json = prefers_json(request.header("accept"));
  const auto refuse_early = [&](Failure failure) { exchange.early = response_to(exchange, failure); };
  auto target = parse_target(head.target, options_.form_fields_max);
  if (!target) {
    refuse_early(std::move(target).failure());
    return exchange;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  if (!target->lang.empty()) request.lang = target->lang;
  if (router_.is_interface(request.path)) request.wants_json = true;
  const auto method = method_of(head.method);
  if (!method) {
    refuse_early({FailureKind::invalid, "http.method_unknown"});
    return exchange;
  }
  request.method = *method;
  find_route(exchange, head.method, !target->lang.empty());
  if (!exchange.early && !head.field("expect").empty() && !head.expects_continue) refuse_early({FailureKind::invalid, "http.expectation"});
  if (!exchange.early) prepare_body(exchange, head);
  if (!exchange.early) ask_line(exchange);
  if (!exchange.early && !exchange.head_only) exchange.shared = shared_pages_.find(exchange.request, std::chrono::steady_clock::now());
  return exchange;
}

void Service::find_route(Exchange& exchange, std::string_view method, bool prefixed) {
  Request& request = exchange.request;
  const bool plain = is_plain(router_, request.path);
  if (!prefixed && request.path == "/") {
    exchange.early = Response::see_other("/vi/");
    return;
  }
  if (request.path.starts_with("/assets/") && !prefixed && request.method == Method::get) {
    auto asset = asset_response(request.path);
    request.route = "/assets/";
    exchange.early = asset ? std::move(*asset) : response_to(exchange, asset.failure());
    return;
  }
  Match match = prefixed && plain ? Match{} : router_.match(request.method, request.path);
  if (!match.route && match.allowed.empty()) return;   // identify hooks still run, so that the page "not found" knows who asks
  if (!prefixed && !plain) {
    if (request.method == Method::get) exchange.early = Response::see_other('/' + request.lang + (request.target.starts_with('/') ? request.target : "/"));
    return;
  }
  if (method == "OPTIONS" || !match.route) {
    if (match.route) match.allowed = {Method::get};
    exchange.early = method_not_allowed(exchange, match.allowed);
    if (method == "OPTIONS") {
      exchange.early->status = 204;
      exchange.early->body.clear();
    }
    return;
  }
  exchange.route = match.route;
  request.route = match.route->path;
  request.path_params = std::move(match.parameters);
}

/// Pages for the public; whoever has a session is inside, and staff's way in is never closed.
void Service::ask_line(Exchange& exchange) {
  const Request& request = exchange.request;
  if (!exchange.route || is_plain(router_, request.path) || request.path.starts_with(hooks_.sign_in_path)) return;
  const auto kind = exchange.route->access.kind();
  if (kind != Access::Kind::anyone && kind != Access::Kind::resident) return;
  const auto find_cookie = [&](const std::string& name) { return request.cookies.find(cookie_name(name, request.secure)); };
  for (const auto& name : options_.line.inside_cookies)
    if (find_cookie(name) != request.cookies.end()) return;
  const auto held = find_cookie(line_cookie);
  auto answer = line_.ask(held == request.cookies.end() ? std::string_view() : held->second, std::chrono::steady_clock::now());
  exchange.ticket = std::move(answer.ticket);
  if (answer.in) return;
  people_waiting_.set(static_cast<std::int64_t>(line_.people()));
  exchange.turned_away = true;
  const std::chrono::seconds look_again = answer.place ? answer.place->look_again : line_full_look_again;
  const std::string seconds = std::to_string(look_again.count());
  if (answer.place && hooks_.waiting_page) {
    exchange.early = hooks_.waiting_page(request, *answer.place);
    exchange.early->status = 503;
    exchange.early->cacheable = false;
    exchange.early->headers.emplace_back("Retry-After", seconds);
  } else {
    Failure failure{FailureKind::unavailable, "http.house_full"};
    failure.args["retry_after_seconds"] = seconds;
    exchange.early = response_to(exchange, failure);
  }
  exchange.early->headers.emplace_back("Refresh", request.method == Method::get ? seconds : seconds + "; url=/" + request.lang + "/");   // what was sent is not sent twice
}

Response Service::method_not_allowed(const Exchange& exchange, const std::vector<Method>& allowed) {
  std::string list;
  for (const Method m : allowed) {
    (list += list.empty() ? "" : ", ") += method_names[static_cast<std::size_t>(m)];
    if (m == Method::get) list += ", HEAD";
  }
  Response response = response_to(exchange, {FailureKind::invalid, "http.method_not_allowed"});
  response.headers.emplace_back("Allow", list + ", OPTIONS");
  return response;
}

void Service::prepare_body(Exchange& exchange, const Head& head) {
  const Route* route = exchange.route;
  exchange.body_max = route ? route->body_max_bytes : 0;
  if (head.content_length.value_or(0) > exchange.body_max) {
    exchange.early = response_to(exchange, route ? Failure{FailureKind::too_large, "http.body_too_large"} : not_found("http.no_such_page"));
    return;
  }
  if (!head.has_body() || !route) return;
  const std::string_view type = head.field("content-type");
  exchange.to_files = route->upload;
  if (!is_media_type(type, "multipart/form-data")) return;
  const std::string boundary = boundary_of(type);
  if (boundary.empty()) {
    exchange.early = response_to(exchange, invalid("http.bad_multipart"));
    return;
  }
  exchange.multipart = std::make_unique<MultipartReader>(boundary, route->upload ? hooks_.uploads : SinkFactory{},
                                                         MultipartReader::Limits{.fields_max = options_.form_fields_max});
}

Result<void> Service::receive(Exchange& exchange, std::string_view bytes) {
  exchange.body_bytes += bytes.size();
  if (exchange.body_bytes > exchange.body_max) return Failure{FailureKind::too_large, "http.body_too_large"};
  if (exchange.multipart) return exchange.multipart->feed(bytes);
  if (!exchange.to_files || is_media_type(exchange.request.header("content-type"), "application/x-www-form-urlencoded")) {
    exchange.request.body += bytes;
    return {};
  }
  if (exchange.sinks.empty()) {   // a bare body of an upload route is one file
    TRY_ASSIGN(auto sink, hooks_.uploads(crypto::random_id("upl")));
    exchange.request.files.push_back({"body", "", sink->path(), 0});
    exchange.sinks.push_back(std::move(sink));
  }
  exchange.request.files.back().bytes += bytes.size();
  return exchange.sinks.back()->write(bytes);
}

Result<void> Service::complete_body(Exchange& exchange) {
  Request& request = exchange.request;
  if (exchange.multipart) {
    TRY(exchange.multipart->finish());
    request.form = exchange.multipart->take_form();
    request.files = exchange.multipart->take_files();
    exchange.sinks = exchange.multipart->take_sinks();
  } else if (!exchange.sinks.empty()) {
    TRY(exchange.sinks.back()->finish());
  } else if (!request.body.empty() && is_media_type(request.header("content-type"), "application/x-www-form-urlencoded")) {
    TRY_ASSIGN(request.form, parse_form(request.body, options_.form_fields_max));
    request.body.clear();
  }
  return {};
}

Result<void> Service::check_admission(Exchange& exchange) {
  if (exchange.admitted) return {};
  for (const auto& identify : hooks_.identify) TRY(identify(exchange.request, exchange.route));
  if (!exchange.route) return not_found("http.no_such_page");
  if (!exchange.route->access.admits(exchange.request.principal, exchange.request.resident)) {
    const bool for_residents = exchange.route->access.kind() == Access::Kind::resident;
    if (exchange.request.principal && !for_residents) return Failure{FailureKind::forbidden, "http.forbidden"};
    return Failure{FailureKind::unauthenticated, "http.sign_in_needed"};
  }
  exchange.admitted = true;
  return {};
}

void Service::admit(Exchange& exchange) {
  log::RequestScope scope(exchange.request.id);
  try {
    if (auto admitted = check_admission(exchange); !admitted) exchange.early = response_to(exchange, admitted.failure());
  } catch (const std::exception&) {
    exchange.early = response_to(exchange, {FailureKind::internal, "http.defect"});
  }
}

Result<Response> Service::handle(Exchange& exchange) {
  TRY(check_admission(exchange));
  TRY(complete_body(exchange));
  for (const auto& check : hooks_.check) TRY(check(exchange.request, exchange.route));
  const bool keyed = hooks_.idempotency && router_.is_interface(exchange.request.path) && exchange.request.method != Method::get &&
                     exchange.request.method != Method::del && !exchange.request.header("idempotency-key").empty();
  return keyed ? handle_once(exchange) : exchange.route->handler(exchange.request);
}

/// Runs what may throw; a defect is logged once, with its type and, when the text is ours, its text.
Response Service::guarded(Exchange& exchange) {
  const Failure defect{FailureKind::internal, "http.defect"};
  try {
    auto result = handle(exchange);
    if (result) return std::move(*result);
    const Failure& failure = result.failure();
    if (status_of(failure) >= 500) log::failure(log::Level::error, "http.failed", failure, {{"route", log::code(exchange.request.route)}});
    return response_to(exchange, failure);
  } catch (const std::logic_error& error) {
    log::failure(log::Level::error, "http.defect", internal("http.defect", error.what()), {{"route", log::code(exchange.request.route)}});
  } catch (const std::exception& error) {
    log::error("http.defect", {{"type", log::code(typeid(error).name())}, {"route", log::code(exchange.request.route)}});
  } catch (...) {
    log::error("http.defect", {{"route", log::code(exchange.request.route)}});
  }
  return response_to(exchange, defect);
}

bool Service::is_quick(const Exchange& exchange) {
  constexpr std::size_t quick_bytes_max = 4096;   // compressing more than this takes longer than going to a worker
  if (exchange.early) return exchange.turned_away || exchange.early->body.size() <= quick_bytes_max;
  return exchange.shared || (exchange.route && exchange.route->quick);
}

Response Service::answer(Exchange& exchange) {
  log::RequestScope scope(exchange.request.id);
  if (exchange.shared) {
    Response response = *exchange.shared;
    response.headers.emplace_back("X-Request-Id", exchange.request.id);
    set_ticket(exchange, response);
    record(exchange, response);
    return response;
  }
  Response response = exchange.early ? std::move(*exchange.early) : guarded(exchange);
  exchange.sinks.clear();       // the files of an upload are gone before its answer leaves, and removed by this thread
  exchange.multipart.reset();
  finish(exchange, response);
  return response;
}

Response Service::refuse(Exchange& exchange, const Failure& failure) {
  log::RequestScope scope(exchange.request.id);
  if (exchange.request.id.empty()) exchange.request.id = crypto::random_id("req");
  Response response = response_to(exchange, failure);
  finish(exchange, response);
  return response;
}

Response Service::response_to(const Exchange& exchange, const Failure& failure) {
  const Request& request = exchange.request;
  const int status = status_of(failure);
  if (status == 401 && !request.wants_json) {
    const bool resident = exchange.route && exchange.route->access.kind() == Access::Kind::resident;
    std::string location = '/' + request.lang + (resident ? hooks_.resident_sign_in_path : hooks_.sign_in_path);
    if (request.method == Method::get && request.path != "/") location += "?next=" + percent_encode(request.target);
    return Response::see_other(std::move(location));
  }
  Response response;
  try {
    if (request.wants_json) {
      const std::string sentence = hooks_.sentence ? hooks_.sentence(request.lang, failure) : failure.code;
      const bool fhir = request.path.starts_with(fhir_root);
      response = Response::json(fhir ? operation_outcome(status, failure, sentence) : problem_json(status, failure, sentence, request.id), status);
      response.content_type = fhir ? "application/fhir+json" : "application/problem+json";
    } else if (hooks_.error_page) {
      response = hooks_.error_page(request, status, failure);
    } else {
      response = Response::html("<!doctype html><html lang=\"" + request.lang + "\"><title>" + std::to_string(status) + "</title><h1>" +
                                std::to_string(status) + " " + std::string(reason_of(status)) + "</h1></html>", status);
    }
  } catch (const std::exception&) {   // the page of the error fails too: a bare answer
    log::error("http.error_page_failed", {{"status", status}});
    response = Response::html("", status);
  }
  response.cacheable = false;
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Session");
  const auto wait = failure.args.find("retry_after_seconds");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", wait == failure.args.end() ? worker_busy_retry : wait->second);
  return response;
}

void Service::set_ticket(const Exchange& exchange, Response& response) {
  if (exchange.ticket.empty()) return;
  const bool secure = exchange.request.secure;
  response.headers.emplace_back("Set-Cookie", to_header({.name = cookie_name(line_cookie, secure), .value = exchange.ticket, .secure = secure}));
}

void Service::finish(Exchange& exchange, Response& response) {
  try {
    for (const auto& hook : hooks_.finish) hook(exchange.request, response);
    apply_conventions(exchange, response, options_.compress_bytes_min);
    if (!exchange.early && !exchange.head_only && !exchange.request.route.empty()) shared_pages_.keep(exchange.request, response, std::chrono::steady_clock::now());
    set_ticket(exchange, response);
  } catch (const std::exception&) {
    log::error("http.finish_failed", {{"route", log::code(exchange.request.route)}});
    response = Response::html("", 500);
  }
  record(exchange, response);
}

void Service::record(const Exchange& exchange, const Response& response) {
  const Request& request = exchange.request;
  const std::string_view route = request.route.empty() ? "/-" : std::string_view(request.route);
  const std::string_view method = exchange.head_only ? "HEAD" : method_names[static_cast<std::size_t>(request.method)];
  const auto took = std::chrono::steady_clock::now() - exchange.began;
  const std::size_t index = exchange.route ? static_cast<std::size_t>(exchange.route - router_.routes().data()) : route_metrics_.size() - 1;
  const std::size_t status_class = static_cast<std::size_t>(std::clamp(response.status / 100, 1, 6)) - 1;
  route_metrics_[index].by_class[status_class]->add();
  route_metrics_[index].seconds->observe(std::chrono::duration<double>(took).count());
  log::info("http.request", {{"method", log::code(method)}, {"route", log::code(route)}, {"status", response.status}, {"took", took},
                             {"bytes_in", exchange.body_bytes}, {"bytes_out", response.body.size()}});
}

Response Service::answer_request(Request request) {
  Exchange exchange;
  exchange.request = std::move(request);
  Request& r = exchange.request;
  if (r.id.empty()) r.id = crypto::random_id("req");
  if (router_.is_interface(r.path)) r.wants_json = true;
  if (r.target.empty()) r.target = is_plain(router_, r.path) ? r.path : '/' + r.lang + r.path;
  exchange.body_bytes = r.body.size();
  find_route(exchange, method_names[static_cast<std::size_t>(r.method)], !is_plain(router_, r.path));
  if (!exchange.early && exchange.route && r.body.size() > exchange.route->body_max_bytes)
    exchange.early = response_to(exchange, {FailureKind::too_large, "http.body_too_large"});
  return answer(exchange);
}

}  // namespace motcua::http
