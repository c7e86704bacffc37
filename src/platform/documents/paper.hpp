#pragma once
// Forms on paper: a definition to a PDF with corner marks, a QR code and boxes to write in; a scanned page of it to values, each with a
// confidence and its picture. Knows nothing of what a form asks. Nothing read here is true before a person has confirmed it.
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/documents/ocr.hpp"
#include "platform/documents/pdf.hpp"

namespace motcua::documents {

enum class PaperKind {
  letters,   // `boxes` boxes, a capital letter in each; an empty one between words
  digits,    // `boxes` boxes, digits only
  date,      // eight boxes: dd mm yyyy
  line,      // a free line
  choice,    // a checkbox for each option
};

struct PaperOption {
  std::string key, label;
};

struct PaperField {
  std::string key;                        // unique within the form
  std::string label, help = {};
  PaperKind kind = PaperKind::line;
  int boxes = 0;                          // letters, digits: 1 to 120; 28 stand in a row
  std::vector<PaperOption> options = {};  // choice: 1 to 40
};

struct PaperSection {
  std::string title, help = {};           // either may be empty
  std::vector<PaperField> fields;
};

/// At most 300 fields. `id` is 1 to 40 of a-z 0-9 . - _, `version` 1 to 20 of A-Z 0-9 . -
struct PaperForm {
  std::string id, version;
  std::string title, help = {};
  std::string lang = "vi";                // a language of the house: what the page itself says is in it
  std::vector<PaperSection> sections;
};

struct PaperValue {
  std::string text = {};                  // letters, digits, line; date as yyyy-mm-dd
  std::vector<std::string> chosen = {};   // choice: keys of options
};

/// What is known before the form is filled.
struct PaperFill {
  std::string token = {};                 // whose form it is: at most 64 of A-Z 0-9 . -; empty: nobody's
  std::map<std::string, PaperValue> values = {};
  TextStyle style = {.size = 12};         // of the values
};

/// A4 pages, each with marks and code of its own. Failures: documents.paper_form (invalid; `field` says what is out of the limits above),
/// documents.paper_too_long (too_large; above 20 pages).
Result<std::string> print_paper(const PaperForm& form, const PaperFill& fill = {});
/// One after the other in one file: copies with numbers of their own. One at least. Failure documents.too_many_pages, too.
Result<std::string> print_papers(const PaperForm& form, std::span<const PaperFill> fills);

struct PaperReading {
  std::string key;
  PaperValue value;
  double confidence = 0;                  // 0 to 1: of the worst letter, or of the most doubtful checkbox
  Raster picture;                         // of the boxes, straightened, 10 pixels a millimetre
};

struct PaperPage {
  std::string form_id, version, token;
  int page = 1, pages = 1;
  std::vector<PaperReading> fields;       // those of this page, in the form's order
};

/// The form of this id and version, or nothing; it must live until read_paper returns.
using FindForm = std::function<const PaperForm*(std::string_view id, std::string_view version)>;

/// Reads one page: any way up, askew, photographed from aside, grey or stained. Failures, all invalid: documents.paper_blank, documents.paper_no_code,
/// documents.paper_other_code (a QR code that is not of these forms), documents.paper_two_forms, documents.paper_unknown_form, documents.paper_cut
/// (corners are missing); those of TextReader.
Result<PaperPage> read_paper(const Raster& scan, const FindForm& find_form, TextReader& reader);

}  // namespace motcua::documents
