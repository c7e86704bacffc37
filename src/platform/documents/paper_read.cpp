#include <algorithm>
#include <cmath>
#include <set>

#include "platform/documents/paper_pose.hpp"

namespace motcua::documents {
namespace {

constexpr double scale = 10;              // pixels a millimetre of the straightened page
constexpr double frame_inset = 0.6;       // mm: what is cut off on each side of a box, its frame
constexpr double shift_max = 1.2;         // mm: paper that is not flat
constexpr int ink_below = 128;
constexpr int letter_pixels_min = 30;     // fewer dark ones are dust
constexpr double blank_share = 0.001;     // of a page's pixels
constexpr int margin = 14;                 // pixels of white around what is read
constexpr double tick_share = 0.07;       // of a checkbox's inside
constexpr double blot_share = 0.85;       // filled as if to take a tick back

int px(double mm) { return static_cast<int>(std::lround(mm * scale)); }

Raster cut(const Raster& page, const Box& box) {
  Raster part(std::max(1, px(box.width)), std::max(1, px(box.height)));
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x)
      if (page.holds(px(box.x) + x, px(box.y) + y)) part.at(x, y) = page.at(px(box.x) + x, px(box.y) + y);
  return part;
}

Box inset(const Box& box, double by) { return {box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by}; }

long dark_of(const Raster& part) {
  return std::count_if(part.grey.begin(), part.grey.end(), [](std::uint8_t v) { return v < ink_below; });
}

/// How dark the outline of a box is, moved by dx, dy pixels.
long outline(const Raster& page, const Box& box, int dx, int dy) {
  const int left = px(box.x) + dx, right = px(box.x + box.width) + dx, top = px(box.y) + dy, bottom = px(box.y + box.height) + dy;
  long sum = 0;
  const auto add = [&](int x, int y) { sum += page.holds(x, y) ? 255 - page.at(x, y) : 0; };
  for (int x = left; x <= right; x += 2) add(x, top), add(x, bottom);
  for (int y = top; y <= bottom; y += 2) add(left, y), add(right, y);
  return sum;
}

/// Boxes where the page really has them: the one shift of a field that meets most of its frames.
std::vector<Box> settle(const Raster& page, std::vector<Box> boxes) {
  const int reach = px(shift_max);
  long best = -1;
  int best_x = 0, best_y = 0;
  for (int dy = -reach; dy <= reach; ++dy)
    for (int dx = -reach; dx <= reach; ++dx) {
      long sum = 0;
      for (std::size_t i = 0; i < boxes.size(); i += 1 + boxes.size() / 8) sum += outline(page, boxes[i], dx, dy);
      const bool nearer = std::abs(dx) + std::abs(dy) < std::abs(best_x) + std::abs(best_y);
      if (sum > best || (sum == best && nearer)) best = sum, best_x = dx, best_y = dy;
    }
  for (Box& box : boxes) box.x += best_x / scale, box.y += best_y / scale;
  return boxes;
}

/// Ink darker, stains and noise lighter, by how dark the darkest fiftieth is (thin strokes are grey).
Raster clear(Raster part) {
  std::vector<std::uint8_t> sorted = part.grey;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 50);
  std::nth_element(sorted.begin(), at, sorted.end());
  const int ink = std::clamp<int>(*at, 60, 110), paper = std::max(150, ink + 60);
  for (auto& v : part.grey) v = static_cast<std::uint8_t>(std::clamp((v - ink) * 255 / (paper - ink), 0, 255));
  return part;
}

/// Something is there, too weak to be called ink.
bool is_smudged(const Raster& part) {
  const auto grey = std::count_if(part.grey.begin(), part.grey.end(), [](std::uint8_t v) { return v < 170; });
  return grey > 0.02 * static_cast<double>(part.grey.size());
}

/// A letter without the white at its sides; empty when the box is.
Raster trim(const Raster& part) {
  if (dark_of(part) < letter_pixels_min) return {};
  int left = part.width, right = -1;
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x)
      if (part.at(x, y) < ink_below) left = std::min(left, x), right = std::max(right, x);
  return cut(part, {left / scale, 0, (right - left + 1) / scale, part.height / scale});
}

/// Letters in a row, `gap` pixels apart; an empty one is a blank of twice their usual width.
Raster beside(const std::vector<Raster>& letters, int gap) {
  const int blank = 2 * gap + 14;
  int width = 2 * margin, height = 1;
  for (const Raster& letter : letters) width += letter.empty() ? blank : letter.width + gap, height = std::max(height, letter.height);
  Raster line(width, height + 2 * margin);
  int at = margin;
  for (const Raster& letter : letters) {
    for (int y = 0; y < letter.height; ++y)
      for (int x = 0; x < letter.width; ++x) line.at(at + x, margin + y) = letter.at(x, y);
    at += letter.empty() ? blank : letter.width + gap;
  }
  return line;
}

