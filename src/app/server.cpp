#include "app/server.hpp"

#include <charconv>
#include <cstdio>

#include "app/desk/desk.hpp"
#include "app/output.hpp"
#include "platform/audit/audit.hpp"
#include "platform/crypto/sealed_file.hpp"
#include "platform/idempotency/idempotency.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/metrics.hpp"

namespace motcua::app {
namespace {

/// An upload on its way to disk, encrypted: nobody with the disk reads it, and it goes when its request ends.
class SealedUpload final : public http::Sink {
 public:
  SealedUpload(std::unique_ptr<crypto::SealedFileWriter> writer, std::string path) : writer_(std::move(writer)), path_(std::move(path)) {}
  ~SealedUpload() override { std::remove(path_.c_str()); }
  Result<void> write(std::string_view bytes) override {
    return writer_->write({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  Result<void> finish() override { return writer_->finish(); }
  const std::string& path() const override { return path_; }

 private:
  std::unique_ptr<crypto::SealedFileWriter> writer_;
  std::string path_;
};

http::SinkFactory sealed_uploads(crypto::KeyRing& keys, const std::string& data_dir) {
  return [&keys, data_dir](const std::string& name) -> Result<std::unique_ptr<http::Sink>> {
    const std::string path = data_dir + "/uploads/" + name;
    TRY_ASSIGN(auto writer, crypto::SealedFileWriter::create(keys, "upload", path, {.durable = false}));
    return std::unique_ptr<http::Sink>(std::make_unique<SealedUpload>(std::move(writer), path));
  };
}

void add_jobs(Installation& home, const auth::Auth& auth) {
  House& house = home.house();
  home.bus().every("auth.purge", std::chrono::minutes(5), [&auth] { return auth.purge(); });
  home.bus().every("audit.checkpoint", std::chrono::minutes(5), [&house] { return audit::checkpoint(house.database); });
  home.bus().every("app.purge", std::chrono::hours(24), [&home]() -> Result<void> {
    const Act act{"job:purge", "system", "retention", "app.purge", ""};
    for (Room* room : home.rooms().all()) TRY(room->purge(act, home.house().now(), false));
    return {};
  });
  home.bus().every("identity.link", std::chrono::minutes(1), [&home]() -> Result<void> {
    const Act act{"job:link", "system", "linkage", "identity.link", ""};
    TRY(home.rooms().identity->door().link(act, {}));
    return {};
  });
}

}  // namespace

Result<http::ServerOptions> to_server_options(const config::Settings& settings, const std::string& listen) {
  http::ServerOptions options;
  const auto colon = listen.rfind(':');
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  if (colon == std::string::npos || colon == 0 ||
      std::from_chars(listen.data() + colon + 1, end, port).ptr != end || colon + 1 == listen.size())
    return invalid("app.listen_form", "--listen");
  options.address = listen.substr(0, colon);
  options.port = port;
  options.certificate_file = settings.text("http.certificate_file");
  options.key_file = settings.text("http.key_file");
  return options;
}

Result<http::Router> make_router(Installation& home, const auth::Auth& auth) {
  http::Router router;
  for (Room* room : home.rooms().all()) room->add_routes(router);
  auth.add_routes(router, home.house().pages);
  desk::add_routes(router, {home.house(), home.kinds(), auth});
  return router;
}

Result<void> serve(Installation& home, const std::string& listen, const std::function<void(std::uint16_t)>& ready) {
  House& house = home.house();
  TRY_ASSIGN(auto options, to_server_options(house.settings, listen));
  TRY_ASSIGN(const auto auth, auth::Auth::make({house.database, house.keys, house.units, house.now}));
  TRY_ASSIGN(auto router, make_router(home, *auth));
  idempotency::DatabaseStore answers(house.database, house.now);

  http::Hooks hooks;
  hooks.identify.push_back(auth->identify());
  hooks.check.push_back(auth->guard_forms());
  hooks.error_page = [&house](const http::Request& request, int status, const Failure& failure) {
    return house.pages.error_page(request, status, failure);
  };
  hooks.sentence = [](std::string_view lang, const Failure& failure) { return texts().sentence(lang, failure); };
  hooks.uploads = sealed_uploads(house.keys, house.data_dir);
  hooks.ready = [&house] { return house.database.read([](storage::Reader& r) { return r.query("SELECT 1", {}, [](const storage::Row&) {}); }); };
  hooks.idempotency = &answers;

  add_jobs(home, *auth);
  http::Server server(std::move(router), std::move(hooks), std::move(options));
  TRY(server.start());
  home.bus().start();
  if (ready) ready(server.port());
  server.run_until_signal();
  home.bus().stop();
  return {};
}

int run_serve(const Globals& globals, const std::string& listen) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  auto served = serve(**opened, listen, [&](std::uint16_t port) {
    std::printf("%s\n", texts().text(globals.lang, "app.serving", {{"port", std::to_string(port)}}).c_str());
    std::fflush(stdout);
  });
  return served ? exit_done : fail(served.failure(), texts(), globals.lang, served.failure().kind == FailureKind::invalid);
}

}  // namespace motcua::app
