// What telephones send: a short code is a check-in of whoever the phone means, whether anybody knows that yet or not.
#include <algorithm>
#include <array>

#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/config/config.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/venues/counter.hpp"

namespace motcua::venues {
namespace {

// A person goes to some places a day and mistypes some codes. Beyond that the phone is told nothing, so that nobody makes the house send many messages to
// somebody else; what it checks in counts.
constexpr auth::Limit replies_by_phone{"venues-replies", 20, std::chrono::minutes{5}, std::chrono::hours{1}, std::chrono::hours{3}};
constexpr std::chrono::hours reply_of_use{1};
constexpr std::size_t message_bytes_max = 4000;
constexpr std::chrono::hours undo_look_back{1};

enum class Wish { code, help, stop, start, undo };
struct Read {
  Wish wish = Wish::code;
  std::string code;
  std::string_view lang = "vi";
};

/// "1022 123 456 789": people put the number they write to in front of the code, too.
std::string without_number(std::string_view text, const std::string& number) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  text = begin == std::string_view::npos ? std::string_view() : text.substr(begin);
  if (!number.empty() && text.starts_with(number) && text.size() > number.size() && (text[number.size()] == ' ' || text[number.size()] == '.' || text[number.size()] == '-'))
    text.remove_prefix(number.size());
  return std::string(text);
}

Read read(std::string_view text, const std::string& number) {
  struct Word { std::string_view said; Wish wish; std::string_view lang; };
  constexpr std::array<Word, 13> words{{{"help", Wish::help, "en"}, {"tro giup", Wish::help, "vi"}, {"trogiup", Wish::help, "vi"}, {"hd", Wish::help, "vi"},
                                        {"stop", Wish::stop, "en"}, {"dung", Wish::stop, "vi"}, {"tc", Wish::stop, "vi"}, {"tu choi", Wish::stop, "vi"},
                                        {"start", Wish::start, "en"}, {"bat dau", Wish::start, "vi"}, {"batdau", Wish::start, "vi"},
                                        {"undo", Wish::undo, "en"}, {"huy", Wish::undo, "vi"}}};
  if (!vietnamese::is_clean_utf8(text) || text.size() > message_bytes_max) return {};
  const std::string rest = without_number(text, number);
  const std::string folded = vietnamese::fold(rest);
  for (const auto& word : words)
    if (folded == word.said) return {word.wish, {}, word.lang};
  return {Wish::code, rest, "vi"};
}

/// One message inside its transaction; the reply's key and values, or nothing to say.
class Hearing {
 public:
  Hearing(const Counter& counter, storage::Transaction& tx, const InboundMessage& message, const std::string& phone)
      : counter_(counter), tx_(tx), message_(message), phone_(phone), read_(read(message.text.reveal(), counter.house.settings.text("venues.sms_number"))),
        phone_hash_(crypto::keyed_id("pho", counter.phone_key, phone)) {}

  Result<void> run() {
    TRY_ASSIGN(const auto said, answer());
    return said.empty() ? Result<void>() : reply(said);
  }

 private:
  Instant now() const { return counter_.house.now(); }
  std::string reference() const { return "phone:" + phone_; }
  static std::string source() { return std::string(source_name) + "-sms"; }

  Result<std::string> answer() {
    switch (read_.wish) {
      case Wish::help: return std::string("venues.sms_help");
      case Wish::stop: TRY(store::set_silent(tx_, phone_hash_, true, now())); last_word_ = true; return std::string("venues.sms_stopped");
      case Wish::start: TRY(store::set_silent(tx_, phone_hash_, false, now())); return std::string("venues.sms_started");
      case Wish::undo: return undo_last();
      case Wish::code: break;
    }
    return check_in();
  }

  Result<std::string> check_in() {
    const auto venue = open_venue(tx_, read_.code);
    if (!venue) {
      const Failure& why = venue.failure();
      if (why.kind != FailureKind::invalid && why.kind != FailureKind::not_found && why.kind != FailureKind::conflict) return why;
      return std::string(why.code == "venues.closed" ? "venues.sms_closed" : why.code == "venues.code_ended" ? "venues.sms_code_ended" : "venues.sms_code_unknown");
    }
    const std::string number = message_.message_id.empty() ? crypto::random_id("chk") : crypto::keyed_id("chk", counter_.phone_key, message_.message_id + "\x1f" + phone_);
    const auto there = arrive(counter_, tx_, {*venue, number, source(), {reference()}, now()});
    if (!there) return there.failure().kind == FailureKind::rate_limited ? Result<std::string>(std::string()) : Result<std::string>(there.failure());
    tx_.note({.object = venue->venue_id, .area = venue->ward_code, .detail = "{\"sender\":\"claimed\"}"});
    const Presence& presence = there->front();
    args_["venue"] = presence.venue;
    args_["time"] = to_iso(presence.from).substr(11, 5);
    if (presence.outcome == Outcome::again) return std::string();      // the gateway told it twice: it was answered
    return std::string(presence.outcome == Outcome::already ? "venues.sms_already" : "venues.sms_here");
  }

  Result<std::string> undo_last() {
    const std::string references[] = {reference()};
    TRY_ASSIGN(const auto stays, counter_.tracing.stays_of(tx_, references, now() - undo_look_back, now() + early_max));
    const auto last = std::find_if(stays.begin(), stays.end(), [](const auto& s) { return s.source == source(); });
    if (last == stays.end() || now() > last->from + undo_within) return std::string("venues.sms_nothing_to_undo");
    TRY(counter_.tracing.withdraw_stay(tx_, *last));
    tx_.note({.action = "venues.undo", .object = last->place_code});
    return std::string("venues.sms_undone");
  }

  Result<void> reply(const std::string& key) {
    TRY_ASSIGN(const bool silent, store::is_silent(tx_, phone_hash_));
    if (silent && !last_word_) return {};
    const auto counted = counter_.limiter.take(tx_, replies_by_phone, phone_, now());
    if (!counted) return counted.failure().kind == FailureKind::rate_limited ? Result<void>() : counted;
    args_["number"] = counter_.house.settings.text("venues.sms_number");
    TRY(counter_.house.outbound.send(tx_, {outbound::Lane::notice, Personal(phone_), Personal(counter_.house.texts.text(read_.lang, key, args_)), now() + reply_of_use}));
    return {};
  }

  const Counter& counter_;
  storage::Transaction& tx_;
  const InboundMessage& message_;
  const std::string& phone_;
  Read read_;
  std::string phone_hash_;
  i18n::Args args_;
  bool last_word_ = false;
};

}  // namespace

Result<void> hear(const Counter& counter, const InboundMessage& message) {
  const auto phone = parse_phone(message.phone.reveal());
  if (!phone) return {};                       // a service's name or number: nobody to answer, and nobody was anywhere
  const Act act{"job:inbound", "system", "venue-check-in", "venues.check_in_by_message", ""};
  return counter.house.database.write(act, [&](storage::Transaction& tx) { return Hearing(counter, tx, message, phone->number).run(); });
}

}  // namespace motcua::venues
