#pragma once
// For tests and the bench: a made-up form, filled, printed, and spoilt as paper is.
#include <leptonica/allheaders.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "platform/documents/paper.hpp"
#include "platform/documents/pix.hpp"
#include "platform/documents/scan.hpp"

namespace motcua::documents {

inline PaperForm sample_form() {
  return {"health_daily", "2021-1", "Tờ khai y tế", "Ai cũng khai được, kể cả khi không có điện thoại.", "vi",
          {{"Người khai", "",
            {{"name", "Họ và tên", "Viết như trên giấy tờ.", PaperKind::letters, 28},
             {"birth", "Ngày sinh", "", PaperKind::date},
             {"sex", "Giới tính", "", PaperKind::choice, 0, {{"female", "Nữ"}, {"male", "Nam"}, {"other", "Khác"}}},
             {"id", "Số căn cước", "", PaperKind::digits, 12},
             {"phone", "Điện thoại", "", PaperKind::digits, 10},
             {"address", "Nơi ở hiện nay", "", PaperKind::line}}},
           {"Sức khỏe", "Trong 14 ngày qua.",
            {{"symptoms", "Anh/Chị có dấu hiệu nào sau đây không?", "", PaperKind::choice, 0,
              {{"fever", "Sốt"}, {"cough", "Ho"}, {"breath", "Khó thở"}, {"throat", "Đau họng"}, {"taste", "Mất vị giác"}, {"none", "Không có"}}},
             {"travel", "Đã đi qua vùng có dịch?", "", PaperKind::choice, 0, {{"yes", "Có"}, {"no", "Không"}}},
             {"day", "Ngày khai", "", PaperKind::date}}}}};
}

inline PaperFill sample_fill(unsigned seed, const std::string& family = {}) {
  std::mt19937 random(seed);
  const auto pick = [&random](std::initializer_list<const char*> of) { return std::string(*(of.begin() + random() % of.size())); };
  const auto digits = [&random](int count) {
    std::string text;
    while (count-- > 0) text += static_cast<char>('0' + random() % 10);
    return text;
  };
  const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const auto date = [&](unsigned from, unsigned years) {
    return std::to_string(from + random() % years) + "-" + two(1 + static_cast<unsigned>(random() % 12)) + "-" + two(1 + static_cast<unsigned>(random() % 28));
  };
  PaperFill fill;
  fill.token = "T" + digits(8);
  fill.style = {.size = 14, .family = family};
  fill.values["name"].text = pick({"NGUYỄN", "TRẦN", "LÊ", "PHẠM", "HOÀNG", "VŨ", "ĐẶNG", "BÙI"}) + " " + pick({"VĂN", "THỊ", "HỮU", "MINH", "NGỌC"}) + " " +
                             pick({"AN", "BÌNH", "DŨNG", "HẠNH", "KHÁNH", "LỘC", "PHƯƠNG", "QUỲNH", "TUẤN", "YẾN"});
  fill.values["birth"].text = date(1935, 75);
  fill.values["sex"].chosen = {pick({"female", "male", "other"})};
  fill.values["id"].text = "0" + digits(11);
  fill.values["phone"].text = "09" + digits(8);
  fill.values["address"].text = std::to_string(1 + random() % 300) + " " + pick({"Lê Lợi", "Trần Phú", "Hai Bà Trưng", "Nguyễn Huệ"}) + ", " +
                                pick({"phường Bến Nghé", "xã Tân Thành", "phường Hòa Bình"});
  for (const char* key : {"fever", "cough", "breath", "throat", "taste"})
    if (random() % 3 == 0) fill.values["symptoms"].chosen.push_back(key);
  if (fill.values["symptoms"].chosen.empty()) fill.values["symptoms"].chosen = {"none"};
  fill.values["travel"].chosen = {pick({"yes", "no"})};
  fill.values["day"].text = date(2021, 1);
  return fill;
}

struct Damage {
  const char* name = "clean";
  double degrees = 0;        // turned
  double perspective = 0;    // 0.1: the far edge is a tenth shorter
  int blur = 0;              // times a 3 x 3 mean
  double noise = 0;          // standard deviation, of 255
  double paper = 255, ink = 0;
  bool stain = false;
  int jpeg = 0;              // quality; 0: none
};

inline double seen_at(const Raster& raster, double x, double y, double outside) {
  if (!(x >= 0 && y >= 0 && x < raster.width - 1 && y < raster.height - 1)) return outside;
  const int ix = static_cast<int>(x), iy = static_cast<int>(y);
  const double fx = x - ix, fy = y - iy;
  return (raster.at(ix, iy) * (1 - fx) + raster.at(ix + 1, iy) * fx) * (1 - fy) + (raster.at(ix, iy + 1) * (1 - fx) + raster.at(ix + 1, iy + 1) * fx) * fy;
}

inline Raster turned(const Raster& page, double degrees, double perspective) {
  const double angle = degrees * 3.14159265358979 / 180, c = std::cos(angle), s = std::sin(angle);
  const double grown = std::abs(c) * page.width + std::abs(s) * page.height, taller = std::abs(s) * page.width + std::abs(c) * page.height;
  const double room = 1 + perspective;   // the near edge grows
  Raster out(static_cast<int>(grown * room) + 2, static_cast<int>(taller * room) + 2);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      double dx = x - out.width / 2.0, dy = y - out.height / 2.0;
      const double w = 1 / (1 - perspective * dy / out.height);   // seen from above
      dx *= w, dy *= w;
      out.at(x, y) = static_cast<std::uint8_t>(seen_at(page, c * dx + s * dy + page.width / 2.0, -s * dx + c * dy + page.height / 2.0, 255));
    }
  return out;
}

