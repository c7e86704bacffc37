// The spool folder of SMS Server Tools 3 (https://smstools3.kekekasvi.com, "SMS file format").
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "platform/outbound/outbound.hpp"

namespace motcua::outbound {
namespace {

Failure unwritable(int error) { return unavailable("outbound.spool_unwritable", std::strerror(error)); }

std::string to_file(const Message& message) {
  std::string number = message.phone.reveal();
  if (number.starts_with('+')) number.erase(0, 1);
  std::string text = "To: " + number + "\nAlphabet: UTF-8\n";
  if (message.lane == Lane::code) text += "Priority: HIGH\n";
  return text + "Validity: " + (message.lane == Lane::code ? "5m" : "1d") + "\n\n" + message.text.reveal();
}

Result<void> write_whole(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return unwritable(errno);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool synced = done == text.size() && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (synced) return {};
  ::unlink(path.c_str());
  return unwritable(error);
}

class Spool final : public Transport {
 public:
  explicit Spool(std::string dir) : dir_(std::move(dir)) {}

  /// Written beside and renamed: smsd never sees half a message.
  Result<void> deliver(const std::string& id, const Message& message) override {
    TRY(make_folders());
    const std::string made = dir_ + "/made/" + id, outgoing = dir_ + "/outgoing/" + id;
    TRY(write_whole(made, to_file(message)));
    const auto deadline = std::chrono::duration_cast<std::chrono::seconds>(message.deadline.time_since_epoch()).count();
    const timespec times[2] = {{0, UTIME_OMIT}, {deadline, 0}};   // its time is its deadline: sweep() asks nothing else
    ::utimensat(AT_FDCWD, made.c_str(), times, 0);
    if (::rename(made.c_str(), outgoing.c_str()) != 0) return unwritable(errno);
    return {};
  }

  Result<void> sweep(Instant now) override {
    std::error_code error;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    for (const auto& entry : std::filesystem::directory_iterator(dir_ + "/outgoing", error)) {
      struct stat about {};
      if (::stat(entry.path().c_str(), &about) == 0 && about.st_mtime < seconds) ::unlink(entry.path().c_str());
    }
    return {};
  }

 private:
  Result<void> make_folders() const {
    for (const char* name : {"", "/made", "/outgoing"}) {
      const std::string path = dir_ + name;
      if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return unwritable(errno);
    }
    return {};
  }
  std::string dir_;
};

}  // namespace

std::unique_ptr<Transport> make_spool(std::string dir) { return std::make_unique<Spool>(std::move(dir)); }

}  // namespace motcua::outbound
