#pragma once
// The contacts of a graph's day files once more, in memory and by person: where many persons are asked for, one read for each instead of one
// a file.
#include <optional>
#include <span>
#include <vector>

#include "engines/contacts/graph.hpp"

namespace motcua::contacts {

class HeldContacts {
 public:
  /// Start and duration in the file's unit, start from the file's midnight.
  struct Contact { Person other = 0; std::uint32_t row = 0, start = 0, duration = 0; };
  /// What a file says of some of its contacts: number `saying` of its file.
  struct Row { std::uint32_t file = 0, saying = 0; };

  static std::uint64_t bytes_of(const Graph& graph);
  /// None when a file is damaged (the files still answer for what is whole) or says a duration of more than 32 bits.
  static std::optional<HeldContacts> of(const Graph& graph);

  const std::vector<Row>& rows() const { return rows_; }
  std::span<const Contact> of(Person person) const { return {contacts_.data() + ends_[person], contacts_.data() + ends_[person + 1]}; }
  /// Brings nearer what of() will look at: first where a person's contacts stand, then, a while later, these.
  void prefetch_place(Person person) const { __builtin_prefetch(&ends_[person]); }
  void prefetch_contacts(Person person) const {
    const std::span<const Contact> contacts = of(person);
    for (std::size_t i = 0; i < contacts.size() && i < 32; i += 4) __builtin_prefetch(&contacts[i]);
  }

 private:
  bool count(const Graph& graph);
  bool fill(const Graph& graph);
  std::vector<std::uint64_t> ends_;             // contacts of a person: from ends_[person] to ends_[person + 1]
  std::vector<Contact> contacts_;               // by person, then file
  std::vector<Row> rows_;
};

}  // namespace motcua::contacts
