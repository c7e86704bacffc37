#include "bench/register.hpp"

#include <cstdio>

#include "base/vietnamese.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::bench {
namespace {

using linkage::combine_hash;

// Shares in a thousand of the persons' households, and of the later records' slips.
constexpr unsigned share_household_phone = 250, no_phone = 120, no_id = 350, new_phone = 250, new_address = 200, no_marks = 250, name_typo = 100,
                   middle_lost = 50, birth_unknown_day = 30, birth_swapped = 20, birth_digit = 20, birth_missing = 20, id_digit = 15, sex_wrong = 5,
                   address_abbreviated = 400;
constexpr std::uint32_t wards_a_million = 600, persons_a_household = 4;

struct Weighted {
  const char* text;
  unsigned weight;
};
// Family names: shares in a thousand as commonly published for the Kinh; given and middle names fall off as 1/rank.
constexpr Weighted families[] = {{"Nguyễn", 384}, {"Trần", 121}, {"Lê", 95}, {"Phạm", 70}, {"Hoàng", 51}, {"Phan", 45}, {"Vũ", 39}, {"Đặng", 21}, {"Bùi", 20},
    {"Đỗ", 14}, {"Hồ", 13}, {"Ngô", 13}, {"Dương", 10}, {"Đinh", 10}, {"Võ", 30}, {"Trịnh", 8}, {"Đoàn", 8}, {"Mai", 7}, {"Lương", 7}, {"Tô", 5},
    {"Cao", 6}, {"Châu", 4}, {"Tạ", 4}, {"Hà", 5}, {"Lâm", 6}, {"Thái", 3}, {"Kiều", 2}, {"Triệu", 2}, {"Quách", 2}, {"Tăng", 2}};
constexpr const char* male_middles[] = {"Văn", "Hữu", "Đức", "Minh", "Quang", "Ngọc", "Xuân", "Thanh", "Công", "Đình", "Quốc", "Anh", "Hoàng", "Duy", "Trọng", "Bá",
    "Gia", "Thành", "Tuấn", "Nhật", "Phúc", "Chí", "Viết", "Tấn"};
constexpr const char* female_middles[] = {"Thị", "Ngọc", "Thanh", "Thu", "Kim", "Minh", "Bích", "Hồng", "Phương", "Mai", "Thùi", "Diệu", "Quỳnh", "Tuyết", "Như", "Khánh",
    "Cẩm", "Bảo", "Mộng", "Ánh", "Hoài", "Xuân", "Lan", "Trúc"};
constexpr const char* male_givens[] = {"Hùng", "Dũng", "Tuấn", "Minh", "Nam", "Hải", "Long", "Thắng", "Tùng", "Sơn", "Hiếu", "Cường", "Trung", "Đức", "Hoàng",
    "Huân", "Phúc", "Thành", "Khoa", "Quân", "Bình", "Phong", "Kiên", "Đạt", "An", "Toàn", "Lâm", "Khánh", "Việt", "Tiến", "Tài", "Vinh", "Nghĩa", "Thịnh",
    "Lộc", "Bảo", "Hưng", "Nhân", "Khang", "Tâm", "Quang", "Trí", "Luân", "Sang", "Danh", "Chiến", "Thiện", "Hòa", "Giang", "Đông", "Bắc", "Cảnh", "Diệp",
    "Hậu", "Hiệp", "Kha", "Khải", "Nguyên", "Phát", "Quyết", "Thạch", "Thuận", "Tín", "Trường", "Vương", "Vượng", "Xuân", "Ân"};
constexpr const char* female_givens[] = {"Lan", "Hương", "Hoa", "Linh", "Trang", "Hà", "Mai", "Ngọc", "Hạnh", "Nga", "Thảo", "Hiền", "Phương", "Anh", "Dung",
    "Yến", "Loan", "Oanh", "Nhung", "Tuyết", "Hằng", "Vân", "Thu", "Liên", "Huệ", "Quyên", "Giang", "Ngân", "Trâm", "Như", "Trinh", "Nhi", "Uyên", "Châu",
    "Diễm", "Hân", "Khánh", "Kiều", "Lam", "Minh", "Nguyệt", "Phụng", "Quỳnh", "Sen", "Tâm", "Thanh", "Thoa", "Thơm", "Thúi", "Tiên", "Trúc", "Tú", "Vi",
    "Xuân", "Xuyến", "Ái", "Ánh", "Đào", "Đoan", "Bích", "Cúc", "Duyên", "Gấm"};
constexpr const char* streets[] = {"Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Hai Bà Trưng", "Lê Duẩn", "Quang Trung", "Ngô Quyền", "Nguyễn Trãi", "Hùng Vương",
    "Phan Chu Trinh", "Điện Biên Phủ", "Cách Mạng Tháng Tám", "Bà Triệu", "Đinh Tiên Hoàng", "Võ Thị Sáu", "Nguyễn Văn Cừ", "Phạm Ngũ Lão", "Tôn Đức Thắng",
    "Pasteur", "Trường Chinh", "Lạc Long Quân", "Âu Cơ", "Hoàng Hoa Thám", "Kim Mã", "Giải Phóng", "Xuân Diệu", "Lê Hồng Phong", "Bạch Đằng", "Thống Nhất"};
constexpr const char* phone_prefixes[] = {"032", "033", "034", "035", "036", "037", "038", "039", "070", "076", "077", "079", "081", "082", "083", "086", "089", "090",
    "091", "093", "094", "096", "097", "098"};

/// Numbers drawn one after another from one hash.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((next() >> 32) * n >> 32); }
  bool chance(unsigned in_thousand) { return below(1000) < in_thousand; }
  /// Falls off as 1 / (rank + 3).
  template <std::size_t N>
  const char* skewed(const char* const (&list)[N]) {
    for (;;) {
      const std::uint32_t rank = below(N);
      if (below(rank + 3) < 3) return list[rank];
    }
  }
  template <std::size_t N>
  const char* weighted(const Weighted (&list)[N]) {
    unsigned sum = 0;
    for (const Weighted& w : list) sum += w.weight;
    unsigned at = below(sum);
    for (const Weighted& w : list) {
      if (at < w.weight) return w.text;
      at -= w.weight;
    }
    return list[0].text;
  }

