#include "engines/contacts/overlay_folder.hpp"

#include <algorithm>
#include <utility>

namespace motcua::contacts {
namespace {

struct Held : MappedFile {
  explicit Held(std::shared_ptr<OverlayFolder::Bytes> b) : held(std::move(b)) {}
  std::span<const std::uint8_t> bytes() const override { return *held; }
  std::shared_ptr<OverlayFolder::Bytes> held;
};

struct Growing : AppendedFile {
  Growing(OverlayFolder& f, std::string n) : folder(f), name(std::move(n)) {}
  Result<void> append(std::span<const std::uint8_t> bytes) override {
    auto& file = folder.files[name];
    auto longer = file ? std::make_shared<OverlayFolder::Bytes>(*file) : std::make_shared<OverlayFolder::Bytes>();
    longer->insert(longer->end(), bytes.begin(), bytes.end());
    file = std::move(longer);
    return {};
  }
  Result<void> sync() override { return {}; }
  OverlayFolder& folder;
  std::string name;
};

}  // namespace

Result<std::unique_ptr<MappedFile>> OverlayFolder::map(const std::string& name) const {
  if (const auto found = files.find(name); found != files.end()) {
    if (!found->second) return not_found("files.not_found");
    return std::unique_ptr<MappedFile>(std::make_unique<Held>(found->second));
  }
  if (below_ == nullptr) return not_found("files.not_found");
  return below_->map(name);
}

Result<void> OverlayFolder::replace(const std::string& name, std::span<const std::uint8_t> bytes) {
  files[name] = std::make_shared<Bytes>(bytes.begin(), bytes.end());
  return {};
}

Result<std::unique_ptr<AppendedFile>> OverlayFolder::append_to(const std::string& name) {
  return std::unique_ptr<AppendedFile>(std::make_unique<Growing>(*this, name));
}

Result<void> OverlayFolder::remove(const std::string& name) {
  files[name] = nullptr;
  return {};
}

Result<std::vector<std::string>> OverlayFolder::list() const {
  std::vector<std::string> names;
  if (below_ != nullptr) {
    TRY_ASSIGN(names, below_->list());
    std::erase_if(names, [&](const std::string& name) { return files.contains(name); });
  }
  for (const auto& [name, bytes] : files)
    if (bytes) names.push_back(name);
  return names;
}

}  // namespace motcua::contacts
