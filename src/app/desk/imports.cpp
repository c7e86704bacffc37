// Files of other people: given to the house on a page, brought in by a job that survives a restart, reported row by row.
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/desk/site.hpp"
#include "base/ids.hpp"
#include "platform/audit/audit.hpp"
#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/i18n/format.hpp"
#include "platform/intake/sources.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> import_roles = {"tracer", "tracing_supervisor"};
constexpr auto purpose = "import";
constexpr std::size_t shown_name_bytes_max = 120;
constexpr int page_imports = 50;

Result<Act> act_of(const Request& request, std::string action) {
  return auth::act_of(request, {"tracer", "tracing_supervisor"}, purpose, std::move(action));
}

const intake::Kind* find_kind(const Site& site, std::string_view name) {
  const auto found = std::find_if(site.kinds->begin(), site.kinds->end(), [&](const intake::Kind& kind) { return kind.name == name; });
  return found == site.kinds->end() ? nullptr : &*found;
}

std::string waiting_path(const House& house, const std::string& import_id) { return house.data_dir + "/uploads/" + import_id + ".sealed"; }

std::string state_tone(const std::string& state) {
  if (state == "done") return "ok";
  if (state == "failed") return "bad";
  return state == "interrupted" ? "warn" : "info";
}

json::object to_json(const Site& site, const Request& request, const intake::ImportRecord& import) {
  const auto& sum = import.summary;
  json::object out{{"href", pages::link(request, "/imports/" + import.id)}, {"kind", import.kind}, {"source", import.source}, {"file", import.shown_name},
                   {"kind_name", site.text(request, "desk.kind_" + import.kind)}, {"when", site.when(request, import.started_at)},
                   {"ago", site.how_long_ago(request, import.started_at)}, {"state", site.text(request, "desk.import_" + import.state)},
                   {"tone", state_tone(import.state)}, {"running", import.state == "running"}, {"ended", import.ended_at.has_value()},
                   {"read", i18n::number(sum.read)}, {"accepted", i18n::number(sum.accepted)}, {"updated", i18n::number(sum.updated)},
                   {"unchanged", i18n::number(sum.unchanged)}, {"rejected", i18n::number(sum.rejected)}, {"warned", i18n::number(sum.warned)},
                   {"has_rejected", sum.rejected > 0}, {"actor", site.actor_name(request, import.actor)},
                   {"seconds", i18n::decimal(request.lang, sum.seconds, 1)}};
  if (!import.failure_code.empty()) {
    Failure failure = invalid(import.failure_code, import.failure_field);
    failure.row = import.failure_row;
    out["failure"] = site.house->texts.sentence(request.lang, failure);
  }
  if (sum.rejected > 0) out["rejected_href"] = pages::link(request, "/imports/" + import.id + "/rejected.csv");
  return out;
}

Result<Response> list_page(const Site& site, const Request& request) {
  std::optional<Instant> before;
  if (const auto text = request.query_value("before"); !text.empty()) before = from_millis(std::atoll(text.c_str()));
  TRY_ASSIGN(const auto imports, site.house->database.read_value([&](storage::Reader& reader) {
    return intake::list_imports(reader, site.house->now(), before, page_imports);
  }));
  json::array rows;
  for (const auto& import : imports) rows.push_back(to_json(site, request, import));
  json::object context{{"imports", std::move(rows)}, {"any", !imports.empty()}};
  if (imports.size() == page_imports)
    context["older"] = pages::link(request, "/imports?before=" + std::to_string(to_millis(imports.back().started_at)));
  return Response::html(site.house->pages.render(request, "desk/imports", std::move(context),
                                                 {.title = site.text(request, "desk.imports_title"), .active = "desk.nav_imports"}));
}

