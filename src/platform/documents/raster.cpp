#include "platform/documents/raster.hpp"

#include "platform/documents/pix.hpp"

namespace motcua::documents {

Raster raster_of(Pix& pix) {
  Raster raster(pixGetWidth(&pix), pixGetHeight(&pix));
  const l_int32 words = pixGetWpl(&pix);
  const l_uint32* data = pixGetData(&pix);
  for (int y = 0; y < raster.height; ++y)
    for (int x = 0; x < raster.width; ++x) raster.at(x, y) = GET_DATA_BYTE(data + static_cast<std::ptrdiff_t>(y) * words, x);
  return raster;
}

PixHandle pix_of(const Raster& raster) {
  PixHandle pix(pixCreate(raster.width, raster.height, 8));
  if (!pix) return pix;
  const l_int32 words = pixGetWpl(pix.get());
  l_uint32* data = pixGetData(pix.get());
  for (int y = 0; y < raster.height; ++y)
    for (int x = 0; x < raster.width; ++x) SET_DATA_BYTE(data + static_cast<std::ptrdiff_t>(y) * words, x, raster.at(x, y));
  return pix;
}

Result<std::string> to_png(const Raster& raster) {
  const PixHandle pix = raster.empty() ? PixHandle() : pix_of(raster);
  l_uint8* bytes = nullptr;
  std::size_t count = 0;
  if (!pix || pixWriteMemPng(&bytes, &count, pix.get(), 0) != 0) return internal("documents.picture_unwritable", "");
  std::string png(reinterpret_cast<const char*>(bytes), count);
  lept_free(bytes);
  return png;
}

}  // namespace motcua::documents
