#pragma once
// Folders on disk for those who see them through base/folder.hpp.
#include <memory>
#include <string>

#include "base/folder.hpp"

namespace motcua::files {

/// The folder as it is; files.not_found when there is none.
Result<std::unique_ptr<Folder>> open_folder(const std::string& path);
/// Made when absent, for its owner alone (mode 0700).
Result<std::unique_ptr<Folder>> make_folder(const std::string& path);
/// Bytes of all files in it and below.
Result<std::uint64_t> size_bytes(const std::string& path);

}  // namespace motcua::files
