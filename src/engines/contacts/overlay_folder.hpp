#pragma once
// A folder that keeps what is written in memory and shows what lies below where nothing was written: a graph with its log folded in, for
// one question, without a change on disk.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/folder.hpp"

namespace motcua::contacts {

class OverlayFolder : public Folder {
 public:
  /// Nothing below: an empty folder in memory.
  explicit OverlayFolder(const Folder* below = nullptr) : below_(below) {}

  Result<std::unique_ptr<MappedFile>> map(const std::string& name) const override;
  Result<void> replace(const std::string& name, std::span<const std::uint8_t> bytes) override;
  Result<std::unique_ptr<AppendedFile>> append_to(const std::string& name) override;   // of what was written here
  Result<void> remove(const std::string& name) override;
  Result<std::vector<std::string>> list() const override;
  Result<void> sync() override { return {}; }
  Result<void> lock() override { return {}; }

  using Bytes = std::vector<std::uint8_t>;
  std::map<std::string, std::shared_ptr<Bytes>> files;     // null: removed

 private:
  const Folder* below_;
};

}  // namespace motcua::contacts
