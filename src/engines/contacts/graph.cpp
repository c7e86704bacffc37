#include "engines/contacts/graph.hpp"

#include <algorithm>
#include <utility>

#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/overlay_folder.hpp"

namespace motcua::contacts {
namespace {

constexpr int open_tries_max = 10;

}  // namespace

Result<Manifest> read_manifest(const Folder& folder, bool may_be_empty) {
  auto file = folder.map(manifest_name);
  if (file) {
    const auto bytes = (*file)->bytes();
    return Manifest::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  if (file.failure().kind != FailureKind::not_found) return std::move(file).failure();
  if (!may_be_empty) return not_found("contacts.not_a_graph");
  // What a load that was killed left behind is ours; anything else is somebody's.
  TRY_ASSIGN(const auto names, folder.list());
  for (const std::string& name : names)
    if (name != "lock" && name != "rejected" && !name.starts_with("spill-") && !name.starts_with("day-") && !name.starts_with("persons.") &&
        !name.starts_with("places.") && !name.starts_with("log-") && name != std::string(manifest_name) + ".new")
      return conflict("contacts.folder_not_empty");
  return Manifest{};
}

Result<void> open_ids(const Folder& folder, const std::vector<Manifest::Ids>& parts, Dictionary& into) {
  for (const Manifest::Ids& part : parts) {
    auto file = CheckedFile::open(folder, part.file.name, part.file.size, part.file.hash);
    if (!file) return Failure{FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", part.file.name}}, {}};
    TRY(into.add(std::move(*file), part.first, part.span, part.count));
  }
  return {};
}

Result<std::unique_ptr<Graph>> Graph::open(const Folder& folder) {
  for (int tries = 0;; ++tries) {                      // a load may replace files while they are opened
    TRY_ASSIGN(const Manifest manifest, read_manifest(folder, false));
    TRY_ASSIGN(const bool waiting, log_waits(folder, manifest));
    auto graph = waiting ? open_with_log(folder, manifest) : open_files(folder);
    TRY_ASSIGN(const Manifest then, read_manifest(folder, false));
    if (then.to_text() == manifest.to_text() || tries == open_tries_max) return graph;
  }
}

/// The log folded in memory. Where that fails because something is damaged, the log is what is left out.
Result<std::unique_ptr<Graph>> Graph::open_with_log(const Folder& folder, const Manifest& manifest) {
  OverlayFolder folded(&folder);
  auto loader = Loader::open(folded, {});
  if (loader) {
    if (auto done = (*loader)->finish(); done) return open_files(folded);
  }
  TRY_ASSIGN(auto graph, open_files(folder));
  graph->left_out_.push_back("log-" + std::to_string(manifest.log_generation));
  return graph;
}

Result<std::unique_ptr<Graph>> Graph::open_files(const Folder& folder) {
  auto graph = std::make_unique<Graph>();
  TRY_ASSIGN(graph->manifest_, read_manifest(folder, false));
  TRY(open_ids(folder, graph->manifest_.persons, graph->persons_));
  TRY(open_ids(folder, graph->manifest_.places, graph->places_));
  std::uint64_t bytes = 0;
  for (const Manifest::Day& day : graph->manifest_.days) {
    auto file = DayFile::open(folder, day.file.name, day.file.size, day.file.hash);
    if (!file) {
      graph->left_out_.push_back(day.file.name);
      continue;
    }
    bytes += day.file.size;
    graph->days_.push_back(std::move(*file));
  }
  if (bytes <= checked_at_once_bytes) graph->check();
  return graph;
}

void Graph::check() const {
  (void)persons_.good();
  (void)places_.good();
  for (const auto& day : days_) (void)day->file().good();
}

std::vector<std::string> Graph::damaged() const {
  std::vector<std::string> names = left_out_;
  for (const auto& day : days_)
    if (day->file().damaged()) names.push_back(day->file().name());
  for (const Dictionary* ids : {&persons_, &places_}) ids->add_damaged(names);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace motcua::contacts
