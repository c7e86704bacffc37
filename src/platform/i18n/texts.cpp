#include <algorithm>
#include <set>
#include <stdexcept>

#include "platform/assets/assets.hpp"
#include "platform/i18n/format.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::i18n {
namespace {

/// CLDR: Vietnamese counts in one form, English in two.
std::size_t plural_form(std::string_view lang, std::int64_t count) { return lang == "en" && count != 1 ? 1 : 0; }
std::size_t plural_forms(std::string_view lang) { return lang == "en" ? 2 : 1; }

std::string fill(std::string_view sentence, const Args& args) {
  std::string out;
  while (true) {
    const auto open = sentence.find("{{");
    const auto close = open == std::string_view::npos ? open : sentence.find("}}", open);
    if (close == std::string_view::npos) return out.append(sentence);
    out.append(sentence.substr(0, open));
    const auto value = args.find(std::string(sentence.substr(open + 2, close - open - 2)));
    if (value != args.end()) out += value->second;
    sentence.remove_prefix(close + 2);
  }
}

}  // namespace

std::string_view language_or_default(std::string_view lang) {
  for (const auto known : languages)
    if (known == lang) return known;
  return languages[0];
}

std::vector<std::string> placeholders(std::string_view sentence) {
  std::set<std::string> names;
  for (auto open = sentence.find("{{"); open != std::string_view::npos; open = sentence.find("{{", open + 2)) {
    const auto close = sentence.find("}}", open);
    if (close == std::string_view::npos) break;
    names.emplace(sentence.substr(open + 2, close - open - 2));
  }
  return {names.begin(), names.end()};
}

Texts::Texts() {
  for (const auto lang : languages) {
    languages_[std::string(lang)];
    const std::string ending = "/texts/" + std::string(lang) + ".po";
    for (const auto& asset : assets::list("")) {
      if (!asset.name.ends_with(ending)) continue;
      auto messages = parse_po(asset.content);
      if (!messages)
        throw std::logic_error(std::string(asset.name) + ":" + std::to_string(messages.failure().row.value_or(0)) + ": " +
                               messages.failure().code);
      add(lang, std::move(messages).value(), asset.name);
    }
  }
}

Texts::Texts(const std::map<std::string, std::vector<Message>>& messages) {
  for (const auto& [lang, list] : messages) add(lang, list, "test");
}

void Texts::add(std::string_view lang, std::vector<Message> messages, std::string_view origin) {
  auto& known = languages_[std::string(lang)];
  for (auto& message : messages) {
    std::string key = message.key;
    if (!known.emplace(key, std::move(message)).second)
      throw std::logic_error(std::string(origin) + ": " + key + " is given by another slice too");
  }
}

const Message* Texts::message(std::string_view lang, std::string_view key) const {
  const auto language = languages_.find(language_or_default(lang));
  if (language == languages_.end()) return nullptr;
  const auto found = language->second.find(key);
  return found == language->second.end() ? nullptr : &found->second;
}

const std::string* Texts::find(std::string_view lang, std::string_view key) const {
  const Message* found = message(lang, key);
  return found ? &found->forms.front() : nullptr;
}

std::string Texts::text(std::string_view lang, std::string_view key, const Args& args) const {
  const std::string* sentence = find(lang, key);
  return sentence ? fill(*sentence, args) : std::string(key);
}

std::string Texts::plural(std::string_view lang, std::string_view key, std::int64_t count, const Args& args) const {
  const Message* found = message(lang, key);
  if (!found) return std::string(key);
  Args all = args;
  all.emplace("count", number(count));
  return fill(found->forms[std::min(plural_form(language_or_default(lang), count), found->forms.size() - 1)], all);
}

std::string Texts::sentence(std::string_view lang, const Failure& failure) const {
  std::string body = has(failure.code) ? text(lang, failure.code, failure.args) : text(lang, "i18n.failure_unnamed");
  Args args{{"sentence", body}, {"field", failure.field}};
  if (failure.row) args["row"] = std::to_string(*failure.row);   // a place, not an amount: it is searched for as it stands
  if (failure.row && !failure.field.empty()) return text(lang, "i18n.failure_row_field", args);
  if (failure.row) return text(lang, "i18n.failure_row", args);
  if (failure.field == "header") return text(lang, "i18n.failure_header", args);
  return body;
}

std::vector<std::string> Texts::keys(std::string_view lang) const {
  std::vector<std::string> out;
  if (const auto language = languages_.find(lang); language != languages_.end())
    for (const auto& [key, message] : language->second) out.push_back(key);
  return out;
}

std::vector<std::string> Texts::check() const {
  std::vector<std::string> findings;
  for (const auto& [lang, messages] : languages_)
    for (const auto& [key, own] : messages) {
      if (own.forms.size() > 1 && own.forms.size() < plural_forms(lang)) findings.push_back(lang + ": " + key + ": plural form missing");
      for (const auto& [other, others] : languages_) {
        const auto found = others.find(key);
        if (found == others.end()) {
          findings.push_back(other + ": " + key + ": missing");
        } else if (placeholders(own.forms.back()) != placeholders(found->second.forms.back()) && lang < other) {
          findings.push_back(key + ": values differ between " + lang + " and " + other);
        }
      }
    }
  return findings;
}

}  // namespace motcua::i18n
