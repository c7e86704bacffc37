#pragma once
// Pages to print: text with Vietnamese marks, lines, boxes to write in, QR codes, pictures. Lengths in millimetres from the top left corner
// of the page, sizes of type in points. The face is Be Vietnam Pro, carried in the binary; letters it lacks (Khmer, Chinese ...) come from the
// fonts of the machine. The same calls give the same bytes. Not for two threads at once.
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/documents/qr.hpp"
#include "platform/documents/raster.hpp"

namespace motcua::documents {

enum class PageSize {
  a4,     // 210 x 297 mm (ISO 216)
  a5,     // 148 x 210 mm
  card,   // 85.60 x 53.98 mm (ISO/IEC 7810, ID-1)
  roll,   // 80 x 130 mm: a piece of the paper of a receipt printer
};
struct Extent {
  double width, height;
};
Extent extent_of(PageSize size);   // mm, as named above

struct Box {
  double x, y, width, height;
};

enum class Align { left, centre, right };

struct TextStyle {
  double size = 10;              // points
  bool bold = false;             // weight 600 instead of 400
  Align align = Align::left;
  double grey = 0;               // 0 black, 1 white
  int heading = 0;               // 1 to 6: a heading for those who hear the document; 0 a paragraph
  std::string family = {};       // another face of the machine; empty: Be Vietnam Pro
};

struct DocumentInfo {
  std::string title;
  std::string lang = "vi";       // BCP 47, what a screen reader speaks
  std::string author = "Một Cửa";
  std::string created = "2020-01-01T00:00:00Z";   // RFC 3339. Fixed unless told, so that the same document is the same bytes
};

/// A document under construction; begins with its first page.
class Pdf {
 public:
  static constexpr int pages_max = 1'000;

  Pdf(PageSize size, const DocumentInfo& info, bool landscape = false);
  ~Pdf();
  Pdf(Pdf&&) noexcept;
  Pdf& operator=(Pdf&&) noexcept;

  Extent page() const;           // mm, turned when landscape
  void new_page();

  /// Wraps at `width`; returns the height used. Nothing of a letter, its marks included, leaves the height returned.
  double text(double x, double y, double width, std::string_view text, const TextStyle& style = {});
  double text_height(double width, std::string_view text, const TextStyle& style = {}) const;
  double text_width(std::string_view text, const TextStyle& style = {}) const;   // of one line
  /// In the middle of the box's height, the type made smaller (down to `size_min` points) until all fits. False when even that does not do:
  /// then the text ends with an ellipsis.
  bool text_in(const Box& box, std::string_view text, const TextStyle& style = {}, double size_min = 5);
  /// One line whose letters stand on `baseline`, not wrapped: for a letter in its box.
  void letter(double centre_x, double baseline, std::string_view text, const TextStyle& style = {});

  void line(double x1, double y1, double x2, double y2, double width = 0.25, double grey = 0);
  void rectangle(const Box& box, double border = 0.25, double grey = 0);
  void fill(const Box& box, double grey = 0);
  /// `count` boxes in a row, each `width` x `height`, `gap` apart.
  void letter_boxes(double x, double y, int count, double width, double height, double gap = 0, double border = 0.25, double grey = 0);
  /// A square to tick; ticked with a cross.
  void checkbox(double x, double y, double side, bool ticked = false);
  /// As vector shapes, `side` without the quiet zone, which the caller leaves free.
  void qr(double x, double y, double side, const Qr& code);
  /// Into the box, its proportions kept, in the middle.
  void picture(const Box& box, const Raster& raster);

  /// The file. Nothing may be drawn afterwards. Failures: documents.pdf_failed (internal), documents.too_many_pages (too_large).
  Result<std::string> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motcua::documents
