#include "app/simulate_names.hpp"

#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace motcua::app::town {
namespace {

using Names = std::span<const std::string_view>;

struct Family {
  std::string_view name;
  double percent;
};
// The first sixteen as counted in the population; the rest share what is left.
constexpr Family families[] = {
    {"Nguyễn", 38.2}, {"Trần", 11.0}, {"Lê", 9.5},   {"Phạm", 7.1},  {"Huỳnh", 3.6}, {"Hoàng", 1.5}, {"Phan", 4.5},  {"Võ", 2.7},
    {"Vũ", 1.2},      {"Đặng", 2.1},  {"Bùi", 2.0},  {"Đỗ", 1.4},    {"Hồ", 1.3},    {"Ngô", 1.3},   {"Dương", 1.0}, {"Lý", 0.5},
    {"Đinh", 0.9},    {"Lâm", 0.8},   {"Trịnh", 0.8}, {"Mai", 0.8},  {"Đoàn", 0.8},  {"Trương", 1.2}, {"Cao", 0.6},   {"Châu", 0.4},
    {"Thái", 0.4},    {"Lương", 0.6}, {"Hà", 0.6},   {"Tô", 0.4},    {"Phùng", 0.3}, {"Tạ", 0.4},    {"Quách", 0.3}, {"Tăng", 0.2},
    {"Kiều", 0.2},    {"Thạch", 0.3}, {"Danh", 0.2}, {"Kim", 0.2},   {"La", 0.1},    {"Nghiêm", 0.1}, {"Chu", 0.3},   {"Đào", 0.5},
    {"Lưu", 0.4},     {"Tống", 0.2},  {"Vương", 0.3}, {"Từ", 0.2},   {"Doãn", 0.1},  {"Khổng", 0.1}, {"Âu", 0.1},    {"Giang", 0.1}};

constexpr std::array<std::string_view, 14> male_middle_old{"Văn", "Văn", "Văn", "Văn", "Đình", "Xuân", "Hữu", "Công", "Ngọc", "Quang", "Đức", "Bá", "Viết", "Trọng"};
constexpr std::array<std::string_view, 20> male_middle_new{"Văn", "Minh", "Quốc", "Hoàng", "Thanh", "Anh", "Đức", "Hữu", "Ngọc", "Quang", "Tuấn", "Thành", "Trung", "Duy", "Gia", "Nhật", "Khánh", "Đăng", "Phúc", "Thiên"};
constexpr std::array<std::string_view, 10> female_middle_old{"Thị", "Thị", "Thị", "Thị", "Thị", "Thị", "Ngọc", "Thị", "Kim", "Thị"};
constexpr std::array<std::string_view, 20> female_middle_new{"Thị", "Thị", "Ngọc", "Thanh", "Minh", "Phương", "Thùy", "Kim", "Mỹ", "Bảo", "Khánh", "Quỳnh", "Hồng", "Thu", "Diễm", "Hoài", "Như", "Tường", "Gia", "Nhã"};

constexpr std::array<std::string_view, 40> male_old{"Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Hùng", "Dũng", "Thành", "Hòa", "Bình", "Minh", "Sơn", "Long", "Tâm", "Lợi", "Phước", "Đức", "Tài", "Lộc", "Thọ", "Quý", "Kiệt", "Cường", "Thắng", "Liêm", "Nghĩa", "Trung", "Hải", "Khanh", "Xuân", "Thu", "Đông", "Quang", "Châu", "Lâm", "Bá", "Mậu"};
constexpr std::array<std::string_view, 44> male_mid{"Hùng", "Dũng", "Tuấn", "Thành", "Hải", "Sơn", "Cường", "Minh", "Hòa", "Bình", "Long", "Tâm", "Phúc", "Đức", "Nam", "Thắng", "Trung", "Quang", "Vinh", "Hiếu", "Tùng", "Dương", "Hưng", "Tú", "Toàn", "Khoa", "Lâm", "Nghĩa", "Phong", "Tiến", "Thanh", "Việt", "Tân", "Tài", "Lộc", "Quân", "Kiên", "Huy", "Đạt", "Chiến", "Vũ", "Linh", "Thịnh", "Duy"};
constexpr std::array<std::string_view, 44> male_new{"Huy", "Khang", "Bảo", "Minh", "Anh", "Phúc", "Nhân", "Long", "Đạt", "Khoa", "Duy", "Nam", "Quân", "Hiếu", "Kiệt", "Thịnh", "Phong", "Tuấn", "Nguyên", "Khôi", "Hưng", "Trí", "Lâm", "Dũng", "Vinh", "Tài", "Hào", "Tùng", "Sơn", "Hoàng", "Thiện", "Phát", "Lộc", "Quang", "Vũ", "Tiến", "Đức", "Hải", "Nghĩa", "Trung", "Thành", "An", "Khánh", "Bách"};
constexpr std::array<std::string_view, 44> female_old{"Lan", "Hoa", "Hồng", "Mai", "Cúc", "Đào", "Lý", "Sáu", "Bảy", "Tám", "Chín", "Út", "Liên", "Nga", "Hương", "Thu", "Xuân", "Hạnh", "Phượng", "Loan", "Yến", "Tuyết", "Nguyệt", "Ánh", "Bích", "Dung", "Kim", "Ngọc", "Thanh", "Vân", "Thủy", "Hường", "Lành", "Mười", "Ba", "Tư", "Năm", "Sen", "Gái", "Bé", "Diệu", "Hiền", "Tâm", "Minh"};
constexpr std::array<std::string_view, 46> female_mid{"Hương", "Lan", "Hạnh", "Thủy", "Hà", "Hoa", "Nga", "Phượng", "Loan", "Yến", "Tuyết", "Dung", "Vân", "Thanh", "Hằng", "Nhung", "Hồng", "Mai", "Liên", "Ngọc", "Thu", "Trang", "Linh", "Huyền", "Thảo", "Oanh", "Hiền", "Bích", "Kiều", "Diễm", "Trinh", "Phương", "Nguyệt", "Tâm", "Xuân", "Ánh", "Lệ", "Châu", "Chi", "Giang", "Quyên", "Duyên", "Thúy", "Trâm", "Vy", "Anh"};
constexpr std::array<std::string_view, 46> female_new{"Anh", "Linh", "Trang", "Thảo", "Vy", "Ngọc", "Nhi", "Ngân", "Hân", "Như", "Trâm", "Thư", "My", "Uyên", "Phương", "Hà", "Mai", "Chi", "Quỳnh", "Yến", "Trinh", "Nhung", "Giang", "Châu", "Thy", "Khanh", "Ngà", "Hiền", "Duyên", "Tiên", "Vân", "Tú", "Lam", "Trúc", "Hương", "Thủy", "Diệp", "An", "Băng", "Đan", "Hằng", "Kỳ", "Thùy", "Nguyên", "Tường", "Lan"};

constexpr std::array<std::string_view, 36> streets{"Nguyễn Trãi", "Lê Lợi", "Trần Hưng Đạo", "Hai Bà Trưng", "Lý Thường Kiệt", "Ngô Quyền", "Phan Đình Phùng", "Nguyễn Huệ", "Quang Trung", "Lê Hồng Phong", "Hùng Vương", "Bạch Đằng", "Võ Thị Sáu", "Cách Mạng Tháng Tám", "Phan Bội Châu", "Phan Chu Trinh", "Nguyễn Du", "Trưng Nữ Vương", "Đinh Tiên Hoàng", "Lê Thánh Tôn", "Nguyễn Công Trứ", "Huỳnh Thúc Kháng", "Hoàng Diệu", "Yersin", "Pasteur", "Tôn Đức Thắng", "Nguyễn Thị Minh Khai", "Điện Biên Phủ", "Trần Phú", "Lê Duẩn", "Bùi Thị Xuân", "Đề Thám", "Cao Thắng", "Nguyễn Thái Học", "Mạc Đĩnh Chi", "Chu Văn An"};

constexpr std::array<std::string_view, 14> ward_first{"Tân", "Bình", "Long", "Phú", "Vĩnh", "Mỹ", "An", "Thạnh", "Phước", "Hòa", "Hiệp", "Đông", "Xuân", "Bến"};
constexpr std::array<std::string_view, 16> ward_second{"Lạc", "Thới", "Hội", "Phong", "Lợi", "Khánh", "Trạch", "Đá", "Sơn", "Thuận", "Hưng", "Quới", "Điền", "Ngãi", "Thủy", "Cát"};
constexpr std::array<std::string_view, 20> districts{"Thành phố Lạc Giang", "Thị xã Bến Thượng", "Huyện Sông Vàm", "Huyện Đồng Sen", "Huyện Cù Lao", "Huyện Núi Nhạn", "Huyện Vàm Xáng", "Huyện Tân Khê", "Huyện Rạch Dừa", "Huyện Đầm Sậy", "Huyện Gò Mít", "Huyện Láng Cò", "Huyện Bãi Trầm", "Huyện Suối Lồ", "Huyện Hòn Ngư", "Huyện Cầu Kho", "Huyện Đất Giồng", "Huyện Mương Khai", "Huyện Trảng Cây", "Huyện Bưng Sình"};

/// Early names of a list are borne more often than late ones.
std::string_view draw(Prng& random, Names names) {
  auto place = std::pow(random.real(), 1.5) * static_cast<double>(names.size());
  return names[static_cast<std::size_t>(place)];
}

}  // namespace

