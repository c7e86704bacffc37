// The installation's keys on disk:
//   DATA/keys/master.key        text, one key a line as 64 hexadecimal digits, the current one first; mode 0600
//   DATA/keys/<name>.wrapped    "MCK1", id of the wrapping master key (8 bytes), nonce (12), AES-256-GCM(secret) with its tag
//   DATA/keys/lock              held while any of these is made or changed
//
// Rotation: (1) master.key gets the new key before the old one, (2) every secret is wrapped anew, (3) master.key keeps the new
// key alone. Each step replaces whole files, and after a crash between any two every secret is under one of the keys in
// master.key; the next opening finishes the work.
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/files.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {

namespace {

constexpr std::string_view wrapped_magic = "MCK1";
constexpr std::size_t key_id_bytes = 8;
constexpr std::size_t secret_bytes_max = 4096;
constexpr std::size_t name_letters_max = 64;
constexpr std::string_view suffix = ".wrapped";
constexpr std::uint8_t sealed_version = 1;  // first byte of seal()'s result

struct MasterKey {
  Bytes key;
  Bytes id;
};

MasterKey named(Bytes key) {
  Bytes text(bytes_of("motcua master key ").begin(), bytes_of("motcua master key ").end());
  text.insert(text.end(), key.begin(), key.end());
  const Hash256 hash = sha256(text);
  sodium_memzero(text.data(), text.size());
  return {std::move(key), Bytes(hash.begin(), hash.begin() + key_id_bytes)};
}

Failure master_failure(const char* code, std::string detail = {}) {
  return {FailureKind::unavailable, code, {}, std::nullopt, {}, std::move(detail)};
}

Result<std::vector<MasterKey>> parse_master(std::string_view text) {
  std::vector<MasterKey> keys;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty()) continue;
    Bytes key(gcm_key_bytes);
    std::size_t n = 0;
    if (line.size() != 64 || sodium_hex2bin(key.data(), key.size(), line.data(), line.size(), nullptr, &n, nullptr) != 0 || n != 32)
      return master_failure("crypto.master_key_unreadable");
    keys.push_back(named(std::move(key)));
  }
  if (keys.empty()) return master_failure("crypto.master_key_unreadable");
  return keys;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= name_letters_max && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
         });
}

Bytes wrap(const MasterKey& master, std::string_view name, std::span<const std::uint8_t> secret) {
  Bytes out(wrapped_magic.begin(), wrapped_magic.end());
  out.insert(out.end(), master.id.begin(), master.id.end());
  const Bytes nonce = random_bytes(gcm_nonce_bytes);
  out.insert(out.end(), nonce.begin(), nonce.end());
  const Bytes sealed = gcm_seal(master.key, nonce, bytes_of("motcua secret " + std::string(name)), secret);
  out.insert(out.end(), sealed.begin(), sealed.end());
  return out;
}

Result<Bytes> unwrap(const std::vector<MasterKey>& masters, std::string_view name, std::span<const std::uint8_t> file) {
  const Failure damaged{FailureKind::corrupt, "crypto.secret_damaged", {}, std::nullopt, {{"name", std::string(name)}}};
  constexpr std::size_t head = wrapped_magic.size() + key_id_bytes + gcm_nonce_bytes;
  if (file.size() < head + gcm_tag_bytes || std::memcmp(file.data(), wrapped_magic.data(), wrapped_magic.size()) != 0)
    return damaged;
  const auto id = file.subspan(wrapped_magic.size(), key_id_bytes);
  const auto master = std::find_if(masters.begin(), masters.end(), [&](const MasterKey& m) { return std::ranges::equal(m.id, id); });
  if (master == masters.end()) return master_failure("crypto.master_key_wrong");
  auto plain = gcm_open(master->key, file.subspan(wrapped_magic.size() + key_id_bytes, gcm_nonce_bytes),
                        bytes_of("motcua secret " + std::string(name)), file.subspan(head));
  if (!plain) return damaged;
  return plain;
}

class FileKeyRing final : public KeyRing {
 public:
  FileKeyRing(std::string folder, std::string master_file) : folder_(std::move(folder)), master_file_(std::move(master_file)) {}

  /// Makes the master key on a first start, finishes an interrupted rotation, and proves that every secret opens.
  Result<void> start() {
    TRY_ASSIGN(const FileLock lock, FileLock::take(folder_ + "/lock"));
    TRY_ASSIGN(auto present, read_small_file(master_file_, 4096));
    if (!present) {
      if (!names().empty()) return master_failure("crypto.master_key_missing");
      TRY(write_masters({named(random_bytes(gcm_key_bytes))}));
    }
    TRY_ASSIGN(auto masters, masters_locked());
    if (masters.size() > 1) {
      TRY(rewrap_all(masters));
      TRY(write_masters({masters.front()}));
    } else {
      for (const std::string& name : names()) TRY(read_secret(masters, name));
    }
    TRY_ASSIGN(data_key_, secret_locked("data", gcm_key_bytes));
    return {};
  }

