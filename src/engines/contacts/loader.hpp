#pragma once
// Facts into a stored graph: any text as id, any order, more than fits into memory. What was added is in the graph when finish() has
// returned, all of it or nothing. Facts of a day that has files already are written with those of them that are not much larger into a new one.
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/folder.hpp"
#include "engines/contacts/day_file.hpp"
#include "engines/contacts/id_table.hpp"
#include "engines/contacts/manifest.hpp"
#include "engines/contacts/number_table.hpp"
#include "engines/contacts/told.hpp"

namespace motcua::contacts {

inline constexpr std::uint32_t ids_max = 4'000'000'000; // of persons, and of places

inline constexpr std::size_t id_files_max = 8;          // of persons, and of places; then the last ones are merged

struct LoadLimits {
  std::size_t facts_in_memory_max = 20'000'000;         // 24 bytes each; then they go to disk, sorted by day
  std::size_t facts_a_file_max = 8'000'000;             // a day with more has several files; 0.8 GB of memory while one is written
  int threads = 1;                                      // that write files
};

struct Totals {
  std::uint64_t persons = 0, places = 0, contacts = 0, visits = 0;   // of the whole graph, withdrawn ones too
  std::uint64_t withdrawn = 0;                                       // facts that this load took back
};

class Loader {
 public:
  /// Takes the folder's lock, and the facts of the log as the first ones. Failures: files.in_use, contacts.folder_not_empty,
  /// contacts.manifest_damaged, contacts.file_damaged.
  static Result<std::unique_ptr<Loader>> open(Folder& folder, const LoadLimits& limits);

  /// Folds the logs of generations before this one, while their writer, who holds the lock, goes on in it (AppendLog::turn). Failures: as open
  /// and finish.
  static Result<Totals> fold(Folder& folder, const LoadLimits& limits, std::uint64_t before);

  /// Failures of kind `invalid` refuse this fact alone (check_fact); others are of the disk.
  Result<void> add(const Told& fact);
  Result<void> add(const NumberedContact& fact);
  Result<Totals> finish();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  /// A load that did not end leaves nothing behind, not a full disk either.
  ~Loader();

 private:
  Loader(Folder& folder, const LoadLimits& limits) : folder_(folder), limits_(limits) {}
  Result<void> begin(std::uint64_t before);
  using Facts = std::vector<Entry>;
  struct Collected {
    Facts contacts, visits;                             // in the order they came, `saying` a row of sayings_
    std::uint64_t spilled_contacts = 0, spilled_visits = 0;
    bool withdraws = false;
  };

  /// A fact whose ids stand in waiting_text_, one behind the other.
  struct Waiting { bool visit; std::uint32_t owner_bytes, other_bytes; Interval span; std::uint32_t saying; };
  Result<void> take_waiting();
  Result<void> take_numbered();
  Collected& facts_of(int day);
  Result<void> take(const Waiting& fact, std::uint32_t owner, std::uint32_t other);
  Result<void> check_room() const;
  Result<void> spill();
  Result<void> spill(int day, bool visits, Facts& facts);
  Result<void> read_back(int day, bool visits, Facts& into) const;
  Result<void> write_ids(const std::string& name, IdTable& table, const Dictionary& known, std::vector<Manifest::Ids>& parts);
  Result<DayFacts> known_facts(const Manifest::Day& old) const;
  struct Written { std::vector<Manifest::Day> files; std::uint64_t withdrawn = 0; };
  Result<Written> write_day(int day, Collected& collected);
  Result<void> write_parts(int day, DayFacts facts, Written& written);
  Result<std::uint64_t> write_days(Manifest& next);     // how many facts were taken back
  Result<FileName> write(const std::string& name, std::vector<std::uint8_t> payload);
  Result<void> remove_leftovers(const Manifest& keep);

  Folder& folder_;
  LoadLimits limits_;
  bool leaves_files_ = false;                           // that no manifest names
  std::uint64_t folded_before_ = 0;                     // generation of the log
  Manifest before_;
  Dictionary known_persons_, known_places_;
  IdTable persons_, places_;
  Sayings sayings_;
  std::map<int, Collected> days_;
  std::array<std::pair<int, Collected*>, 64> recent_{};  // of days_, by the day's last digits
  std::size_t held_ = 0;
  std::vector<Waiting> waiting_;
  std::string waiting_text_;
  NumberTable person_numbers_;
  std::vector<std::uint64_t> waiting_numbers_;          // two ids of each of waiting_numbered_
  std::vector<Waiting> waiting_numbered_;
};

}  // namespace motcua::contacts
