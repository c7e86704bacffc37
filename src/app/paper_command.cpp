// Forms on paper from the command line: printed blank or for somebody, read from scans. Reading opens no installation.
#include <sys/stat.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/match_output.hpp"
#include "app/output.hpp"
#include "platform/intake/csv_writer.hpp"
#include "rooms/declarations/declarations.hpp"

namespace motcua::app {
namespace {
namespace json = boost::json;
using declarations::ReadPaper;
using declarations::ReadPaperField;

Instant now() { return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now()); }

Result<std::string> printed(const Globals& globals, const PaperPrintArguments& arguments) {
  declarations::PaperPrint print{.form = arguments.form, .lang = globals.lang, .copies = arguments.copies};
  if (arguments.person.empty()) {
    TRY_ASSIGN(const auto papers, declarations::make_papers(texts(), now));
    return papers->print(print);
  }
  TRY_ASSIGN(const auto home, Installation::open(globals));
  TRY_ASSIGN(const auto person, home->rooms().residents->door().received_person(home->act("declarations.print_paper"), arguments.person));
  print.person = &person;
  return home->rooms().declarations->papers().print(print);
}

Result<std::string> content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf())) return unavailable("intake.file_unreadable", "read");
  return content.str();
}

/// What came out of all files, in their order.
class Reading {
 public:
  explicit Reading(std::string folder) : folder_(std::move(folder)) {}

  Result<void> take(const std::string& file, const declarations::ReadScan& scan) {
    pages_ += scan.pages, recognised_ += scan.recognised;
    for (const auto& page : scan.rejected) reject(file, page.page, page.code);
    for (const auto& paper : scan.papers) TRY(add(file, paper));
    return {};
  }
  /// A file that cannot be opened counts as one page.
  void refuse(const std::string& file, const std::string& code) { ++pages_, reject(file, 0, code); }

  Result<void> finish() const {
    if (folder_.empty()) return {};
    TRY(write_whole(folder_ + "/fields.csv", "file,form_no,form,version,language,number,person,pages,missing,copied,field,value,confidence,doubtful,picture\n" + fields_csv_));
    return write_whole(folder_ + "/rejected.csv", "file,page,reason\n" + rejected_csv_);
  }
  Summary summary() const {
    Summary summary;
    summary.add("pages", pages_).add("recognised", recognised_).add("rejected", rejected_).add("forms", forms_).add("fields", fields_).add("doubtful", doubtful_);
    return summary;
  }
  json::object to_json() const { return {{"papers", papers_}, {"rejected_pages", rejected_pages_}}; }
  bool all_recognised() const { return rejected_ == 0; }

 private:
  void reject(const std::string& file, int page, const std::string& code) {
    ++rejected_;
    rejected_pages_.push_back(json::object{{"file", file}, {"page", page}, {"reason", code}});
    line(rejected_csv_, {file, std::to_string(page), code});
  }

  Result<void> add(const std::string& file, const ReadPaper& paper) {
    ++forms_;
    json::array fields;
    for (const auto& field : paper.fields) {
      ++fields_, doubtful_ += field.doubtful ? 1 : 0;
      const std::string picture = field.picture.empty() || folder_.empty() ? "" : "pictures/" + std::to_string(forms_) + "-" + field.key + ".png";
      if (!picture.empty()) TRY(write_whole(folder_ + "/" + picture, field.picture));
      fields.push_back(json::object{{"field", field.key}, {"label", field.label}, {"value", value_of(field)}, {"confidence", field.confidence}, {"doubtful", field.doubtful}, {"picture", picture}});
      line(fields_csv_, {file, std::to_string(forms_), paper.form, paper.version, paper.lang, paper.token.substr(0, 26), person_of(paper), list(paper.scan_pages), list(paper.missing),
                         paper.copied ? "1" : "0", field.key, value_of(field), confidence(field), field.doubtful ? "1" : "0", picture});
    }
    papers_.push_back(json::object{{"file", file}, {"form_no", forms_}, {"form", paper.form}, {"version", paper.version}, {"language", paper.lang}, {"number", paper.token.substr(0, 26)},
                                   {"person", person_of(paper)}, {"pages", json::array(paper.scan_pages.begin(), paper.scan_pages.end())},
                                   {"missing", json::array(paper.missing.begin(), paper.missing.end())}, {"copied", paper.copied}, {"fields", std::move(fields)}});
    return {};
  }