 private:
  std::uint64_t next() { return linkage::mix(state_ += 0x9e3779b97f4a7c15ULL); }
  std::uint64_t state_;
};

struct Person {
  std::string family, middle, given, id, phone, street;
  int year = 0, month = 0, day = 0;
  std::uint32_t house = 0, ward = 0;
  bool male = false;
};

std::string digits(Draw& draw, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text.push_back(static_cast<char>('0' + draw.below(10)));
  return text;
}

std::string make_phone(Draw& draw) { return phone_prefixes[draw.below(std::size(phone_prefixes))] + digits(draw, 7); }

void settle(Person& p, Draw& home, std::uint32_t wards) {
  p.house = 1 + home.below(400);
  p.street = streets[home.below(std::size(streets))];
  p.ward = home.below(wards);
}

Person make_person(std::uint32_t number, std::uint64_t seed, std::uint32_t wards) {
  Draw own(combine_hash(seed, number)), home(combine_hash(seed + 1, number / persons_a_household));
  Person p;
  p.male = own.chance(500);
  p.family = own.weighted(families);
  p.middle = p.male ? own.skewed(male_middles) : own.skewed(female_middles);
  if (own.chance(200)) p.middle += std::string(" ") + (p.male ? own.skewed(male_middles) : own.skewed(female_middles));
  p.given = p.male ? own.skewed(male_givens) : own.skewed(female_givens);
  p.year = 1930 + static_cast<int>(own.below(90));
  p.month = 1 + static_cast<int>(own.below(12));
  p.day = 1 + static_cast<int>(own.below(28));
  char id[16];
  std::snprintf(id, sizeof id, "%03u%d%02d", 1 + own.below(96), (p.year >= 2000 ? 2 : 0) + !p.male, p.year % 100);
  p.id = id + digits(own, 6);
  settle(p, home, wards);
  const std::string of_home = make_phone(home), of_person = make_phone(own);
  p.phone = own.chance(share_household_phone) ? of_home : of_person;
  if (own.chance(no_phone)) p.phone.clear();
  if (own.chance(no_id)) p.id.clear();
  return p;
}

