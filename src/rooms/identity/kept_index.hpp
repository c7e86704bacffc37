#pragma once
// The engine's index of all records with names: in memory, and as a file beside the database from which it is taken up again after a
// restart. The file is a convenience: whenever it is absent, damaged or of another database it is made anew from the tables.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "rooms/identity/link_load.hpp"

namespace motcua::identity {

class KeptIndex {
 public:
  explicit KeptIndex(std::string data_dir) : file_(std::move(data_dir) + "/identity.index") {}

  bool fits(const store::State& state) const { return index_ && generation_ == state.generation && seen_ <= state.changes; }
  /// From the file when it is of this database. False: there is none that fits; it is looked at once a generation.
  Result<bool> open_file(storage::Reader& reader, const store::State& state);
  /// From the file, else from all records and links as the reader sees them.
  Result<void> open(storage::Reader& reader, const store::State& state);
  /// What a full run has just made.
  void adopt(linkage::Index index, PersonNumbers persons, std::string generation, std::int64_t seen);
  /// Takes in the records and links that changed after `seen()`; every subject that changed after `linked` is given to `pending` and will be
  /// worked with the next add.
  using Pending = std::function<void(const store::StoredRecord&)>;
  Result<void> follow(storage::Reader& reader, std::int64_t linked, const Pending& pending);
  /// Holds everything up to this change.
  void mark_seen(std::int64_t change) { seen_ = change; }
  /// Takes back what an add decided: it could not be written.
  void take_back(const linkage::Index::Changes& changes);

  /// Writes the file when more than a twentieth has changed since; failure to write is logged and costs only time later.
  void save_if_due(storage::Database& database);

  linkage::Index& index() { return *index_; }
  PersonNumbers& persons() { return persons_; }
  bool is_open() const { return index_.has_value(); }
  std::int64_t seen() const { return seen_; }

 private:
  Result<bool> read_file(storage::Reader& reader, const store::State& state);
  Result<void> make(storage::Reader& reader, const store::State& state);
  Result<std::string> note(storage::Reader& reader) const;
  bool take_note(std::string_view note);

  std::string file_;
  std::optional<linkage::Index> index_;
  PersonNumbers persons_;
  std::string generation_, refused_;       // refused: for which no file fitted
  std::int64_t seen_ = 0;                  // changes the index holds
  bool saved_ = false;                     // there is a file of this generation
  std::int64_t changed_since_saved_ = 0;   // records
};

}  // namespace motcua::identity
