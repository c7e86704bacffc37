#include "platform/documents/paper_draw.hpp"

#include <algorithm>
#include <set>

#include "platform/i18n/i18n.hpp"

namespace motcua::documents {
namespace {

constexpr int pages_max = 20, boxes_max = 120, options_max = 40, boxes_a_row = 28, date_boxes = 8;
constexpr std::size_t fields_max = 300;
constexpr double left = 20, width = 170, top = 20, bottom = 274;                     // mm, the part of the page that is written on
constexpr double box_width = 6, box_height = 9, row_gap = 2, field_gap = 2.5;    // mm
constexpr double line_height = 8.5, tick_side = 4.6, option_gap = 7, date_gap = 3;   // mm
constexpr double baseline = 0.8;                                                    // of a box's height

const i18n::Texts& texts() {
  static const i18n::Texts all;
  return all;
}

bool all_of(std::string_view text, std::size_t max, std::string_view allowed) {
  return text.size() <= max && text.find_first_not_of(allowed) == std::string_view::npos;
}

Result<void> check(const PaperForm& form, const PaperFill& fill) {
  const auto out = [](const std::string& field) { return invalid("documents.paper_form", field); };
  constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz0123456789.-_", capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  if (form.id.empty() || !all_of(form.id, 40, small)) return out("id");
  if (form.version.empty() || !all_of(form.version, 20, capitals)) return out("version");
  if (!all_of(fill.token, 64, capitals)) return out("token");
  std::set<std::string> keys;
  for (const auto& section : form.sections)
    for (const auto& field : section.fields) {
      const bool boxed = field.kind == PaperKind::letters || field.kind == PaperKind::digits;
      const auto options = static_cast<int>(field.options.size());
      if (field.key.empty() || !keys.insert(field.key).second || keys.size() > fields_max) return out(field.key);
      if (boxed && (field.boxes < 1 || field.boxes > boxes_max)) return out(field.key);
      if (field.kind == PaperKind::choice && (options < 1 || options > options_max)) return out(field.key);
    }
  return {};
}

Pdf begin_file(const PaperForm& form) { return Pdf(PageSize::a4, {.title = form.title, .lang = form.lang}); }

/// The pen going down the pages.
class Pen {
 public:
  /// On the last page of `pdf`, which is empty, and those behind it.
  Pen(const PaperForm& form, const PaperFill& fill, Pdf pdf) : form_(form), fill_(fill), drawn_{std::move(pdf), 1, {}} { begin_page(); }

  Result<DrawnPaper> draw() {
    Pdf& pdf = drawn_.pdf;
    y_ = top;
    y_ += pdf.text(left, y_, head_width, form_.title, {.size = 17, .bold = true, .heading = 1}) + 1.5;
    if (!form_.help.empty()) y_ += pdf.text(left, y_, head_width, form_.help, {.size = 9}) + 1;
    y_ += pdf.text(left, y_, head_width, say("documents.paper_how"), {.size = 9}) + 1;
    y_ = std::max(y_, head_bottom);
    for (const auto& section : form_.sections) {
      draw_title(section);
      for (const auto& field : section.fields) draw_field(field);
    }
    if (drawn_.pages > pages_max) return Failure{FailureKind::too_large, "documents.paper_too_long", {}, {}, {{"limit", std::to_string(pages_max)}}};
    return std::move(drawn_);
  }

 private:
  static constexpr double head_width = 140, head_bottom = code_box.y + code_box.height + 5;

  std::string say(std::string_view key, const i18n::Args& args = {}) const { return texts().text(form_.lang, key, args); }

  void begin_page() {
    for (const Point& centre : mark_centres) drawn_.pdf.fill({centre.x - mark_side / 2, centre.y - mark_side / 2, mark_side, mark_side});
    const auto code = encode_qr(to_paper_code({form_.id, form_.version, fill_.token, drawn_.pages}), Correction::quartile);
    if (code) drawn_.pdf.qr(code_box.x, code_box.y, code_box.width, *code);
    drawn_.pdf.text_in({left, 280, width, 9}, say("documents.paper_foot", {{"title", form_.title}, {"version", form_.version}, {"page", std::to_string(drawn_.pages)}}),
                       {.size = 8, .align = Align::centre});
    y_ = head_bottom;
  }

  /// A new page unless so much is left on this one.
  void need(double height) {
    if (y_ + height <= bottom) return;
    ++drawn_.pages;
    drawn_.pdf.new_page();
    begin_page();
  }

  void draw_title(const PaperSection& section) {
    const TextStyle style{.size = 12, .bold = true, .heading = 2};
    need(30);   // a title does not stand alone at the end
    if (!section.title.empty()) {
      y_ += drawn_.pdf.text(left, y_ + 1, width, section.title, style) + 1.5;
      drawn_.pdf.line(left, y_, left + width, y_, 0.3, 0.5);
      y_ += 1.5;
    }
    if (!section.help.empty()) y_ += drawn_.pdf.text(left, y_, width, section.help, {.size = 9}) + 1.5;
  }

