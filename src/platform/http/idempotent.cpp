// Idempotency-Key on API writes: the same key with the same request gets the first answer again; with another request it is
// refused (draft-ietf-httpapi-idempotency-key-header).
#include <algorithm>

#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/failure.hpp"
#include "platform/http/service.hpp"
#include "platform/log/log.hpp"

namespace motcua::http {
namespace {

constexpr std::size_t key_bytes_min = 8, key_bytes_max = 128;

bool is_sound_key(std::string_view key) {
  return key.size() >= key_bytes_min && key.size() <= key_bytes_max && std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// What a later identical request must get again. A refusal for want of rights or a failure of ours is not the last word.
bool is_final(int status) { return status < 500 && status != 401 && status != 403 && status != 408 && status != 429; }

std::string location_of(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Location") return value;
  return {};
}

Response replayed(const SavedAnswer& saved) {
  Response response;
  response.status = saved.status;
  response.content_type = saved.content_type;
  response.body = saved.body;
  if (!saved.location.empty()) response.headers.emplace_back("Location", saved.location);
  response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// One name in the set of keys under way, for as long as it lives.
class Claim {
 public:
  Claim(std::mutex& mutex, std::set<std::string>& names, std::string name) : mutex_(mutex), names_(names), name_(std::move(name)) {
    std::lock_guard lock(mutex_);
    held_ = names_.insert(name_).second;
  }
  ~Claim() {
    std::lock_guard lock(mutex_);
    if (held_) names_.erase(name_);
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  bool held() const { return held_; }

 private:
  std::mutex& mutex_;
  std::set<std::string>& names_;
  std::string name_;
  bool held_ = false;
};

}  // namespace

Result<Response> Service::handle_once(Exchange& exchange) {
  Request& request = exchange.request;
  request.idempotency_key = request.header("idempotency-key");
  if (!is_sound_key(request.idempotency_key)) return invalid("http.bad_idempotency_key", "Idempotency-Key");
  const std::string method = std::to_string(static_cast<int>(request.method));
  request.idempotency_scope = (request.principal ? request.principal->account : "anyone") + " " + method + " " + exchange.route->path;
  const auto hash = crypto::sha256(method + "\n" + request.target + "\n" + request.body);
  request.idempotency_hash = to_hex(hash);
  const Claim claim(under_way_mutex_, under_way_, request.idempotency_scope + "\n" + request.idempotency_key);
  if (!claim.held()) return conflict("http.idempotency_under_way");
  TRY_ASSIGN(const auto saved, hooks_.idempotency->find(request.idempotency_scope, request.idempotency_key));
  if (saved && saved->body_hash != request.idempotency_hash) return conflict("http.idempotency_key_reused");
  if (saved) return replayed(*saved);
  auto result = exchange.route->handler(request);
  Response response = result ? std::move(*result) : response_to(exchange, result.failure());
  if (!result && response.status >= 500) log::failure(log::Level::error, "http.failed", result.failure(), {{"route", log::code(request.route)}});
  if (is_final(response.status) && response.memorable) {
    const SavedAnswer answer{request.idempotency_hash, response.status, response.content_type, response.body, location_of(response)};
    if (auto kept = hooks_.idempotency->save(request.idempotency_scope, request.idempotency_key, answer); !kept)
      log::failure(log::Level::error, "http.answer_not_kept", kept.failure());
  }
  return response;
}

}  // namespace motcua::http
