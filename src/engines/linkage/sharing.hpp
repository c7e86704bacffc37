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

/// Numbers seen before, nothing else.
class NumberSet {
 public:
  bool insert(std::uint64_t number);   // false: it was there
  void erase(std::uint64_t number);
  std::uint64_t bytes() const { return slots_.capacity() * 8; }
  template <class V>
  void each_column(const V& visit) { visit(slots_); visit(size_); }

 private:
  void grow();
  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024, 0);
  std::size_t size_ = 0;
};

/// Sharing of every phone and address of a record set. Grows with it.
class SharingCounts {
 public:
  void add(const RecordSet::Columns& columns, RecordIndex from);   // records from..size
  /// Record `gone` leaves; `sharers` are those that stay and have one of its phones (of its address), all or as many as are looked at.
  void remove(const RecordSet::Columns& columns, RecordIndex gone, std::span<const RecordIndex> sharers);
  Sharing of_contact(TextId id) const { return id < contacts_.size() ? contacts_[id] : Sharing{}; }
  Sharing of_address(std::uint32_t id) const { return id < addresses_.size() ? addresses_[id] : Sharing{}; }

  std::uint64_t bytes() const { return (contacts_.capacity() + addresses_.capacity()) * sizeof(Sharing) + contact_names_.bytes() + address_names_.bytes(); }
  /// For images (image.hpp).
  template <class V>
  void each_column(const V& visit) {
    visit(contacts_); visit(addresses_);
    contact_names_.each_column(visit);
    address_names_.each_column(visit);
  }

 private:
  static void count(std::vector<Sharing>& table, NumberSet& seen, std::uint32_t id, std::uint32_t name);
  std::vector<Sharing> contacts_, addresses_;
  NumberSet contact_names_, address_names_;   // value and given name
};

}  // namespace motcua::linkage
