// Files of a graph with bytes of anybody's choice, sealed so that every checksum holds: questions end, and nothing outside the files is read.
#include <cstddef>
#include <cstdint>

#include "engines/contacts/copy.hpp"
#include "engines/contacts/folder_in_memory.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/reach.hpp"

using namespace motcua;
using namespace motcua::contacts;

namespace {

constexpr Time noon = 1'626'930'000'000;

/// A small graph with a log, as the loader writes it.
FolderInMemory small_graph() {
  FolderInMemory folder;
  auto loader = Loader::open(folder, {}).value();
  for (int i = 0; i < 40; ++i) {
    const std::string a = "p" + std::to_string(i % 7), b = "p" + std::to_string(7 + i % 5);
    const Time from = noon + i * 600'000;
    if (!loader->add({i % 3 == 0, a, i % 3 == 0 ? "x" : b, {from, from + (i + 1) * 60'000}, Kind::encounter})) break;
  }
  (void)loader->finish();
  auto log = AppendLog::open(folder).value();
  if (log->add({false, "p1", "q", {noon, noon + 60'000}, Kind::encounter})) (void)log->commit();
  return folder;
}

/// Writes the input over a part of a file, and seals it anew.
void overwrite(FolderInMemory& folder, FileName& file, std::size_t at, const std::uint8_t* data, std::size_t size) {
  auto payload = *folder.files.at(file.name);
  payload.resize(file.size);
  for (std::size_t i = 0; i < size && at + i < payload.size(); ++i) payload[at + i] ^= data[i];
  file.hash = seal(payload);
  *folder.files.at(file.name) = payload;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FolderInMemory made = small_graph();
  if (size < 3) return 0;
  FolderInMemory folder;
  for (const auto& [name, bytes] : made.files)
    if (bytes) folder.files[name] = std::make_shared<FolderInMemory::Bytes>(*bytes);
  Manifest manifest = read_manifest(folder, false).value();
  const std::size_t at = data[1] | data[2] << 8;
  switch (data[0] % 4) {
    case 0: overwrite(folder, manifest.days[data[0] / 4 % manifest.days.size()].file, at, data + 3, size - 3); break;
    case 1: overwrite(folder, manifest.persons.front().file, at, data + 3, size - 3); break;
    case 2: folder.files.begin()->second = std::make_shared<FolderInMemory::Bytes>(data + 3, data + size); break;
    default:
      for (auto& [name, bytes] : folder.files)
        if (name.starts_with("log-")) *bytes = FolderInMemory::Bytes(data + 3, data + size);
  }
  const std::string text = manifest.to_text();
  if (data[0] % 4 < 2) folder.files[manifest_name] = std::make_shared<FolderInMemory::Bytes>(text.begin(), text.end());
  const auto graph = Graph::open(folder);
  if (!graph) return 0;
  Reach reach(**graph);
  for (const bool held : {false, true})
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      if (held && !reach.hold()) break;
      ReachQuestion q{.seeds = {{0, {noon - day_ms, noon + 9 * day_ms}}, {5, {noon, noon + day_ms}}}, .depth = 5, .direction = direction, .isolated_at = {{3, noon}}};
      q.contacts_max = 100'000;
      for (const ReachedPerson& r : reach.ask(q).reached) (void)(*graph)->persons().text(r.person);
    }
  FolderInMemory copy;
  (void)copy_graph(folder, copy);
  for (const auto& day : (*graph)->days()) (void)day->decode();
  (void)(*graph)->persons().find("p3");
  return 0;
}
