#pragma once
// A folder without a disk, for tests: its files can be damaged, and it can be made to fail at any step.
#include <memory>
#include <string>
#include <utility>

#include "engines/contacts/overlay_folder.hpp"

namespace motcua::contacts {

class FolderInMemory : public OverlayFolder {
 public:
  int steps_left = -1;     // of replace, append, remove, sync; then all fail as a full disk does. Negative: never

  Result<void> replace(const std::string& name, std::span<const std::uint8_t> bytes) override {
    TRY(step());
    return OverlayFolder::replace(name, bytes);
  }
  Result<std::unique_ptr<AppendedFile>> append_to(const std::string& name) override {
    TRY_ASSIGN(auto file, OverlayFolder::append_to(name));
    return std::unique_ptr<AppendedFile>(std::make_unique<Failing>(*this, std::move(file)));
  }
  Result<void> remove(const std::string& name) override {
    TRY(step());
    files.erase(name);
    return {};
  }
  Result<void> sync() override { return step(); }

 private:
  struct Failing : AppendedFile {
    Failing(FolderInMemory& f, std::unique_ptr<AppendedFile> a) : folder(f), file(std::move(a)) {}
    /// The disk fills up in the middle.
    Result<void> append(std::span<const std::uint8_t> bytes) override {
      auto room = folder.step();
      TRY(file->append(room ? bytes : bytes.first(bytes.size() / 2)));
      return room;
    }
    Result<void> sync() override { return folder.step(); }
    FolderInMemory& folder;
    std::unique_ptr<AppendedFile> file;
  };
  Result<void> step() {
    if (steps_left == 0) return unavailable("files.failed", "no step left");
    if (steps_left > 0) --steps_left;
    return {};
  }
};

}  // namespace motcua::contacts
