#include "platform/http/target.hpp"

#include <algorithm>
#include <optional>

#include "base/vietnamese.hpp"

namespace motcua::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

Failure bad_target() { return invalid("http.bad_target"); }

bool is_sound_segment(std::string_view segment) {
  if (segment == "." || segment == "..") return false;
  return std::all_of(segment.begin(), segment.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '/' && c != '\\';
  });
}

/// Decodes segment by segment, so that an encoded slash cannot make a segment out of one.
Result<std::string> decode_path(std::string_view raw) {
  std::string path;
  std::size_t at = 1;
  while (at <= raw.size()) {
    const auto end = std::min(raw.find('/', at), raw.size());
    const auto segment = percent_decode(raw.substr(at, end - at), false);
    const bool last = end == raw.size();
    if (!segment || !is_sound_segment(*segment) || (segment->empty() && !last)) return bad_target();
    path += '/' + *segment;
    at = end + 1;
  }
  if (!vietnamese::is_clean_utf8(path)) return bad_target();
  return path;
}

void take_language(Target& target) {
  for (const std::string_view lang : {"vi", "en"}) {
    const std::string_view path = target.path;
    if (path.size() < 3 || path.substr(1, 2) != lang || (path.size() > 3 && path[3] != '/')) continue;
    target.lang = lang;
    target.path = path.size() > 3 ? target.path.substr(3) : "/";
    return;
  }
}

}  // namespace

Result<Target> parse_target(std::string_view raw, std::size_t fields_max) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (raw.starts_with(scheme)) {
      raw.remove_prefix(std::min(raw.find('/', scheme.size()), raw.size()));
      if (raw.empty()) raw = "/";
    }
  if (!raw.starts_with('/') || raw.find('#') != std::string_view::npos) return bad_target();
  const auto question = std::min(raw.find('?'), raw.size());
  Target target;
  TRY_ASSIGN(target.path, decode_path(raw.substr(0, question)));
  take_language(target);
  if (question < raw.size()) {
    auto query = parse_form(raw.substr(question + 1), fields_max);
    if (!query) return query.failure().kind == FailureKind::too_large ? query.failure() : bad_target();
    target.query = std::move(*query);
  }
  return target;
}

Result<std::multimap<std::string, std::string>> parse_form(std::string_view text, std::size_t fields_max) {
  std::multimap<std::string, std::string> fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (fields.size() == fields_max) return Failure{FailureKind::too_large, "http.too_many_fields"};
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(equals < pair.size() ? pair.substr(equals + 1) : "", true);
    const auto sound = [](const std::optional<std::string>& s) { return s && vietnamese::is_clean_utf8(*s); };
    if (!sound(name) || !sound(value)) return invalid("http.bad_form");
    fields.emplace(std::move(*name), std::move(*value));
  }
  return fields;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

}  // namespace motcua::http
