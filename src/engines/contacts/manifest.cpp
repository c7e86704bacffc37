#include "engines/contacts/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <sstream>

#include "base/hash.hpp"

namespace motcua::contacts {
namespace {

constexpr std::string_view first_line = "motcua graph 1\n";
constexpr std::string_view last_word = "end ";

Failure damaged() { return {FailureKind::corrupt, "contacts.manifest_damaged"}; }

template <class Number>
bool read(std::istringstream& in, Number& value, int base = 10) {
  std::string word;
  if (!(in >> word)) return false;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  return error == std::errc() && end == word.data() + word.size();
}

bool read(std::istringstream& in, FileName& file) {
  const bool plain = static_cast<bool>(in >> file.name) && file.name.find('/') == std::string::npos && file.name.front() != '.';
  return plain && read(in, file.size) && read(in, file.hash, 16);
}

std::string text_of(const FileName& f) { return f.name + " " + std::to_string(f.size) + " " + to_hex(f.hash); }

bool read_line(const std::string& line, Manifest& m) {
  std::istringstream in(line);
  std::string word;
  in >> word;
  if (word == "next") return read(in, m.next_file);
  if (word == "log") return read(in, m.log_generation);
  if (word == "persons" || word == "places") {
    auto& parts = word == "persons" ? m.persons : m.places;
    const std::uint32_t first = Manifest::size_of(parts);
    Manifest::Ids ids;
    if (!read(in, ids.file) || !read(in, ids.first) || !read(in, ids.span) || !read(in, ids.count) || ids.first != first || ids.span > UINT32_MAX - first || ids.count > ids.span)
      return false;
    parts.push_back(ids);
    return true;
  }
  Manifest::Day day;
  if (word != "day" || !read(in, day.day) || !read(in, day.file) || !read(in, day.contacts) || !read(in, day.visits)) return false;
  m.days.push_back(day);
  return true;
}

}  // namespace

bool Manifest::names(const std::string& file) const {
  const auto is = [&](const auto& part) { return part.file.name == file; };
  return std::any_of(persons.begin(), persons.end(), is) || std::any_of(places.begin(), places.end(), is) || std::any_of(days.begin(), days.end(), is);
}

std::uint64_t Manifest::count_of(const std::vector<Ids>& parts) {
  std::uint64_t count = 0;
  for (const Ids& ids : parts) count += ids.count;
  return count;
}

std::string Manifest::to_text() const {
  std::string text(first_line);
  text += "next " + std::to_string(next_file) + "\nlog " + std::to_string(log_generation) + "\n";
  for (const auto& [word, parts] : {std::pair{"persons ", &persons}, std::pair{"places ", &places}})
    for (const Ids& ids : *parts) text += word + text_of(ids.file) + " " + std::to_string(ids.first) + " " + std::to_string(ids.span) + " " + std::to_string(ids.count) + "\n";
  for (const Day& d : days)
    text += "day " + std::to_string(d.day) + " " + text_of(d.file) + " " + std::to_string(d.contacts) + " " + std::to_string(d.visits) + "\n";
  return text + std::string(last_word) + to_hex(content_hash(text)) + "\n";
}

Result<Manifest> Manifest::parse(std::string_view text) {
  const std::size_t end = text.rfind(last_word);
  if (!text.starts_with(first_line) || end == std::string_view::npos || text.substr(end) != std::string(last_word) + to_hex(content_hash(text.substr(0, end))) + "\n")
    return damaged();
  Manifest m;
  std::istringstream lines(std::string(text.substr(first_line.size(), end - first_line.size())));
  for (std::string line; std::getline(lines, line);)
    if (!read_line(line, m)) return damaged();
  return m;
}

std::string to_date(int day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return text;
}

std::string to_hex(std::uint64_t hash) {
  char text[32];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace motcua::contacts
