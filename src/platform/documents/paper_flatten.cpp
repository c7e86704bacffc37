#include <algorithm>
#include <array>
#include <cmath>

#include "platform/documents/paper_pose.hpp"

namespace motcua::documents {
namespace {

constexpr int blocks_across = 100;          // some 2 mm each on A4
constexpr int reach_blocks = 3;             // paper is seen within 7 mm of any ink
constexpr double paper_share = 0.8;         // of a block's pixels are as dark as its paper, or darker
constexpr double ink_share = 0.004;         // of the page are marks and code
constexpr int ink_max = 225;                // lighter than this, of 255, is no ink

int darkest(const std::array<long, 256>& counts, double share, long all) {
  long seen = 0;
  for (int v = 0; v < 256; ++v)
    if ((seen += counts[static_cast<std::size_t>(v)]) > share * static_cast<double>(all)) return v;
  return 255;
}

/// How light the paper is, block by block.
struct Paper {
  int side, columns, rows;
  std::vector<double> light;
  double at(int c, int r) const { return light[static_cast<std::size_t>(std::clamp(r, 0, rows - 1) * columns + std::clamp(c, 0, columns - 1))]; }
};

Paper paper_of(const Raster& scan) {
  Paper paper{std::max(8, scan.width / blocks_across), 0, 0, {}};
  paper.columns = (scan.width + paper.side - 1) / paper.side;
  paper.rows = (scan.height + paper.side - 1) / paper.side;
  std::vector<double> own;
  for (int r = 0; r < paper.rows; ++r)
    for (int c = 0; c < paper.columns; ++c) {
      std::array<long, 256> counts{};
      long all = 0;
      for (int y = r * paper.side; y < std::min(scan.height, (r + 1) * paper.side); ++y)
        for (int x = c * paper.side; x < std::min(scan.width, (c + 1) * paper.side); ++x) ++counts[scan.at(x, y)], ++all;
      own.push_back(darkest(counts, paper_share, all));
    }
  for (int r = 0; r < paper.rows; ++r)
    for (int c = 0; c < paper.columns; ++c) {
      double lightest = 1;
      for (int dr = -reach_blocks; dr <= reach_blocks; ++dr)
        for (int dc = -reach_blocks; dc <= reach_blocks; ++dc)
          if (r + dr >= 0 && r + dr < paper.rows && c + dc >= 0 && c + dc < paper.columns)
            lightest = std::max(lightest, own[static_cast<std::size_t>((r + dr) * paper.columns + c + dc)]);
      paper.light.push_back(lightest);
    }
  return paper;
}

/// How dark ink is; from means of 3 x 3 pixels, so that noise is not taken for ink.
int ink_of(const Raster& flat) {
  std::array<long, 256> counts{};
  long all = 0;
  for (int y = 1; y + 1 < flat.height; y += 2)
    for (int x = 1; x + 1 < flat.width; x += 2) {
      unsigned sum = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) sum += flat.at(x + dx, y + dy);
      ++counts[sum / 9], ++all;
    }
  return darkest(counts, ink_share, all);
}

}  // namespace

Raster flatten(const Raster& scan) {
  if (scan.empty()) return scan;
  const Paper paper = paper_of(scan);
  Raster flat(scan.width, scan.height);
  for (int y = 0; y < scan.height; ++y) {
    const double row = (y + 0.5) / paper.side - 0.5;
    const int r = static_cast<int>(std::floor(row));
    for (int x = 0; x < scan.width; ++x) {
      const double column = (x + 0.5) / paper.side - 0.5;
      const int c = static_cast<int>(std::floor(column));
      const double fx = column - c, fy = row - r;
      const double light = (paper.at(c, r) * (1 - fx) + paper.at(c + 1, r) * fx) * (1 - fy) + (paper.at(c, r + 1) * (1 - fx) + paper.at(c + 1, r + 1) * fx) * fy;
      flat.at(x, y) = static_cast<std::uint8_t>(std::min(255.0, 255 * scan.at(x, y) / light));
    }
  }
  const int ink = ink_of(flat);
  if (ink > ink_max) return flat;
  for (auto& v : flat.grey) v = static_cast<std::uint8_t>(std::clamp(255 * (v - ink) / (245 - ink), 0, 255));
  return flat;
}

}  // namespace motcua::documents
