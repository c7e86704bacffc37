#pragma once
// A made-up population register with duplicates, of any size, in constant memory: every row is computed from its number and the seed.
//
// Three rows in four are persons; the others are second, third ... records of some of them, with the slips of clerks (bench/register.cpp says
// how often each). Rows stand in a shuffled order, so that records of one person are anywhere in the file.
#include <cstdint>
#include <string>

namespace motcua::bench {

struct RegisterOptions {
  std::uint32_t rows = 100'000;   // at least 4
  std::uint64_t seed = 1;
};

class Register {
 public:
  explicit Register(const RegisterOptions& options);

  static const char* header() { return "row_id,full_name,birth_date,sex,id_number,phone,address,ward\n"; }
  /// Appends line `position` (0..rows-1) as CSV, newline included, and says which person it is about.
  std::uint32_t append(std::uint32_t position, std::string& out) const;

 private:
  std::uint32_t shuffled(std::uint32_t position) const;

  RegisterOptions options_;
  std::uint32_t persons_;
  std::uint32_t half_bits_ = 1;   // of the Feistel network that shuffles
};

}  // namespace motcua::bench
