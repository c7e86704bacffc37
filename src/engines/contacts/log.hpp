#pragma once
// Facts that must be kept the moment they come: an append log beside the day files. A group of facts is acknowledged when it is on disk;
// it is in every answer from then on, and the next load folds it into the day files.
//
// Frames of length, hash and facts stand one behind another. Each writer begins a file of its own, so that a frame cut off by a failure
// is never written behind. Files are named log-<generation>.<number>; the graph's manifest says which generation is not folded yet.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/folder.hpp"
#include "engines/contacts/manifest.hpp"
#include "engines/contacts/told.hpp"

namespace motcua::contacts {

inline constexpr std::size_t frame_bytes_max = std::size_t{1} << 24;

class AppendLog {
 public:
  /// Takes the folder's lock; a folder without a graph becomes an empty one. Failures: as Loader::open.
  static Result<std::unique_ptr<AppendLog>> open(Folder& folder);

  /// Remembers a fact for the next commit. Failures: check_fact; those of a commit that became due.
  Result<void> add(const Told& fact);
  /// All facts added so far are kept, whatever happens, when this returns. After a failure nothing more is taken: the log is opened anew.
  Result<void> commit();

 private:
  std::unique_ptr<AppendedFile> file_;
  std::vector<std::uint8_t> frame_;
  bool broken_ = false;
};

/// Calls take(fact) for every fact of the logs that the manifest has not folded, in order of writing. A frame that was cut off ends its file;
/// one that does not match its hash does, too, and its file is named in `damaged`. Stops at the first failure of take.
Result<void> read_logs(const Folder& folder, const Manifest& manifest, std::vector<std::string>& damaged,
                       const std::function<Result<void>(const Told&)>& take);

/// Are there facts that no load has folded yet?
Result<bool> log_waits(const Folder& folder, const Manifest& manifest);
/// Is this the file of a log that the manifest has folded already?
bool is_folded(const std::string& name, const Manifest& manifest);

}  // namespace motcua::contacts
