#include "engines/contacts/retention.hpp"

#include <string>

#include "base/time.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/log.hpp"

namespace motcua::contacts {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string proof_of(const Manifest::Day& day, Time now) {
  return to_date(day.day) + "," + day.file.name + "," + std::to_string(day.file.size) + "," + to_hex(day.file.hash) + "," + std::to_string(day.contacts) + "," +
         std::to_string(day.visits) + "," + to_iso(from_millis(now)) + "\n";
}

}  // namespace

Result<Forgotten> forget_before(Folder& folder, int day, Time now) {
  TRY(folder.lock());
  TRY_ASSIGN(Manifest manifest, read_manifest(folder, false));
  TRY_ASSIGN(const bool waiting, log_waits(folder, manifest));
  if (waiting) return conflict("contacts.log_waits");
  Forgotten done;
  std::string proof;
  std::vector<std::string> names;
  for (const Manifest::Day& old : manifest.days) {
    if (old.day >= day) continue;
    proof += proof_of(old, now);
    names.push_back(old.file.name);
    done.files += 1, done.contacts += old.contacts, done.visits += old.visits;
  }
  if (names.empty()) return done;
  TRY_ASSIGN(const auto proofs, folder.append_to(proof_name));
  TRY(proofs->append(bytes_of(proof)));
  TRY(proofs->sync());
  std::erase_if(manifest.days, [&](const Manifest::Day& old) { return old.day < day; });
  TRY(folder.replace(manifest_name, bytes_of(manifest.to_text())));
  TRY(folder.sync());
  for (const std::string& name : names) TRY(folder.remove(name));
  TRY(folder.sync());
  return done;
}

}  // namespace motcua::contacts
