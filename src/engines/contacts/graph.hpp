#pragma once
// A stored graph, opened for questions: ids and day files, mapped. Nothing is read before it is asked for.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/folder.hpp"
#include "engines/contacts/day_file.hpp"
#include "engines/contacts/dictionary.hpp"
#include "engines/contacts/manifest.hpp"

namespace motcua::contacts {

/// A graph of at most so many bytes is checked whole when it is opened; of a larger one each block when it is first read.
inline constexpr std::uint64_t checked_at_once_bytes = 64ULL << 20;

class Graph {
 public:
  /// What stands in the log is in it, too. A day file that is damaged or missing is left out and named by damaged(). Failures: contacts.not_a_graph (not_found),
  /// contacts.manifest_damaged, contacts.file_damaged (of the ids: without them nothing can be answered).
  static Result<std::unique_ptr<Graph>> open(const Folder& folder);

  const Manifest& manifest() const { return manifest_; }
  const Dictionary& persons() const { return persons_; }
  const Dictionary& places() const { return places_; }
  const std::vector<std::unique_ptr<DayFile>>& days() const { return days_; }

  /// Files found damaged or missing so far, sorted: what they hold may be lacking in answers.
  std::vector<std::string> damaged() const;
  /// Reads and checks every byte.
  void check() const;

 private:
  static Result<std::unique_ptr<Graph>> open_files(const Folder& folder);
  static Result<std::unique_ptr<Graph>> open_with_log(const Folder& folder, const Manifest& manifest);
  Manifest manifest_;
  Dictionary persons_, places_;
  std::vector<std::unique_ptr<DayFile>> days_;
  std::vector<std::string> left_out_;
};

/// The manifest of a folder; an empty one when the folder is empty but for a lock. contacts.not_a_graph, contacts.manifest_damaged.
Result<Manifest> read_manifest(const Folder& folder, bool may_be_empty);
/// The ids of the manifest's parts. contacts.file_damaged.
Result<void> open_ids(const Folder& folder, const std::vector<Manifest::Ids>& parts, Dictionary& into);

}  // namespace motcua::contacts
