// OpenAPI 3.1 from the routes: what is not a route cannot be in it, and a route cannot be missing.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <stdexcept>

#include "platform/http/router.hpp"

namespace motcua::http {
namespace {

namespace json = boost::json;
constexpr std::string_view method_names[] = {"get", "post", "put", "patch", "delete"};

json::value schema_of(const Route& route, const std::string& text) {
  boost::system::error_code failed;
  auto schema = json::parse(text, failed);
  if (failed) throw std::logic_error("http: the schema of " + route.path + " is not JSON");
  return schema;
}

json::array parameters_of(const Route& route) {
  json::array parameters;
  std::vector<std::string> described;
  for (const auto& p : route.parameters) {
    parameters.push_back(json::object{{"name", p.name}, {"in", p.in}, {"description", p.description},
                                      {"required", p.required || p.in == "path"}, {"schema", json::object{{"type", "string"}}}});
    if (p.in == "path") described.push_back(p.name);
  }
  for (std::size_t at = route.path.find('{'); at != std::string::npos; at = route.path.find('{', at + 1)) {
    const std::string name = route.path.substr(at + 1, route.path.find('}', at) - at - 1);
    if (std::find(described.begin(), described.end(), name) != described.end()) continue;
    parameters.push_back(json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  }
  return parameters;
}

std::string operation_id(const Route& route) {
  std::string id(method_names[static_cast<std::size_t>(route.method)]);
  const std::string_view path = route.path;
  for (const char c : path.substr(route.protocol ? 0 : std::string_view("/api/v1").size())) {
    if (c == '/' || c == '-' || c == '.') id += '_';
    else if (c != '{' && c != '}') id += c;
  }
  return id;
}

json::object operation_of(const Route& route) {
  json::object operation{{"operationId", operation_id(route)}, {"summary", route.summary}};
  if (auto parameters = parameters_of(route); !parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.request_schema.empty())
    operation["requestBody"] = json::object{
        {"required", true},
        {"content", json::object{{"application/json", json::object{{"schema", schema_of(route, route.request_schema)}}}}}};
  else if (route.upload)
    operation["requestBody"] = json::object{
        {"required", true}, {"content", json::object{{"multipart/form-data", json::object{{"schema", json::object{{"type", "object"}}}}}}}};
  json::object done{{"description", "Done"}};
  if (!route.response_schema.empty())
    done["content"] = json::object{{"application/json", json::object{{"schema", schema_of(route, route.response_schema)}}}};
  operation["responses"] = json::object{{"200", std::move(done)},
                                        {"default", json::object{{"$ref", "#/components/responses/Problem"}}}};
  if (route.access.kind() == Access::Kind::anyone) operation["security"] = json::array{};
  else if (route.access.kind() == Access::Kind::resident) operation["security"] = json::array{json::object{{"resident", json::array{}}}};
  else if (route.access.kind() == Access::Kind::roles) {
    json::array roles;
    for (const auto& role : route.access.allowed()) roles.emplace_back(role);
    operation["x-roles"] = std::move(roles);
    operation["x-purpose"] = route.access.purpose();
  }
  return operation;
}

json::object components() {
  json::object problem{{"type", "object"},
                       {"required", json::array{"type", "title", "status", "detail", "code"}},
                       {"properties", json::object{}}};
  for (const char* name : {"type", "title", "detail", "code", "field", "request"})
    problem["properties"].as_object()[name] = json::object{{"type", "string"}};
  for (const char* name : {"status", "row"}) problem["properties"].as_object()[name] = json::object{{"type", "integer"}};
  json::object content{{"application/problem+json", json::object{{"schema", json::object{{"$ref", "#/components/schemas/Problem"}}}}}};
  return {{"schemas", json::object{{"Problem", std::move(problem)}}},
          {"responses", json::object{{"Problem", json::object{{"description", "A refusal (RFC 9457)"}, {"content", std::move(content)}}}}},
          {"securitySchemes", json::object{{"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-motcua"}}},
                                         {"resident", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-motcua-resident"}}}}}};
}

}  // namespace

std::string Router::openapi(const std::string& title, const std::string& version) const {
  json::object paths;
  for (const auto& route : routes_) {
    if (!route.protocol && !route.path.starts_with("/api/v1/")) continue;
    auto& path = paths[route.path];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[method_names[static_cast<std::size_t>(route.method)]] = operation_of(route);
  }
  json::object document{{"openapi", "3.1.0"},
                        {"info", json::object{{"title", title}, {"version", version}}},
                        {"servers", json::array{json::object{{"url", "/"}}}},
                        {"security", json::array{json::object{{"session", json::array{}}}}},
                        {"paths", std::move(paths)},
                        {"components", components()}};
  return json::serialize(document);
}

}  // namespace motcua::http
