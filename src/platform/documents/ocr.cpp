#include "platform/documents/ocr.hpp"

#include <omp.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>

#include "base/vietnamese.hpp"

namespace motcua::documents {
namespace {
constexpr int dots_per_inch = 254;   // 10 pixels a millimetre
}

struct TextReader::State {
  tesseract::TessBaseAPI api;

  ReadText read(const Raster& raster, Alphabet alphabet, tesseract::PageSegMode mode) {
    ReadText read;
    if (raster.empty()) return read;
    omp_set_num_threads(1);   // of this thread: reading goes on beside a server, and a line is too little work to share
    api.SetVariable("tessedit_char_whitelist", alphabet == Alphabet::digits ? "0123456789" : "");
    api.SetPageSegMode(mode);
    api.SetImage(raster.grey.data(), raster.width, raster.height, 1, raster.width);
    api.SetSourceResolution(dots_per_inch);
    if (api.Recognize(nullptr) != 0) return read;
    const std::unique_ptr<char[]> text(api.GetUTF8Text());
    if (auto clean = vietnamese::normalise_name(text ? text.get() : "")) read.text = *clean;
    const std::unique_ptr<tesseract::ResultIterator> at(api.GetIterator());
    if (at && !at->Empty(tesseract::RIL_SYMBOL)) do {
        const std::unique_ptr<char[]> symbol(at->GetUTF8Text(tesseract::RIL_SYMBOL));
        auto clean = vietnamese::normalise_name(symbol ? symbol.get() : "");
        if (clean && !clean->empty()) read.glyphs.push_back({*clean, std::clamp(at->Confidence(tesseract::RIL_SYMBOL) / 100.0, 0.0, 1.0)});
      } while (at->Next(tesseract::RIL_SYMBOL));
    return read;
  }
};

double ReadText::confidence() const {
  double least = 1;
  for (const ReadGlyph& glyph : glyphs) least = std::min(least, glyph.confidence);
  return least;
}

TextReader::TextReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextReader::~TextReader() = default;
TextReader::TextReader(TextReader&&) noexcept = default;
TextReader& TextReader::operator=(TextReader&&) noexcept = default;

Result<TextReader> TextReader::open() {
  auto state = std::make_unique<State>();
  state->api.SetVariable("debug_file", "/dev/null");
  if (state->api.Init(nullptr, "vie", tesseract::OEM_LSTM_ONLY) != 0) return unavailable("documents.reader_missing", "tesseract's model vie");
  return TextReader(std::move(state));
}

ReadText TextReader::read_line(const Raster& raster, Alphabet alphabet) { return state_->read(raster, alphabet, tesseract::PSM_SINGLE_LINE); }
ReadText TextReader::read_glyph(const Raster& raster, Alphabet alphabet) { return state_->read(raster, alphabet, tesseract::PSM_SINGLE_CHAR); }

}  // namespace motcua::documents
