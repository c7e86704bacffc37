#pragma once
// Scanned and photographed pages: from a file to rasters, and the QR codes seen on them.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/documents/raster.hpp"

namespace motcua::documents {

struct ScanLimits {
  std::size_t bytes_max = 50'000'000;    // of the file
  long pixels_max = 60'000'000;          // of a page: A4 at 600 dots an inch has 35 million
  int pages_max = 200;
  int pdf_dots_per_inch = 220;           // at which pages of a PDF are drawn; fewer where a page would exceed pixels_max
};

/// A file of pages, read one at a time.
class Scan {
 public:
  /// PNG, JPEG or PDF, known by its first bytes. Failures: documents.scan_empty, documents.scan_too_large (too_large; `limit`),
  /// documents.scan_kind (none of the three), documents.scan_damaged, documents.scan_locked (a PDF with a password).
  static Result<Scan> open(std::string bytes, const ScanLimits& limits = {});
  ~Scan();
  Scan(Scan&&) noexcept;
  Scan& operator=(Scan&&) noexcept;

  int pages() const;
  /// Counted from 0. Failures: documents.scan_damaged, documents.scan_too_large.
  Result<Raster> page(int index) const;

 private:
  struct State;
  explicit Scan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct Point {
  double x = 0, y = 0;
};

struct SeenCode {
  std::string bytes;
  Point corners[4];   // pixels: top left, top right, bottom right, bottom left of the code as it was printed
};
/// Every QR code on the page that can be read, at most 16.
std::vector<SeenCode> read_qr(const Raster& raster);

}  // namespace motcua::documents