Response form_page(const Site& site, const Request& request, const Failure* failure) {
  json::array kinds;
  for (const auto& kind : *site.kinds)
    kinds.push_back(json::object{{"name", kind.name}, {"label", site.text(request, "desk.kind_" + kind.name)}, {"chosen", request.form_value("kind") == kind.name}});
  json::object context{{"kinds", std::move(kinds)}, {"source", request.form_value("source")}};
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  const std::string title = site.text(request, "desk.import_new_title");
  auto body = site.house->pages.render(request, "desk/import_new", std::move(context),
                                       {.title = title, .active = "desk.nav_imports", .crumbs = {{site.text(request, "desk.imports_title"), "/imports"}, {title, ""}},
                                        .scripts = {"upload.js"}});
  return Response::html(std::move(body), failure ? 422 : 200);
}

/// What a file is called and who reported it may name a person: sealed, so that no event log holds it.
Result<std::string> sealed_words(House& house, const std::string& import_id, const json::object& words) {
  const std::string plain = json::serialize(words);
  TRY_ASSIGN(const auto sealed, house.keys.seal("import:" + import_id, {reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()}));
  return to_hex(sealed);
}
Result<json::object> opened_words(House& house, const std::string& import_id, std::string_view hex) {
  crypto::Bytes sealed(hex.size() / 2);
  for (std::size_t i = 0; i < sealed.size(); ++i) sealed[i] = static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(2 * i, 2)), nullptr, 16));
  TRY_ASSIGN(const auto plain, house.keys.open("import:" + import_id, sealed));
  boost::system::error_code problem;
  auto words = json::parse({reinterpret_cast<const char*>(plain.data()), plain.size()}, problem);
  if (problem || !words.is_object()) return internal("desk.import_words", "not an object");
  return std::move(words).as_object();
}

Result<Response> receive(const Site& site, const Request& request) {
  House& house = *site.house;
  if (request.files.empty() || request.files.front().bytes == 0) {
    const auto failure = invalid("desk.import_file_missing", "file");
    return form_page(site, request, &failure);
  }
  const intake::Kind* kind = find_kind(site, request.form_value("kind"));
  if (!kind) {
    const auto failure = invalid("desk.import_kind_missing", "kind");
    return form_page(site, request, &failure);
  }
  TRY_ASSIGN(const auto act, act_of(request, "desk.receive_import"));
  const std::string id = crypto::random_id("imp");
  const std::string path = waiting_path(house, id);
  if (::rename(request.files.front().path.c_str(), path.c_str()) != 0) return unavailable("desk.import_not_kept", "rename");
  TRY_ASSIGN(const auto words, sealed_words(house, id, {{"name", request.files.front().file_name.substr(0, shown_name_bytes_max)},
                                                        {"source", request.form_value("source")}, {"reporter", request.form_value("reporter")}}));
  const json::object payload{{"import", id}, {"kind", kind->name}, {"words", words}, {"lang", request.lang}, {"actor", act.actor}, {"role", act.role}};
  auto scheduled = house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    tx.note({.action = "desk.receive_import", .object = id});
    return house.bus.schedule(tx, "desk.import", payload, house.now());
  });
  if (!scheduled) {
    ::unlink(path.c_str());
    return std::move(scheduled).failure();
  }
  return Response::see_other(pages::link(request, "/imports/" + id));
}

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The job. Running it twice is running it once: rows are themselves by their ids, and the file goes when it is through.
Result<void> import_waiting(const Site& site, const events::Event& event) {
  House& house = *site.house;
  const std::string id = text_of(event.payload, "import"), path = waiting_path(house, id);
  const intake::Kind* kind = find_kind(site, text_of(event.payload, "kind"));
  if (!kind || !std::filesystem::exists(path)) return {};
  TRY_ASSIGN(const auto words, opened_words(house, id, text_of(event.payload, "words")));
  const std::string lang = text_of(event.payload, "lang"), source = text_of(words, "source");
  const intake::ImportOptions options{.source = source.empty() ? kind->name : source, .reporter_phone = text_of(words, "reporter"), .import_id = id,
                                      .shown_name = text_of(words, "name"),
                                      .sentence = [&house, lang](const Failure& f) { return house.texts.sentence(lang, f); }, .now = house.now};
  const Act act{text_of(event.payload, "actor"), text_of(event.payload, "role"), purpose, "intake.import", id};
  auto done = intake::import_source(house.database, act, *kind, options, *intake::sealed_source(house.keys, "upload", path), house.data_dir);
  const bool again = !done && done.failure().kind == FailureKind::unavailable;
  if (again) return std::move(done).failure();
  ::unlink(path.c_str());   // the report says what became of it, a refused file too
  return {};
}

