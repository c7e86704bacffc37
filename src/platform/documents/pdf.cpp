#include "platform/documents/pdf.hpp"

#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

#include "platform/documents/fonts.hpp"
#include "platform/documents/pdf_language.hpp"

namespace motcua::documents {
namespace {

constexpr double points_a_mm = 72.0 / 25.4;
constexpr double pango_a_mm = points_a_mm * PANGO_SCALE;
constexpr double tick_inset = 0.2;   // of a checkbox's side

struct SurfaceFree {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextFree {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
struct ObjectFree {
  void operator()(void* object) const { g_object_unref(object); }
};
using Layout = std::unique_ptr<PangoLayout, ObjectFree>;

cairo_status_t append(void* file, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(file)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

void set_style(PangoLayout* layout, const TextStyle& style, double size) {
  const std::unique_ptr<PangoFontDescription, void (*)(PangoFontDescription*)> font(pango_font_description_new(), pango_font_description_free);
  const char* const house = style.bold ? house_families_bold : house_families;
  pango_font_description_set_family(font.get(), style.family.empty() ? house : style.family.c_str());
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_size(font.get(), static_cast<int>(std::lround(size * PANGO_SCALE)));
  pango_layout_set_font_description(layout, font.get());
  pango_layout_set_alignment(layout, style.align == Align::left ? PANGO_ALIGN_LEFT : style.align == Align::right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER);
}

/// What must stay free above the layout's own top, and the height of all of it, ink that rises or falls out of its lines included; mm.
struct Reach {
  double above, height;
};
Reach reach_of(PangoLayout* layout) {
  PangoRectangle ink, logical;
  pango_layout_get_extents(layout, &ink, &logical);
  const int top = std::min(ink.y, logical.y), bottom = std::max(ink.y + ink.height, logical.y + logical.height);
  return {-top / pango_a_mm, (bottom - top) / pango_a_mm};
}

}  // namespace

Extent extent_of(PageSize size) {
  switch (size) {
    case PageSize::a4: return {210, 297};
    case PageSize::a5: return {148, 210};
    case PageSize::card: return {85.60, 53.98};
    case PageSize::roll: return {80, 130};
  }
  return {210, 297};
}

struct Pdf::State {
  Extent extent;
  std::string lang;
  std::string file;
  std::unique_ptr<cairo_surface_t, SurfaceFree> surface;
  std::unique_ptr<cairo_t, ContextFree> context;
  std::unique_ptr<PangoContext, ObjectFree> text_context;
  int pages = 1;

