// The card on paper. Nothing personal stands on it but the name.
#include "rooms/residents/cards.hpp"

namespace motcua::residents {
namespace {

using documents::Align;
using documents::Box;
using documents::Pdf;

constexpr double card_width = 85.6, card_height = 53.98;   // ISO/IEC 7810, ID-1
constexpr double roll_margin = 4, a4_left = 20, a4_top = 20;

/// Five letters at a time: as one reads them out and types them.
std::string in_groups(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size(); ++i) out += (i > 0 && i % 5 == 0 ? " " : "") + std::string(1, code[i]);
  return out;
}

struct Words {
  const i18n::Texts& texts;
  const std::string& lang;
  std::string operator()(std::string_view key) const { return texts.text(lang, key, {}); }
};

void draw_face(Pdf& pdf, const Words& words, const PrintedCard& card, const documents::Qr& code, const Box& at) {
  constexpr double inner = 4, qr_side = 30;
  pdf.rectangle(at, 0.2, 0.5);
  const double text_width = at.width - qr_side - 3 * inner;
  pdf.text(at.x + inner, at.y + inner, text_width, words("pages.name"), {.size = 13, .bold = true, .heading = 1});
  pdf.text(at.x + inner, at.y + inner + 7, text_width, words("residents.card_title"), {.size = 8});
  pdf.text_in({at.x + inner, at.y + 18, text_width, 14}, card.full_name.reveal(), {.size = 12, .bold = true}, 6);
  pdf.qr(at.x + at.width - inner - qr_side, at.y + inner, qr_side, code);
  pdf.text_in({at.x + inner, at.y + 36.5, at.width - 2 * inner, 6}, in_groups(std::string_view(card.code).substr(4)), {.size = 10, .bold = true, .align = Align::centre}, 6);
  pdf.text(at.x + inner, at.y + 43, at.width - 2 * inner, words("residents.card_lost"), {.size = 7, .align = Align::centre});
}

void draw_slip(Pdf& pdf, const Words& words, const PrintedCard& card, double x, double y, double width) {
  const std::string& pin = card.pin.reveal();
  pdf.line(x, y, x + width, y, 0.2, 0.5);
  y += 4;
  y += pdf.text(x, y, width, words("residents.pin_title"), {.size = 11, .bold = true, .heading = 2}) + 1;
  y += pdf.text(x, y, width, pin.substr(0, 3) + " " + pin.substr(3), {.size = 26, .bold = true}) + 1;
  pdf.text(x, y, width, words("residents.pin_about"), {.size = 9});
}

}  // namespace

Result<std::string> print_card(const i18n::Texts& texts, const std::string& lang, const PrintedCard& card, Paper paper) {
  const Words words{texts, lang};
  TRY_ASSIGN(const auto code, documents::encode_qr(card.code, documents::Correction::quartile));
  Pdf pdf(paper == Paper::a4 ? documents::PageSize::a4 : documents::PageSize::roll, {.title = words("residents.card_title"), .lang = lang});
  if (paper == Paper::a4) {
    draw_face(pdf, words, card, code, {a4_left, a4_top, card_width, card_height});
    pdf.text(a4_left, a4_top + card_height + 3, 170, words("residents.card_cut"), {.size = 9, .grey = 0.3});
    draw_slip(pdf, words, card, a4_left, a4_top + card_height + 16, 120);
  } else {
    const double width = pdf.page().width - 2 * roll_margin;
    draw_face(pdf, words, card, code, {roll_margin, roll_margin, width, card_height});
    draw_slip(pdf, words, card, roll_margin, roll_margin + card_height + 8, width);
  }
  return pdf.finish();
}

}  // namespace motcua::residents
