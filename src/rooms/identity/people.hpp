#pragma once
// What people look at and decide: the door's human half.
#include "rooms/identity/store.hpp"

namespace motcua::identity {

class People {
 public:
  explicit People(House& house) : house_(house) {}

  Result<ReviewPage> list_review(const Viewer& viewer, const ReviewFilter& filter) const;
  Result<ReviewPair> open_review(const Viewer& viewer, std::string_view task_id) const;
  Result<PersonView> view_person(const Viewer& viewer, std::string_view person_id) const;

  Result<Decision> decide_review(const Viewer& viewer, std::string_view task_id, bool same_person);
  Result<Decision> merge(const Viewer& viewer, std::string_view person_id, std::string_view other_person_id);
  Result<Decision> split(const Viewer& viewer, std::string_view person_id, std::span<const std::string> subjects);
  Result<Decision> undo(const Viewer& viewer, std::string_view event_id);

 private:
  bool may_see(const Viewer& viewer, std::string_view ward_code) const;
  std::optional<std::vector<std::string>> wards_seen(const Viewer& viewer, const ReviewFilter& filter, const std::vector<store::WardCount>& all,
                                                     std::int64_t& total) const;
  Result<PersonSummary> person_seen(storage::Reader& reader, const Viewer& viewer, std::string_view person_id) const;
  Result<store::Task> task_seen(storage::Reader& reader, const Viewer& viewer, std::string_view task_id) const;
  Result<Decision> carry_out(const Viewer& viewer, const std::function<Result<Decision>(storage::Transaction&)>& body);
  Result<Decision> join(storage::Transaction& tx, const store::Event& event, const std::string& a, const std::string& b,
                        const std::string& subject_a, const std::string& subject_b);
  Result<void> record(storage::Transaction& tx, const store::Event& event, std::span<const store::Move> moves,
                      std::span<const std::string> person_ids);
  House& house_;
};

inline constexpr int decision_records_max = 5'000;       // of one person, in a merge or split
inline constexpr std::size_t split_pairs_max = 10'000;   // constraints one split may write

}  // namespace motcua::identity
