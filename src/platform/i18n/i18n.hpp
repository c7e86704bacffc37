#pragma once
// Every sentence a person reads, in every language of the house. The .po files of all slices ("*/texts/vi.po", "*/texts/en.po")
// lie in the binary; msgid is a stable key ("tracing.case_title", also the code of a failure), msgstr the sentence with values
// as {{name}}. No locale of the system is asked.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::i18n {

using Args = std::map<std::string, std::string>;

/// Languages of pages and messages, the first is the default.
inline constexpr std::string_view languages[] = {"vi", "en"};
/// "vi" for everything that is not a language of the house.
std::string_view language_or_default(std::string_view lang);

/// One message of one language. A key that counts ("msgid_plural") has one form per plural category of the language.
struct Message {
  std::string key;
  std::vector<std::string> forms;
};
/// Reads a .po file: msgid, msgid_plural, msgstr, msgstr[n], comments, continued strings, \n \t \" \\ escapes. The header and
/// messages without a translation are left out. Failure i18n.po_unreadable with the line as `row`; i18n.po_repeated for a key given twice.
Result<std::vector<Message>> parse_po(std::string_view text);

class Texts {
 public:
  /// Of all embedded .po files. A file that cannot be read is a defect: std::logic_error, at start.
  Texts();
  /// Of these messages alone, for tests: language -> messages.
  explicit Texts(const std::map<std::string, std::vector<Message>>& messages);

  /// The sentence, with {{name}} filled from `args` (not escaped for HTML). A key nobody wrote stands for itself.
  std::string text(std::string_view lang, std::string_view key, const Args& args = {}) const;
  /// The form of `key` for `count`; {{count}} is filled with the number as the language writes it.
  std::string plural(std::string_view lang, std::string_view key, std::int64_t count, const Args& args = {}) const;
  /// The sentence of a failure, beginning with the row where it has one ("Row 12, phone: ...").
  std::string sentence(std::string_view lang, const Failure& failure) const;

  /// The sentence as written, values not filled; null when the key is unknown.
  const std::string* find(std::string_view lang, std::string_view key) const;
  bool has(std::string_view key) const { return find(languages[0], key) != nullptr; }
  /// All keys of a language, sorted.
  std::vector<std::string> keys(std::string_view lang) const;

  /// What is wrong with the texts, one line each: a key that one language lacks, values that differ between languages, a
  /// plural with too few forms, a key of another slice's prefix given twice.
  std::vector<std::string> check() const;

 private:
  void add(std::string_view lang, std::vector<Message> messages, std::string_view origin);
  const Message* message(std::string_view lang, std::string_view key) const;
  std::map<std::string, std::map<std::string, Message, std::less<>>, std::less<>> languages_;
};

/// Names of the {{values}} of a sentence, sorted, each once.
std::vector<std::string> placeholders(std::string_view sentence);

}  // namespace motcua::i18n
