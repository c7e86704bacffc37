#include "engines/contacts/held.hpp"

#include <algorithm>
#include <thread>

#include "base/large_pages.hpp"

namespace motcua::contacts {
namespace {

constexpr std::uint64_t entries_for_two_threads = 1'000'000;

std::uint64_t words_of(std::uint64_t bits) { return bits / 64 + 2; }      // one more to read words from

}  // namespace

HeldContacts::Shape HeldContacts::shape_of(const Graph& graph, std::size_t sayings) {
  Shape s;
  Time last = since_ever;
  s.begin = never;
  std::uint64_t longest_ms = 0;
  for (const auto& day : graph.days()) {
    if (day->contacts().size() == 0) continue;
    s.entries += day->contacts().size();
    s.begin = std::min(s.begin, day->midnight());
    last = std::max(last, day->midnight() + day_ms);
    s.unit = std::min(s.unit, day->unit());
    longest_ms = std::max(longest_ms, std::min(day->contacts().longest(), duration_max) * static_cast<std::uint64_t>(day->unit()));
  }
  if (s.entries == 0) return s;
  s.start_bits = width_of(static_cast<std::uint64_t>((last - s.begin) / s.unit));
  s.duration_bits = width_of(longest_ms / static_cast<std::uint64_t>(s.unit));
  s.other_bits = width_of(graph.persons().size());
  s.saying_bits = sayings > 1 ? width_of(sayings - 1) : 0;
  return s;
}

void HeldContacts::number_sayings(const Graph& graph) {
  for (const auto& day : graph.days()) {
    std::vector<std::uint32_t>& numbers = saying_of_.emplace_back();
    for (const Saying& s : day->sayings()) numbers.push_back(sayings_.number(s));
  }
}

std::uint64_t HeldContacts::bytes_of(const Graph& graph) {
  std::size_t sayings = 0;
  for (const auto& day : graph.days()) sayings += day->sayings().size();   // at most
  const Shape s = shape_of(graph, sayings);
  return s.fits() ? words_of(s.entries * s.bits()) * 8 + (graph.persons().size() + 2ULL) * sizeof(std::uint32_t) : UINT64_MAX;
}

std::optional<HeldContacts> HeldContacts::of(const Graph& graph) {
  HeldContacts held;
  held.number_sayings(graph);
  held.shape_ = shape_of(graph, held.sayings_.size());
  if (!held.shape_.fits() || !held.count(graph)) return std::nullopt;
  const std::uint64_t words = words_of(held.shape_.entries * held.shape_.bits());
  held.words_.reserve(words);
  prefer_large_pages(held.words_.data(), words * 8);
  held.words_.resize(words);
  const Person persons = graph.persons().size();
  const Person middle = held.shape_.entries < entries_for_two_threads ? persons : held.middle();
  bool second = true;
  std::thread other;
  if (middle < persons) other = std::thread([&] { second = held.fill(graph, middle, persons); });
  const bool first = held.fill(graph, 0, middle);
  if (other.joinable()) other.join();
  if (!first || !second) return std::nullopt;
  std::vector<std::vector<std::uint32_t>>().swap(held.saying_of_);
  return held;
}

/// Leaves in ends_[person + 1] where the person's entries begin, so that filling moves it to where they end.
bool HeldContacts::count(const Graph& graph) {
  const Person persons = graph.persons().size();
  ends_.reserve(persons + 2ULL);
  prefer_large_pages(ends_.data(), (persons + 2ULL) * sizeof(std::uint32_t));
  ends_.assign(persons + 2ULL, 0);
  for (const auto& day : graph.days()) {
    bool known = true;
    const std::uint64_t longest = std::min(day->contacts().longest(), duration_max);
    const auto starts = static_cast<std::uint64_t>(day_ms / day->unit());
    const bool whole = day->contacts().all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
      known = known && owner < persons && other < persons && start <= starts && duration <= longest && saying < day->sayings().size();
      if (known) ++ends_[owner + 2ULL];
    });
    if (!whole || !known) return false;
  }
  for (std::size_t i = 2; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
  return true;
}

/// Somebody in the middle whose entries begin with a word, so that two threads write no word together; the number of persons when there is nobody.
Person HeldContacts::middle() const {
  const auto persons = static_cast<Person>(ends_.size() - 2);
  for (Person p = persons / 2; p < persons; ++p)
    if (ends_[p + 1] * std::uint64_t{shape_.bits()} % 64 == 0) return p;
  return persons;
}

void HeldContacts::put(std::uint64_t bit, std::uint64_t value, unsigned width) {
  const unsigned at = bit & 63;
  words_[bit >> 6] |= value << at;
  if (at + width > 64) words_[(bit >> 6) + 1] |= value >> (64 - at);
}

bool HeldContacts::fill(const Graph& graph, Person first, Person behind) {
  for (std::size_t file = 0; file < graph.days().size(); ++file) {
    const DayFile& day = *graph.days()[file];
    const auto midnight = static_cast<std::uint64_t>((day.midnight() - shape_.begin) / shape_.unit), scale = static_cast<std::uint64_t>(day.unit() / shape_.unit);
    const bool whole = day.contacts().all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
      if (owner < first || owner >= behind) return;
      const std::uint64_t bit = ends_[owner + 1ULL]++ * std::uint64_t{shape_.bits()};
      put(bit, (midnight + start * scale) | (duration * scale) << shape_.start_bits, shape_.when_bits());
      put(bit + shape_.when_bits(), other | std::uint64_t{saying_of_[file][saying]} << shape_.other_bits, shape_.other_bits + shape_.saying_bits);
    });
    if (!whole) return false;
  }
  return true;
}

}  // namespace motcua::contacts