void slip_letter(std::string& ascii, Draw& draw) {
  if (ascii.size() < 3) return;
  const std::uint32_t at = 1 + draw.below(static_cast<std::uint32_t>(ascii.size()) - 2);
  switch (draw.below(3)) {
    case 0: ascii[at] = static_cast<char>('a' + draw.below(26)); break;
    case 1: ascii.erase(at, 1); break;
    default: std::swap(ascii[at], ascii[at + 1]);
  }
}

/// A later record of the person: what another clerk, another year wrote.
void slip(Person& p, Draw& draw, std::uint32_t wards, bool& abbreviated) {
  if (draw.chance(no_marks)) {
    for (std::string* part : {&p.family, &p.middle, &p.given}) *part = vietnamese::fold(*part);
    if (draw.chance(400)) slip_letter(draw.chance(500) ? p.given : p.family, draw);
  } else if (draw.chance(name_typo)) {
    p.given = vietnamese::fold(p.given);
    slip_letter(p.given, draw);
  }
  if (draw.chance(middle_lost)) p.middle.clear();
  if (draw.chance(birth_missing)) p.year = 0;
  else if (draw.chance(birth_unknown_day)) p.month = p.day = 1;
  else if (draw.chance(birth_swapped) && p.day <= 12) std::swap(p.day, p.month);
  else if (draw.chance(birth_digit)) p.year += draw.chance(500) ? 1 : 10;
  if (p.id.empty() ? false : draw.chance(no_id)) p.id.clear();
  else if (!p.id.empty() && draw.chance(id_digit)) p.id[6 + draw.below(6)] = static_cast<char>('0' + draw.below(10));
  if (draw.chance(new_phone)) p.phone = make_phone(draw);
  if (draw.chance(no_phone)) p.phone.clear();
  if (draw.chance(new_address)) settle(p, draw, wards);
  if (draw.chance(sex_wrong)) p.male = !p.male;
  abbreviated = draw.chance(address_abbreviated);
}

void write(const Person& p, std::uint32_t position, bool abbreviated, std::string& out) {
  char text[96];
  std::snprintf(text, sizeof text, "R%09u,", position);
  out.append(text).append(p.family);
  if (!p.middle.empty()) out.append(" ").append(p.middle);
  out.append(" ").append(p.given);
  if (p.year == 0) out.append(",");
  else std::snprintf(text, sizeof text, ",%02d/%02d/%04d", p.day, p.month, p.year), out.append(text);
  out.append(p.male ? ",Nam," : ",Nữ,").append(p.id).append(",").append(p.phone);
  std::snprintf(text, sizeof text, abbreviated ? ",%u " : ",Số %u đường ", p.house);
  out.append(text).append(p.street);
  std::snprintf(text, sizeof text, ",W%05u\n", p.ward);
  out.append(text);
}

}  // namespace

Register::Register(const RegisterOptions& options) : options_(options), persons_(options.rows / 4 * 3 + options.rows % 4) {
  while ((std::uint64_t{1} << (2 * half_bits_)) < options.rows) ++half_bits_;
}

/// A permutation of 0..rows-1: a Feistel network over the next power of four, walked until it lands inside.
std::uint32_t Register::shuffled(std::uint32_t position) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  std::uint64_t value = position;
  do {
    std::uint64_t left = value >> half_bits_, right = value & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t next = left ^ (combine_hash(options_.seed + round, right) & mask);
      left = right;
      right = next;
    }
    value = left << half_bits_ | right;
  } while (value >= options_.rows);
  return static_cast<std::uint32_t>(value);
}

std::uint32_t Register::append(std::uint32_t position, std::string& out) const {
  const std::uint32_t record = shuffled(position), wards = 10 + static_cast<std::uint32_t>(std::uint64_t{persons_} * wards_a_million / 1'000'000);
  const bool later = record >= persons_;
  Draw draw(combine_hash(options_.seed + 2, record));
  const std::uint32_t number = later ? draw.below(persons_) : record;
  Person person = make_person(number, options_.seed, wards);
  bool abbreviated = false;
  if (later) slip(person, draw, wards, abbreviated);
  write(person, position, abbreviated, out);
  return number;
}

}  // namespace motcua::bench
