#pragma once
// How a page lies in its scan, and the page as it would lie straight.
#include "platform/documents/paper_draw.hpp"

namespace motcua::documents {

/// Paper white and ink black, whatever the light, the paper's grey and stains on it; the same size.
Raster flatten(const Raster& scan);

/// A projective map from millimetres on the page to pixels of the scan.
struct Pose {
  double h[8] = {};   // x' = (h0 x + h1 y + h2) / (h6 x + h7 y + 1), y' = (h3 x + h4 y + h5) / (the same)
  Point operator()(Point mm) const;
};

/// From the code's corners to the marks, one after the other. One mark may be missing within the picture (a staple, a stain); any outside of it, or
/// more, is documents.paper_cut.
Result<Pose> find_pose(const Raster& flat, const SeenCode& code);

/// The page, `pixels_a_mm` pixels a millimetre; white where the scan ends.
Raster straighten(const Raster& flat, const Pose& pose, double pixels_a_mm);

}  // namespace motcua::documents
