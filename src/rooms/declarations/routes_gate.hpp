#pragma once
// How an answer of the gate looks: a tone, a mark and a word, never the colour alone. Shared by the gate's pages and its API.
#include <boost/json/object.hpp>

#include "platform/http/message.hpp"
#include "rooms/declarations/gate.hpp"

namespace motcua::declarations {

struct GateSign {
  std::string_view tone;                // "ok", "warn", "bad", "none"
  std::string_view mark;                // "✓", "!", "✕", "?"
  std::string_view word;                // text key
};
GateSign sign_of(PassVerdict verdict, PassState state);
GateSign sign_of(const GateAnswer& answer);
/// The act of whoever stands at the gate. Failures of auth::act_of.
Result<Act> gate_act(const http::Request& request, std::string_view purpose, std::string action);

}  // namespace motcua::declarations
