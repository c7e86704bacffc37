#pragma once
// A folder without a disk, for tests: files can be damaged, and a load can be made to fail at any step.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/folder.hpp"

namespace motcua::contacts {

class FolderInMemory : public Folder {
 public:
  using Bytes = std::vector<std::uint8_t>;
  std::map<std::string, std::shared_ptr<Bytes>> files;
  int steps_left = -1;     // of replace, append, remove, sync; then all fail as a full disk does. Negative: never

  Result<std::unique_ptr<MappedFile>> map(const std::string& name) const override {
    const auto found = files.find(name);
    if (found == files.end()) return not_found("files.not_found");
    return std::unique_ptr<MappedFile>(std::make_unique<Held>(found->second));
  }
  Result<void> replace(const std::string& name, std::span<const std::uint8_t> bytes) override {
    TRY(step());
    files[name] = std::make_shared<Bytes>(bytes.begin(), bytes.end());
    return {};
  }
  Result<std::unique_ptr<AppendedFile>> append_to(const std::string& name) override {
    return std::unique_ptr<AppendedFile>(std::make_unique<Growing>(*this, name));
  }
  Result<void> remove(const std::string& name) override {
    TRY(step());
    files.erase(name);
    return {};
  }
  Result<std::vector<std::string>> list() const override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files) names.push_back(name);
    return names;
  }
  Result<void> sync() override { return step(); }
  Result<void> lock() override { return {}; }

 private:
  struct Held : MappedFile {
    explicit Held(std::shared_ptr<Bytes> b) : held(std::move(b)) {}
    std::span<const std::uint8_t> bytes() const override { return *held; }
    std::shared_ptr<Bytes> held;
  };
  struct Growing : AppendedFile {
    Growing(FolderInMemory& f, std::string n) : folder(f), name(std::move(n)) {}
    Result<void> append(std::span<const std::uint8_t> bytes) override {
      TRY(folder.step());
      auto& file = folder.files[name];
      auto longer = file ? std::make_shared<Bytes>(*file) : std::make_shared<Bytes>();
      longer->insert(longer->end(), bytes.begin(), bytes.end());
      file = longer;
      return {};
    }
    Result<void> sync() override { return folder.step(); }
    FolderInMemory& folder;
    std::string name;
  };
  Result<void> step() {
    if (steps_left == 0) return unavailable("files.failed", "no step left");
    if (steps_left > 0) --steps_left;
    return {};
  }
};

}  // namespace motcua::contacts
