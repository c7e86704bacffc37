#include "platform/documents/scan.hpp"

#include <leptonica/allheaders.h>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

#include <cmath>
#include <cstring>

#include "platform/documents/pix.hpp"

namespace motcua::documents {
namespace {

Failure too_large(const std::string& limit) { return {FailureKind::too_large, "documents.scan_too_large", {}, {}, {{"limit", limit}}}; }

enum class Kind { png, jpeg, pdf, other };

Kind kind_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return Kind::png;
  if (bytes.starts_with("\xff\xd8\xff")) return Kind::jpeg;
  if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) return Kind::pdf;
  return Kind::other;
}

std::string megapixels(long pixels) { return std::to_string(pixels / 1'000'000) + " MP"; }

Result<Raster> read_picture(const std::string& bytes, const ScanLimits& limits) {
  setMsgSeverity(L_SEVERITY_NONE);
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  l_int32 format = 0, width = 0, height = 0, bits = 0, samples = 0, colours = 0;
  if (pixReadHeaderMem(data, bytes.size(), &format, &width, &height, &bits, &samples, &colours) != 0 || width <= 0 || height <= 0)
    return invalid("documents.scan_damaged");
  if (static_cast<long>(width) * height > limits.pixels_max) return too_large(megapixels(limits.pixels_max));
  const PixHandle read(pixReadMem(data, bytes.size()));
  const PixHandle grey(read ? pixConvertTo8(read.get(), 0) : nullptr);
  if (!grey) return invalid("documents.scan_damaged");
  return raster_of(*grey);
}

Raster raster_of_page(const poppler::image& image) {
  Raster raster(image.width(), image.height());
  for (int y = 0; y < raster.height; ++y)
    std::memcpy(&raster.grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(raster.width)],
                image.const_data() + static_cast<std::ptrdiff_t>(y) * image.bytes_per_row(), static_cast<std::size_t>(raster.width));
  return raster;
}

}  // namespace

struct Scan::State {
  std::string bytes;   // poppler reads from them
  ScanLimits limits;
  std::unique_ptr<poppler::document> pdf;

  Result<Raster> pdf_page(int index) const {
    const std::unique_ptr<poppler::page> page(pdf->create_page(index));
    if (!page) return invalid("documents.scan_damaged");
    const poppler::rectf rect = page->page_rect();
    double dots = limits.pdf_dots_per_inch;
    const double square_inches = rect.width() / 72 * (rect.height() / 72);
    if (!(square_inches > 0)) return invalid("documents.scan_damaged");
    dots = std::min(dots, std::sqrt(static_cast<double>(limits.pixels_max) / square_inches));
    if (dots < 20) return too_large(megapixels(limits.pixels_max));
    poppler::page_renderer renderer;
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    renderer.set_image_format(poppler::image::format_gray8);
    const poppler::image image = renderer.render_page(page.get(), dots, dots);
    if (!image.is_valid()) return invalid("documents.scan_damaged");
    return raster_of_page(image);
  }
};

Scan::Scan(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scan::~Scan() = default;
Scan::Scan(Scan&&) noexcept = default;
Scan& Scan::operator=(Scan&&) noexcept = default;

Result<Scan> Scan::open(std::string bytes, const ScanLimits& limits) {
  if (bytes.empty()) return invalid("documents.scan_empty");
  if (bytes.size() > limits.bytes_max) return too_large(std::to_string(limits.bytes_max / 1'000'000) + " MB");
  const Kind kind = kind_of(bytes);
  if (kind == Kind::other) return invalid("documents.scan_kind");
  auto state = std::make_unique<State>();
  state->bytes = std::move(bytes);
  state->limits = limits;
  if (kind == Kind::pdf) {
    poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
    state->pdf.reset(poppler::document::load_from_raw_data(state->bytes.data(), static_cast<int>(state->bytes.size())));
    if (!state->pdf) return invalid("documents.scan_damaged");
    if (state->pdf->is_locked()) return invalid("documents.scan_locked");
    if (state->pdf->pages() < 1) return invalid("documents.scan_damaged");
    if (state->pdf->pages() > limits.pages_max) return too_large(std::to_string(limits.pages_max));
  }
  return Scan(std::move(state));
}

int Scan::pages() const { return state_->pdf ? state_->pdf->pages() : 1; }

Result<Raster> Scan::page(int index) const {
  if (index < 0 || index >= pages()) return internal("documents.scan_damaged", "no such page");
  return state_->pdf ? state_->pdf_page(index) : read_picture(state_->bytes, state_->limits);
}

}  // namespace motcua::documents
