#include "platform/pages/templates.hpp"

#include <stdexcept>

#include "platform/assets/assets.hpp"

namespace motcua::pages {
namespace {

constexpr int nesting_max = 8;   // files that take files in

/// The name of a template from the path of its file; empty when it is not one.
std::string template_name(std::string_view asset) {
  constexpr std::string_view layout = "web/layout/", folder = "/pages/", ending = ".html";
  if (!asset.ends_with(ending)) return {};
  asset.remove_suffix(ending.size());
  if (asset.starts_with(layout)) return "layout/" + std::string(asset.substr(layout.size()));
  const auto pages = asset.rfind(folder);
  if (pages == std::string_view::npos) return {};
  const auto slice = asset.substr(0, pages);
  return std::string(slice.substr(slice.rfind('/') + 1)) + "/" + std::string(asset.substr(pages + folder.size()));
}

/// A sentence as it stands in a page: escaped, its {{values}} left for Mustache.
std::string sentence_in_page(std::string_view sentence) {
  std::string out;
  while (true) {
    const auto open = sentence.find("{{");
    const auto close = open == std::string_view::npos ? open : sentence.find("}}", open);
    if (close == std::string_view::npos) return out + escape_html(sentence);
    out += escape_html(sentence.substr(0, open));
    out.append(sentence.substr(open, close + 2 - open));
    sentence.remove_prefix(close + 2);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Walks the tags that are ours: calls `tag(kind, argument)`, kind '>' or '_', and puts its answer there.
template <class F>
std::string replace_tags(std::string_view source, F&& tag) {
  std::string out;
  while (true) {
    auto open = source.find("{{");
    while (open != std::string_view::npos && open + 3 < source.size() && source[open + 2] != '>' &&
           !(source[open + 2] == '_' && source[open + 3] == ' '))
      open = source.find("{{", open + 2);
    const auto close = open == std::string_view::npos ? open : source.find("}}", open);
    if (close == std::string_view::npos) return out.append(source);
    out.append(source.substr(0, open));
    out += tag(source[open + 2], trim(source.substr(open + 3, close - open - 3)));
    source.remove_prefix(close + 2);
  }
}

std::string expand_at(const Sources& sources, std::string_view name, const i18n::Texts& texts, std::string_view lang, int depth) {
  const auto source = sources.find(name);
  if (source == sources.end()) throw std::logic_error("no template " + std::string(name));
  if (depth > nesting_max) throw std::logic_error("templates take each other in: " + std::string(name));
  return replace_tags(source->second, [&](char kind, std::string_view argument) {
    if (kind == '>') return expand_at(sources, argument, texts, lang, depth + 1);
    const std::string* sentence = texts.find(lang, argument);
    if (!sentence) throw std::logic_error("template " + std::string(name) + " names the unknown text " + std::string(argument));
    return sentence_in_page(*sentence);
  });
}

}  // namespace

Sources embedded_sources() {
  Sources sources;
  for (const auto& asset : assets::list(""))
    if (auto name = template_name(asset.name); !name.empty()) sources.emplace(std::move(name), std::string(asset.content));
  return sources;
}

std::string expand(const Sources& sources, std::string_view name, const i18n::Texts& texts, std::string_view lang) {
  return expand_at(sources, name, texts, lang, 0);
}

std::set<std::string> keys_in(std::string_view source) {
  std::set<std::string> keys;
  replace_tags(source, [&](char kind, std::string_view argument) {
    if (kind == '_') keys.emplace(argument);
    return std::string();
  });
  return keys;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace motcua::pages