  void draw_field(const PaperField& field) {
    Pdf& pdf = drawn_.pdf;
    const TextStyle label{.size = 10, .bold = true}, help{.size = 8.5};
    const std::vector<Box> boxes = shape_of(field);   // from 0,0
    double height = pdf.text_height(width, field.label, label) + 1 + boxes.back().y + boxes.back().height;
    if (!field.help.empty()) height += pdf.text_height(width, field.help, help) + 0.5;
    need(height + field_gap);
    y_ += pdf.text(left, y_, width, field.label, label) + 1;
    if (!field.help.empty()) y_ += pdf.text(left, y_, width, field.help, help) + 0.5;
    PlacedField placed{drawn_.pages, &field, boxes};
    for (Box& box : placed.boxes) box.x += left, box.y += y_;
    draw_boxes(placed);
    draw_value(placed);
    y_ = placed.boxes.back().y + placed.boxes.back().height + field_gap;
    drawn_.fields.push_back(std::move(placed));
  }

  std::vector<Box> shape_of(const PaperField& field) const {
    std::vector<Box> boxes;
    if (field.kind == PaperKind::line) boxes.push_back({0, 0, width, line_height});
    if (field.kind == PaperKind::date)
      for (int i = 0; i < date_boxes; ++i) boxes.push_back({i * box_width + (i >= 2 ? date_gap : 0) + (i >= 4 ? date_gap : 0), 0, box_width, box_height});
    if (field.kind == PaperKind::letters || field.kind == PaperKind::digits)
      for (int i = 0; i < field.boxes; ++i)
        boxes.push_back({i % boxes_a_row * box_width, i / boxes_a_row * (box_height + row_gap), box_width, box_height});
    double x = 0, y = 0;
    for (const auto& option : field.options) {
      const double needed = tick_side + 2 + std::min(label_width(option), width - tick_side - 2);
      if (x > 0 && x + needed > width) x = 0, y += tick_side + row_gap + 0.6;
      if (field.kind == PaperKind::choice) boxes.push_back({x, y, tick_side, tick_side});
      x += needed + option_gap;
    }
    return boxes;
  }
  double label_width(const PaperOption& option) const { return drawn_.pdf.text_width(option.label, {.size = 10}) + 0.5; }

  void draw_boxes(const PlacedField& placed) {
    Pdf& pdf = drawn_.pdf;
    const PaperField& field = *placed.field;
    for (std::size_t i = 0; i < placed.boxes.size(); ++i) {
      const Box& box = placed.boxes[i];
      if (field.kind == PaperKind::line) pdf.line(box.x, box.y + box.height, box.x + box.width, box.y + box.height, 0.25, 0.3);
      else pdf.rectangle(box, field.kind == PaperKind::choice ? 0.3 : 0.2);
      if (field.kind == PaperKind::choice)
        pdf.text_in({box.x + tick_side + 2, box.y - 1, std::min(label_width(field.options[i]), left + width - box.x - tick_side - 2), tick_side + 2},
                    field.options[i].label, {.size = 10});
      if (field.kind == PaperKind::date && (i == 2 || i == 4)) pdf.letter(box.x - date_gap / 2, box.y + box.height * baseline, "/", {.size = 11});
    }
  }

  void draw_value(const PlacedField& placed) {
    const auto found = fill_.values.find(placed.field->key);
    if (found == fill_.values.end()) return;
    const PaperField& field = *placed.field;
    const PaperValue& value = found->second;
    if (field.kind == PaperKind::choice) {
      for (std::size_t i = 0; i < placed.boxes.size(); ++i)
        if (std::find(value.chosen.begin(), value.chosen.end(), field.options[i].key) != value.chosen.end())
          drawn_.pdf.checkbox(placed.boxes[i].x, placed.boxes[i].y, tick_side, true);
      return;
    }
    const Box& line = placed.boxes[0];
    if (field.kind == PaperKind::line) {
      drawn_.pdf.text_in({line.x + 1, line.y, line.width - 2, line.height - 0.6}, value.text, fill_.style);
      return;
    }
    std::string text = value.text;
    if (field.kind == PaperKind::date && text.size() == 10) text = text.substr(8, 2) + text.substr(5, 2) + text.substr(0, 4);
    const auto letters = letters_of(text);
    for (std::size_t i = 0; i < std::min(letters.size(), placed.boxes.size()); ++i) {
      const Box& box = placed.boxes[i];
      drawn_.pdf.letter(box.x + box.width / 2, box.y + box.height * baseline, letters[i], fill_.style);
    }
  }

  const PaperForm& form_;
  const PaperFill& fill_;
  DrawnPaper drawn_;
  double y_ = top;
};

}  // namespace

Result<DrawnPaper> draw_paper(const PaperForm& form, const PaperFill& fill) {
  TRY(check(form, fill));
  return Pen(form, fill, begin_file(form)).draw();
}

Result<std::string> print_papers(const PaperForm& form, std::span<const PaperFill> fills) {
  Pdf pdf = begin_file(form);
  for (const PaperFill& fill : fills) {
    TRY(check(form, fill));
    if (&fill != &fills.front()) pdf.new_page();
    TRY_ASSIGN(DrawnPaper drawn, Pen(form, fill, std::move(pdf)).draw());
    pdf = std::move(drawn.pdf);
  }
  return pdf.finish();
}

Result<std::string> print_paper(const PaperForm& form, const PaperFill& fill) { return print_papers(form, std::span(&fill, 1)); }

}  // namespace motcua::documents
