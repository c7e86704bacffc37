// What the server is made of: routes of the rooms, hooks of the platform.
#include <cstdio>

#include "app/desk/desk.hpp"
#include "app/server.hpp"
#include "platform/crypto/sealed_file.hpp"

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

}  // namespace

Service::Service(Installation& home)
    : home_(home), answers_(home.house().database, home.house().now, home.house().settings.duration("retention.idempotency_h")) {}

Result<std::unique_ptr<Service>> Service::make(Installation& home) {
  House& house = home.house();
  std::unique_ptr<Service> self(new Service(home));
  auth::AuthOptions options;
  options.sessions = {house.settings.duration("auth.session_idle_min"), house.settings.duration("auth.session_max_min")};
  TRY_ASSIGN(self->identify_gateway_, auth::identify_machine(house.keys, "gateway"));
  TRY_ASSIGN(self->auth_, auth::Auth::make({house.database, house.keys, house.units, house.now, options}));
  return self;
}

Result<http::Router> Service::make_router() {
  http::Router router;
  for (Room* room : home_.rooms().all()) room->add_routes(router);
  auth_->add_routes(router, home_.house().pages);
  desk::add_routes(router, {home_.house(), home_.kinds(), *auth_});
  return router;
}

http::Hooks Service::make_hooks() {
  House& house = home_.house();
  http::Hooks hooks;
  hooks.identify.push_back(auth_->identify());
  hooks.identify.push_back(home_.rooms().residents->door().identify());
  hooks.identify.push_back(identify_gateway_);
  hooks.check.push_back(auth_->guard_forms());
  hooks.error_page = [&house](const http::Request& request, int status, const Failure& failure) {
    return house.pages.error_page(request, status, failure);
  };
  hooks.waiting_page = [&house](const http::Request& request, const http::LinePlace& place) { return house.pages.waiting_page(request, place); };
  hooks.sentence = [](std::string_view lang, const Failure& failure) { return texts().sentence(lang, failure); };
  hooks.uploads = sealed_uploads(house.keys, house.data_dir);
  hooks.ready = [&house] { return house.database.read([](storage::Reader& r) { return r.query("SELECT 1", {}, [](const storage::Row&) {}); }); };
  hooks.measure = [&house] { (void)house.bus.stats().ok(); };   // sets the gauges of events; without a database they stay as they were
  hooks.idempotency = &answers_;
  return hooks;
}

}  // namespace motcua::app
