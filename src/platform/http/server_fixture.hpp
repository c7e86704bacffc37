#pragma once
// A server on a free port of this machine with a handful of routes; for tests.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>

#include "platform/http/raw_client.hpp"
#include "platform/http/server.hpp"
#include "platform/log/log.hpp"

namespace motcua::http {
using namespace std::chrono_literals;

inline Router make_test_router() {
  Router r;
  const auto page = [](std::string text) { return [text](const Request&) -> Result<Response> { return Response::html(text); }; };
  r.add({.method = Method::get, .path = "/", .access = Access::anyone(), .handler = page("home")});
  r.add({.method = Method::get, .path = "/cases/{case_id}", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::html(q.lang + " case " + q.param("case_id") + " q=" + q.query_value("q"));
  }});
  r.add({.method = Method::get, .path = "/desk", .access = Access::roles({"tracer"}, "contact-tracing"), .handler = page("desk")});
  r.add({.method = Method::post, .path = "/cases", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::html("name=" + q.form_value("name") + " files=" + std::to_string(q.files.size()));
  }});
  r.add({.method = Method::get, .path = "/throws", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    throw std::runtime_error("secret 0912345678");
  }});
  r.add({.method = Method::get, .path = "/slow", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    std::this_thread::sleep_for(300ms);
    return Response::html("slept");
  }});
  r.add({.method = Method::get, .path = "/big", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> {
    Response response = Response::html(std::string(50'000, 'x'));
    response.cacheable = true;
    return response;
  }});
  r.add({.method = Method::get, .path = "/huge", .access = Access::anyone(), .handler = page(std::string(20'000'000, 'y'))});
  r.add({.method = Method::get, .path = "/split", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    Response response = Response::html("x");
    response.headers.emplace_back("X-Echo", q.query_value("v"));
    return response;
  }});
  r.add({.method = Method::post, .path = "/api/v1/echo", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    return Response::json(q.body);
  }});
  r.add({.method = Method::get, .path = "/api/v1/secret", .access = Access::signed_in(), .handler = page("secret")});
  r.add({.method = Method::post, .path = "/upload", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> {
    std::string text = "form=" + q.form_value("note");
    for (const auto& file : q.files) {
      std::ifstream in(file.path, std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(in)), {});
      const auto mode = static_cast<int>(std::filesystem::status(file.path).permissions());
      text += " " + file.field + ":" + file.file_name + ":" + std::to_string(file.bytes) + ":" + std::to_string(content.size()) + ":" +
              std::to_string(mode == 0600) + ":" + content.substr(0, 20);
    }
    return Response::html(text);
  }, .body_max_bytes = 5'000'000, .upload = true});
  r.add({.method = Method::post, .path = "/private-upload", .access = Access::signed_in(), .handler = page("stored"), .body_max_bytes = 5'000'000, .upload = true});
  return r;
}

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log::capture([this](std::string_view line) {
      std::lock_guard lock(mutex);
      log += std::string(line) + "\n";
    });
    options.port = 0;
    options.sweep_interval = 50ms;
    options.header_timeout = 600ms;
    options.body_timeout = 800ms;
    options.stop_grace = 2000ms;
  }
  void TearDown() override {
    server.reset();
    log::capture({});
  }
  void start(Hooks hooks = {}) {
    server.reset();
    server = std::make_unique<Server>(make_test_router(), std::move(hooks), options);
    const auto started = server->start();
    ASSERT_TRUE(started) << started.failure().code;
  }
  RawClient client() { return RawClient(server->port()); }
  std::string ask(std::string_view bytes) {
    auto c = client();
    c.send(bytes);
    return c.read_answer();
  }
  std::string log_text() {
    std::lock_guard lock(mutex);
    return log;
  }
  ServerOptions options;
  std::unique_ptr<Server> server;
  std::mutex mutex;
  std::string log;
};

}  // namespace motcua::http
