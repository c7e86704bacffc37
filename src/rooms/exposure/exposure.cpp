// The door and the room.
#include "rooms/exposure/exposure.hpp"

#include "platform/config/config.hpp"
#include "rooms/exposure/routes.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

class Door : public Exposure {
 public:
  explicit Door(Server server) : server_(std::move(server)) {}

  Result<IssuedCode> issue_code(const Asker& a, const CodeInput& i) override { return exposure::issue_code(server_, a, i); }
  Result<CasePageOfCodes> list_codes(const Asker& a, const std::string& id) override { return exposure::list_codes(server_, a, id); }
  Result<Verified> verify(const Sender& s, const std::string& code, const std::vector<ReportType>& accepted) override { return exposure::verify(server_, s, code, accepted); }
  Result<std::string> certify(const Sender& s, const std::string& token, const crypto::Bytes& mac) override { return exposure::certify(server_, s, token, mac); }
  Result<Published> publish(const Sender& s, const Publish& p) override { return exposure::publish(server_, s, p); }
  Result<std::optional<ArchiveSummary>> make_archive(const Act& act, bool now) override { return exposure::make_archive(server_, act, now); }
  Result<std::vector<std::string>> list_archives() override {
    return server_.house.database.read_value([](storage::Reader& reader) { return store::list_archives(reader); });
  }
  Result<std::string> get_archive(const std::string& name) override {
    TRY_ASSIGN(auto content, server_.house.database.read_value([&](storage::Reader& reader) { return store::find_archive(reader, name); }));
    if (!content) return not_found("exposure.archive_not_found");
    return std::move(*content);
  }
  Result<std::string> public_key(std::int64_t version) override {
    const std::int64_t current = current_version(server_.house);
    if (version < 0 || version > current) return not_found("exposure.key_version_unknown");
    TRY_ASSIGN(const auto key, archive_key(server_.house, version == 0 ? current : version));
    return key.public_key().to_pem();
  }
  Result<std::string> export_own(const Act& act, Instant since, bool travelers_only, Federated& sum) override {
    return exposure::export_own(server_, act, since, travelers_only, sum);
  }
  Result<Federated> import_archive(const Act& act, std::string_view archive, const crypto::P256PublicKey& key, std::string origin) override {
    return exposure::import_archive(server_, act, archive, key, std::move(origin));
  }

 private:
  Server server_;
};

class ExposureRoomImpl : public ExposureRoom {
 public:
  ExposureRoomImpl(House& house, Server server) : house_(house), door_(std::move(server)) {}

  std::string_view name() const override { return "exposure"; }
  Exposure& door() override { return door_; }
  void add_routes(http::Router& router) override {
    add_phone_routes(router, house_, door_);
    add_code_routes(router, house_, door_);
  }
  /// Keys go when their period has been over for so long; archives with them; codes a day after they ran out.
  Result<std::vector<Purged>> purge(const Act& act, Instant now, bool count_only) override {
    const Instant before = now - house_.settings.duration("retention.exposure_keys_days");
    return house_.database.write_value(act, [&](storage::Transaction& tx) -> Result<std::vector<Purged>> {
      TRY_ASSIGN(const auto keys, store::forget_keys(tx, interval_of(before), count_only));
      TRY_ASSIGN(const auto archives, store::forget_archives(tx, before, count_only));
      TRY_ASSIGN(const auto codes, store::forget_codes(tx, now - std::chrono::days(1), count_only));
      return std::vector<Purged>{{"exposure.purge_keys", keys}, {"exposure.purge_archives", archives}, {"exposure.purge_codes", codes}};
    });
  }

 private:
  House& house_;
  Door door_;
};

}  // namespace

Result<std::unique_ptr<ExposureRoom>> make_exposure(House& house, tracing::Tracing& tracing) {
  TRY_ASSIGN(auto limiter, auth::Limiter::make(house.keys));
  TRY_ASSIGN(auto code_key, house.keys.secret("exposure-codes", 32));
  std::unique_ptr<ExposureRoom> room = std::make_unique<ExposureRoomImpl>(house, Server{house, tracing, std::move(limiter), std::move(code_key)});
  return room;
}

}  // namespace motcua::exposure
