#include "platform/documents/paper_pose.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace motcua::documents {
namespace {

constexpr double reach = 22;               // mm: so far from its expected place a mark is looked for
constexpr double code_off_max = 3;         // mm: so far from the code's corners the pose of the marks may put them
constexpr std::uint8_t ink_below = 128;

struct Pair {
  Point mm, pixel;
  double weight = 1;
};

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Least squares by normal equations and elimination; rows are `unknowns` coefficients and a right side, mm in hundreds.
template <std::size_t N>
std::array<double, N> solve(const std::vector<std::array<double, N + 1>>& rows) {
  std::array<std::array<double, N + 1>, N> m{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < N; ++i)
      for (std::size_t j = 0; j <= N; ++j) m[i][j] += row[i] * row[j];
  for (std::size_t i = 0; i < N; ++i) {
    std::size_t pivot = i;
    for (std::size_t k = i + 1; k < N; ++k)
      if (std::abs(m[k][i]) > std::abs(m[pivot][i])) pivot = k;
    std::swap(m[i], m[pivot]);
    if (std::abs(m[i][i]) < 1e-12) m[i][i] = 1e-12;
    for (std::size_t k = 0; k < N; ++k)
      if (k != i) {
        const double factor = m[k][i] / m[i][i];
        for (std::size_t j = i; j <= N; ++j) m[k][j] -= factor * m[i][j];
      }
  }
  std::array<double, N> x{};
  for (std::size_t i = 0; i < N; ++i) x[i] = m[i][N] / m[i][i];
  return x;
}

constexpr double mm_unit = 100, pixel_unit = 1000;   // so that all unknowns are near one

Pose affine(const std::vector<Pair>& pairs) {
  std::vector<std::array<double, 4>> xs, ys;
  for (const Pair& p : pairs) {
    xs.push_back({p.mm.x / mm_unit * p.weight, p.mm.y / mm_unit * p.weight, p.weight, p.pixel.x * p.weight});
    ys.push_back({p.mm.x / mm_unit * p.weight, p.mm.y / mm_unit * p.weight, p.weight, p.pixel.y * p.weight});
  }
  const auto a = solve<3>(xs), b = solve<3>(ys);
  return {{a[0] / mm_unit, a[1] / mm_unit, a[2], b[0] / mm_unit, b[1] / mm_unit, b[2], 0, 0}};
}

Pose projective(const std::vector<Pair>& pairs) {
  std::vector<std::array<double, 9>> rows;
  for (const Pair& p : pairs) {
    const double x = p.mm.x / mm_unit, y = p.mm.y / mm_unit, u = p.pixel.x / pixel_unit, v = p.pixel.y / pixel_unit, w = p.weight;
    rows.push_back({x * w, y * w, w, 0, 0, 0, -u * x * w, -u * y * w, u * w});
    rows.push_back({0, 0, 0, x * w, y * w, w, -v * x * w, -v * y * w, v * w});
  }
  const auto s = solve<8>(rows);
  const double k = pixel_unit / mm_unit;
  return {{s[0] * k, s[1] * k, s[2] * pixel_unit, s[3] * k, s[4] * k, s[5] * pixel_unit, s[6] / mm_unit, s[7] / mm_unit}};
}

/// A patch of ink within a window: pixels that hang together.
struct Patch {
  double area = 0, x = 0, y = 0;   // pixels; sums, then the middle
  int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1;
};

std::vector<Patch> patches(const Raster& flat, int left, int top, int right, int bottom) {
  std::vector<Patch> found;
  const int width = right - left;
  std::vector<char> seen(static_cast<std::size_t>(std::max(0, width)) * static_cast<std::size_t>(std::max(0, bottom - top)), 0);
  std::vector<std::pair<int, int>> open;
  const auto take = [&](int x, int y) {
    if (x < left || y < top || x >= right || y >= bottom || flat.at(x, y) >= ink_below) return;
    char& mark = seen[static_cast<std::size_t>(y - top) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x - left)];
    if (mark == 0) mark = 1, open.emplace_back(x, y);
  };
  for (int y0 = top; y0 < bottom; ++y0)
    for (int x0 = left; x0 < right; ++x0) {
      take(x0, y0);
      Patch patch;
      while (!open.empty()) {
        const auto [x, y] = open.back();
        open.pop_back();
        patch.area += 1, patch.x += x + 0.5, patch.y += y + 0.5;
        patch.left = std::min(patch.left, x), patch.right = std::max(patch.right, x), patch.top = std::min(patch.top, y), patch.bottom = std::max(patch.bottom, y);
        take(x - 1, y), take(x + 1, y), take(x, y - 1), take(x, y + 1);
      }
      if (patch.area > 0) patch.x /= patch.area, patch.y /= patch.area, found.push_back(patch);
    }
  return found;
}

