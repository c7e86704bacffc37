#pragma once
// A message told in several parts, put together. None is acknowledged before the whole is durable, so nothing is lost with this memory.
#include <chrono>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "platform/smpp/pdu.hpp"

namespace motcua::smpp {

struct Whole {
  std::string source, text;
  std::vector<std::uint32_t> sequences;      // of the packets to acknowledge
};

class Parts {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t messages_max = 200;
  static constexpr std::uint8_t parts_max = 20;
  static constexpr std::chrono::seconds wait_max{20};   // a centre waits some 30 s for an answer before it takes the link for dead

  /// The whole, when this was its last part; more than fits: this part alone, as if it were all.
  std::optional<Whole> add(const std::string& source, const Part& part, std::string text, std::uint32_t sequence, Time now) {
    if (part.total > parts_max || (waiting_.size() >= messages_max && !waiting_.contains(key_of(source, part)))) return Whole{source, std::move(text), {sequence}};
    Waiting& w = waiting_.try_emplace(key_of(source, part), Waiting{{}, {}, now}).first->second;
    w.texts[part.number] = std::move(text);
    w.sequences.push_back(sequence);
    if (w.texts.size() < part.total) return std::nullopt;
    return take(waiting_.find(key_of(source, part)));
  }
  /// Those whose rest never came, as far as they came.
  std::vector<Whole> take_late(Time now) {
    std::vector<Whole> late;
    for (auto i = waiting_.begin(); i != waiting_.end();) {
      const auto next = std::next(i);
      if (now - i->second.since > wait_max) late.push_back(take(i));
      i = next;
    }
    return late;
  }
  void clear() { waiting_.clear(); }

 private:
  struct Waiting {
    std::map<std::uint8_t, std::string> texts;
    std::vector<std::uint32_t> sequences;
    Time since;
  };
  using Key = std::tuple<std::string, std::uint16_t, std::uint8_t>;
  static Key key_of(const std::string& source, const Part& part) { return {source, part.reference, part.total}; }
  Whole take(std::map<Key, Waiting>::iterator i) {
    Whole whole{std::get<0>(i->first), {}, std::move(i->second.sequences)};
    for (const auto& [number, text] : i->second.texts) whole.text += text;
    waiting_.erase(i);
    return whole;
  }
  std::map<Key, Waiting> waiting_;
};

}  // namespace motcua::smpp
