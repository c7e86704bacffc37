#pragma once
// The contacts of a graph's day files once more, in memory and by person: where many persons are asked for, one read for each instead of one
// a file. Fields are packed into as many bits as this graph needs, all files in one unit of time: 45 bits an entry of ten million persons and
// three weeks of minutes, two entries a contact.
#include <optional>
#include <vector>

#include "engines/contacts/bits.hpp"
#include "engines/contacts/graph.hpp"

namespace motcua::contacts {

class HeldContacts {
 public:
  /// What of() would take; UINT64_MAX: fields too wide, or more than four billion entries. From the files' heads alone.
  static std::uint64_t bytes_of(const Graph& graph);
  /// None when a file is damaged (the files still answer for what is whole), or too much by bytes_of(). Two threads fill it.
  static std::optional<HeldContacts> of(const Graph& graph);

  /// What contacts say; a contact knows its number there.
  const Sayings& sayings() const { return sayings_; }
  std::uint32_t count(Person person) const { return ends_[person + 1] - ends_[person]; }
  /// Calls visit(other, span, saying) for a person's contacts that overlap `window` for longer than zero, in the order of the files.
  template <class Visit>
  void each(Person person, const Interval& window, Visit&& visit) const {
    const Shape s = shape_;
    const std::uint64_t start_mask = low_mask(s.start_bits), duration_mask = low_mask(s.duration_bits), other_mask = low_mask(s.other_bits), saying_mask = low_mask(s.saying_bits);
    const unsigned when_bits = s.when_bits(), bits = s.bits();
    const std::uint8_t* base = bytes();
    std::uint64_t bit = ends_[person] * std::uint64_t{bits};
    for (std::uint32_t i = ends_[person], end = ends_[person + 1]; i < end; ++i, bit += bits) {
      std::uint64_t word = load64(base + (bit >> 3)) >> (bit & 7);
      const Time from = s.begin + static_cast<Time>(word & start_mask) * s.unit;
      const Time to = from + static_cast<Time>((word >> s.start_bits) & duration_mask) * s.unit;
      if (from >= window.to || to <= window.from || from == to) continue;
      word = bits > one_read_bits ? load64(base + ((bit + when_bits) >> 3)) >> ((bit + when_bits) & 7) : word >> when_bits;
      visit(static_cast<Person>(word & other_mask), Interval{from, to}, static_cast<std::uint32_t>((word >> s.other_bits) & saying_mask));
    }
  }
  /// Brings nearer what each() will look at: first where a person's contacts stand, then, a while later, these.
  void prefetch_place(Person person) const { __builtin_prefetch(&ends_[person]); }
  void prefetch_contacts(Person person) const {
    const std::uint64_t to = ends_[person + 1] * std::uint64_t{shape_.bits()} >> 3;
    std::uint64_t at = ends_[person] * std::uint64_t{shape_.bits()} >> 3;
    for (int lines = 0; at <= to && lines < 8; at += 64, ++lines) __builtin_prefetch(bytes() + at);
  }

 private:
  static constexpr unsigned one_read_bits = 57;
  /// An entry from its lowest bit on: start from `begin` and duration in `unit`, other, saying.
  struct Shape {
    Time begin = 0, unit = 60'000;
    unsigned start_bits = 0, duration_bits = 0, other_bits = 0, saying_bits = 0;
    std::uint64_t entries = 0;
    unsigned when_bits() const { return start_bits + duration_bits; }
    unsigned bits() const { return when_bits() + other_bits + saying_bits; }
    bool fits() const { return when_bits() <= one_read_bits && other_bits + saying_bits <= one_read_bits && entries < UINT32_MAX; }
  };
  static Shape shape_of(const Graph& graph, std::size_t sayings);
  const std::uint8_t* bytes() const { return reinterpret_cast<const std::uint8_t*>(words_.data()); }
  void number_sayings(const Graph& graph);
  bool count(const Graph& graph);
  Person middle() const;
  bool fill(const Graph& graph, Person first, Person behind);
  void put(std::uint64_t bit, std::uint64_t value, unsigned width);

  Shape shape_;
  Sayings sayings_;
  std::vector<std::vector<std::uint32_t>> saying_of_;   // by file and its own number; while filling
  std::vector<std::uint32_t> ends_;                     // entries of a person: from ends_[person] to ends_[person + 1]
  std::vector<std::uint64_t> words_;                    // by person, then file
};

}  // namespace motcua::contacts
