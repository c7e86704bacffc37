#include <algorithm>
#include <cmath>
#include <numeric>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/person_keys.hpp"
#include "engines/linkage/person_scorer.hpp"

namespace motcua::linkage {

LinkResult link(const RecordSet& records, const Model& model, const LinkInput& input, const Options& options) {
  const RecordSet::Columns& c = records.columns();
  const std::vector<std::uint32_t> rank = rank_by_key(c, options.parallel_for);
  SharingCounts sharing;
  sharing.add(c, 0, options.parallel_for);
  const PersonScorer scorer(c, model.state(), sharing);
  const PersonKeys keys(c);
  const Candidates candidates = find_candidates(
      keys, rank, {.block_records_max = options.block_records_max, .pairs_max = options.candidate_pairs_per_record_max * std::max<std::uint64_t>(c.rows.size(), 100),
                   .parallel_for = options.parallel_for});

  ClusterRules rules{scorer, rank};
  rules.link_bits = to_bits(options.link_probability);
  rules.exclusive.resize(c.rows.size());
  for (RecordIndex r = 0; r < c.rows.size(); ++r)
    if ((c.rows[r].flags & clean_flag) != 0) rules.exclusive[r] = c.rows[r].source;
  rules.must_link = input.must_link;
  rules.cannot_link = input.cannot_link;

  LinkResult result = assign(rules, candidates.pairs, input.previous_person, options);
  result.statistics.blocks = candidates.statistics.blocks;
  result.statistics.blocks_refined = candidates.statistics.refined;
  result.statistics.blocks_dropped = candidates.statistics.dropped;
  return result;
}

Explanation explain(const RecordSet& records, const Model& model, RecordIndex a, RecordIndex b) {
  SharingCounts sharing;
  sharing.add(records.columns(), 0);
  return PersonScorer(records.columns(), model.state(), sharing).explain(a, b);
}

}  // namespace motcua::linkage
