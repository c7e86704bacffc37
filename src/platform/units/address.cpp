// Splits a free address. Vietnamese addresses run from small to large, so it is read from the end.
#include <algorithm>

#include "base/vietnamese.hpp"
#include "platform/units/resolve.hpp"

namespace motcua::units {

namespace {

constexpr std::size_t segments_max = 32;

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n.");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text) {
    if (c != ',' && c != ';' && c != '\n') {
      part += c;
      continue;
    }
    if (auto t = trimmed(part); !t.empty()) parts.push_back(std::move(t));
    part.clear();
  }
  if (auto t = trimmed(part); !t.empty()) parts.push_back(std::move(t));
  return parts;
}

/// True where a unit may begin inside a run of words: "P.17", "Q1", "phường", "TP". A single letter needs its dot or a digit.
bool begins_unit(std::string_view word, std::string_view next) {
  static constexpr std::string_view whole[] = {"phuong", "xa", "quan", "huyen", "tinh", "tp", "tx", "tt", "tphcm", "hcm"};
  static constexpr std::string_view letters[] = {"p", "q", "h", "x", "f", "t", "tp", "tx", "tt"};
  const auto folded = vietnamese::fold(word);
  const auto first = folded.substr(0, folded.find(' '));
  if (std::find(std::begin(whole), std::end(whole), folded) != std::end(whole)) return true;
  const auto pair = folded + " " + vietnamese::fold(next);
  if (pair == "thanh pho" || pair == "thi xa" || pair == "thi tran" || pair == "dac khu") return true;
  for (const auto letter : letters) {
    if (first == letter && word.find('.') != std::string_view::npos) return true;
    if (first.size() > letter.size() && first.starts_with(letter) && first[letter.size()] >= '0' && first[letter.size()] <= '9') return true;
  }
  return false;
}

/// "12 Lê Đức Thọ P.17 Q. Gò Vấp TPHCM": an address without commas is cut where a unit begins.
std::vector<std::string> split_at_kinds(const std::string& text) {
  const auto words = vietnamese::words(text);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool begins = begins_unit(words[i], i + 1 < words.size() ? words[i + 1] : std::string_view{});
    if (parts.empty() || (begins && i > 0)) parts.emplace_back(words[i]);
    else parts.back() += " " + std::string(words[i]);
  }
  return parts;
}

Kind kind_in_front(std::string_view text) {
  const auto readings = read_written(text);
  return readings.empty() ? Kind::none : readings.front().kind;
}

bool is_country(std::string_view text) {
  const auto folded = vietnamese::fold(text);
  return folded == "viet nam" || folded == "vietnam" || folded == "vn";
}

class Splitter {
 public:
  explicit Splitter(const Atlas& atlas) : atlas_(atlas) {}

  AddressParts split(std::vector<std::string> segments) {
    if (!segments.empty() && is_country(segments.back())) segments.pop_back();
    while (!segments.empty() && take(segments.back())) segments.pop_back();
    for (const auto& s : segments) parts_.street += (parts_.street.empty() ? "" : ", ") + s;
    return std::move(parts_);
  }

 private:
  /// True when the segment is a unit, each larger than the one before it.
  bool take(const std::string& segment) {
    const auto kind = kind_in_front(segment);
    const bool nothing_yet = parts_.province.empty() && parts_.district.empty() && parts_.ward.empty();
    if (nothing_yet && may_be(kind, Level::province)) {
      provinces_ = provinces_named(atlas_, segment);
      if (!provinces_.empty()) {
        parts_.province = segment;
        return true;
      }
    }
    if (parts_.district.empty() && parts_.ward.empty() && may_be(kind, Level::district) &&
        (kind != Kind::none || names_a(atlas_, Level::district, segment, provinces_))) {
      parts_.district = segment;
      return true;
    }
    const bool ward = parts_.ward.empty() && may_be(kind, Level::ward) && names_a(atlas_, Level::ward, segment, provinces_);
    if (ward) parts_.ward = segment;
    return ward;
  }

  const Atlas& atlas_;
  AddressParts parts_;
  std::vector<std::string> provinces_;
};

}  // namespace

AddressParts split_address(const Atlas& atlas, std::string_view text) {
  if (text.size() > text_bytes_max) return {std::string(text), {}, {}, {}};
  auto segments = split_at_commas(text);
  if (segments.size() == 1) segments = split_at_kinds(segments.front());
  if (segments.size() > segments_max) return {std::string(text), {}, {}, {}};
  return Splitter(atlas).split(std::move(segments));
}

}  // namespace motcua::units
