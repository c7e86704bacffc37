// libFuzzer over the whole request path without sockets: wire, target, form, multipart, route, answer. The first byte says how
// the rest is cut into pieces. Built only with -DMOTCUA_FUZZ=ON (clang), see README.md.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "platform/http/service.hpp"
#include "platform/log/log.hpp"

namespace {

using namespace motcua;
using namespace motcua::http;

class NoFile : public Sink {
 public:
  Result<void> write(std::string_view) override { return {}; }
  Result<void> finish() override { return {}; }
  const std::string& path() const override { return path_; }

 private:
  std::string path_ = "/dev/null";
};

Service& service() {
  static Service& made = *[] {
    Router router;
    const auto echo = [](const Request& request) -> Result<Response> { return Response::html(request.body + request.form_value("a")); };
    router.add({.method = Method::get, .path = "/cases/{id}", .access = Access::anyone(), .handler = echo});
    router.add({.method = Method::post, .path = "/cases", .access = Access::anyone(), .handler = echo});
    router.add({.method = Method::post, .path = "/upload", .access = Access::anyone(), .handler = echo, .upload = true});
    router.add({.method = Method::post, .path = "/api/v1/echo", .access = Access::anyone(), .handler = echo});
    Hooks hooks;
    hooks.uploads = [](const std::string&) -> Result<std::unique_ptr<Sink>> { return std::unique_ptr<Sink>(std::make_unique<NoFile>()); };
    log::capture([](std::string_view) {});
    return new Service(std::move(router), std::move(hooks), ServerOptions{});
  }();
  return made;
}

/// True when another request may follow.
bool read_one(std::string_view& bytes, std::size_t step) {
  RequestReader reader(WireLimits{});
  std::string waiting;
  std::optional<Exchange> exchange;
  const auto answer = [&](const Failure* failure) {
    if (!exchange) exchange.emplace();
    const Response response = failure ? service().refuse(*exchange, *failure) : service().answer(*exchange);
    if (response.status < 200 || response.status > 599) std::abort();
    (void)to_wire(response, response.body.size(), "", false);
  };
  while (!reader.done()) {
    if (bytes.empty()) return false;
    const auto piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    waiting += piece;
    for (bool more = true; more && !waiting.empty() && !reader.done();) {
      auto used = reader.put(waiting);
      if (!used) return answer(&used.failure()), false;
      if (*used > waiting.size()) std::abort();
      waiting.erase(0, *used);
      more = *used > 0;
      if (reader.head_done() && !exchange) {
        exchange.emplace(service().open(reader.head(), "127.0.0.1", false));
        if (exchange->early) return answer(nullptr), false;
        reader.on_body([&exchange](std::string_view body) { return service().receive(*exchange, body); });
        more = true;
      }
    }
  }
  answer(nullptr);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] == 0 ? size : data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  while (read_one(bytes, step) && !bytes.empty()) {
  }
  return 0;
}