/// The square of a mark's size nearest to where it should be.
std::optional<Point> find_mark(const Raster& flat, Point expected, double pixels_a_mm) {
  const int r = static_cast<int>(reach * pixels_a_mm), x = static_cast<int>(expected.x), y = static_cast<int>(expected.y);
  const double side = mark_side * pixels_a_mm;
  std::optional<Point> best;
  for (const Patch& p : patches(flat, std::max(0, x - r), std::max(0, y - r), std::min(flat.width, x + r), std::min(flat.height, y + r))) {
    const double width = p.right - p.left + 1, height = p.bottom - p.top + 1;
    const bool square = p.area > 0.6 * side * side && p.area < 1.6 * side * side && width < 1.6 * side && height < 1.6 * side &&
                        p.area > 0.55 * width * height && width < 1.35 * height && height < 1.35 * width;
    if (square && (!best || distance({p.x, p.y}, expected) < distance(*best, expected))) best = Point{p.x, p.y};
  }
  return best;
}

}  // namespace

Point Pose::operator()(Point mm) const {
  const double w = h[6] * mm.x + h[7] * mm.y + 1;
  return {(h[0] * mm.x + h[1] * mm.y + h[2]) / w, (h[3] * mm.x + h[4] * mm.y + h[5]) / w};
}

Result<Pose> find_pose(const Raster& flat, const SeenCode& code) {
  const double x = code_box.x, y = code_box.y, side = code_box.width;
  const Point printed[4] = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  std::vector<Pair> pairs, marks;
  for (int i = 0; i < 4; ++i) pairs.push_back({printed[i], code.corners[i], 0.3});
  const double pixels_a_mm = (distance(code.corners[0], code.corners[2]) + distance(code.corners[1], code.corners[3])) / (2 * side * std::sqrt(2.0));
  bool outside = false;
  for (const int corner : {1, 0, 2, 3}) {   // the nearest first: each makes the next place better known
    const Point expected = affine(pairs)(mark_centres[corner]);
    outside = outside || !flat.holds(static_cast<int>(expected.x), static_cast<int>(expected.y));
    if (const auto found = find_mark(flat, expected, pixels_a_mm)) {
      pairs.push_back({mark_centres[corner], *found});
      marks.push_back(pairs.back());
    }
  }
  const Failure cut = invalid("documents.paper_cut", {}, {{"found", std::to_string(marks.size())}});
  if (marks.size() < 3 || (marks.size() == 3 && outside)) return cut;
  const Pose pose = projective(marks.size() == 4 ? marks : pairs);
  for (int i = 0; i < 4; ++i)
    if (distance(pose(printed[i]), code.corners[i]) > code_off_max * pixels_a_mm) return cut;
  return pose;
}

Raster straighten(const Raster& flat, const Pose& pose, double pixels_a_mm) {
  const Extent page = extent_of(PageSize::a4);
  Raster straight(static_cast<int>(page.width * pixels_a_mm), static_cast<int>(page.height * pixels_a_mm));
  for (int y = 0; y < straight.height; ++y)
    for (int x = 0; x < straight.width; ++x) {
      const Point p = pose({(x + 0.5) / pixels_a_mm, (y + 0.5) / pixels_a_mm});
      const double px = p.x - 0.5, py = p.y - 0.5;
      if (!(px >= 0 && py >= 0 && px < flat.width - 1 && py < flat.height - 1)) continue;
      const int ix = static_cast<int>(px), iy = static_cast<int>(py);
      const double fx = px - ix, fy = py - iy;
      straight.at(x, y) = static_cast<std::uint8_t>((flat.at(ix, iy) * (1 - fx) + flat.at(ix + 1, iy) * fx) * (1 - fy) +
                                                    (flat.at(ix, iy + 1) * (1 - fx) + flat.at(ix + 1, iy + 1) * fx) * fy + 0.5);
    }
  return straight;
}

}  // namespace motcua::documents
