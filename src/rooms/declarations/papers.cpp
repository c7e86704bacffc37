#include "rooms/declarations/papers.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "platform/documents/scan.hpp"
#include "rooms/declarations/paper_forms.hpp"

namespace motcua::declarations {
namespace {

/// Papers in the making, while pages come.
class Stack {
 public:
  explicit Stack(ReadScan& scan) : scan_(scan) {}

  /// A page goes to the earliest paper of its number that lacks it; without one it begins another.
  void put(const PaperForms::Known& known, documents::PaperPage page, std::vector<ReadPaperField> fields, int scan_page) {
    ++scan_.recognised;
    const auto same = [&](const ReadPaper& p) { return p.form == page.form_id && p.version == page.version && p.token == page.token; };
    auto at = std::find_if(scan_.papers.begin(), scan_.papers.end(), [&](const ReadPaper& p) {
      return same(p) && std::find(p.missing.begin(), p.missing.end(), page.page) != p.missing.end();
    });
    if (at == scan_.papers.end()) {
      const auto twin = std::find_if(scan_.papers.begin(), scan_.papers.end(), same);
      const bool copied = twin != scan_.papers.end() && !page.token.empty();
      if (copied) twin->copied = true;
      ReadPaper paper{page.form_id, page.version, known.lang, page.token, {}, {}, copied, {}};
      for (int i = 1; i <= page.pages; ++i) paper.missing.push_back(i);
      at = scan_.papers.insert(scan_.papers.end(), std::move(paper));
    }
    std::erase(at->missing, page.page);
    at->scan_pages.push_back(scan_page);
    for (auto& field : fields) at->fields.push_back(std::move(field));
  }

 private:
  ReadScan& scan_;
};

std::map<std::string, std::string> labels_of(const documents::PaperForm& form) {
  std::map<std::string, std::string> labels;
  for (const auto& section : form.sections)
    for (const auto& field : section.fields) labels[field.key] = field.label;
  return labels;
}

/// Pictures as files at once: 200 pages of them in the clear would be half a gigabyte.
Result<std::vector<ReadPaperField>> to_fields(const PaperForms::Known& known, std::vector<documents::PaperReading> readings) {
  const auto labels = labels_of(known.paper);
  std::set<std::string> choices;
  for (const auto& section : known.paper.sections)
    for (const auto& field : section.fields)
      if (!field.options.empty()) choices.insert(field.key);
  std::vector<ReadPaperField> fields;
  for (auto& reading : readings) {
    TRY_ASSIGN(auto picture, documents::to_png(reading.picture));
    const bool unanswered = choices.contains(reading.key) && reading.value.chosen.empty();
    const bool doubtful = reading.confidence < paper_sure || unanswered || is_doubtful(reading.key, reading.value);
    fields.push_back({reading.key, labels.at(reading.key), std::move(reading.value), reading.confidence, doubtful, std::move(picture)});
  }
  return fields;
}

/// Fields in the order of the form, and those of missing pages empty.
void complete(const PaperForms::Known& known, ReadPaper& paper) {
  std::vector<ReadPaperField> all;
  for (const auto& section : known.paper.sections)
    for (const auto& field : section.fields) {
      const auto found = std::find_if(paper.fields.begin(), paper.fields.end(), [&](const auto& f) { return f.key == field.key; });
      all.push_back(found == paper.fields.end() ? ReadPaperField{field.key, field.label, {}, 0, true, {}} : std::move(*found));
    }
  paper.fields = std::move(all);
}

class TheDoor : public Papers {
 public:
  TheDoor(PaperForms forms, std::function<Instant()> now) : forms_(std::move(forms)), now_(std::move(now)) {}

  Result<std::string> print(const PaperPrint& print) override {
    const auto kind = parse_form_kind(print.form);
    const auto* known = kind ? forms_.find_on(*kind, vietnam_date(now_()), print.lang) : nullptr;
    if (known == nullptr) return not_found("declarations.no_such_form");
    if (print.copies < 1 || print.copies > paper_copies_max) return invalid("declarations.too_many_copies", "copies", {{"max", std::to_string(paper_copies_max)}});
    std::vector<documents::PaperFill> fills;
    for (int i = 0; i < print.copies; ++i) {
      documents::PaperFill fill{.token = print.numbered ? make_paper_token(print.person ? print.person->handle : "") : ""};
      if (print.person) fill.values = to_paper_values(print.person->details.reveal(), {});
      fills.push_back(std::move(fill));
    }
    return documents::print_papers(known->paper, fills);
  }

  Result<ReadScan> read(std::string file, documents::TextReader& reader, const std::function<bool(int, int)>& each) override {
    TRY_ASSIGN(const auto scan, documents::Scan::open(std::move(file)));
    ReadScan out{.pages = scan.pages()};
    Stack stack(out);
    for (int i = 0; i < out.pages; ++i) {
      if (!each(i, out.pages)) return unavailable("declarations.reading_stopped", "");
      TRY(read_page(scan, i, reader, stack, out));
    }
    for (auto& paper : out.papers) complete(*forms_.find(paper.form, paper.version), paper);
    return out;
  }

  const PaperForms& forms() const override { return forms_; }

 private:
  Result<void> read_page(const documents::Scan& scan, int index, documents::TextReader& reader, Stack& stack, ReadScan& out) {
    const auto find = [this](std::string_view id, std::string_view version) {
      const auto* known = forms_.find(id, version);
      return known ? &known->paper : nullptr;
    };
    const auto raster = scan.page(index);
    auto page = raster ? documents::read_paper(*raster, find, reader) : Result<documents::PaperPage>(raster.failure());
    if (!page) {
      out.rejected.push_back({index + 1, page.failure().code});
      return {};
    }
    const auto& known = *forms_.find(page->form_id, page->version);
    TRY_ASSIGN(auto fields, to_fields(known, std::move(page->fields)));
    stack.put(known, std::move(*page), std::move(fields), index + 1);
    return {};
  }

  const PaperForms forms_;
  const std::function<Instant()> now_;
};

}  // namespace

Result<std::unique_ptr<Papers>> make_papers(const i18n::Texts& texts, std::function<Instant()> now) {
  TRY_ASSIGN(const auto forms, read_forms());
  std::unique_ptr<Papers> papers = std::make_unique<TheDoor>(PaperForms(forms, texts), std::move(now));
  return papers;
}

}  // namespace motcua::declarations
