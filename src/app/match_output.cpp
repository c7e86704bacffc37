#include "app/match_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "platform/intake/csv_writer.hpp"

namespace motcua::app {
namespace {

constexpr std::size_t write_bytes = 1 << 20;

Failure not_written(const std::string& name) { return {FailureKind::unavailable, "app.file_not_written", name, std::nullopt, {}, "write"}; }

/// A file that takes its name only when all of it is on the disk.
class WholeFile {
 public:
  explicit WholeFile(const std::string& name)
      : name_(name), part_(name + ".part"), fd_(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)), good_(fd_ >= 0) {}
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(part_.c_str());
  }

  std::string& text() {
    if (pending_.size() >= write_bytes) flush();
    return pending_;
  }
  Result<void> finish() {
    flush();
    good_ = good_ && ::fsync(fd_) == 0 && ::rename(part_.c_str(), name_.c_str()) == 0;
    if (!good_) return not_written(name_);
    ::close(fd_);
    fd_ = -1;
    return {};
  }

 private:
  void flush() {
    for (std::size_t from = 0; good_ && from < pending_.size();) {
      const ssize_t n = ::write(fd_, pending_.data() + from, pending_.size() - from);
      if (n < 0 && errno == EINTR) continue;
      good_ = n > 0;
      if (good_) from += static_cast<std::size_t>(n);
    }
    pending_.clear();
  }

  std::string name_, part_, pending_;
  int fd_;
  bool good_;
};

void append_number(std::string& line, std::uint64_t number) { line += std::to_string(number); }

/// The row's own name, from its position in the table.
std::string_view id_of(const MatchRows& rows, std::size_t row) {
  const std::size_t first = rows.ids[0].size();
  return row < first ? rows.ids[0].at(row) : rows.ids[1].at(row - first);
}

}  // namespace

Result<void> check_writable(const std::string& file) {
  if (file.empty()) return {};
  std::error_code error;
  const std::filesystem::path path(file), folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const bool good = !std::filesystem::is_directory(path, error) && std::filesystem::is_directory(folder, error) && ::access(folder.c_str(), W_OK | X_OK) == 0;
  return good ? Result<void>() : Result<void>(not_written(file));
}

Result<void> write_clusters(const std::string& file, const MatchRows& rows, const linkage::MatchResult& result) {
  WholeFile out(file);
  const bool linking = rows.ids.size() == 2;
  out.text() += linking ? "file,row_id,cluster_id\n" : "row_id,cluster_id\n";
  for (std::size_t row = 0; row < result.cluster_of.size(); ++row) {
    std::string& line = out.text();
    if (linking) line += row < rows.ids[0].size() ? "1," : "2,";
    intake::append_csv_plain(line, id_of(rows, row));
    line += ',';
    append_number(line, result.cluster_of[row]);
    line += '\n';
  }
  return out.finish();
}

Result<void> write_pairs(const std::string& file, const MatchRows& rows, const linkage::MatchResult& result) {
  WholeFile out(file);
  out.text() += "row_a,row_b,probability,decided\n";
  for (const linkage::MatchResult::Pair& p : result.pairs) {
    const auto [a, b] = std::minmax(p.pair.a, p.pair.b);   // in link mode a is of the first file
    std::string& line = out.text();
    intake::append_csv_plain(line, id_of(rows, a));
    line += ',';
    intake::append_csv_plain(line, id_of(rows, b));
    char probability[32];
    std::snprintf(probability, sizeof probability, ",%.6f,", static_cast<double>(p.pair.probability));
    line += probability;
    line += p.linked ? "link\n" : "review\n";
  }
  return out.finish();
}

Result<void> write_whole(const std::string& file, const std::string& content) {
  WholeFile out(file);
  out.text() += content;
  return out.finish();
}

}  // namespace motcua::app
