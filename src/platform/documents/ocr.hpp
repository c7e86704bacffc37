#pragma once
// Letters in a picture to text, by tesseract and its Vietnamese model.
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "platform/documents/raster.hpp"

namespace motcua::documents {

struct ReadGlyph {
  std::string text;        // one letter, marks included, UTF-8 (NFC)
  double confidence = 0;   // 0 to 1
};
struct ReadText {
  std::string text;        // with blanks between words, trimmed
  std::vector<ReadGlyph> glyphs;
  double confidence() const;   // the least of its glyphs; 1 when there are none
};

enum class Alphabet { any, digits };

/// Holds the model (some 30 MB); not for two threads at once.
class TextReader {
 public:
  /// Failure: documents.reader_missing (unavailable) when the model is not installed.
  static Result<TextReader> open();
  ~TextReader();
  TextReader(TextReader&&) noexcept;
  TextReader& operator=(TextReader&&) noexcept;

  /// Dark letters on white, some 30 to 60 pixels high.
  ReadText read_line(const Raster& raster, Alphabet alphabet = Alphabet::any);
  /// A single letter.
  ReadText read_glyph(const Raster& raster, Alphabet alphabet = Alphabet::any);

 private:
  struct State;
  explicit TextReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace motcua::documents
