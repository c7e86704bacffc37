#pragma once
// Resolves records to persons: loads what is stored, asks the engine, writes what differs. One run at a time in a process; runs of other
// processes and human decisions in between are noticed, and the run begins anew.
#include <chrono>
#include <mutex>
#include <optional>

#include "rooms/identity/identity.hpp"
#include "rooms/identity/kept_index.hpp"
#include "rooms/identity/link_run.hpp"

namespace motcua::identity {

class Linker {
 public:
  /// `review_key` makes the ids of review tasks.
  Linker(House& house, std::vector<std::uint8_t> review_key, SubjectOf subject_of);
  Result<Identity::LinkSummary> run(const Act& act, const Identity::LinkOptions& options);
  /// One record of each person who resembles the one asked for, most probable first, from the index that is kept. Empty also while a run is
  /// under way, or when no index is there yet.
  Result<std::vector<std::string>> likely_subjects(storage::Reader& reader, const linkage::PersonRecord& asked, std::size_t limit);
  /// The learned parameters; those to start with when nothing was learned yet.
  static Result<linkage::Model> model_of(const store::State& state);

 private:
  Result<Identity::LinkSummary> run_once(const Act& act, const Identity::LinkOptions& options);
  Identity::LinkSummary idle(std::chrono::steady_clock::time_point start) const;
  House& house_;
  std::vector<std::uint8_t> review_key_;
  SubjectOf subject_of_;
  KeptIndex kept_;
  std::mutex one_at_a_time_;
  std::optional<Identity::LinkSummary> last_;   // what the last run counted, and the epoch it left behind
  std::int64_t last_epoch_ = -1;
};

/// How the engine is run here: on all cores.
linkage::Options engine_options();
/// What people decided of two named records, as positions in LinkLoad::named.
linkage::LinkInput constraints_between_named(const LinkLoad& load);

/// Says in the transaction that these persons gained or lost records: identity.hpp, persons_changed.
Result<void> tell_changed(events::Bus& bus, storage::Transaction& tx, std::span<const std::string> person_ids);
Result<void> tell_all_changed(events::Bus& bus, storage::Transaction& tx);

}  // namespace motcua::identity
