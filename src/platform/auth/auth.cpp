#include "platform/auth/auth.hpp"

#include "platform/auth/cookies.hpp"

namespace motcua::auth {
namespace {

bool changes_something(http::Method method) { return method != http::Method::get; }

Failure not_ours() { return {FailureKind::forbidden, "auth.form_not_ours"}; }

}  // namespace

Result<std::unique_ptr<Auth>> Auth::make(const Needs& needs) {
  TRY_ASSIGN(auto sign_in, SignIn::make(needs.database, needs.keys, needs.now));
  TRY_ASSIGN(auto codes, OneTimeCodes::make(needs.database, needs.keys, needs.now));
  return std::unique_ptr<Auth>(new Auth(needs, std::move(sign_in), std::move(codes)));
}

Auth::Auth(const Needs& needs, SignIn sign_in, OneTimeCodes codes)
    : database_(needs.database),
      units_(needs.units),
      now_(needs.now),
      options_(needs.options),
      accounts_(needs.database, needs.keys, needs.units, needs.now),
      sessions_(needs.database, needs.now, needs.options.sessions),
      sign_in_(std::move(sign_in)),
      approvals_(needs.database, needs.units, needs.now),
      codes_(std::move(codes)) {}

http::Check Auth::identify() const {
  return [this](http::Request& request, const http::Route*) -> Result<void> {
    const std::string token = session_token(request);
    if (token.empty()) return {};
    TRY_ASSIGN(request.principal, sessions_.find_principal(token));
    return {};
  };
}

http::Check Auth::guard_forms() const {
  return [](http::Request& request, const http::Route* route) -> Result<void> {
    if (route == nullptr || !changes_something(request.method)) return {};
    const bool page = !route->protocol && !route->path.starts_with("/api/");
    const bool with_cookie = !session_token(request).empty() || request.resident.has_value();
    if ((page || with_cookie) && !is_same_origin(request)) return not_ours();
    if (request.principal && request.principal->session.empty()) return {};   // a machine showed its key, which no browser sends by itself
    if (!request.principal && !request.resident) return {};  // the steps of a sign-in check their own token
    const std::string field = request.form_value("csrf");
    const std::string given = field.empty() ? request.header("x-csrf-token") : field;
    // Somebody may be signed in as staff and as a resident in one browser: a form carries the token of either.
    const bool staff = request.principal && crypto::equal_constant_time(given, request.principal->csrf);
    const bool resident = request.resident && crypto::equal_constant_time(given, request.resident->csrf);
    if (!staff && !resident) return not_ours();
    return {};
  };
}

Result<void> Auth::purge() const {
  const Act act{"job:auth", "system", "operations", "auth.purge", ""};
  return database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(sessions_.purge(tx));
    TRY(OneTimeCodes::purge(tx, now_()));
    TRY(Limiter::purge(tx, now_()));
    return {};
  });
}

}  // namespace motcua::auth
