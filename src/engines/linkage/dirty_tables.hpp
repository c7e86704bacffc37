#pragma once
// Seeded tables of made-up people with known answers, of other schemas and other faults than the public sets.
#include <cstdint>
#include <string>
#include <vector>

#include "engines/linkage/match.hpp"

namespace motcua::linkage::dirty {

struct Table {
  std::string name;
  std::vector<MatchField> fields;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint32_t> truth;   // person of each row
  std::vector<int> files = {};        // of each row, 1 or 2; empty: one file
  double f1_min = 0;                  // what the matcher is held to
};

struct Design {
  std::string name;
  std::string columns;              // one letter each, see dirty_tables.cpp
  std::uint64_t seed = 1;
  std::uint32_t people = 1000;
  double copies = 0.6;              // how many more rows a person has, on average (0: none twice)
  std::uint32_t copies_max = 4;
  double typos = 0.08, missing = 0.05, swapped = 0.01, moved = 0.1, nicknames = 0.05, other_value = 0.02;   // per field or row
  std::uint32_t names = 400;        // different given names; twice as many surnames
  double skew = 0.9;                // of their frequencies: the k-th is 1 / k^skew as frequent as the first
  double twins = 0.03, namesakes = 0.05;   // of those who live with somebody: the same birth date; else the same given name
  double families = 0.3;            // share of people who live with somebody of the same surname, address and phone
  double f1_min = 0.9;
};
Table make_table(const Design& design);
std::vector<Table> all_tables();
/// Papers, goods, firms: of one file and of two.
std::vector<Table> all_things();
/// Hardly anybody is there twice, households are, and twins.
std::vector<Table> rare_tables();

}  // namespace motcua::linkage::dirty
