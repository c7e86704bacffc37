#include "engines/contacts/log.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <tuple>

#include "base/hash.hpp"
#include "engines/contacts/bits.hpp"
#include "engines/contacts/graph.hpp"

namespace motcua::contacts {
namespace {

constexpr std::size_t head_bytes = 12;                   // of a frame: length of what follows, its hash

/// A fact in a frame; its ids follow.
struct Fact {
  Time from, to, recorded;
  float distance_m;
  std::uint16_t owner_bytes, other_bytes;
  std::int16_t seat_row;
  char seat_letter;
  std::uint8_t kind, visit, both_masked, withdraws, none;
};
static_assert(sizeof(Fact) == 40);

template <class Number>
Number get(const std::uint8_t* at) {
  Number value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// log-<generation>.<number>
bool read_name(const std::string& name, std::uint64_t& generation, std::uint64_t& number) {
  if (!name.starts_with("log-")) return false;
  const char* end = name.data() + name.size();
  const auto [dot, error] = std::from_chars(name.data() + 4, end, generation);
  if (error != std::errc() || dot == end || *dot != '.') return false;
  const auto [last, more] = std::from_chars(dot + 1, end, number);
  return more == std::errc() && last == end;
}

struct Log {
  std::uint64_t generation = 0, number = 0;
  std::string name;
};

/// Those of the generation and later ones, in order of writing.
Result<std::vector<Log>> list_logs(const Folder& folder, std::uint64_t generation) {
  TRY_ASSIGN(const auto names, folder.list());
  std::vector<Log> logs;
  for (const std::string& name : names) {
    Log log{0, 0, name};
    if (read_name(name, log.generation, log.number) && log.generation >= generation) logs.push_back(log);
  }
  std::sort(logs.begin(), logs.end(), [](const Log& a, const Log& b) { return std::tie(a.generation, a.number) < std::tie(b.generation, b.number); });
  return logs;
}

std::string name_of(std::uint64_t generation, std::uint64_t number) { return "log-" + std::to_string(generation) + "." + std::to_string(number); }

std::string_view text(std::span<const std::uint8_t> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// False when these are not facts.
Result<bool> read_frame(std::span<const std::uint8_t> bytes, const std::function<Result<void>(const Told&)>& take) {
  while (!bytes.empty()) {
    if (bytes.size() < sizeof(Fact)) return false;
    const auto f = get<Fact>(bytes.data());
    const std::size_t ids_bytes = std::size_t{f.owner_bytes} + f.other_bytes;
    if (bytes.size() - sizeof f < ids_bytes || f.kind >= kinds_count) return false;
    const std::string_view ids = text(bytes.subspan(sizeof f, ids_bytes));
    TRY(take({f.visit != 0, ids.substr(0, f.owner_bytes), ids.substr(f.owner_bytes), {f.from, f.to}, static_cast<Kind>(f.kind), {f.seat_row, f.seat_letter},
              f.distance_m, f.both_masked != 0, f.recorded, f.withdraws != 0}));
    bytes = bytes.subspan(sizeof f + ids_bytes);
  }
  return true;
}

/// False when a whole frame does not match: damage. What is shorter than it says was cut off: the end.
Result<bool> read_log(std::span<const std::uint8_t> bytes, const std::function<Result<void>(const Told&)>& take) {
  while (bytes.size() >= head_bytes) {
    const std::size_t length = get<std::uint32_t>(bytes.data());
    if (length == 0) return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });   // room that was never written
    if (length > frame_bytes_max) return false;
    if (length > bytes.size() - head_bytes) return true;
    const auto facts = bytes.subspan(head_bytes, length);
    if (content_hash(text(facts)) != get<std::uint64_t>(bytes.data() + 4)) return false;
    TRY_ASSIGN(const bool whole, read_frame(facts, take));
    if (!whole) return false;
    bytes = bytes.subspan(head_bytes + length);
  }
  return true;
}

}  // namespace

Result<bool> log_waits(const Folder& folder, const Manifest& manifest) {
  TRY_ASSIGN(const auto logs, list_logs(folder, manifest.log_generation));
  for (const Log& log : logs) {
    TRY_ASSIGN(const auto file, folder.map(log.name));
    if (!file->bytes().empty()) return true;
  }
  return false;
}

bool is_folded(const std::string& name, const Manifest& manifest) {
  std::uint64_t generation = 0, number = 0;
  return read_name(name, generation, number) && generation < manifest.log_generation;
}

Result<std::unique_ptr<AppendLog>> AppendLog::open(Folder& folder) {
  TRY(folder.lock());
  TRY_ASSIGN(const Manifest manifest, read_manifest(folder, true));
  const std::string lines = manifest.to_text();
  TRY(folder.replace(manifest_name, {reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()}));
  TRY_ASSIGN(const auto logs, list_logs(folder, manifest.log_generation));
  auto log = std::make_unique<AppendLog>();
  log->folder_ = &folder;
  log->generation_ = logs.empty() ? manifest.log_generation : logs.back().generation;
  TRY_ASSIGN(log->file_, folder.append_to(name_of(log->generation_, logs.empty() ? 1 : logs.back().number + 1)));
  TRY(folder.sync());
  return log;
}

Result<void> AppendLog::add(const Told& fact) {
  TRY(check_fact(fact));
  if (frame_.empty()) frame_.resize(head_bytes);
  const Fact f{fact.span.from, fact.span.to, fact.recorded, fact.distance_m, static_cast<std::uint16_t>(fact.owner.size()), static_cast<std::uint16_t>(fact.other.size()),
               fact.seat.row, fact.seat.letter, static_cast<std::uint8_t>(fact.kind), fact.visit, fact.both_masked, fact.withdraws, 0};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&f);
  frame_.insert(frame_.end(), bytes, bytes + sizeof f);
  frame_.insert(frame_.end(), fact.owner.begin(), fact.owner.end());
  frame_.insert(frame_.end(), fact.other.begin(), fact.other.end());
  return frame_.size() < frame_bytes_max / 2 ? Result<void>{} : commit();
}

