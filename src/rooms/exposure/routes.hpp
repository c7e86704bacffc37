#pragma once
// What phones and tracers ask over HTTP. Inner header of the room.
#include "platform/http/router.hpp"
#include "rooms/exposure/exposure.hpp"

namespace motcua::exposure {

inline constexpr std::size_t publish_body_bytes_max = 64 * 1024;   // the reference's
/// Every answer of these lengths, whatever it says: padded, never compressed.
inline constexpr std::size_t publish_answer_bytes = 4096;
inline constexpr std::size_t verify_answer_bytes = 2048;

/// Reads the body of publish. Failures exposure.body_unreadable, exposure.field_unreadable with the field's name.
Result<Publish> parse_publish(std::string_view body);

void add_phone_routes(http::Router& router, House& house, Exposure& exposure);
void add_code_routes(http::Router& router, House& house, Exposure& exposure);

}  // namespace motcua::exposure
