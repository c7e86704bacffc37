#include "app/output.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <cstdlib>

#include "platform/i18n/format.hpp"

namespace motcua::app {
namespace {

constexpr const char* file_arg = "of_file";

std::string printed(const Summary::Value& value, const i18n::Texts& texts, std::string_view lang) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) return i18n::number(*n);
  if (const auto* x = std::get_if<double>(&value)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", *x);
    return text;
  }
  if (const auto* b = std::get_if<bool>(&value)) return texts.text(lang, *b ? "app.yes" : "app.no");
  return std::get<std::string>(value);
}

/// Columns on a terminal: what a reader sees, not bytes.
std::size_t width_of(std::string_view utf8) {
  std::size_t n = 0;
  for (const unsigned char c : utf8) n += (c & 0xC0) != 0x80;
  return n;
}

}  // namespace

std::string Summary::to_json() const {
  boost::json::object object;
  for (const auto& [key, value] : rows_)
    std::visit([&, k = std::string_view(key)](const auto& v) { object[k] = v; }, value);
  return boost::json::serialize(object);
}

std::string Summary::to_screen(const i18n::Texts& texts, std::string_view lang) const {
  std::size_t widest = 0;
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [key, value] : rows_) {
    const bool named = key.find('.') != std::string::npos;   // a text of its own: "tracing.purge_visits"
    const auto other = labels_.find(key);
    lines.emplace_back(texts.text(lang, named ? key : "app.summary." + (other == labels_.end() ? key : other->second)), printed(value, texts, lang));
    widest = std::max(widest, width_of(lines.back().first));
  }
  std::string out;
  for (const auto& [label, value] : lines)
    out += "  " + label + std::string(widest - width_of(label) + 2, ' ') + value + "\n";
  return out;
}

void print(const Summary& summary, bool json, const i18n::Texts& texts, std::string_view lang) {
  const std::string text = json ? summary.to_json() + "\n" : summary.to_screen(texts, lang);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Failure of_file(Failure failure, const std::string& file) {
  failure.args[file_arg] = file;
  return failure;
}

int fail(const Failure& failure, const i18n::Texts& texts, std::string_view lang, bool usage) {
  const std::string sentence = texts.sentence(lang, failure);
  // Which option, setting or field: said by the sentence itself, or put before it.
  const bool named = failure.field.empty() || failure.field == "header" || sentence.find(failure.field) != std::string::npos;
  const auto file = failure.args.find(file_arg);
  std::string line = (file == failure.args.end() ? "" : file->second + ": ") + (named ? "" : failure.field + ": ") + sentence + " [" + failure.code + "]\n";
  if (!failure.detail.empty() && std::getenv("MOTCUA_DEBUG")) line += "  " + failure.detail + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  return usage ? exit_usage : exit_not_done;
}

bool shows_progress() { return isatty(STDERR_FILENO) != 0; }

}  // namespace motcua::app
