#include "app/installation.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "platform/assets/assets.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/server.hpp"
#include "platform/storage/migrations.hpp"

namespace motcua::app {
namespace {

Instant now() { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

Result<void> make_home(const std::string& dir) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(dir, error);
  if (error) return unavailable("app.data_dir_not_made", error.message());
  if (made) ::chmod(dir.c_str(), 0700);
  return {};
}

std::string login() {
  const passwd* user = ::getpwuid(::getuid());
  return user ? user->pw_name : std::to_string(::getuid());
}

constexpr std::string_view units_asset = "web/dist/units.csv";

/// A fresh installation knows the country's units before anybody imports them.
Result<void> first_units(storage::Database& database, units::Units& units, const std::string& data_dir) {
  TRY(units.refresh());
  const auto list = assets::find(units_asset);
  if (!units.empty() || !list) return {};
  const Act act{"job:units", "system", "operation", "units.import", "first-start"};
  intake::ImportOptions options;
  options.source = "units";
  options.shown_name = "units.csv";
  auto source = intake::text_source(std::string(*list));
  TRY(intake::import_source(database, act, units::units_kind(units), options, *source, data_dir));
  return units.refresh();
}

/// What the settings say of a message centre; nothing: they name none. The password stands in a file, as one line.
Result<std::unique_ptr<smpp::Client>> make_message_link(const config::Settings& settings) {
  smpp::Options options;
  options.host = settings.text("smpp.host");
  if (options.host.empty()) return std::unique_ptr<smpp::Client>();
  options.port = static_cast<std::uint16_t>(settings.integer("smpp.port"));
  options.login.system_id = settings.text("smpp.system_id");
  options.number = settings.text("venues.sms_number");
  if (const std::string& path = settings.text("smpp.password_file"); !path.empty()) {
    std::ifstream in(path);
    if (!std::getline(in, options.login.password)) return invalid("app.password_file_unreadable", "smpp.password_file");
  }
  return std::make_unique<smpp::Client>(std::move(options));
}

}  // namespace

const i18n::Texts& texts() {
  static const i18n::Texts all;
  return all;
}

Result<void> Installation::open_database(const Globals& globals) {
  storage::DatabaseOptions options;
  options.data_dir = globals.data_dir;
  options.url = globals.database_url;
  options.readers_max = static_cast<int>(settings_->integer("storage.readers_max"));
  options.group_max = static_cast<int>(settings_->integer("storage.group_max"));
  options.queue_max = static_cast<std::size_t>(settings_->integer("storage.queue_max"));
  options.cache_bytes = settings_->integer("storage.cache_bytes");
  TRY_ASSIGN(database_, storage::open_database(options));
  TRY(database_->migrate(storage::migrations_from("")));
  audit::SinkOptions audit_options;
  audit_options.now = now;
  TRY_ASSIGN(auto sink, audit::make_sink(*keys_, audit_options));
  database_->set_audit_sink(std::move(sink));
  return {};
}

Result<std::unique_ptr<Installation>> Installation::open(const Globals& globals) {
  std::unique_ptr<Installation> self(new Installation());
  TRY_ASSIGN(auto settings, config::Settings::load(config::platform_settings(),
                                                   {globals.config_file, config::process_environment(), globals.flags}));
  self->settings_ = std::make_unique<config::Settings>(std::move(settings));
  TRY(make_home(globals.data_dir));
  TRY_ASSIGN(self->keys_, crypto::open_key_ring(globals.data_dir));
  TRY(self->open_database(globals));
  self->units_ = std::make_unique<units::Units>(*self->database_);
  TRY(first_units(*self->database_, *self->units_, globals.data_dir));
  self->pages_ = std::make_unique<pages::Pages>(texts(), http::asset_path);
  self->bus_ = std::make_unique<events::Bus>(*self->database_, now);
  TRY_ASSIGN(self->messages_, make_message_link(*self->settings_));
  const std::string spool = self->settings_->text("outbound.spool_dir");
  self->outbound_ = std::make_unique<outbound::Outbound>(*self->database_, *self->keys_, *self->bus_, now,
                                                         self->messages_ ? smpp::make_transport(*self->messages_) : outbound::make_spool(spool.empty() ? globals.data_dir + "/sms" : spool));
  self->house_.reset(new House{*self->database_, *self->keys_, *self->units_, texts(), *self->pages_,
                               *self->bus_, *self->outbound_, *self->settings_, now, globals.data_dir});
  TRY_ASSIGN(self->rooms_, make_rooms(*self->house_));
  for (Room* room : self->rooms_.all()) room->add_handlers(*self->bus_);
  return self;
}

Installation::~Installation() {
  if (bus_) bus_->stop();
  if (database_) (void)audit::checkpoint(*database_).ok();
}

std::vector<intake::Kind> Installation::kinds() {
  std::vector<intake::Kind> all{units::units_kind(*units_)};
  for (Room* room : rooms_.all())
    for (auto& kind : room->kinds()) all.push_back(std::move(kind));
  return all;
}

std::optional<intake::Kind> Installation::find_kind(std::string_view name) {
  for (auto& kind : kinds())
    if (kind.name == name) return std::move(kind);
  return std::nullopt;
}

Act Installation::act(std::string action, std::string request) const {
  return {"cli:" + login(), "operator", "operation", std::move(action), std::move(request)};
}

}  // namespace motcua::app