Result<json::object> report_of(const Site& site, const Request& request) {
  const std::string id = request.param("import_id");
  auto import = site.house->database.read_value([&](storage::Reader& reader) { return intake::get_import(reader, site.house->now(), id); });
  if (import) return to_json(site, request, *import);
  if (!is_id("imp", id) || !std::filesystem::exists(waiting_path(*site.house, id))) return std::move(import).failure();
  return json::object{{"waiting", true}, {"running", true}, {"state", site.text(request, "desk.import_waiting")}, {"tone", "info"}};
}

Result<Response> report_page(const Site& site, const Request& request) {
  TRY_ASSIGN(auto report, report_of(site, request));
  report["live"] = pages::link(request, request.path + "?part=1");
  report["here"] = pages::link(request, request.path);
  if (!request.query_value("part").empty()) return Response::html(site.house->pages.render_part(request, "desk/import_report", std::move(report)));
  const std::string title = site.text(request, "desk.import_title");
  return Response::html(site.house->pages.render(request, "desk/import", std::move(report),
                                                 {.title = title, .active = "desk.nav_imports", .crumbs = {{site.text(request, "desk.imports_title"), "/imports"}, {title, ""}},
                                                  .scripts = {"upload.js"}}));
}

Result<Response> rejected_file(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto import, site.house->database.read_value([&](storage::Reader& reader) {
    return intake::get_import(reader, site.house->now(), request.param("import_id"));
  }));
  if (import.summary.rejected_file.empty()) return not_found("intake.import_not_found");
  TRY_ASSIGN(const auto act, act_of(request, "desk.download_rejected"));
  std::ifstream file(import.summary.rejected_file, std::ios::binary);
  if (!file) return not_found("intake.import_not_found");
  TRY(audit::record_read(site.house->database, act, {{.action = "desk.download_rejected", .object = import.id, .read = true}}));
  std::ostringstream content;
  content << file.rdbuf();
  return Response::csv(content.str(), import.id);
}

}  // namespace

void add_import_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"desk.nav_imports", "/imports", import_roles, 500});
  std::error_code ignored;
  std::filesystem::create_directories(site.house->data_dir + "/uploads", ignored);
  site.house->bus.on_job("desk.import", [site](const events::Event& event) { return import_waiting(site, event); });
  const auto access = [] { return http::Access::roles(import_roles, purpose); };
  router.add({.path = "/imports", .access = access(), .handler = [site](const Request& r) { return list_page(site, r); }, .summary = "Imports"});
  router.add({.path = "/imports/new", .access = access(), .handler = [site](const Request& r) -> Result<Response> { return form_page(site, r, nullptr); },
              .summary = "A file to bring in"});
  router.add({.method = http::Method::post, .path = "/imports", .access = access(), .handler = [site](const Request& r) { return receive(site, r); },
              .summary = "Bring a file in", .body_max_bytes = static_cast<std::size_t>(site.house->settings.integer("imports.upload_bytes_max")), .upload = true});
  router.add({.path = "/imports/{import_id}", .access = access(), .handler = [site](const Request& r) { return report_page(site, r); }, .summary = "An import's report"});
  router.add({.path = "/imports/{import_id}/rejected.csv", .access = access(), .handler = [site](const Request& r) { return rejected_file(site, r); },
              .summary = "Rows an import rejected, with their reasons"});
}

}  // namespace motcua::app::desk
