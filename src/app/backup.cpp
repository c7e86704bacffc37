#include "app/backup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "platform/crypto/sealed_file.hpp"

namespace motcua::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "MCBACKUP1\n";
constexpr std::string_view context = "backup";
constexpr std::string_view wrapped_suffix = ".wrapped";

Failure not_a_backup() { return {FailureKind::corrupt, "backup.not_a_backup"}; }
Failure not_written(std::string detail) { return unavailable("backup.not_written", std::move(detail)); }

/// Removed at the end, whatever happens: a database in the clear must not stay behind.
struct ScratchFile {
  std::string path;
  ~ScratchFile() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

void put_number(std::ostream& out, std::uint32_t n, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.put(static_cast<char>(n >> shift & 0xFF));
}
std::uint32_t get_number(std::istream& in, int bytes) {
  std::uint32_t n = 0;
  for (int i = 0; i < bytes; ++i) n = n << 8 | static_cast<std::uint8_t>(in.get());
  return n;
}

Result<void> put_secrets(std::ostream& out, const std::string& keys_dir) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(keys_dir, error))
    if (entry.path().extension() == wrapped_suffix) files.push_back(entry.path());
  if (error) return unavailable("backup.keys_unreadable", error.message());
  std::sort(files.begin(), files.end());
  put_number(out, static_cast<std::uint32_t>(files.size()), 4);
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && !in.eof()) return unavailable("backup.keys_unreadable", "read");
    const std::string name = file.filename().string();
    put_number(out, static_cast<std::uint32_t>(name.size()), 2);
    out << name;
    put_number(out, static_cast<std::uint32_t>(content.size()), 4);
    out << content;
  }
  return {};
}

bool plain_name(const std::string& name) {
  if (!name.ends_with(wrapped_suffix)) return false;
  for (const char c : name)
    if (!(c == '.' || c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  return name.find("..") == std::string::npos;
}

Result<void> get_secrets(std::istream& in, const std::string& keys_dir) {
  const std::uint32_t count = get_number(in, 4);
  if (!in || count > backup_secrets_max) return not_a_backup();
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name(get_number(in, 2), '\0');
    in.read(name.data(), static_cast<std::streamsize>(name.size()));
    const std::uint32_t bytes = get_number(in, 4);
    if (!in || !plain_name(name) || bytes > backup_secret_bytes_max) return not_a_backup();
    std::string content(bytes, '\0');
    in.read(content.data(), bytes);
    if (!in) return not_a_backup();
    const std::string path = keys_dir + "/" + name;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << content;
    if (!out.flush()) return not_written("secret");
    ::chmod(path.c_str(), 0600);
  }
  return {};
}

bool copy_rest(std::istream& in, std::ostream& out) {
  std::vector<char> buffer(1 << 20);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    out.write(buffer.data(), in.gcount());
  }
  return in.eof() && out.good();
}

}  // namespace

Result<std::uint64_t> write_backup(storage::Database& database, crypto::KeyRing& keys, const std::string& data_dir,
                                   const std::string& file) {
  const ScratchFile plain{data_dir + "/backup.plain"}, sealed{data_dir + "/backup.sealed"}, part{file + ".part"};
  ::umask(0077);
  TRY(database.backup_to(plain.path));
  TRY(crypto::seal_file(keys, context, plain.path, sealed.path));
  std::ofstream out(part.path, std::ios::binary | std::ios::trunc);
  std::ifstream body(sealed.path, std::ios::binary);
  out << magic;
  TRY(put_secrets(out, data_dir + "/keys"));
  if (!copy_rest(body, out) || !out.flush()) return not_written("copy");
  out.close();
  std::error_code error;
  fs::rename(part.path, file, error);
  if (error) return not_written(error.message());
  const auto bytes = fs::file_size(file, error);
  return static_cast<std::uint64_t>(error ? 0 : bytes);
}

Result<void> read_backup(const std::string& file, const std::string& data_dir, const std::string& url) {
  std::ifstream in(file, std::ios::binary);
  std::string head(magic.size(), '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (!in || head != magic) return not_a_backup();
  if (url.empty() && fs::exists(data_dir + "/motcua.sqlite")) return conflict("storage.database_there");
  ::umask(0077);
  std::error_code error;
  fs::create_directories(data_dir + "/keys", error);
  if (error) return not_written(error.message());
  TRY(get_secrets(in, data_dir + "/keys"));
  const ScratchFile sealed{data_dir + "/restore.sealed"}, plain{data_dir + "/restore.plain"};
  {
    std::ofstream out(sealed.path, std::ios::binary | std::ios::trunc);
    if (!copy_rest(in, out)) return not_written("copy");
  }
  TRY_ASSIGN(auto keys, crypto::open_key_ring(data_dir));
  TRY(crypto::open_file(*keys, context, sealed.path, plain.path));
  storage::DatabaseOptions options;
  options.data_dir = data_dir;
  options.url = url;
  return storage::restore_database(options, plain.path);
}

}  // namespace motcua::app
