#pragma once
// What was read from a paper, as it lies sealed until somebody decides. Inner header of the room.
#include "rooms/declarations/paper_desk.hpp"

namespace motcua::declarations {

/// DIR/uploads/<scan>.sealed
std::string scan_path(const House& house, const std::string& scan_id);
std::string picture_context(std::string_view paper_id, int field);
Result<crypto::Bytes> seal_paper(House& house, std::string_view paper_id, const ReadPaper& paper);
/// Fills fields and missing from row.sealed. Failure declarations.answers_unreadable (corrupt).
Result<void> open_sealed_paper(House& house, OpenPaper& paper);

}  // namespace motcua::declarations
