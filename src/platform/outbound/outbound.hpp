#pragma once
// Messages to telephones. A message is part of the transaction that causes it and leaves once that has committed; what is late is not sent at all.
// Nothing of whom it goes to or what it says stands in the clear in the database, an event or a log.
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::outbound {

inline constexpr std::size_t text_bytes_max = 4000;

/// Codes never wait behind anything else: whoever sends one delivers it itself, right after its commit.
enum class Lane { code, notice };

struct Message {
  Lane lane = Lane::notice;
  Personal<std::string> phone;   // E.164
  Personal<std::string> text;
  Instant deadline{};            // of no use after it
};

/// The way to a telephone network. Called by several threads; the same id twice is one message.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<void> deliver(const std::string& id, const Message& message) = 0;
  /// Takes back what the network has not fetched by its deadline.
  virtual Result<void> sweep(Instant now) = 0;
};

/// A spool folder as SMS Server Tools 3 (smsd) reads it: `dir`/outgoing holds one file a message ("To: 84...", "Alphabet: UTF-8", a blank line, the text),
/// which smsd takes away. Folders are made with mode 0700. Failure outbound.spool_unwritable.
std::unique_ptr<Transport> make_spool(std::string dir);

class Outbound {
 public:
  Outbound(storage::Database& database, crypto::KeyRing& keys, events::Bus& bus, std::function<Instant()> now, std::unique_ptr<Transport> transport);
  /// Puts it in line; its id (msg_...). A message that nobody delivers by hand leaves within some seconds. Failure outbound.text_too_long.
  Result<std::string> send(storage::Transaction& tx, const Message& message) const;
  /// After the commit: now. Failures are those of the transport; it is tried again until the deadline.
  Result<void> deliver(const std::string& id) const;
  /// Deletes rows of messages older than that, or only counts them; how many.
  Result<std::int64_t> purge(const Act& act, Instant before, bool count_only) const;

 private:
  storage::Database& database_;
  crypto::KeyRing& keys_;
  events::Bus& bus_;
  std::function<Instant()> now_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace motcua::outbound