  Result<Bytes> secret(std::string_view name, std::size_t bytes) override {
    if (!is_name(name) || bytes == 0 || bytes > secret_bytes_max) return internal("crypto.bad_secret_request", std::string(name));
    {
      const std::lock_guard guard(mutex_);
      if (auto i = cache_.find(name); i != cache_.end() && i->second.size() == bytes) return i->second;
    }
    TRY_ASSIGN(const FileLock lock, FileLock::take(folder_ + "/lock"));
    return secret_locked(name, bytes);
  }

  Result<KeyPair> signing_key(std::string_view name) override {
    TRY_ASSIGN(Bytes seed, secret("ed25519." + std::string(name), 32));
    return ed25519_of_seed(seed);
  }

  Result<void> rotate_master() override {
    TRY_ASSIGN(const FileLock lock, FileLock::take(folder_ + "/lock"));
    TRY_ASSIGN(auto masters, masters_locked());
    masters.insert(masters.begin(), named(random_bytes(gcm_key_bytes)));
    TRY(write_masters(masters));
    TRY(rewrap_all(masters));
    return write_masters({masters.front()});
  }

  Result<Bytes> seal(std::string_view context, std::span<const std::uint8_t> plain) override {
    Bytes out{sealed_version};
    const Bytes nonce = random_bytes(gcm_nonce_bytes);
    out.insert(out.end(), nonce.begin(), nonce.end());
    const Bytes sealed = gcm_seal(data_key_, nonce, bytes_of(context), plain);
    out.insert(out.end(), sealed.begin(), sealed.end());
    return out;
  }

  Result<Bytes> open(std::string_view context, std::span<const std::uint8_t> sealed) override {
    constexpr std::size_t head = 1 + gcm_nonce_bytes;
    if (sealed.size() < head + gcm_tag_bytes || sealed[0] != sealed_version)
      return Failure{FailureKind::corrupt, "crypto.not_authentic"};
    return gcm_open(data_key_, sealed.subspan(1, gcm_nonce_bytes), bytes_of(context), sealed.subspan(head));
  }

 private:
  std::string path_of(std::string_view name) const { return folder_ + "/" + std::string(name) + std::string(suffix); }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      const std::string file = entry.path().filename().string();
      if (file.ends_with(suffix)) found.push_back(file.substr(0, file.size() - suffix.size()));
    }
    return found;
  }

  /// Read anew each time: another process may have rotated.
  Result<std::vector<MasterKey>> masters_locked() const {
    struct stat status {};
    if (::stat(master_file_.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
      return master_failure("crypto.master_key_exposed");
    TRY_ASSIGN(auto text, read_small_file(master_file_, 4096));
    if (!text) return master_failure("crypto.master_key_missing");
    return parse_master({reinterpret_cast<const char*>(text->data()), text->size()});
  }

  Result<void> write_masters(const std::vector<MasterKey>& masters) const {
    std::string text;
    for (const MasterKey& m : masters) text += to_hex(m.key) + "\n";
    return replace_file(master_file_, bytes_of(text));
  }

  Result<Bytes> read_secret(const std::vector<MasterKey>& masters, const std::string& name) const {
    TRY_ASSIGN(auto file, read_small_file(path_of(name), secret_bytes_max + 64));
    if (!file) return Failure{FailureKind::corrupt, "crypto.secret_damaged", {}, std::nullopt, {{"name", name}}};
    return unwrap(masters, name, *file);
  }

  Result<void> rewrap_all(const std::vector<MasterKey>& masters) const {
    for (const std::string& name : names()) {
      TRY_ASSIGN(const Bytes plain, read_secret(masters, name));
      TRY(replace_file(path_of(name), wrap(masters.front(), name, plain)));
    }
    return {};
  }

  Result<Bytes> secret_locked(std::string_view name, std::size_t bytes) {
    TRY_ASSIGN(const auto masters, masters_locked());
    TRY_ASSIGN(auto file, read_small_file(path_of(name), secret_bytes_max + 64));
    Bytes value;
    if (file) {
      TRY_ASSIGN(value, unwrap(masters, name, *file));
      if (value.size() != bytes) return internal("crypto.bad_secret_request", "another length than it was made with");
    } else {
      value = random_bytes(bytes);
      TRY(replace_file(path_of(name), wrap(masters.front(), name, value)));
    }
    const std::lock_guard guard(mutex_);
    cache_[std::string(name)] = value;
    return value;
  }

  const std::string folder_;
  const std::string master_file_;
  Bytes data_key_;
  std::mutex mutex_;  // guards cache_
  std::map<std::string, Bytes, std::less<>> cache_;
};

}  // namespace

Result<std::unique_ptr<KeyRing>> open_key_ring(const std::string& data_dir) {
  const std::string folder = data_dir + "/keys";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return unavailable("crypto.file_unwritable", "make keys folder: " + error.message());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  const char* elsewhere = std::getenv("MOTCUA_MASTER_KEY_FILE");
  auto ring = std::make_unique<FileKeyRing>(folder, elsewhere && *elsewhere ? elsewhere : folder + "/master.key");
  TRY(ring->start());
  return std::unique_ptr<KeyRing>(std::move(ring));
}

}  // namespace motcua::crypto
