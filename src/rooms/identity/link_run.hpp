#pragma once
// One run of linking: loads, asks the engine, writes what differs.
#include <map>
#include <optional>

#include "rooms/identity/kept_index.hpp"

namespace motcua::identity {

/// The subject id of a record.
using SubjectOf = std::function<std::string(std::string_view source, std::string_view record_id)>;

class LinkRun {
 public:
  LinkRun(House& house, const Act& act, const std::vector<std::uint8_t>& review_key, const SubjectOf& subject_of, KeptIndex& kept)
      : house_(house), act_(act), review_key_(review_key), subject_of_(subject_of), kept_(kept) {}

  /// Learns, links everything, and leaves what it found as the index that is kept.
  Result<void> all_records();
  /// What changed since the last run, and what is connected with it.
  Result<void> new_records();
  std::uint64_t pairs_scored() const { return outcome_.pairs_scored; }

 private:
  struct Doubt {
    std::string subject_a, subject_b;
    double probability = 0, bits = 0;
  };
  struct Outcome {   // besides Entry::after
    std::vector<Doubt> review;
    std::uint64_t pairs_scored = 0;
    std::optional<std::string> model;                    // newly learned
  };
  bool full() const { return outcome_.model.has_value(); }
  std::string subject_at(linkage::RecordIndex record) const;
  std::int64_t make_person();
  void adopt(const linkage::LinkResult& result);
  void adopt(const linkage::Index::Changes& changes);
  std::int64_t number_here(std::int64_t number);
  void keep(linkage::Model model, linkage::RecordSet records);

  Result<void> finish();
  static bool differs(const Entry& e);
  static std::size_t count_moved(const std::vector<const Entry*>& changed);
  Result<void> write_links();
  Result<void> write_batch(std::span<const Entry* const> entries);
  Result<void> tell_indexes(storage::Transaction& tx, const std::vector<store::LinkChange>& rows);
  Result<void> write_end();
  std::vector<store::Task> review_tasks() const;
  Result<void> drop_settled_tasks(storage::Transaction& tx, const std::vector<store::Task>& tasks);
  Result<void> put_tasks(storage::Transaction& tx, std::vector<store::Task> tasks, Instant now);

  House& house_;
  const Act& act_;
  const std::vector<std::uint8_t>& review_key_;
  const SubjectOf& subject_of_;
  KeptIndex& kept_;
  LinkLoad load_;
  Outcome outcome_;
  std::map<std::int64_t, std::string> new_persons_;      // the index's numbers below -1
  std::string generation_;
  std::int64_t changes_ = 0, seen_ = 0;                  // of identity_state: after this run's own; up to which the links are
  bool own_changes_ = true;                              // nobody else changed anything since the run began
  bool many_ = false;
};

}  // namespace motcua::identity
