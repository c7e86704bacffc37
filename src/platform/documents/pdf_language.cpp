#include "platform/documents/pdf_language.hpp"

#include <fmt/format.h>

#include <cctype>

namespace motcua::documents {
namespace {

/// The digits after the last `word`; empty when there are none.
std::string number_after_last(std::string_view pdf, std::string_view word) {
  const auto at = pdf.rfind(word);
  if (at == std::string_view::npos) return {};
  auto from = at + word.size();
  while (from < pdf.size() && std::isspace(static_cast<unsigned char>(pdf[from])) != 0) ++from;
  auto to = from;
  while (to < pdf.size() && std::isdigit(static_cast<unsigned char>(pdf[to])) != 0) ++to;
  return std::string(pdf.substr(from, to - from));
}

}  // namespace

std::string with_language(std::string pdf, std::string_view lang) {
  const std::string root = number_after_last(pdf, "/Root"), size = number_after_last(pdf, "/Size"), start = number_after_last(pdf, "startxref");
  const std::string info = number_after_last(pdf, "/Info");
  const auto object = pdf.rfind("\n" + root + " 0 obj");
  const auto opening = object == std::string::npos ? object : pdf.find("<<", object);
  const auto end = object == std::string::npos ? object : pdf.find("endobj", object);
  if (root.empty() || size.empty() || start.empty() || opening == std::string::npos || end == std::string::npos) return pdf;
  std::string safe;
  for (const char c : lang)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') safe += c;
  const std::string catalogue = pdf.substr(opening + 2, end - opening - 2);
  const std::size_t at = pdf.size();
  pdf += fmt::format("{} 0 obj\n<< /Lang ({}) /ViewerPreferences << /DisplayDocTitle true >>{}endobj\n", root, safe, catalogue);
  const std::size_t table = pdf.size();
  pdf += fmt::format("xref\n{} 1\n{:010} 00000 n \ntrailer\n<< /Size {} /Root {} 0 R{} /Prev {} >>\nstartxref\n{}\n%%EOF\n", root, at, size, root,
                     info.empty() ? "" : " /Info " + info + " 0 R", start, table);
  return pdf;
}

}  // namespace motcua::documents
