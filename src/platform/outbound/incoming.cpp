#include "platform/outbound/incoming.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

namespace motcua::outbound {
namespace {

namespace fs = std::filesystem;

/// Two octets a letter, as smsd keeps messages that are not in its own alphabet.
std::string from_ucs2(std::string_view octets) {
  std::string out;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    const unsigned c = static_cast<unsigned char>(octets[i]) << 8 | static_cast<unsigned char>(octets[i + 1]);
    if (c < 0x80) out += static_cast<char>(c);
    else if (c < 0x800) out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    else out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
  return out;
}

std::optional<Incoming> read(const fs::path& path) {
  std::error_code error;
  if (fs::file_size(path, error) > incoming_bytes_max || error) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string from, line;
  bool ucs2 = false;
  while (std::getline(in, line) && !line.empty() && line != "\r") {
    if (line.back() == '\r') line.pop_back();
    if (line.starts_with("From: ")) from = line.substr(6);
    if (line.starts_with("Alphabet: UCS")) ucs2 = true;
  }
  if (!in || from.empty()) return std::nullopt;
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const bool digits = std::all_of(from.begin(), from.end(), [](char c) { return c >= '0' && c <= '9'; });
  return Incoming{path.filename().string(), Personal((digits && !from.starts_with('0') ? "+" : "") + from), Personal(ucs2 ? from_ucs2(text) : std::move(text))};
}

}  // namespace

Result<int> take_incoming(const std::string& dir, const Heard& heard) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(dir + "/incoming", error))
    if (entry.is_regular_file(error) && files.size() < static_cast<std::size_t>(incoming_files_max)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  int taken = 0;
  for (const auto& path : files) {
    const auto message = read(path);
    if (message) {
      TRY(heard(*message));
      fs::remove(path, error);
      ++taken;
    } else {
      ::mkdir((dir + "/unreadable").c_str(), 0700);
      fs::rename(path, dir + "/unreadable/" + path.filename().string(), error);
    }
  }
  return taken;
}

}  // namespace motcua::outbound
