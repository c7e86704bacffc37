#pragma once
// Forgetting on time: the files of old days are deleted, and with the last facts of a person or a place its id; a line of proof of each file
// stays in the file `forgotten`.
#include "base/folder.hpp"
#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

inline constexpr const char* proof_name = "forgotten";   // CSV: day,file,bytes,hash,contacts,visits,forgotten_at; of a file of ids the day is empty

struct Forgotten { std::uint64_t files = 0, contacts = 0, visits = 0, persons = 0, places = 0; };   // files of days

/// Deletes the facts that began before this day (days since 1970, Vietnam time). The proof is on disk before the first file is gone. The log
/// must be folded: a load does it. Reads all that stays, to learn which ids are still used. Failures: files.in_use, contacts.not_a_graph,
/// contacts.manifest_damaged, contacts.file_damaged, contacts.log_waits (conflict).
Result<Forgotten> forget_before(Folder& folder, int day, Time now);

}  // namespace motcua::contacts
