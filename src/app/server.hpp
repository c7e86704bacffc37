#pragma once
// The house as a server: rooms' routes, the desk, sign-in, hooks, jobs.
#include <memory>
#include <string>

#include "app/installation.hpp"
#include "platform/auth/auth.hpp"
#include "platform/auth/machine_key.hpp"
#include "platform/http/server.hpp"
#include "platform/idempotency/idempotency.hpp"

namespace motcua::app {

/// What the server is made of besides its sockets. Tests that walk the house make the very same.
class Service {
 public:
  static Result<std::unique_ptr<Service>> make(Installation& home);

  const auth::Auth& auth() const { return *auth_; }
  /// All routes of the installation.
  Result<http::Router> make_router();
  /// Sign-in, form tokens, pages of errors, sealed uploads, readiness, idempotency. Lives as long as this.
  http::Hooks make_hooks();
  /// What runs by itself while the server does.
  void add_jobs();

 private:
  explicit Service(Installation& home);
  Installation& home_;
  http::Check identify_gateway_;
  std::unique_ptr<auth::Auth> auth_;
  idempotency::DatabaseStore answers_;
};

/// "127.0.0.1:8080"; failure app.listen_form.
Result<http::ServerOptions> to_server_options(const config::Settings& settings, const std::string& listen);

/// Serves until SIGTERM or SIGINT, and logs as log.* says. `ready` is called with the port once connections are accepted.
Result<void> serve(Installation& home, const std::string& listen, const std::function<void(std::uint16_t)>& ready = {});

}  // namespace motcua::app