inline Raster blurred(const Raster& page) {
  Raster out = page;
  for (int y = 1; y + 1 < page.height; ++y)
    for (int x = 1; x + 1 < page.width; ++x) {
      int sum = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) sum += page.at(x + dx, y + dy);
      out.at(x, y) = static_cast<std::uint8_t>(sum / 9);
    }
  return out;
}

/// A ring and a puddle, as a cup leaves them, over the form's middle.
inline double stain_at(const Raster& page, int x, int y) {
  const double r = std::hypot(x - 0.45 * page.width, y - 0.42 * page.height) / page.width;
  return r > 0.19 && r < 0.21 ? 0.55 : r < 0.19 ? 0.82 : 1;
}

inline Raster spoilt(const Raster& clean, const Damage& d, unsigned seed) {
  Raster page = d.degrees != 0 || d.perspective != 0 ? turned(clean, d.degrees, d.perspective) : clean;
  for (int i = 0; i < d.blur; ++i) page = blurred(page);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, std::max(d.noise, 1e-9));
  for (int y = 0; y < page.height; ++y)
    for (int x = 0; x < page.width; ++x) {
      double v = d.ink + (d.paper - d.ink) * page.at(x, y) / 255;
      if (d.stain) v *= stain_at(page, x, y);
      if (d.noise > 0) v += noise(random);
      page.at(x, y) = static_cast<std::uint8_t>(std::clamp(v, 0.0, 255.0));
    }
  if (d.jpeg == 0) return page;
  l_uint8* bytes = nullptr;
  std::size_t count = 0;
  pixWriteMemJpeg(&bytes, &count, pix_of(page).get(), d.jpeg, 0);
  const std::string file(reinterpret_cast<const char*>(bytes), count);
  lept_free(bytes);
  return Scan::open(file).value().page(0).value();
}

inline const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = {
      {.name = "clean"},
      {.name = "upside down, 2 degrees", .degrees = 182},
      {.name = "15 degrees", .degrees = 15},
      {.name = "-15 degrees, from aside", .degrees = -15, .perspective = 0.12},
      {.name = "grey paper, weak ink, noise", .noise = 8, .paper = 170, .ink = 90},
      {.name = "coffee, 3 degrees", .degrees = 3, .stain = true},
      {.name = "blurred, JPEG 40", .degrees = -1, .blur = 2, .jpeg = 40},
      {.name = "photo: all of it", .degrees = 5, .perspective = 0.08, .blur = 1, .noise = 5, .paper = 200, .ink = 50, .stain = true, .jpeg = 40},
  };
  return all;
}

inline Raster printed(const PaperForm& form, const PaperFill& fill, int page = 0) { return Scan::open(print_paper(form, fill).value()).value().page(page).value(); }

inline bool same_value(const PaperFill& fill, const PaperReading& read) {
  const auto found = fill.values.find(read.key);
  if (found == fill.values.end()) return read.value.text.empty() && read.value.chosen.empty();
  return found->second.text == read.value.text && found->second.chosen == read.value.chosen;
}

}  // namespace motcua::documents
