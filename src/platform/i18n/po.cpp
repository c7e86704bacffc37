// .po files. gettext's own tools make .mo files for locales of the system; keys with values need neither, so the reader is ours.
#include <set>

#include "platform/i18n/i18n.hpp"

namespace motcua::i18n {
namespace {

Failure unreadable(std::int64_t line, std::string code = "i18n.po_unreadable") {
  Failure failure = invalid(std::move(code));
  failure.row = line;
  return failure;
}

/// The text between quotes, escapes undone; nothing when it is not a quoted string to the end of the line.
std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i + 1 >= text.size()) return std::nullopt;
    switch (text[i]) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case '"': case '\\': out += text[i]; break;
      default: return std::nullopt;
    }
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

class PoReader {
 public:
  Result<void> line(std::string_view text, std::int64_t number) {
    text = trim(text);
    if (text.empty() || text.front() == '#') return {};
    if (text.front() == '"') return more(text, number);
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return unreadable(number);
    const auto value = unquote(trim(text.substr(space)));
    if (!value) return unreadable(number);
    return keyword(text.substr(0, space), *value, number);
  }

  Result<std::vector<Message>> finish(std::int64_t number) {
    TRY(close(number));
    return std::move(messages_);
  }

 private:
  Result<void> more(std::string_view text, std::int64_t number) {
    const auto value = unquote(text);
    if (!value || !into_) return unreadable(number);
    *into_ += *value;
    return {};
  }

  Result<void> keyword(std::string_view word, const std::string& value, std::int64_t number) {
    if (word == "msgid") {
      TRY(close(number));
      current_ = Message{value, {}};
      open_ = true;
      into_ = &current_.key;
      return {};
    }
    if (!open_) return unreadable(number);
    if (word == "msgid_plural") {
      plural_ = value;
      into_ = &plural_;
      return {};
    }
    const bool single = word == "msgstr";
    const bool form = word.size() == 9 && word.starts_with("msgstr[") && word[7] == static_cast<char>('0' + current_.forms.size());
    if (!(single && current_.forms.empty()) && !form) return unreadable(number);
    current_.forms.push_back(value);
    into_ = &current_.forms.back();
    return {};
  }

  Result<void> close(std::int64_t number) {
    if (!open_) return {};
    open_ = false;
    into_ = nullptr;
    if (current_.forms.empty()) return unreadable(number);
    if (current_.key.empty() || current_.forms.front().empty()) return {};
    if (!seen_.insert(current_.key).second) return unreadable(number, "i18n.po_repeated");
    messages_.push_back(std::move(current_));
    return {};
  }

  std::vector<Message> messages_;
  std::set<std::string> seen_;
  Message current_;
  std::string plural_;
  std::string* into_ = nullptr;
  bool open_ = false;
};

}  // namespace

Result<std::vector<Message>> parse_po(std::string_view text) {
  PoReader reader;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    TRY(reader.line(text.substr(0, end), ++number));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return reader.finish(number);
}

}  // namespace motcua::i18n