  Layout layout(double width, std::string_view text, const TextStyle& style, double size) const {
    Layout made(pango_layout_new(text_context.get()));
    const std::unique_ptr<char, void (*)(void*)> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
    pango_layout_set_text(made.get(), valid.get(), -1);
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    if (width > 0) pango_layout_set_width(made.get(), static_cast<int>(std::lround(width * pango_a_mm)));
    set_style(made.get(), style, size);
    return made;
  }
  void ink(double grey) { cairo_set_source_rgb(context.get(), grey, grey, grey); }
  void show(PangoLayout* layout, double x, double y, const TextStyle& style) {
    const std::string tag = style.heading > 0 ? "H" + std::to_string(std::min(style.heading, 6)) : "P";
    cairo_tag_begin(context.get(), tag.c_str(), nullptr);
    ink(style.grey);
    cairo_move_to(context.get(), x * points_a_mm, y * points_a_mm);
    pango_cairo_show_layout(context.get(), layout);
    cairo_tag_end(context.get(), tag.c_str());
  }
};

Pdf::Pdf(PageSize size, const DocumentInfo& info, bool landscape) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.extent = extent_of(size);
  if (landscape && s.extent.width < s.extent.height) std::swap(s.extent.width, s.extent.height);
  s.lang = info.lang;
  s.surface.reset(cairo_pdf_surface_create_for_stream(append, &s.file, s.extent.width * points_a_mm, s.extent.height * points_a_mm));
  const auto say = [&s](cairo_pdf_metadata_t what, const std::string& value) { cairo_pdf_surface_set_metadata(s.surface.get(), what, value.c_str()); };
  say(CAIRO_PDF_METADATA_TITLE, info.title);
  say(CAIRO_PDF_METADATA_AUTHOR, info.author);
  say(CAIRO_PDF_METADATA_CREATE_DATE, info.created);
  s.context.reset(cairo_create(s.surface.get()));
  s.text_context.reset(pango_font_map_create_context(font_map()));
  const std::unique_ptr<cairo_font_options_t, void (*)(cairo_font_options_t*)> options(cairo_font_options_create(), cairo_font_options_destroy);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(s.text_context.get(), options.get());
  pango_context_set_round_glyph_positions(s.text_context.get(), FALSE);
  pango_context_set_language(s.text_context.get(), pango_language_from_string(info.lang.c_str()));
}

Pdf::~Pdf() = default;
Pdf::Pdf(Pdf&&) noexcept = default;
Pdf& Pdf::operator=(Pdf&&) noexcept = default;

Extent Pdf::page() const { return state_->extent; }

void Pdf::new_page() {
  if (state_->pages++ < pages_max) cairo_show_page(state_->context.get());
}

double Pdf::text(double x, double y, double width, std::string_view text, const TextStyle& style) {
  const Layout layout = state_->layout(width, text, style, style.size);
  const Reach reach = reach_of(layout.get());
  state_->show(layout.get(), x, y + reach.above, style);
  return reach.height;
}

double Pdf::text_height(double width, std::string_view text, const TextStyle& style) const {
  return reach_of(state_->layout(width, text, style, style.size).get()).height;
}

double Pdf::text_width(std::string_view text, const TextStyle& style) const {
  PangoRectangle logical;
  pango_layout_get_extents(state_->layout(0, text, style, style.size).get(), nullptr, &logical);
  return logical.width / pango_a_mm;
}

bool Pdf::text_in(const Box& box, std::string_view text, const TextStyle& style, double size_min) {
  Layout layout;
  Reach reach{};
  bool fits = false;
  for (double size = std::max(style.size, size_min); !fits; size = std::max(size_min, size - 0.5)) {
    layout = state_->layout(box.width, text, style, size);
    reach = reach_of(layout.get());
    fits = reach.height <= box.height;
    if (size <= size_min) break;
  }
  if (!fits) {
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout.get(), static_cast<int>(box.height * pango_a_mm));
    reach = reach_of(layout.get());
  }
  state_->show(layout.get(), box.x, box.y + (box.height - reach.height) / 2 + reach.above, style);
  return fits;
}

void Pdf::letter(double centre_x, double baseline, std::string_view text, const TextStyle& style) {
  const Layout layout = state_->layout(0, text, style, style.size);
  PangoRectangle logical;
  pango_layout_get_extents(layout.get(), nullptr, &logical);
  state_->show(layout.get(), centre_x - logical.width / pango_a_mm / 2, baseline - pango_layout_get_baseline(layout.get()) / pango_a_mm, style);
}

void Pdf::line(double x1, double y1, double x2, double y2, double width, double grey) {
  cairo_t* c = state_->context.get();
  state_->ink(grey);
  cairo_set_line_width(c, width * points_a_mm);
  cairo_move_to(c, x1 * points_a_mm, y1 * points_a_mm);
  cairo_line_to(c, x2 * points_a_mm, y2 * points_a_mm);
  cairo_stroke(c);
}

void Pdf::rectangle(const Box& box, double border, double grey) {
  cairo_t* c = state_->context.get();
  state_->ink(grey);
  cairo_set_line_width(c, border * points_a_mm);
  cairo_rectangle(c, box.x * points_a_mm, box.y * points_a_mm, box.width * points_a_mm, box.height * points_a_mm);
  cairo_stroke(c);
}

void Pdf::fill(const Box& box, double grey) {
  cairo_t* c = state_->context.get();
  state_->ink(grey);
  cairo_rectangle(c, box.x * points_a_mm, box.y * points_a_mm, box.width * points_a_mm, box.height * points_a_mm);
  cairo_fill(c);
}

void Pdf::letter_boxes(double x, double y, int count, double width, double height, double gap, double border, double grey) {
  for (int i = 0; i < count; ++i) rectangle({x + i * (width + gap), y, width, height}, border, grey);
}

void Pdf::checkbox(double x, double y, double side, bool ticked) {
  rectangle({x, y, side, side}, 0.3);
  if (!ticked) return;
  const double near = side * tick_inset, far = side - near;
  line(x + near, y + near, x + far, y + far, 0.5);
  line(x + near, y + far, x + far, y + near, 0.5);
}

void Pdf::qr(double x, double y, double side, const Qr& code) {
  cairo_t* c = state_->context.get();
  const double module = side / code.size * points_a_mm;
  state_->ink(0);
  for (int row = 0; row < code.size; ++row)
    for (int column = 0; column < code.size;) {
      int run = 0;
      while (column + run < code.size && code.dark(column + run, row)) ++run;
      if (run > 0) cairo_rectangle(c, x * points_a_mm + column * module, y * points_a_mm + row * module, run * module, module);
      column += run > 0 ? run : 1;
    }
  cairo_fill(c);
}

void Pdf::picture(const Box& box, const Raster& raster) {
  if (raster.empty()) return;
  const std::unique_ptr<cairo_surface_t, SurfaceFree> image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.width, raster.height));
  unsigned char* data = cairo_image_surface_get_data(image.get());
  if (data == nullptr) return;
  const int stride = cairo_image_surface_get_stride(image.get());
  for (int y = 0; y < raster.height; ++y)
    for (int x = 0; x < raster.width; ++x) reinterpret_cast<std::uint32_t*>(data + y * stride)[x] = 0x010101u * raster.at(x, y);
  cairo_surface_mark_dirty(image.get());
  const double scale = std::min(box.width / raster.width, box.height / raster.height) * points_a_mm;
  cairo_t* c = state_->context.get();
  cairo_save(c);
  cairo_translate(c, (box.x + box.width / 2) * points_a_mm - raster.width * scale / 2, (box.y + box.height / 2) * points_a_mm - raster.height * scale / 2);
  cairo_scale(c, scale, scale);
  cairo_set_source_surface(c, image.get(), 0, 0);
  cairo_paint(c);
  cairo_restore(c);
}

Result<std::string> Pdf::finish() {
  if (state_->pages > pages_max) return Failure{FailureKind::too_large, "documents.too_many_pages", {}, {}, {{"limit", std::to_string(pages_max)}}};
  state_->context.reset();
  cairo_surface_finish(state_->surface.get());
  if (const auto status = cairo_surface_status(state_->surface.get()); status != CAIRO_STATUS_SUCCESS)
    return internal("documents.pdf_failed", cairo_status_to_string(status));
  return with_language(std::move(state_->file), state_->lang);
}

}  // namespace motcua::documents