Result<void> AppendLog::commit() {
  if (frame_.empty()) return {};
  const auto length = static_cast<std::uint32_t>(frame_.size() - head_bytes);
  const std::uint64_t hash = content_hash(text(std::span(frame_).subspan(head_bytes)));
  std::memcpy(frame_.data(), &length, sizeof length);
  std::memcpy(frame_.data() + 4, &hash, sizeof hash);
  if (broken_) return unavailable("files.failed", "the log failed before");
  broken_ = true;                          // what follows a half-written frame would not be found again
  TRY(file_->append(frame_));
  TRY(file_->sync());
  broken_ = false;
  bytes_ += frame_.size();
  frame_.clear();
  return {};
}

Result<std::uint64_t> AppendLog::turn() {
  TRY(commit());
  TRY_ASSIGN(file_, folder_->append_to(name_of(generation_ + 1, 1)));
  TRY(folder_->sync());
  bytes_ = 0;
  return ++generation_;
}

Result<std::uint64_t> next_generation(const Folder& folder, const Manifest& manifest) {
  TRY_ASSIGN(const auto logs, list_logs(folder, manifest.log_generation));
  return (logs.empty() ? manifest.log_generation : logs.back().generation) + 1;
}

Result<void> read_logs(const Folder& folder, const Manifest& manifest, std::uint64_t before, std::vector<std::string>& damaged,
                       const std::function<Result<void>(const Told&)>& take) {
  TRY_ASSIGN(const auto logs, list_logs(folder, manifest.log_generation));
  for (const Log& log : logs) {
    if (log.generation >= before) break;
    TRY_ASSIGN(const auto file, folder.map(log.name));
    TRY_ASSIGN(const bool whole, read_log(file->bytes(), take));
    if (!whole) damaged.push_back(log.name);
  }
  return {};
}

}  // namespace motcua::contacts
