#pragma once
// A picture in grey, as scans are read and pages are judged.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace motcua::documents {

/// Rows from the top, 0 black, 255 white, no padding.
struct Raster {
  int width = 0, height = 0;   // pixels
  std::vector<std::uint8_t> grey;

  Raster() = default;
  Raster(int w, int h, std::uint8_t fill = 255) : width(w), height(h), grey(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), fill) {}
  bool empty() const { return grey.empty(); }
  bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  std::uint8_t& at(int x, int y) { return grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)]; }
  std::uint8_t at(int x, int y) const { return grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)]; }
};

/// As PNG, 8 bits grey. Failure: documents.picture_unwritable (internal).
Result<std::string> to_png(const Raster& raster);

}  // namespace motcua::documents
