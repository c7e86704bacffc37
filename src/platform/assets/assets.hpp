#pragma once
// The files the binary carries in itself, under their path in the tree without "src/": "policies/vn-2020.toml",
// "rooms/identity/migrations/0100_identity.sql", "web/dist/app.css".
#include <optional>
#include <string_view>
#include <vector>

namespace motcua::assets {

struct Asset {
  std::string_view name;
  std::string_view content;
};

std::optional<std::string_view> find(std::string_view name);
/// Those whose name begins so, sorted by name.
std::vector<Asset> list(std::string_view prefix);

}  // namespace motcua::assets
