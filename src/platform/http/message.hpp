#pragma once
// What a route sees of HTTP: a whole request, a whole response, no sockets.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::http {

enum class Method { get, post, put, patch, del };

/// Who is signed in, filled in by platform/auth before a route's access rule is asked.
struct RoleGrant {
  std::string role;                    // "tracer", "ward_health_worker" ...: docs/guides/roles.md
  std::string area;                    // unit code; empty: the whole country
  std::optional<Instant> until = {};
};
struct Principal {
  std::string account;                 // acc_...
  std::string display_name;
  std::vector<RoleGrant> grants;       // in force now
  std::string session;                 // opaque; for CSRF and sign-out
  std::string csrf;                    // token the forms of this session carry
};

/// A resident at the door, filled in by rooms/residents before an access rule is asked. It stands beside `principal`, never for it: a
/// resident holds no role.
struct Resident {
  std::string account;                 // res_...
  std::string session;                 // id; for CSRF and sign-out
  std::string csrf;
};

/// A file of a multipart form, spooled to disk encrypted by the server; `path` lives until the request ends unless taken.
struct UploadedFile {
  std::string field;
  std::string file_name;               // as the client says; never used as a path
  std::string path;
  std::uint64_t bytes = 0;
};

struct Request {
  Method method = Method::get;
  std::string path;                                  // decoded, without the language prefix
  std::string target;                                // as it came, for redirects back
  std::string lang = "vi";                           // "vi" or "en": from /vi/ or /en/, Accept-Language for the API
  std::map<std::string, std::string> path_params;    // {case_id}
  std::multimap<std::string, std::string> query;
  std::multimap<std::string, std::string> form;      // application/x-www-form-urlencoded and multipart text fields
  std::multimap<std::string, std::string> headers;   // names in lower case
  std::map<std::string, std::string> cookies;
  std::vector<UploadedFile> files;
  std::string body;                                  // whole, for JSON bodies
  std::string remote_address;
  std::string id;                                    // req_..., random; also in the log and the response header
  bool secure = false;                               // came over TLS (or a trusted proxy says so)
  bool wants_json = false;                           // an API path, or the client accepts JSON and not HTML
  std::string route;                                 // pattern of the route taken: safe in logs, unlike the path
  std::string idempotency_scope;                     // set when an Idempotency-Key came with an API write; a handler may
  std::string idempotency_key;                       // save its answer under them in its own transaction
  std::string idempotency_hash;                      // (platform/idempotency), else the server saves it right after
  std::optional<Principal> principal;
  std::optional<Resident> resident;

  /// First value or empty.
  std::string query_value(const std::string& name) const { auto i = query.find(name); return i == query.end() ? "" : i->second; }
  std::string form_value(const std::string& name) const { auto i = form.find(name); return i == form.end() ? "" : i->second; }
  std::string header(const std::string& name) const { auto i = headers.find(name); return i == headers.end() ? "" : i->second; }
  std::string param(const std::string& name) const { auto i = path_params.find(name); return i == path_params.end() ? "" : i->second; }
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;   // Set-Cookie may repeat
  bool cacheable = false;                                     // false: Cache-Control: no-store (personal data)
  bool compressible = true;                                   // false: its length must tell nothing, so it stays as it is
  bool memorable = true;                                      // false: not kept for an Idempotency-Key

  static Response html(std::string body, int status = 200) { Response r; r.status = status; r.body = std::move(body); return r; }
  static Response json(std::string body, int status = 200) {
    Response r; r.status = status; r.body = std::move(body); r.content_type = "application/json"; return r;
  }
  /// A file to keep: `name` without folder and ending.
  static Response csv(std::string body, const std::string& name) {
    Response r; r.body = std::move(body); r.content_type = "text/csv; charset=utf-8";
    r.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
    return r;
  }
  static Response see_other(std::string location) { Response r; r.status = 303; r.headers.emplace_back("Location", std::move(location)); return r; }
};

}  // namespace motcua::http
