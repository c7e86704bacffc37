// What a gateway says telephones sent. It waits for the answer: 200 is durable, anything else it tells again.
#include <boost/json.hpp>

#include "rooms/venues/routes.hpp"

namespace motcua::venues {
namespace {
namespace json = boost::json;

constexpr const char* message_schema = R"({"type":"object","required":["from","text"],"properties":{"id":{"type":"string","maxLength":100,"description":"the gateway's; the same message told again is heard once"},
"from":{"type":"string","description":"telephone number, a claim of the network"},"text":{"type":"string"}}})";
constexpr std::size_t id_bytes_max = 100, text_bytes_max = 4000;

Result<http::Response> hear(const Site& site, const http::Request& request) {
  std::error_code error;
  const auto body = json::parse(request.body, error);
  if (error || !body.is_object()) return invalid("venues.body_unreadable", "body");
  const auto text_at = [&](const char* name) {
    const auto* value = body.as_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const InboundMessage message{text_at("id"), Personal(text_at("from")), Personal(text_at("text").substr(0, text_bytes_max))};
  if (message.message_id.size() > id_bytes_max) return invalid("venues.body_unreadable", "id");
  TRY(site.venues->hear(message));
  return http::Response::json("{}");
}

}  // namespace

void add_inbound_routes(http::Router& router, const Site& site) {
  router.add({.method = http::Method::post, .path = "/api/v1/inbound-messages", .access = http::Access::roles({"gateway"}, "inbound-messages"),
              .handler = [site](const http::Request& r) { return hear(site, r); }, .summary = "A message from a telephone, told by its gateway", .request_schema = message_schema});
}

}  // namespace motcua::venues
