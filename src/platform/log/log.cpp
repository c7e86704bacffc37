// The only place that includes spdlog.
#define SPDLOG_HEADER_ONLY
#define SPDLOG_FMT_EXTERNAL
#define SPDLOG_NO_THREAD_ID
#include "platform/log/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cmath>
#include <mutex>

#include "base/ids.hpp"

namespace motcua::log {
namespace {

constexpr std::size_t digits_max = 5;    // a phone has 9 or more, the shortest identity number 9
constexpr std::size_t code_max = 96;
constexpr std::size_t detail_max = 300;

thread_local std::string current_request;
std::atomic<Level> threshold{Level::info};

struct Output {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  std::function<void(std::string_view)> sink;
};
Output& output() {
  static Output out;
  return out;
}

std::shared_ptr<spdlog::logger> logger_on(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("motcua", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::warn);
  return logger;
}

std::string_view name_of(Level level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error", "off"};
  return names[static_cast<int>(level)];
}

void append_text(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') line += '\\';
    line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  line += '"';
}

struct AppendValue {
  std::string& line;
  void operator()(bool v) const { line += v ? "true" : "false"; }
  void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(line), "{}", v); }
  void operator()(std::uint64_t v) const { fmt::format_to(std::back_inserter(line), "{}", v); }
  void operator()(double v) const {
    if (std::isfinite(v)) fmt::format_to(std::back_inserter(line), "{:.10g}", v);
    else line += "null";
  }
  void operator()(std::string_view v) const { append_text(line, v); }
  void operator()(const std::string& v) const { append_text(line, v); }
};

void append_field(std::string& line, const Field& field) {
  line += ",\"";
  line += field.name();
  line += field.suffix();
  line += "\":";
  std::visit(AppendValue{line}, field.value());
}

std::string begin_line(Level level, Literal event) {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto millis = now.time_since_epoch().count();
  const std::time_t seconds = static_cast<std::time_t>(millis / 1000);
  std::string line = fmt::format("{{\"at\":\"{:%Y-%m-%dT%H:%M:%S}.{:03d}Z\",\"level\":\"{}\",\"event\":\"{}\"", fmt::gmtime(seconds),
                                 millis % 1000, name_of(level), event.text());
  if (!current_request.empty()) line += ",\"request\":\"" + current_request + '"';
  return line;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    default: return spdlog::level::err;
  }
}

void emit(Level level, std::string line) {
  line += '}';
  Output& out = output();
  std::shared_ptr<spdlog::logger> logger;
  {
    std::lock_guard lock(out.mutex);
    if (out.sink) return out.sink(line);
    if (!out.logger) out.logger = logger_on(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger = out.logger;
  }
  logger->log(to_spdlog(level), spdlog::string_view_t(line));
}

/// Shortest form that says what went wrong: no letters outside ASCII, no long numbers, nothing endless.
std::string blot(std::string_view detail) {
  std::string out(detail.substr(0, detail_max));
  for (char& c : out)
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  for (std::size_t i = 0; i < out.size();) {
    std::size_t end = i;
    while (end < out.size() && out[end] >= '0' && out[end] <= '9') ++end;
    if (end - i > digits_max) std::fill(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(end), '#');
    i = end + 1;
  }
  return out;
}

bool is_code(std::string_view text) {
  if (text.empty() || text.size() > code_max) return false;
  std::size_t digits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!digit && !letter && std::string_view("_.:/{}*-").find(c) == std::string_view::npos) return false;
    digits = digit ? digits + 1 : 0;
    if (digits > digits_max) return false;
  }
  const char first = text.front();
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '/';
}

}  // namespace

Word id(std::string_view text) {
  const auto underscore = text.find('_');
  const bool ours = underscore != std::string_view::npos && is_id(text.substr(0, underscore), text);
  return Word(ours ? std::string(text) : "not-an-id");
}

Word code(std::string_view text) { return Word(is_code(text) ? std::string(text) : "not-a-code"); }

void write(Level level, Literal event, Fields fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  std::string line = begin_line(level, event);
  for (const Field& field : fields) append_field(line, field);
  emit(level, std::move(line));
}

void failure(Level level, Literal event, const Failure& failure, Fields fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  std::string line = begin_line(level, event);
  append_field(line, Field("kind", failure.kind));
  append_field(line, Field("code", code(failure.code)));
  if (failure.row) append_field(line, Field("row", *failure.row));
  for (const Field& field : fields) append_field(line, field);
  if (!failure.detail.empty()) {
    line += ",\"detail\":";
    append_text(line, blot(failure.detail));
  }
  emit(level, std::move(line));
}

RequestScope::RequestScope(std::string_view request_id) : before_(std::move(current_request)) {
  current_request = id(request_id).text();
}
RequestScope::~RequestScope() { current_request = std::move(before_); }

Result<void> configure(const Options& options) {
  std::shared_ptr<spdlog::logger> logger;
  try {
    spdlog::sink_ptr sink;
    if (options.file.empty()) sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, options.file_bytes_max, options.files_max);
    logger = logger_on(std::move(sink));
  } catch (const std::exception&) {
    return unavailable("log.cannot_open", "the log file cannot be opened for appending");
  }
  Output& out = output();
  std::lock_guard lock(out.mutex);
  out.logger = std::move(logger);
  threshold = options.level;
  return {};
}

void capture(std::function<void(std::string_view)> sink) {
  std::lock_guard lock(output().mutex);
  output().sink = std::move(sink);
}

}  // namespace motcua::log
