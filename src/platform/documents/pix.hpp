#pragma once
// Between Raster and leptonica's picture; inside this slice only.
#include <leptonica/allheaders.h>

#include <memory>

#include "platform/documents/raster.hpp"

namespace motcua::documents {

struct PixFree {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixHandle = std::unique_ptr<Pix, PixFree>;

/// Of a picture of 8 bits a pixel, without a colour map.
Raster raster_of(Pix& pix);
PixHandle pix_of(const Raster& raster);

}  // namespace motcua::documents
