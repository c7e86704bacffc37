#include "app/old_files.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "platform/config/config.hpp"

namespace motcua::app {
namespace {

namespace fs = std::filesystem;

std::int64_t remove_older(const std::string& folder, Instant before, bool count_only) {
  std::int64_t files = 0;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    struct stat found {};
    if (::stat(at->path().c_str(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
    const Instant changed = from_millis(static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1000);
    if (changed >= before) continue;
    std::error_code not_gone;
    if (count_only || fs::remove(at->path(), not_gone)) ++files;
  }
  return files;
}

}  // namespace

std::vector<Purged> remove_old_files(const House& house, Instant now, bool count_only) {
  return {{"app.purge_uploads", remove_older(house.data_dir + "/uploads", now - house.settings.duration("retention.uploads_h"), count_only)},
          {"app.purge_rejected", remove_older(house.data_dir + "/rejected", now - house.settings.duration("retention.rejected_days"), count_only)},
          {"app.purge_repairs", remove_older(house.data_dir + "/repairs", now - house.settings.duration("retention.rejected_days"), count_only)}};
}

}  // namespace motcua::app
