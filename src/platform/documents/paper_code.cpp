#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <charconv>

#include "platform/documents/paper_draw.hpp"

namespace motcua::documents {
namespace {
constexpr std::string_view beginning = "MC1/";
}

std::string to_paper_code(const PaperCode& code) {
  std::string id = code.form_id;
  std::transform(id.begin(), id.end(), id.begin(), [](char c) { return c == '_' ? '$' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return std::string(beginning) + id + "/" + code.version + "/" + std::to_string(code.page) + "/" + code.token;
}

bool parse_paper_code(std::string_view text, PaperCode& code) {
  if (!text.starts_with(beginning) || text.size() > 200) return false;
  text.remove_prefix(beginning.size());
  std::string parts[4];
  for (int i = 0; i < 4; ++i) {
    const auto slash = text.find('/');
    if ((slash == std::string_view::npos) != (i == 3)) return false;
    parts[i] = text.substr(0, slash);
    if (i < 3) text.remove_prefix(slash + 1);
  }
  PaperCode read{parts[0], parts[1], parts[3], 0};
  for (char& c : read.form_id) c = c == '$' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto [end, error] = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), read.page);
  if (error != std::errc() || end != parts[2].data() + parts[2].size() || read.page < 1) return false;
  code = std::move(read);
  return true;
}

std::vector<std::string> letters_of(std::string_view text) {
  std::vector<std::string> letters;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t from = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    const std::string_view bytes = text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(at - from));
    if (c >= 0 && u_charType(c) == U_NON_SPACING_MARK && !letters.empty()) letters.back() += bytes;
    else letters.emplace_back(bytes);
  }
  return letters;
}

}  // namespace motcua::documents
