#include "platform/intake/header.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/vietnamese.hpp"

namespace motcua::intake {
namespace {

constexpr std::string_view delimiters = ",;\t";
constexpr std::size_t shown_columns_max = 12;  // of a header that lacks one; enough to see what sort of file it is
constexpr std::size_t shown_bytes_max = 40;

std::vector<std::string_view> split(std::string_view line, char delimiter) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto at = line.find(delimiter);
    parts.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return parts;
    line.remove_prefix(at + 1);
  }
}

std::unordered_map<std::string, int> columns_of(const Kind& kind) {
  std::unordered_map<std::string, int> known;
  for (std::size_t i = 0; i < kind.columns.size(); ++i) known.emplace(fold_column(kind.columns[i].name), static_cast<int>(i));
  return known;
}

int matches(const std::unordered_map<std::string, int>& known, std::string_view line, char delimiter) {
  int n = 0;
  for (auto part : split(line, delimiter)) n += static_cast<int>(known.count(fold_column(part)));
  return n;
}

/// Only what looks like a column's name is shown: a file without a header has a person's data in its first line.
std::string shown(const std::vector<std::string>& names) {
  std::string out;
  std::size_t n = 0;
  for (const auto& name : names) {
    bool word = !name.empty() && name.size() <= shown_bytes_max &&
                std::all_of(name.begin(), name.end(), [](unsigned char c) { return c == '_' || c == ' ' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    if (!word) continue;
    if (n++ == shown_columns_max) break;
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

}  // namespace

std::string fold_column(std::string_view name) {
  auto folded = vietnamese::fold(name);
  std::erase_if(folded, [](char c) { return c == ' ' || c == '_'; });
  return folded;
}

char detect_delimiter(const Kind& kind, std::string_view first_line) {
  auto known = columns_of(kind);
  char best = ',';
  std::pair<int, std::ptrdiff_t> most{-1, -1};
  for (char d : delimiters) {
    std::pair<int, std::ptrdiff_t> have{matches(known, first_line, d), std::count(first_line.begin(), first_line.end(), d)};
    if (have > most) most = have, best = d;
  }
  return best;
}

Result<Header> match_header(const Kind& kind, const std::vector<std::string_view>& fields) {
  Header header;
  header.column_of.assign(kind.columns.size(), -1);
  auto known = columns_of(kind);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    header.names.emplace_back(fields[i]);
    auto found = known.find(fold_column(fields[i]));
    if (found == known.end()) {
      header.unknown.push_back(i);
    } else if (auto& column = header.column_of[static_cast<std::size_t>(found->second)]; column >= 0) {
      const auto& name = kind.columns[static_cast<std::size_t>(found->second)].name;
      return invalid("intake.column_twice", name, {{"column", name}});
    } else {
      column = static_cast<int>(i);
    }
  }
  for (std::size_t i = 0; i < kind.columns.size(); ++i)
    if (kind.columns[i].required && header.column_of[i] < 0)
      return invalid("intake.column_missing", kind.columns[i].name,
                     {{"column", kind.columns[i].name}, {"kind", kind.name}, {"columns", shown(header.names)}});
  return header;
}

bool is_headerless(const Kind& kind, std::string_view first_line) {
  if (!kind.headerless_tsv || split(first_line, '\t').size() != kind.headerless_columns.size()) return false;
  return matches(columns_of(kind), first_line, '\t') == 0;
}

Header headerless_header(const Kind& kind) {
  Header header;
  header.headerless = true;
  header.names = kind.headerless_columns;
  header.column_of.assign(kind.columns.size(), -1);
  auto known = columns_of(kind);
  for (std::size_t i = 0; i < kind.headerless_columns.size(); ++i)
    if (auto found = known.find(fold_column(kind.headerless_columns[i])); found != known.end())
      header.column_of[static_cast<std::size_t>(found->second)] = static_cast<int>(i);
  return header;
}

}  // namespace motcua::intake
