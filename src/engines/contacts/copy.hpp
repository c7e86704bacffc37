#pragma once
// A stored graph copied while others load, append and forget: one moment of it, whole.
#include <cstdint>
#include <string>
#include <vector>

#include "base/folder.hpp"

namespace motcua::contacts {

struct Copied {
  std::uint64_t files = 0, bytes = 0;
  std::vector<std::string> damaged;                             // copied as they are, or missing
};

/// Into an empty folder. All facts that were acknowledged before the call are in the copy, the proofs of what was forgotten, too; it is no graph
/// before its last step. Takes no lock of `from`. Failures: contacts.not_a_graph, contacts.manifest_damaged; contacts.folder_not_empty of `to`; contacts.changing
/// (conflict) when files were replaced during every one of 100 tries; those of the folders.
Result<Copied> copy_graph(const Folder& from, Folder& to);

}  // namespace motcua::contacts