  static std::string person_of(const ReadPaper& paper) { return declarations::person_of_paper(paper.token); }
  static std::string value_of(const ReadPaperField& field) {
    std::string out = field.value.text;
    for (const auto& chosen : field.value.chosen) out += (out.empty() ? "" : " ") + chosen;
    return out;
  }
  static std::string confidence(const ReadPaperField& field) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", field.confidence);
    return text;
  }
  static std::string list(const std::vector<int>& pages) {
    std::string out;
    for (const int page : pages) out += (out.empty() ? "" : " ") + std::to_string(page);
    return out;
  }
  static void line(std::string& csv, std::initializer_list<std::string> cells) {
    std::string row;
    for (const auto& cell : cells) {
      if (&cell != cells.begin()) row += ',';
      intake::append_csv_field(row, cell);
    }
    csv += row + "\n";
  }

  std::string folder_, fields_csv_, rejected_csv_;
  std::int64_t pages_ = 0, recognised_ = 0, rejected_ = 0, forms_ = 0, fields_ = 0, doubtful_ = 0;
  json::array papers_, rejected_pages_;
};

Result<void> make_folder(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder + "/pictures", error);
  if (error) return unavailable("app.file_not_written", "mkdir");
  ::chmod(folder.c_str(), 0700);   // it holds what people wrote about themselves
  return {};
}

Result<Reading> read_all(const PaperReadArguments& arguments) {
  TRY(make_folder(arguments.out));
  TRY_ASSIGN(const auto papers, declarations::make_papers(texts(), now));
  TRY_ASSIGN(auto reader, documents::TextReader::open());
  Reading reading(arguments.out);
  for (const auto& file : arguments.scans) {
    auto content = content_of(file);
    if (!content) return of_file(content.failure(), file);
    const auto scan = papers->read(std::move(*content), reader, [&](int page, int pages) {
      if (shows_progress()) std::fprintf(stderr, "\r%s %d/%d ", file.c_str(), page + 1, pages);
      return true;
    });
    if (scan) TRY(reading.take(file, *scan));
    else reading.refuse(file, scan.failure().code);
  }
  if (shows_progress()) std::fputs("\r\n", stderr);
  TRY(reading.finish());
  return reading;
}

/// One object: the summary, then every paper.
void print_json(const Summary& summary, const Reading& reading) {
  std::string head = summary.to_json(), rest = json::serialize(reading.to_json());
  head.pop_back();
  std::printf("%s,%s\n", head.c_str(), rest.substr(1).c_str());
}

}  // namespace

int run_paper_print(const Globals& globals, const PaperPrintArguments& arguments) {
  const auto pdf = printed(globals, arguments);
  if (!pdf) return fail(pdf.failure(), texts(), globals.lang, pdf.failure().code == "declarations.no_such_form" || pdf.failure().kind == FailureKind::invalid);
  if (arguments.out.empty()) return std::fwrite(pdf->data(), 1, pdf->size(), stdout) == pdf->size() ? exit_done : exit_not_done;
  if (auto kept = write_whole(arguments.out, *pdf); !kept) return fail(kept.failure(), texts(), globals.lang);
  return exit_done;
}

int run_paper_read(const Globals& globals, const PaperReadArguments& arguments) {
  const auto begun = std::chrono::steady_clock::now();
  const auto reading = read_all(arguments);
  if (!reading) return fail(reading.failure(), texts(), globals.lang);
  Summary summary = reading->summary();
  summary.add("seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  if (globals.json) print_json(summary, *reading);
  else print(summary, false, texts(), globals.lang);
  return reading->all_recognised() ? exit_done : exit_partly;
}

}  // namespace motcua::app
