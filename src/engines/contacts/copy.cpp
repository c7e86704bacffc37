#include "engines/contacts/copy.hpp"

#include <map>
#include <memory>

#include "engines/contacts/checked_file.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/retention.hpp"

namespace motcua::contacts {
namespace {

constexpr int copy_tries_max = 100;

/// Files of one moment, held open: whoever removes them now does not take them away.
struct Moment {
  Manifest manifest;
  std::map<std::string, std::unique_ptr<MappedFile>> files;
};

/// Maps a file; one that is not there is left out.
Result<void> hold(const Folder& folder, const std::string& name, Moment& moment) {
  auto file = folder.map(name);
  if (!file && file.failure().kind != FailureKind::not_found) return std::move(file).failure();
  if (file) moment.files[name] = std::move(*file);
  return {};
}

/// Whether a file is there and what was written, read to its end.
bool is_whole(const Folder& folder, const FileName& name) {
  const auto file = CheckedFile::open(folder, name.name, name.size, name.hash);
  return file && (*file)->good();
}

std::vector<FileName> named(const Manifest& manifest) {
  std::vector<FileName> names;
  for (const auto* ids : {&manifest.persons, &manifest.places})
    for (const Manifest::Ids& part : *ids) names.push_back(part.file);
  for (const Manifest::Day& day : manifest.days) names.push_back(day.file);
  return names;
}

/// False when a load, a fold or a deletion came between.
Result<bool> hold_all(const Folder& folder, Moment& moment) {
  TRY_ASSIGN(moment.manifest, read_manifest(folder, false));
  for (const FileName& name : named(moment.manifest)) TRY(hold(folder, name.name, moment));
  TRY_ASSIGN(const auto names, folder.list());
  for (const std::string& name : names)
    if (name == proof_name || (name.starts_with("log-") && !is_folded(name, moment.manifest))) TRY(hold(folder, name, moment));
  TRY_ASSIGN(const Manifest then, read_manifest(folder, false));
  return then.to_text() == moment.manifest.to_text();
}

Result<void> write(Folder& to, const std::string& name, std::span<const std::uint8_t> bytes, Copied& copied) {
  TRY(to.replace(name, bytes));
  ++copied.files;
  copied.bytes += bytes.size();
  return {};
}

}  // namespace

Result<Copied> copy_graph(const Folder& from, Folder& to) {
  TRY_ASSIGN(const auto others, to.list());
  if (!others.empty()) return conflict("contacts.folder_not_empty");
  TRY(to.lock());
  Moment moment;
  bool whole = false;
  for (int tries = 0; !whole && tries < copy_tries_max; ++tries) {
    moment = {};
    TRY_ASSIGN(whole, hold_all(from, moment));
  }
  if (!whole) return conflict("contacts.changing");
  Copied copied;
  for (const auto& [name, file] : moment.files) TRY(write(to, name, file->bytes(), copied));
  for (const FileName& name : named(moment.manifest))
    if (!is_whole(to, name)) copied.damaged.push_back(name.name);
  TRY(to.sync());
  const std::string text = moment.manifest.to_text();
  TRY(write(to, manifest_name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, copied));
  TRY(to.sync());
  return copied;
}

}  // namespace motcua::contacts
