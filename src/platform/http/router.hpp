#pragma once
// Routes and who may take them. A route without an access rule does not compile: Access has no default.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"

namespace motcua::http {

/// Who may take a route. The router asks it before the handler runs; the handler still asks the room's door about the one record.
class Access {
 public:
  static Access anyone() { return Access(Kind::anyone, {}, {}); }
  static Access signed_in() { return Access(Kind::signed_in, {}, {}); }
  /// Whoever is signed in as a resident; what of whom he may see is asked of rooms/residents.
  static Access resident() { return Access(Kind::resident, {}, "own-record"); }
  /// One of these roles, anywhere; `purpose` is what the access is recorded under.
  static Access roles(std::vector<std::string> roles, std::string purpose) {
    return Access(Kind::roles, std::move(roles), std::move(purpose));
  }
  enum class Kind { anyone, signed_in, roles, resident };
  Kind kind() const { return kind_; }
  const std::vector<std::string>& allowed() const { return roles_; }
  const std::string& purpose() const { return purpose_; }
  bool admits(const std::optional<Principal>& principal, const std::optional<Resident>& resident = std::nullopt) const;

 private:
  Access(Kind kind, std::vector<std::string> roles, std::string purpose)
      : kind_(kind), roles_(std::move(roles)), purpose_(std::move(purpose)) {}
  Kind kind_;
  std::vector<std::string> roles_;
  std::string purpose_;
};

using Handler = std::function<Result<Response>(const Request&)>;

/// One parameter of an operation, for OpenAPI.
struct Parameter {
  std::string name;
  std::string in = "query";        // query, path
  std::string description;
  bool required = false;
};

struct Route {
  Method method = Method::get;
  std::string path;                // "/cases/{case_id}": pages are served under /vi and /en; API paths begin with /api/v1/
  Access access;                   // cannot be left out
  Handler handler;                 // runs on a worker thread and may block
  std::string summary = {};        // English, for OpenAPI
  std::vector<Parameter> parameters = {};
  std::string request_schema = {};   // JSON Schema text of the body, when there is one
  std::string response_schema = {};
  std::size_t body_max_bytes = 64 * 1024;
  bool upload = false;             // multipart with files, spooled to disk; body_max_bytes counts the whole. Who asks and
                                   // whether he may is decided before the body is read.
  bool protocol = false;           // the path is fixed by a protocol of others: it stands alone, without /vi or /en, and
                                   // refusals are JSON as under /api/
  bool quick = false;              // answers from memory in microseconds: may run on the network thread
};

/// What a path leads to.
struct Match {
  const Route* route = nullptr;                        // valid until the next add()
  std::map<std::string, std::string> parameters = {};
  std::vector<Method> allowed = {};                    // methods of the path when the method asked for is not among them (405)
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// A malformed path, two routes for one method and path, or an empty handler are defects (std::logic_error).
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }
  /// Segments are compared as they are, a literal before a parameter; a slash at the end makes no difference. No regex.
  Match match(Method method, std::string_view path) const;
  /// True under /api/ and wherever a protocol's routes are: nothing there is a page.
  bool is_interface(std::string_view path) const;
  /// OpenAPI 3.1 of the routes under /api/v1 and of protocols; public operations state `security: []`.
  std::string openapi(const std::string& title, const std::string& version) const;

 private:
  struct Node;
  std::vector<Route> routes_;
  std::set<std::string, std::less<>> protocols_;   // first segments of their paths
  std::unique_ptr<Node> root_;
};

}  // namespace motcua::http
