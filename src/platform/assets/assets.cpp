#include "platform/assets/assets.hpp"

#include "platform/assets/table.hpp"

namespace motcua::assets {
namespace {
std::string_view content_of(const Entry& entry) { return {entry.begin, static_cast<std::size_t>(entry.end - entry.begin)}; }
}  // namespace

std::optional<std::string_view> find(std::string_view name) {
  for (const Entry* entry = table; entry->name; ++entry)
    if (name == entry->name) return content_of(*entry);
  return std::nullopt;
}

std::vector<Asset> list(std::string_view prefix) {
  std::vector<Asset> found;
  for (const Entry* entry = table; entry->name; ++entry)
    if (std::string_view(entry->name).starts_with(prefix)) found.push_back({entry->name, content_of(*entry)});
  return found;
}

}  // namespace motcua::assets
