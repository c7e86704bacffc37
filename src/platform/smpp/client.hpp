#pragma once
// A link to a message centre: an ESME bound as transceiver (SMPP 3.4). What telephones send is given to a handler and acknowledged when that says it is durable;
// what it refuses, or what came when the link broke, the centre sends again. A broken link is made anew, with pauses that double.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "platform/outbound/outbound.hpp"
#include "platform/smpp/pdu.hpp"

namespace motcua::smpp {

struct Options {
  std::string host;
  std::uint16_t port = 2775;                                 // registered for SMPP
  Login login;
  std::string number;                                        // our own, the sender of what we send: "1022"
  std::chrono::milliseconds pause_first{1'000}, pause_max{60'000};
  std::chrono::milliseconds enquire_every{30'000};           // of silence; half as long again without an answer ends the link
  std::chrono::milliseconds answer_within{10'000};           // connecting, binding, submitting
};

struct Inbound {
  Personal<std::string> phone, text;                         // +84...; UTF-8
};
/// Called on the link's own thread, one message after the other. A failure: the centre is asked to send it again later.
using Handler = std::function<Result<void>(const Inbound&)>;

class Client {
 public:
  explicit Client(Options options);
  ~Client();                                                 // stops
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start(Handler handler);
  void stop();
  bool bound() const;
  /// One message in as many parts as it needs; returns when the centre has taken all. Failures smpp.not_bound, smpp.not_taken (unavailable).
  Result<void> submit(const std::string& phone, const std::string& text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Of outbound's messages. The centre keeps what it has taken: there is nothing to sweep.
std::unique_ptr<outbound::Transport> make_transport(Client& client);

}  // namespace motcua::smpp
