#include "platform/intake/rejected_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "platform/intake/csv_writer.hpp"

namespace motcua::intake {
namespace {

constexpr std::size_t pending_bytes_max = 64 * 1024;

Failure not_written(int error) { return unavailable("intake.rejected_not_written", std::strerror(error)); }

}  // namespace

RejectedFile::RejectedFile(std::string data_dir, std::string import_id, std::vector<std::string> header)
    : data_dir_(std::move(data_dir)), import_id_(std::move(import_id)), header_(std::move(header)) {}

RejectedFile::~RejectedFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> RejectedFile::open() {
  auto folder = std::filesystem::path(data_dir_) / "rejected";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return not_written(error.value());
  ::chmod(folder.c_str(), 0700);
  auto path = (folder / (import_id_ + ".csv")).string();
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file_ < 0) return not_written(errno);
  path_ = std::move(path);
  pending_ = "row,field,reason";
  for (const auto& name : header_) append_csv_field(pending_ += ',', name);
  pending_ += '\n';
  return {};
}

Result<void> RejectedFile::add(std::int64_t row, std::string_view field, std::string_view reason,
                               const std::vector<std::string_view>& values) {
  if (file_ < 0) TRY(open());
  pending_ += std::to_string(row);
  append_csv_field(pending_ += ',', field);
  append_csv_field(pending_ += ',', reason);
  for (auto value : values) append_csv_field(pending_ += ',', value);
  pending_ += '\n';
  return pending_.size() >= pending_bytes_max ? write_out() : Result<void>{};
}

Result<void> RejectedFile::write_out() {
  std::string_view left = pending_;
  while (!left.empty()) {
    auto n = ::write(file_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return not_written(errno);
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  pending_.clear();
  return {};
}

Result<void> RejectedFile::finish() {
  if (file_ < 0) return {};
  TRY(write_out());
  if (::fsync(file_) != 0) return not_written(errno);
  return {};
}

}  // namespace motcua::intake
