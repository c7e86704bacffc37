#pragma once
// The door to forms on paper: print, read back. A part of declarations.hpp; other rooms include that. What is read is worth nothing until a person has
// confirmed it (paper_desk.hpp).
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/documents/ocr.hpp"
#include "platform/documents/paper.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/residents/residents.hpp"

namespace motcua::declarations {

class PaperForms;

inline constexpr int paper_copies_max = 200;              // of one file
inline constexpr double paper_sure = 0.9;                 // from this confidence on a field is not called doubtful; bench/README.md says how often it is wrong then

struct PaperPrint {
  std::string form;                                       // "health", of the forms in force today
  std::string lang = "vi";
  int copies = 1;
  bool numbered = true;                                   // each with a number of its own; without, the same file for everybody
  const residents::Person* person = nullptr;              // whose it is: what is known is filled in
};

struct ReadPaperField {
  std::string key, label;
  documents::PaperValue value;
  double confidence = 0;                                  // of the letters and boxes, 0 to 1
  bool doubtful = true;                                   // below paper_sure, or it contradicts itself (an identity number of 11 digits)
  std::string picture;                                    // PNG
};
/// One form of one person: a page, or several that belong together by the paper's number.
struct ReadPaper {
  std::string form, version, lang, token;                 // form "health", version as its pages say: "1.VI"
  std::vector<int> scan_pages;                            // counted from 1, in the order of the form's pages seen
  std::vector<int> missing;                               // pages of the form that were not there
  bool copied = false;                                    // its number stands on another paper of this scan, too: a photocopy, or scanned twice
  std::vector<ReadPaperField> fields;
};
struct RejectedPage {
  int page = 1;                                           // of the scan, from 1
  std::string code;                                       // documents.paper_blank ...: why
};
/// pages = recognised + rejected.
struct ReadScan {
  int pages = 0, recognised = 0;
  std::vector<ReadPaper> papers;
  std::vector<RejectedPage> rejected;
};

/// Whose a paper is by its token (prs_...), or empty.
std::string person_of_paper(std::string_view token);

class Papers {
 public:
  virtual ~Papers() = default;
  /// A PDF. Failures: declarations.no_such_form, declarations.too_many_copies (arg `max`), those of documents::print_papers.
  virtual Result<std::string> print(const PaperPrint& print) = 0;
  /// A PNG, JPEG or PDF as bytes; takes a second a page in the caller's thread. A page that cannot be read is rejected; a file that cannot be opened fails
  /// (documents.scan_*). `each` is told pages read and pages in all, and ends it by false: declarations.reading_stopped (unavailable).
  virtual Result<ReadScan> read(std::string file, documents::TextReader& reader, const std::function<bool(int, int)>& each) = 0;
  virtual const PaperForms& forms() const = 0;
};
/// Of the forms the binary carries; needs no installation. Failures: those of read_forms.
Result<std::unique_ptr<Papers>> make_papers(const i18n::Texts& texts, std::function<Instant()> now);

}  // namespace motcua::declarations