std::string_view draw_family_name(Prng& random) {
  static const std::vector<double> percents = [] {
    std::vector<double> p;
    for (const auto& f : families) p.push_back(f.percent);
    return p;
  }();
  return families[random.weighted(percents)].name;
}

std::string draw_given_names(Prng& random, bool female, int birth_year) {
  const bool old = birth_year < 1962, young = birth_year >= 1990;
  std::string_view given = female ? draw(random, old ? Names(female_old) : young ? Names(female_new) : Names(female_mid))
                                  : draw(random, old ? Names(male_old) : young ? Names(male_new) : Names(male_mid));
  auto middles = female ? (young ? Names(female_middle_new) : Names(female_middle_old)) : (young ? Names(male_middle_new) : Names(male_middle_old));
  auto middle = draw(random, middles);
  for (int tries = 0; middle == given && tries < 8; ++tries) middle = draw(random, middles);
  std::string name(middle);
  // Two middle names: "Thị Thu Hà", and more often so among the young.
  if (random.chance(young ? 0.35 : 0.15)) {
    auto second = draw(random, female ? Names(female_middle_new).subspan(2) : Names(male_middle_new).subspan(1));
    if (second != middle && second != given) (name += ' ') += second;
  }
  return (name += ' ') += given;
}

std::string_view draw_street(Prng& random) { return streets[random.below(streets.size())]; }

std::string ward_name(std::size_t n, std::uint64_t salt) {
  if (n < 4) return "Phường " + std::to_string(n + 1);
  // 14 and 16 are walked in steps coprime to them, so that 112 names pass before one returns.
  auto first = ward_first[(n * 3 + salt) % ward_first.size()];
  auto second = ward_second[(n * 5 + n / ward_first.size() + salt) % ward_second.size()];
  return std::string(n % 3 == 0 ? "Phường " : "Xã ") + std::string(first) + " " + std::string(second);
}

std::string district_name(std::size_t n) {
  if (n < districts.size()) return std::string(districts[n]);
  return std::string(districts[n % districts.size()]) + " " + std::to_string(n / districts.size() + 1);
}

}  // namespace motcua::app::town
