#pragma once
// A made-up town for tests: households, twins, shared phones, and what five sources make of them.
#include <cstdint>
#include <vector>

#include "engines/linkage/linkage.hpp"

namespace motcua::linkage::test {

struct TownOptions {
  std::size_t people = 2000;
  std::uint64_t seed = 1;
  double noise = 1;             // 0: clean, 1: as the sources are known to be, 2: worse
  double records_per_person = 5;
};

struct Town {
  std::vector<PersonRecord> records;   // in no particular order
  std::vector<std::uint32_t> truth;    // person of each record
};
Town make_town(const TownOptions& options);

struct Accuracy {
  double precision = 0, recall = 0, f1 = 0;
  std::uint64_t true_pairs = 0, linked_pairs = 0, right_pairs = 0;
};
/// Pairwise, over all pairs of records in one cluster.
Accuracy accuracy_of(const std::vector<std::uint32_t>& clusters, const std::vector<std::uint32_t>& truth);

RecordSet to_set(const std::vector<PersonRecord>& records);

}  // namespace motcua::linkage::test
