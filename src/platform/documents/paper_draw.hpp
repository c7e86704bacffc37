#pragma once
// Where everything stands on the pages of a form: drawn and placed in one pass, so that print and reading cannot disagree.
#include <vector>

#include "platform/documents/paper.hpp"
#include "platform/documents/scan.hpp"

namespace motcua::documents {

inline constexpr double mark_side = 6;                                                          // mm, black squares
inline constexpr Point mark_centres[4] = {{12, 12}, {198, 12}, {198, 285}, {12, 285}};          // mm, from the top left clockwise
inline constexpr Box code_box{168, 20, 22, 22};                                                 // mm, the QR code without its quiet zone

struct PlacedField {
  int page = 1;
  const PaperField* field = nullptr;
  std::vector<Box> boxes;   // mm: one for each letter, option, or the line
};

struct DrawnPaper {
  Pdf pdf;
  int pages = 1;
  std::vector<PlacedField> fields;
};

Result<DrawnPaper> draw_paper(const PaperForm& form, const PaperFill& fill);

/// What a page's QR code says, and back: "MC1/<form>/<version>/<page>/<token>", capitals only ("_" as "$"), for the short alphanumeric mode.
struct PaperCode {
  std::string form_id, version, token;
  int page = 1;
  bool operator==(const PaperCode&) const = default;
};
std::string to_paper_code(const PaperCode& code);
/// False unless the text is one of ours.
bool parse_paper_code(std::string_view text, PaperCode& code);

/// The letters of a text, each with its marks (NFC).
std::vector<std::string> letters_of(std::string_view text);

}  // namespace motcua::documents
