#pragma once
// Facts that must be kept the moment they come: an append log beside the day files. A group of facts is acknowledged when it is on disk;
// it is in every answer from then on, and the next load folds it into the day files.
//
// Frames of length, hash and facts stand one behind another. Each writer begins a file of its own, so that a frame cut off by a failure
// is never written behind. Files are named log-<generation>.<number>; the graph's manifest says from which generation on they are not folded
// yet. A writer that goes on for long turns to a next generation, and what it wrote before is folded meanwhile (Loader::fold).
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
  /// Goes on in a file of the next generation; gives that one: all before it can be folded. Commits first. Failures: as commit.
  Result<std::uint64_t> turn();
  /// Committed to this generation.
  std::uint64_t bytes() const { return bytes_; }

 private:
  Folder* folder_ = nullptr;
  std::uint64_t generation_ = 0, bytes_ = 0;
  std::unique_ptr<AppendedFile> file_;
  std::vector<std::uint8_t> frame_;
  bool broken_ = false;
};

inline constexpr std::uint64_t all_generations = UINT64_MAX;

/// Calls take(fact) for every fact of the logs that the manifest has not folded, of generations below `before`, in order of writing. A frame that was cut off ends its file;
/// one that does not match its hash does, too, and its file is named in `damaged`. Stops at the first failure of take.
Result<void> read_logs(const Folder& folder, const Manifest& manifest, std::uint64_t before, std::vector<std::string>& damaged,
                       const std::function<Result<void>(const Told&)>& take);
/// The generation behind all that there are.
Result<std::uint64_t> next_generation(const Folder& folder, const Manifest& manifest);

/// Are there facts that no load has folded yet?
Result<bool> log_waits(const Folder& folder, const Manifest& manifest);
/// Is this the file of a log that the manifest has folded already?
bool is_folded(const std::string& name, const Manifest& manifest);

}  // namespace motcua::contacts
