#include "app/simulate_files.hpp"

#include "base/time.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::app::town {
namespace {
constexpr std::size_t pending_bytes_max = 256 * 1024;
}  // namespace

CsvFile::CsvFile(const std::string& path, std::string_view header) : file_(std::fopen(path.c_str(), "wbe")), failed_(file_ == nullptr) {
  pending_.reserve(pending_bytes_max + 4096);
  (pending_ += header) += '\n';
}

CsvFile::~CsvFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void CsvFile::row(std::initializer_list<std::string_view> fields) {
  bool first = true;
  for (auto field : fields) {
    if (!first) pending_ += ',';
    first = false;
    intake::append_csv_plain(pending_, field);
  }
  pending_ += '\n';
  ++rows_;
  if (pending_.size() >= pending_bytes_max) write_out();
}

void CsvFile::write_out() {
  if (!failed_ && std::fwrite(pending_.data(), 1, pending_.size(), file_) != pending_.size()) failed_ = true;
  pending_.clear();
}

Result<void> CsvFile::close() {
  write_out();
  if (file_ != nullptr && std::fclose(file_) != 0) failed_ = true;
  file_ = nullptr;
  if (failed_) return unavailable("simulate.not_written", "a file of the town could not be written");
  return {};
}

std::string padded(std::int64_t n, int width) {
  auto digits = std::to_string(n);
  if (digits.size() < static_cast<std::size_t>(width)) digits.insert(0, static_cast<std::size_t>(width) - digits.size(), '0');
  return digits;
}

namespace {
struct Civil {
  int year;
  unsigned month, day, hour, minute;
};
Civil civil(std::int64_t minute) {
  using namespace std::chrono;
  auto local = sys_time<minutes>(minutes(minute)) + vietnam_offset;
  auto day = floor<days>(local);
  year_month_day date(day);
  auto of_day = static_cast<unsigned>((local - day).count());
  return {int(date.year()), unsigned(date.month()), unsigned(date.day()), of_day / 60, of_day % 60};
}
/// Two digits at `at`.
void put(std::string& text, std::size_t at, unsigned n) {
  text[at] = static_cast<char>('0' + n / 10);
  text[at + 1] = static_cast<char>('0' + n % 10);
}
}  // namespace

std::string iso_minute(std::int64_t minute) {
  auto c = civil(minute);
  std::string text = "0000-00-00T00:00:00+07:00";
  put(text, 0, static_cast<unsigned>(c.year) / 100), put(text, 2, static_cast<unsigned>(c.year) % 100), put(text, 5, c.month), put(text, 8, c.day);
  put(text, 11, c.hour), put(text, 14, c.minute);
  return text;
}

std::string local_minute(std::int64_t minute) {
  auto c = civil(minute);
  std::string text = "00/00/0000 00:00";
  put(text, 0, c.day), put(text, 3, c.month), put(text, 6, static_cast<unsigned>(c.year) / 100), put(text, 8, static_cast<unsigned>(c.year) % 100);
  put(text, 11, c.hour), put(text, 14, c.minute);
  return text;
}

}  // namespace motcua::app::town
