#include "app/server.hpp"

#include <charconv>
#include <cstdio>

#include "app/output.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/log/log.hpp"

namespace motcua::app {
namespace {

Result<void> configure_log(const config::Settings& settings) {
  log::Options options;
  const std::string& level = settings.text("log.level");
  options.level = level == "debug" ? log::Level::debug : level == "warning" ? log::Level::warning : level == "error" ? log::Level::error : log::Level::info;
  options.file = settings.text("log.file");
  options.file_bytes_max = static_cast<std::size_t>(settings.integer("log.file_bytes_max"));
  options.files_max = static_cast<std::size_t>(settings.integer("log.files_max"));
  return log::configure(options);
}

std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string word(text.substr(begin, end - begin));
    std::erase(word, ' ');
    if (!word.empty()) words.push_back(std::move(word));
    begin = end + 1;
  }
  return words;
}

void set_limits(const config::Settings& settings, http::ServerOptions& options) {
  const auto size = [&](const char* name) { return static_cast<std::size_t>(settings.integer(name)); };
  options.network_threads = static_cast<int>(settings.integer("http.network_threads"));
  options.worker_threads = static_cast<int>(settings.integer("http.worker_threads"));
  options.worker_queue_max = size("http.worker_queue_max");
  options.connections_max = size("http.connections_max");
  options.header_bytes_max = size("http.header_bytes_max");
  options.target_bytes_max = size("http.target_bytes_max");
  options.header_timeout = settings.duration("http.header_timeout_ms");
  options.body_timeout = settings.duration("http.body_timeout_ms");
  options.write_timeout = settings.duration("http.write_timeout_ms");
  options.idle_timeout = settings.duration("http.idle_timeout_ms");
  options.transfer_rate_min_bytes = size("http.transfer_rate_min_bytes");
  options.line.newcomers_per_second_max = settings.integer("http.newcomers_per_second_max");
  options.line.people_max = size("http.line_people_max");
  options.stop_grace = settings.duration("http.stop_grace_ms");
}

}  // namespace

Result<http::ServerOptions> to_server_options(const config::Settings& settings, const std::string& listen) {
  http::ServerOptions options;
  const auto colon = listen.rfind(':');
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  if (colon == std::string::npos || colon == 0 || colon + 1 == listen.size()) return invalid("app.listen_form", "--listen");
  const auto read = std::from_chars(listen.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end) return invalid("app.listen_form", "--listen");
  options.address = listen.substr(0, colon);
  options.port = port;
  options.certificate_file = settings.text("http.certificate_file");
  options.key_file = settings.text("http.key_file");
  options.metrics_public = settings.boolean("http.metrics_public");
  options.trusted_proxies = listed(settings.text("http.trusted_proxies"));
  set_limits(settings, options);
  return options;
}

Result<void> serve(Installation& home, const std::string& listen, const std::function<void(std::uint16_t)>& ready) {
  const config::Settings& settings = home.house().settings;
  TRY_ASSIGN(auto options, to_server_options(settings, listen));
  TRY(configure_log(settings));
  TRY_ASSIGN(const auto line_key, home.house().keys.secret("http-line", 32));
  options.line.key.assign(line_key.begin(), line_key.end());
  options.line.inside_cookies = {std::string(auth::session_cookie), std::string(residents::session_cookie), std::string(residents::arrival_cookie)};
  options.shared_pages = {{"/", std::chrono::seconds(10)}};
  TRY_ASSIGN(const auto service, Service::make(home));
  TRY_ASSIGN(auto router, service->make_router());
  service->add_jobs();
  http::Server server(std::move(router), service->make_hooks(), std::move(options));
  TRY(server.start());
  home.bus().start();
  if (smpp::Client* messages = home.messages())
    messages->start([&home](const smpp::Inbound& message) { return home.rooms().venues->door().hear({"", message.phone, message.text}); });
  if (ready) ready(server.port());
  server.run_until_signal();
  if (home.messages() != nullptr) home.messages()->stop();
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
