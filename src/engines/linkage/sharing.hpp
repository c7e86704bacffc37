#pragma once
// How many share a phone or a house.
#include <cstdint>
#include <span>
#include <vector>

#include "engines/linkage/columns.hpp"

namespace motcua::linkage {

/// How many records carry a value, and of how many differently named people: a phone of one name says who, a hotline says nothing.
struct Sharing {
  std::uint32_t records = 0, names = 0;
};

/// Numbers seen before, nothing else: some 11 bytes a number.
class NumberSet {
 public:
  bool insert(std::uint64_t number);   // false: it was there; 0 is no number
  void erase(std::uint64_t number);
  std::uint64_t bytes() const { return slots_.capacity() * 8; }
  template <class V>
  void each_column(const V& visit) { visit(slots_); visit(size_); }

 private:
  std::size_t slot_of(std::uint64_t number) const;
  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }
  void grow();
  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024, 0);
  std::size_t size_ = 0;
};

/// Sharing of every phone and address of a record set. Grows with it.
class SharingCounts {
 public:
  void add(const RecordSet::Columns& columns, RecordIndex from, const ParallelFor& parallel_for = {});   // records from..size
  /// Record `gone` leaves; `sharers` are those that stay and have one of its phones (of its address), all or as many as are looked at.
  void remove(const RecordSet::Columns& columns, RecordIndex gone, std::span<const RecordIndex> sharers);
  Sharing of_contact(TextId id) const { return of(contacts_, id); }
  Sharing of_address(std::uint32_t id) const { return of(addresses_, id); }

  std::uint64_t bytes() const { return (contacts_.capacity() + addresses_.capacity()) * sizeof(Shared) + contact_names_.bytes() + address_names_.bytes(); }
  /// For images (image.hpp).
  template <class V>
  void each_column(const V& visit) {
    visit(contacts_); visit(addresses_);
    contact_names_.each_column(visit);
    address_names_.each_column(visit);
  }

 private:
  /// The names of most values are one: it stands here itself. Of others they are counted, and told apart by a NumberSet.
  struct Shared {
    std::uint32_t records = 0;
    std::uint32_t names : 31 = 0;      // how many; or, with `is_name`, the only one
    std::uint32_t is_name : 1 = 0;
  };
  static Sharing of(const std::vector<Shared>& table, std::uint32_t id) {
    if (id >= table.size()) return {};
    const Shared& s = table[id];
    return {s.records, s.is_name != 0 ? 1U : s.names};
  }
  static void count(std::vector<Shared>& table, NumberSet& seen, std::uint32_t id, std::uint32_t name);
  static void discount(Shared& shared, NumberSet& seen, std::uint32_t id, std::uint32_t name);
  std::vector<Shared> contacts_, addresses_;
  NumberSet contact_names_, address_names_;   // value and given name
};

}  // namespace motcua::linkage
