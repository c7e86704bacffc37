#define ZX_USE_UTF8
#include <ZXing/ReadBarcode.h>

#include "platform/documents/scan.hpp"

namespace motcua::documents {
namespace {
constexpr int codes_max = 16;
}

std::vector<SeenCode> read_qr(const Raster& raster) {
  if (raster.empty()) return {};
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  hints.setTryHarder(true);
  hints.setTryRotate(true);
  hints.setMaxNumberOfSymbols(codes_max);
  std::vector<SeenCode> seen;
  for (const auto& result : ZXing::ReadBarcodes({raster.grey.data(), raster.width, raster.height, ZXing::ImageFormat::Lum}, hints)) {
    if (!result.isValid()) continue;
    SeenCode code;
    const auto& bytes = result.bytes();
    code.bytes.assign(bytes.begin(), bytes.end());
    for (int i = 0; i < 4; ++i) code.corners[i] = {static_cast<double>(result.position()[i].x), static_cast<double>(result.position()[i].y)};
    seen.push_back(std::move(code));
  }
  return seen;
}

}  // namespace motcua::documents
