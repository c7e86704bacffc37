#pragma once
// The house as a server: rooms' routes, the desk, sign-in, hooks, jobs.
#include <memory>
#include <string>

#include "app/installation.hpp"
#include "platform/auth/auth.hpp"
#include "platform/http/server.hpp"

namespace motcua::app {

/// All routes of the installation, as the server has them: also what the tests that walk the house read.
Result<http::Router> make_router(Installation& home, const auth::Auth& auth);

/// "127.0.0.1:8080"; failure app.listen_form.
Result<http::ServerOptions> to_server_options(const config::Settings& settings, const std::string& listen);

/// Serves until SIGTERM or SIGINT. `ready` is called with the port once connections are accepted.
Result<void> serve(Installation& home, const std::string& listen, const std::function<void(std::uint16_t)>& ready = {});

}  // namespace motcua::app
