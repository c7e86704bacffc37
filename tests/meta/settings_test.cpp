// Settings are real: each one declared is read somewhere, and what the server is told is what it does.
#include <gtest/gtest.h>

#include "app/server.hpp"
#include "tests/meta/sources.hpp"

namespace motcua::tests {
namespace {

TEST(Settings, EachOneIsReadWhereItTakesEffect) {
  std::string sources;
  each_source("src", ".cpp", [&](const std::string& path, const std::string& text) {
    if (!is_test(path) && path != "src/platform/config/settings.cpp") sources += text;
  });
  for (const auto& setting : config::platform_settings())
    EXPECT_NE(sources.find('"' + setting.name + '"'), std::string::npos) << setting.name << " is declared and nobody reads it";
}

config::Settings with(const std::map<std::string, std::string>& flags) {
  auto loaded = config::Settings::load(config::platform_settings(), {.flags = flags});
  if (!loaded) throw std::runtime_error(loaded.failure().code + " " + loaded.failure().field);
  return std::move(*loaded);
}

TEST(Settings, DefaultsAreTheDefaultsOfTheServer) {
  const auto made = app::to_server_options(with({}), "127.0.0.1:80");
  ASSERT_TRUE(made);
  const http::ServerOptions plain;
  EXPECT_EQ(made->worker_threads, plain.worker_threads);
  EXPECT_EQ(made->network_threads, plain.network_threads);
  EXPECT_EQ(made->worker_queue_max, plain.worker_queue_max);
  EXPECT_EQ(made->connections_max, plain.connections_max);
  EXPECT_EQ(made->header_bytes_max, plain.header_bytes_max);
  EXPECT_EQ(made->target_bytes_max, plain.target_bytes_max);
  EXPECT_EQ(made->header_timeout, plain.header_timeout);
  EXPECT_EQ(made->body_timeout, plain.body_timeout);
  EXPECT_EQ(made->write_timeout, plain.write_timeout);
  EXPECT_EQ(made->idle_timeout, plain.idle_timeout);
  EXPECT_EQ(made->transfer_rate_min_bytes, plain.transfer_rate_min_bytes);
  EXPECT_EQ(made->stop_grace, plain.stop_grace);
  EXPECT_EQ(made->metrics_public, plain.metrics_public);
  EXPECT_TRUE(made->trusted_proxies.empty());
}

TEST(Settings, WhatIsSetReachesTheServer) {
  const auto made = app::to_server_options(
      with({{"http.worker_threads", "3"}, {"http.connections_max", "17"}, {"http.idle_timeout_ms", "1234"}, {"http.header_bytes_max", "2048"}, {"http.metrics_public", "true"},
            {"http.trusted_proxies", "10.0.0.1, 10.0.0.2,"}, {"http.transfer_rate_min_bytes", "5"}}),
      "0.0.0.0:8443");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->address, "0.0.0.0");
  EXPECT_EQ(made->port, 8443);
  EXPECT_EQ(made->worker_threads, 3);
  EXPECT_EQ(made->connections_max, 17U);
  EXPECT_EQ(made->idle_timeout, std::chrono::milliseconds(1234));
  EXPECT_EQ(made->header_bytes_max, 2048U);
  EXPECT_TRUE(made->metrics_public);
  EXPECT_EQ(made->trusted_proxies, (std::vector<std::string>{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(made->transfer_rate_min_bytes, 5U);
  for (const char* wrong : {"", "8080", ":8080", "host:", "host:70000", "host:80x"}) EXPECT_EQ(app::to_server_options(with({}), wrong).failure().code, "app.listen_form") << wrong;
}

}  // namespace
}  // namespace motcua::tests
