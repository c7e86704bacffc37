// The poster of a venue: A4, to be read from two metres, with what works without a smartphone below.
#include "platform/config/config.hpp"
#include "platform/documents/pdf.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/venues/counter.hpp"

namespace motcua::venues {
namespace {

using documents::Align;

struct Column {
  documents::Pdf& pdf;
  double y;
  static constexpr double x = 15, width = 180;
  void text(std::string_view words, const documents::TextStyle& style, double gap) { y += pdf.text(x, y, width, words, style) + gap; }
};

}  // namespace

Result<std::string> draw_poster(const Counter& counter, const Venue& venue, const std::string& site, std::string_view lang) {
  const auto& texts = counter.house.texts;
  const std::string& number = counter.house.settings.text("venues.sms_number");
  const auto say = [&](std::string_view language, const char* key) { return texts.text(language, key, {{"number", number}, {"code", in_groups(venue.short_code)}}); };
  const std::string_view second = lang == "vi" ? "en" : "vi";
  TRY_ASSIGN(const auto code, documents::encode_qr(site + "/" + std::string(lang) + "/v/" + venue.code, documents::Correction::quartile));
  documents::Pdf pdf(documents::PageSize::a4, {.title = venue.name, .lang = std::string(lang)});
  Column column{pdf, 18};
  column.text(say(lang, "venues.poster_title"), {.size = 34, .bold = true, .align = Align::centre, .heading = 1}, 1);
  column.text(say(second, "venues.poster_title"), {.size = 18, .align = Align::centre, .grey = 0.35}, 7);
  pdf.text_in({Column::x, column.y, Column::width, 22}, venue.name, {.size = 26, .bold = true, .align = Align::centre, .heading = 2}, 12);
  column.y += 24;
  column.text(venue.address, {.size = 12, .align = Align::centre, .grey = 0.35}, 8);
  constexpr double side = 92;
  pdf.qr((pdf.page().width - side) / 2, column.y, side, code);
  column.y += side + 9;
  column.text(say(lang, "venues.poster_scan"), {.size = 15, .align = Align::centre}, 6);
  column.text(in_groups(venue.short_code), {.size = 40, .bold = true, .align = Align::centre}, 3);
  column.text(say(lang, "venues.poster_sms"), {.size = 15, .align = Align::centre}, 1);
  column.text(say(second, "venues.poster_sms"), {.size = 12, .align = Align::centre, .grey = 0.35}, 5);
  column.text(say(lang, "venues.poster_promise"), {.size = 11, .align = Align::centre, .grey = 0.35}, 0);
  return pdf.finish();
}

}  // namespace motcua::venues
