#include "platform/http/waiting_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "platform/crypto/crypto.hpp"

namespace motcua::http {
namespace {

using namespace std::chrono_literals;

constexpr double rate_least = 0.2;                    // people a second; the line always moves
constexpr double growth = 0.05, cut = 0.7;            // of the rate: a second without a queue, a pause with one
constexpr double pace_seconds = 20;                   // over which the pace that people are told is taken
constexpr auto cut_pause = 500ms;                     // until what was let in can be felt
constexpr auto calm_time = 5s;                        // without a queue and without a line: open again
constexpr std::int64_t nothing_waited = std::numeric_limits<std::int64_t>::max();

std::chrono::seconds look_again_after(std::chrono::seconds wait) { return wait < 1min ? 5s : wait < 10min ? 15s : 30s; }

std::int64_t nanoseconds_of(WaitingLine::Clock::time_point t) { return std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count(); }

std::int64_t wall_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string key_or_random(std::string key) {
  if (!key.empty()) return key;
  const auto bytes = crypto::random_bytes(32);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

WaitingLine::WaitingLine(LineOptions options, std::function<std::int64_t()> wall)
    : options_([&] {
        options.key = key_or_random(std::move(options.key));
        return std::move(options);
      }()),
      wall_(wall ? std::move(wall) : wall_now), least_delay_{nothing_waited, nothing_waited} {}

// ---- tickets: "w" or "i", the number, 80 bits of HMAC-SHA-256

std::string WaitingLine::write(Ticket ticket) const {
  const std::string text = (ticket.standing == Standing::inside ? "i" : "w") + std::to_string(ticket.number);
  const auto mac = crypto::hmac_sha256(std::span(reinterpret_cast<const std::uint8_t*>(options_.key.data()), options_.key.size()), text);
  std::string signed_text = text + '.';
  constexpr char digits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < 10; ++i) (signed_text += digits[mac[i] >> 4]) += digits[mac[i] & 15];
  return signed_text;
}

std::optional<WaitingLine::Ticket> WaitingLine::read(std::string_view text) const {
  if (text.size() < 3 || text.size() > 64 || (text[0] != 'i' && text[0] != 'w')) return std::nullopt;
  Ticket ticket{text[0] == 'i' ? Standing::inside : Standing::waits, 0};
  const auto dot = text.find('.');
  const auto number = text.substr(1, dot == std::string_view::npos ? 0 : dot - 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), ticket.number);
  if (error != std::errc() || end != number.data() + number.size() || !crypto::equal_constant_time(text, write(ticket))) return std::nullopt;
  const auto age = std::chrono::microseconds(wall_() - ticket.number);
  if (age > (ticket.standing == Standing::inside ? options_.inside_for : options_.ticket_kept)) return std::nullopt;
  return ticket;
}

// ---- how full the house is

void WaitingLine::observe(Where where, std::chrono::nanoseconds delay, Clock::time_point now) {
  auto& of = least_delay_[static_cast<std::size_t>(where)];
  std::int64_t least = of.load(std::memory_order_relaxed);
  while (delay.count() < least && !of.compare_exchange_weak(least, delay.count(), std::memory_order_relaxed)) {}
  if (nanoseconds_of(now) < window_ends_.load(std::memory_order_relaxed)) return;
  if (const std::unique_lock lock(mutex_, std::try_to_lock); lock) pass_time(now);
}

void WaitingLine::pass_time(Clock::time_point now) {
  if (last_ == Clock::time_point{}) last_ = read_at_ = now;
  if (now - last_ < options_.window) return;
  const auto stands = [&](Where where) {
    const auto least = least_delay_[static_cast<std::size_t>(where)].exchange(nothing_waited, std::memory_order_relaxed);
    return least != nothing_waited && least >= std::chrono::nanoseconds(options_.standing_max).count();
  };
  if (!stands(Where::network)) read_at_ = now;
  const bool full = stands(Where::worker) || now - read_at_ >= options_.unread_for;
  const double seconds = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  window_ends_.store(nanoseconds_of(now + options_.window), std::memory_order_relaxed);
  pace_ += (let_in_now_ / seconds - pace_) * std::min(1.0, seconds / pace_seconds);
  let_in_now_ = 0;
  adjust(full, seconds, now);
  arrivals_ = 0;
  auto& leaving = line_.get<by_gone>();
  while (!leaving.empty() && leaving.begin()->gone_at < now) leaving.erase(leaving.begin());
  auto& lost = let_in_.get<by_gone>();
  while (!lost.empty() && lost.begin()->gone_at < now) lost.erase(lost.begin());
  if (full) {                                         // nobody has told them yet: they stand at the head of the line again
    line_.insert(let_in_.begin(), let_in_.end());
    let_in_.clear();
  }
  let_in(now);
}

void WaitingLine::adjust(bool full, double seconds, Clock::time_point now) {
  const double most = options_.newcomers_per_second_max > 0 ? static_cast<double>(options_.newcomers_per_second_max) : std::numeric_limits<double>::max();
  if (full) calm_since_ = now;
  if (!is_closed()) {
    rate_ = most;
    if (full) {
      rate_ = std::min(most, std::max(rate_least, arrivals_ / seconds / 2));
      slowed_at_ = now;
      closed_ = true;
    }
  } else if (full) {
    if (now - slowed_at_ >= cut_pause) {
      rate_ = std::max(rate_least, rate_ * cut);
      slowed_at_ = now;
    }
  } else {
    rate_ = std::min(most, rate_ + std::max(rate_least, rate_ * growth) * std::min(1.0, seconds));
    if (line_.empty() && now - calm_since_ >= calm_time) closed_ = false;
  }
  const double now_in = full ? std::min(rate_, rate_least) : rate_;   // who is let in stays a while: nobody more while a queue stands
  tokens_ = std::min(tokens_ + now_in * seconds, std::max(1.0, now_in));
}

void WaitingLine::let_in(Clock::time_point now) {
  while (tokens_ >= 1 && !line_.empty()) {
    Waiting next = *line_.begin();
    line_.erase(line_.begin());
    next.gone_at = std::max(next.gone_at, now + 60s);   // comes back within that time, or has left
    let_in_.insert(next);
    tokens_ -= 1, let_in_now_ += 1;
  }
}

// ---- who asks

std::chrono::seconds WaitingLine::wait_of(std::size_t place) const {
  return std::chrono::seconds(static_cast<std::int64_t>(std::min(86'400.0, std::ceil(static_cast<double>(place) / std::max(pace_, rate_least)))));
}

WaitingLine::Answer WaitingLine::wait_or_enter(std::int64_t number, Clock::time_point now) {
  if (let_in_.erase(number) > 0) return {true, write({Standing::inside, wall_()}), {}};
  auto at = line_.find(number);
  if (at == line_.end()) {
    if (line_.size() >= options_.people_max) return {false, {}, {}};
    at = line_.insert({number, now}).first;
  }
  const std::size_t place = line_.rank(at) + 1;
  const auto wait = wait_of(place);
  const auto look_again = look_again_after(wait);
  line_.modify(at, [&](Waiting& w) { w.gone_at = now + 3 * look_again + 15s; });
  let_in(now);
  if (let_in_.erase(number) > 0) return {true, write({Standing::inside, wall_()}), {}};
  return {false, write({Standing::waits, number}), LinePlace{place, line_.size(), wait, look_again}};
}

WaitingLine::Answer WaitingLine::ask(std::string_view text, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  pass_time(now);
  const auto ticket = read(text);
  if (ticket && ticket->standing == Standing::inside) {
    const bool old = std::chrono::microseconds(wall_() - ticket->number) > options_.inside_for / 4;
    return {true, old ? write({Standing::inside, wall_()}) : std::string(), {}};
  }
  arrivals_ += 1;
  if (!is_closed()) {
    if (options_.newcomers_per_second_max == 0) return {};
    if (tokens_ >= 1) {
      tokens_ -= 1;
      return {true, write({Standing::inside, wall_()}), {}};
    }
    closed_ = true, calm_since_ = now;
  }
  if (ticket) return wait_or_enter(ticket->number, now);
  last_number_ = std::max(last_number_ + 1, wall_());
  return wait_or_enter(last_number_, now);
}

std::size_t WaitingLine::people() const {
  const std::lock_guard lock(mutex_);
  return line_.size();
}

}  // namespace motcua::http
