#include "platform/outbound/outbound.hpp"

#include <boost/json.hpp>

namespace motcua::outbound {
namespace {
namespace json = boost::json;

constexpr std::chrono::seconds by_itself_after{3};      // whoever sends a code delivers it sooner
constexpr std::chrono::minutes sweep_every{1};
constexpr const char* job = "outbound.deliver";

std::string_view to_text(Lane lane) { return lane == Lane::code ? "code" : "notice"; }

Act own_act(std::string action) { return {"job:outbound", "system", bookkeeping, std::move(action), ""}; }

struct Stored {
  std::string state, lane;
  crypto::Bytes sealed;
  Instant deadline;
};

std::string context_of(const std::string& id) { return "outbound:" + id; }

Result<crypto::Bytes> seal(crypto::KeyRing& keys, const std::string& id, const Message& message) {
  const std::string plain = json::serialize(json::object{{"phone", message.phone.reveal()}, {"text", message.text.reveal()}});
  return keys.seal(context_of(id), {reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()});
}

Result<Message> unseal(crypto::KeyRing& keys, const std::string& id, const Stored& stored) {
  TRY_ASSIGN(const auto plain, keys.open(context_of(id), stored.sealed));
  std::error_code error;
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(plain.data()), plain.size()), error);
  if (error || !value.is_object()) return internal("outbound.message_damaged", id);
  Message message;
  message.lane = stored.lane == "code" ? Lane::code : Lane::notice;
  message.phone = Personal<std::string>(std::string(value.at("phone").as_string()));
  message.text = Personal<std::string>(std::string(value.at("text").as_string()));
  message.deadline = stored.deadline;
  return message;
}

}  // namespace

Outbound::Outbound(storage::Database& database, crypto::KeyRing& keys, events::Bus& bus, std::function<Instant()> now, std::unique_ptr<Transport> transport)
    : database_(database), keys_(keys), bus_(bus), now_(std::move(now)), transport_(std::move(transport)) {
  bus_.on_job(job, [this](const events::Event& event) -> Result<void> {
    const auto* id = event.payload.if_contains("id");
    return id && id->is_string() ? deliver(std::string(id->as_string())) : Result<void>();
  });
  bus_.every("outbound.sweep", sweep_every, [this] { return transport_->sweep(now_()); });
}

Result<std::string> Outbound::send(storage::Transaction& tx, const Message& message) const {
  if (message.text.reveal().size() > text_bytes_max) return invalid("outbound.text_too_long");
  const std::string id = crypto::random_id("msg");
  const Instant now = now_();
  TRY_ASSIGN(const auto sealed, seal(keys_, id, message));
  TRY(tx.execute("INSERT INTO outbound_message (id, lane, sealed, state, created_at, deadline) VALUES ($1, $2, $3, 'waiting', $4, $5)",
                 {id, to_text(message.lane), sealed, now, message.deadline}));
  TRY(bus_.schedule(tx, job, json::object{{"id", id}}, now + by_itself_after));
  return id;
}

Result<void> Outbound::deliver(const std::string& id) const {
  TRY_ASSIGN(const auto stored, database_.read_value([&](storage::Reader& r) {
    return r.find("SELECT state, lane, sealed, deadline FROM outbound_message WHERE id = $1", {id},
                  [](const storage::Row& row) { return Stored{row.string(0), row.string(1), row.bytes(2), row.instant(3)}; });
  }));
  if (!stored || stored->state != "waiting") return {};
  const bool late = now_() >= stored->deadline;
  if (!late) {
    TRY_ASSIGN(const auto message, unseal(keys_, id, *stored));
    TRY(transport_->deliver(id, message));
  }
  // A code is gone with the message; other words stay for those who ask what was told (retention.messages_days).
  const bool keep = !late && stored->lane != "code";
  return database_.write(own_act("outbound.deliver"), [&](storage::Transaction& tx) -> Result<void> {
    TRY(tx.execute(keep ? "UPDATE outbound_message SET state = $1, left_at = $2 WHERE id = $3 AND state = 'waiting'"
                        : "UPDATE outbound_message SET state = $1, left_at = $2, sealed = NULL WHERE id = $3 AND state = 'waiting'",
                   {late ? "late" : "left", now_(), id}));
    return {};
  });
}

Result<std::int64_t> Outbound::purge(const Act& act, Instant before, bool count_only) const {
  if (!count_only)
    return database_.write_value(act, [&](storage::Transaction& tx) { return tx.execute("DELETE FROM outbound_message WHERE created_at < $1", {before}); });
  TRY_ASSIGN(const auto rows, database_.read_value([&](storage::Reader& r) {
    return r.find("SELECT COUNT(*) FROM outbound_message WHERE created_at < $1", {before}, [](const storage::Row& row) { return row.integer(0); });
  }));
  return rows.value_or(0);
}

}  // namespace motcua::outbound