/// Strokes two pixels wider: thin pens look more like print.
Raster thicken(const Raster& line) {
  Raster thick = line;
  for (int y = 1; y + 1 < line.height; ++y)
    for (int x = 1; x + 1 < line.width; ++x)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) thick.at(x, y) = std::min(thick.at(x, y), line.at(x + dx, y + dy));
  return thick;
}

/// How often each letter was read for one box.
struct Vote {
  std::string text;
  int times = 0;
  double confidence = 0;   // sum
};

/// Reads letters of boxes several times, as one line with more or less room between them, so that each is seen with its neighbours; only readings
/// with as many letters as there are count, and each box takes what most of them say.
std::vector<ReadGlyph> read_row(const std::vector<Raster>& letters, std::size_t filled, Alphabet alphabet, TextReader& reader) {
  std::vector<std::vector<Vote>> votes(filled);
  int readings = 0;
  struct Way {
    int gap;   // pixels
    bool thick;
  };
  for (const Way way : {Way{10, false}, Way{16, false}, Way{12, true}, Way{6, false}, Way{24, false}, Way{22, true}}) {
    if (readings == 3) break;
    const Raster line = beside(letters, way.gap);
    const ReadText read = reader.read_line(way.thick ? thicken(line) : line, alphabet);
    if (read.glyphs.size() != filled) continue;
    ++readings;
    for (std::size_t i = 0; i < filled; ++i) {
      auto at = std::find_if(votes[i].begin(), votes[i].end(), [&](const Vote& v) { return v.text == read.glyphs[i].text; });
      if (at == votes[i].end()) at = votes[i].insert(at, {read.glyphs[i].text, 0, 0});
      at->times += 1, at->confidence += read.glyphs[i].confidence;
    }
  }
  std::vector<ReadGlyph> glyphs;
  for (const auto& of : votes) {
    const auto best = std::max_element(of.begin(), of.end(), [](const Vote& a, const Vote& b) { return std::pair(a.times, a.confidence) < std::pair(b.times, b.confidence); });
    if (best == of.end()) return {};
    glyphs.push_back({best->text, best->confidence / std::max(2, readings)});   // read once only is half believed
  }
  return glyphs;
}

/// Of a letter alone: three of it in a row, because the reader knows lines.
ReadGlyph read_alone(const Raster& letter, Alphabet alphabet, TextReader& reader) {
  const ReadText three = reader.read_line(beside({letter, letter, letter}, 12), alphabet);
  for (const ReadGlyph& glyph : three.glyphs)
    if (std::count_if(three.glyphs.begin(), three.glyphs.end(), [&](const ReadGlyph& g) { return g.text == glyph.text; }) >= 2) return {glyph.text, glyph.confidence * 0.7};
  const ReadText one = reader.read_glyph(beside({letter}, 0), alphabet);
  return one.glyphs.empty() ? ReadGlyph{} : ReadGlyph{one.glyphs.front().text, one.glyphs.front().confidence * 0.5};
}

/// The letters of boxes; "?" for one that nobody can read, a blank for empty boxes between words.
ReadText read_boxes(const Raster& page, const std::vector<Box>& boxes, Alphabet alphabet, TextReader& reader) {
  std::vector<Raster> letters;
  std::size_t filled = 0;
  bool smudged = false;
  for (const Box& box : boxes) {
    const Raster part = cut(page, inset(box, frame_inset));
    letters.push_back(trim(clear(part)));
    filled += letters.back().empty() ? 0u : 1u;
    smudged = smudged || (letters.back().empty() && is_smudged(part));
  }
  ReadText read;
  if (smudged) read.glyphs.push_back({"", 0.5});
  if (filled == 0) return read;
  while (letters.back().empty()) letters.pop_back();
  const auto row = read_row(letters, filled, alphabet, reader);
  std::size_t next = 0;
  for (const Raster& letter : letters) {
    if (letter.empty()) {
      if (alphabet == Alphabet::any && !read.text.empty() && !read.text.ends_with(' ')) read.text += ' ';
      if (alphabet == Alphabet::digits) read.glyphs.push_back({"", 0.5});   // a box was left out: somebody should look
      continue;
    }
    const ReadGlyph glyph = row.empty() ? read_alone(letter, alphabet, reader) : row[next];
    ++next;
    read.text += glyph.text.empty() ? "?" : glyph.text;
    read.glyphs.push_back(glyph);
  }
  return read;
}

