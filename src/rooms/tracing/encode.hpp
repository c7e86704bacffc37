#pragma once
// Steps and sentences as the JSON texts the contact table keeps. Inner header of the room.
#include "rooms/tracing/model.hpp"

namespace motcua::tracing {

std::string encode(const std::vector<Step>& steps);
std::string encode(const Sentence& sentence);
/// What encode() wrote; anything else is an empty path or sentence.
std::vector<Step> decode_steps(std::string_view json);
Sentence decode_sentence(std::string_view json);

std::string encode_list(const std::vector<std::string>& words);     // "proximity;venue"
std::vector<std::string> decode_list(std::string_view text);

}  // namespace motcua::tracing
