#pragma once
// The file `graph` of a graph's folder: which files are the graph. It is replaced as the last step of every change, so that a change is
// whole or has not happened. Lines of words; the last line is a hash of those before.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

inline constexpr const char* manifest_name = "graph";

struct FileName {
  std::string name;
  std::uint64_t size = 0, hash = 0;     // of the payload, of the table of block hashes
};

struct Manifest {
  struct Ids { FileName file; std::uint32_t first = 0, span = 0, count = 0; };   // numbers of [first, first + span); less ids where some were forgotten
  struct Day { int day = 0; FileName file; std::uint64_t contacts = 0, visits = 0; };

  std::uint64_t next_file = 1;          // number in the name of the next file made
  std::uint64_t log_generation = 1;     // logs of smaller ones are folded (log.hpp)
  std::vector<Ids> persons, places;
  std::vector<Day> days;                // by day; one with very many facts has several files

  static std::uint32_t size_of(const std::vector<Ids>& parts) { return parts.empty() ? 0 : parts.back().first + parts.back().span; }   // numbers are below it
  static std::uint64_t count_of(const std::vector<Ids>& parts);
  bool names(const std::string& file) const;

  std::string to_text() const;
  /// contacts.manifest_damaged (corrupt).
  static Result<Manifest> parse(std::string_view text);
};

std::string to_date(int day);           // 2021-07-22
std::string to_hex(std::uint64_t hash); // 16 digits

}  // namespace motcua::contacts