/// As yyyy-mm-dd; what is no date stays as it was read, with no confidence.
void read_date(const ReadText& read, PaperReading& reading) {
  const std::string& d = read.text;
  reading.value.text = d;
  reading.confidence = d.empty() ? read.confidence() : 0;
  if (d.size() != 8 || d.find_first_not_of("0123456789") != std::string::npos) return;
  const std::string day = d.substr(0, 2), month = d.substr(2, 2), year = d.substr(4);
  if (day < "01" || day > "31" || month < "01" || month > "12" || year < "1800" || year > "2199") return;
  reading.value.text = year + "-" + month + "-" + day;
  reading.confidence = read.confidence();
}

void read_choice(const Raster& page, const PaperField& field, const std::vector<Box>& boxes, PaperReading& reading) {
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Raster inside = cut(page, inset(boxes[i], frame_inset));
    const double share = static_cast<double>(dark_of(inside)) / static_cast<double>(inside.grey.size());
    if (share > tick_share) reading.value.chosen.push_back(field.options[i].key);
    const double sure = share > blot_share ? 0.5 : std::min(1.0, std::abs(share - tick_share) / tick_share);
    reading.confidence = std::min(reading.confidence, sure);
  }
}

PaperReading read_field(const Raster& page, const PlacedField& placed, TextReader& reader) {
  const PaperField& field = *placed.field;
  PaperReading reading{field.key, {}, 1, {}};
  const std::vector<Box> boxes = field.kind == PaperKind::line ? placed.boxes : settle(page, placed.boxes);
  double right = 0;
  for (const Box& box : boxes) right = std::max(right, box.x + box.width);
  reading.picture = cut(page, {boxes[0].x - 1, boxes[0].y - 1, right - boxes[0].x + 2, boxes.back().y + boxes.back().height - boxes[0].y + 2});
  if (field.kind == PaperKind::choice) {
    read_choice(page, field, boxes, reading);
    return reading;
  }
  ReadText read;
  if (field.kind == PaperKind::line) {
    const Box& box = boxes[0];
    const Raster line = clear(cut(page, {box.x, box.y, box.width, box.height - frame_inset}));
    if (dark_of(line) >= letter_pixels_min) {
      read = reader.read_line(beside({line}, 0));
      if (read.glyphs.empty()) read.glyphs.push_back({"", 0});   // written, and not read
    }
  } else {
    read = read_boxes(page, boxes, field.kind == PaperKind::letters ? Alphabet::any : Alphabet::digits, reader);
  }
  if (field.kind == PaperKind::date) read_date(read, reading);
  else reading.value.text = read.text, reading.confidence = read.confidence();
  return reading;
}

struct FoundCode {
  SeenCode seen;
  PaperCode code;
};

/// The one code of ours on the page.
Result<FoundCode> find_code(const Raster& scan, const Raster& flat) {
  auto seen = read_qr(scan);
  PaperCode code;
  const auto ours = [&code](const SeenCode& s) { return parse_paper_code(s.bytes, code); };
  if (std::none_of(seen.begin(), seen.end(), ours)) {
    auto again = read_qr(flat);
    if (!again.empty()) seen = std::move(again);
  }
  const auto count = std::count_if(seen.begin(), seen.end(), ours);
  if (count > 1) return invalid("documents.paper_two_forms");
  if (count == 0 && !seen.empty()) return invalid("documents.paper_other_code");
  if (count == 0) {
    const double share = static_cast<double>(dark_of(flat)) / static_cast<double>(std::max<std::size_t>(1, flat.grey.size()));
    return invalid(share < blank_share ? "documents.paper_blank" : "documents.paper_no_code");
  }
  const auto at = std::find_if(seen.begin(), seen.end(), ours);
  return FoundCode{*at, code};
}

}  // namespace

Result<PaperPage> read_paper(const Raster& scan, const FindForm& find_form, TextReader& reader) {
  const Raster flat = flatten(scan);
  TRY_ASSIGN(const FoundCode found, find_code(scan, flat));
  const PaperForm* form = find_form(found.code.form_id, found.code.version);
  if (form == nullptr) return invalid("documents.paper_unknown_form");
  TRY_ASSIGN(const DrawnPaper drawn, draw_paper(*form, {}));
  if (found.code.page > drawn.pages) return invalid("documents.paper_unknown_form");
  TRY_ASSIGN(const Pose pose, find_pose(flat, found.seen));
  const Raster page = straighten(flat, pose, scale);
  PaperPage read{found.code.form_id, found.code.version, found.code.token, found.code.page, drawn.pages, {}};
  for (const PlacedField& placed : drawn.fields)
    if (placed.page == read.page) read.fields.push_back(read_field(page, placed, reader));
  return read;
}

}  // namespace motcua::documents
