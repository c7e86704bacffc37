// What a message says: alphabets and parts.
#include <algorithm>
#include <array>

#include "platform/smpp/pdu.hpp"

namespace motcua::smpp {
namespace {

constexpr std::uint8_t user_data_header = 0x40, receipt_bits = 0x3C, receipt_type = 0x04;   // esm_class, section 5.2.12
constexpr std::uint8_t coding_default = 0, coding_latin1 = 3, coding_ucs2 = 8;               // data_coding, section 5.2.19
constexpr char32_t unreadable = 0xFFFD;
constexpr std::uint8_t escape = 0x1B;

// 3GPP TS 23.038, 6.2.1: the default alphabet in its order, and the letters behind the escape.
constexpr std::u32string_view gsm = U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\uFFFDÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static_assert(gsm.size() == 128);
constexpr std::array<std::pair<std::uint8_t, char32_t>, 10> gsm_escaped{{{0x0A, U'\f'}, {0x14, U'^'}, {0x28, U'{'}, {0x29, U'}'}, {0x2F, U'\\'}, {0x3C, U'['}, {0x3D, U'~'}, {0x3E, U']'}, {0x40, U'|'}, {0x65, U'€'}}};

void put(std::string& out, char32_t c) {
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = unreadable;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

std::string from_gsm(std::string_view octets) {
  std::string out;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(octets[i]);
    if (octet == escape && i + 1 < octets.size()) {
      const auto next = static_cast<std::uint8_t>(octets[++i]);
      const auto found = std::find_if(gsm_escaped.begin(), gsm_escaped.end(), [&](const auto& e) { return e.first == next; });
      put(out, found == gsm_escaped.end() ? unreadable : found->second);
    } else {
      put(out, octet < gsm.size() ? gsm[octet] : unreadable);
    }
  }
  return out;
}

std::string from_latin1(std::string_view octets) {
  std::string out;
  for (const char c : octets) put(out, static_cast<std::uint8_t>(c));
  return out;
}

/// UCS-2, and what telephones put into it since: pairs of surrogates.
std::string from_ucs2(std::string_view octets) {
  const auto unit = [&](std::size_t i) { return static_cast<char32_t>(static_cast<std::uint8_t>(octets[i]) << 8 | static_cast<std::uint8_t>(octets[i + 1])); };
  std::string out;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    const char32_t high = unit(i);
    if (high >= 0xD800 && high < 0xDC00 && i + 3 < octets.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
      put(out, 0x10000 + ((high - 0xD800) << 10) + (unit(i + 2) - 0xDC00));
      i += 2;
    } else {
      put(out, high);
    }
  }
  return out;
}

/// Takes the header off the content; nothing where it does not fit: then all of it is content.
std::optional<Part> take_header(std::string_view& content) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(content[i]); };
  if (content.empty() || at(0) + 1U > content.size()) return std::nullopt;
  const std::size_t end = at(0) + 1U;
  std::optional<Part> part;
  for (std::size_t i = 1; i + 2 <= end;) {
    const std::uint8_t kind = at(i), length = at(i + 1);
    if (i + 2 + length > end) break;
    if (kind == 0x00 && length == 3) part = Part{at(i + 2), at(i + 3), at(i + 4)};
    if (kind == 0x08 && length == 4) part = Part{static_cast<std::uint16_t>(at(i + 2) << 8 | at(i + 3)), at(i + 4), at(i + 5)};
    i += 2U + length;
  }
  content.remove_prefix(end);
  return part;
}

std::optional<Part> part_of_parameters(const Message& m) {
  constexpr std::uint16_t sar_reference = 0x020C, sar_total = 0x020E, sar_number = 0x020F;
  const auto reference = m.parameters.find(sar_reference), total = m.parameters.find(sar_total), number = m.parameters.find(sar_number);
  if (reference == m.parameters.end() || total == m.parameters.end() || number == m.parameters.end()) return std::nullopt;
  if (reference->second.size() != 2 || total->second.size() != 1 || number->second.size() != 1) return std::nullopt;
  const auto octet = [](char c) { return static_cast<std::uint8_t>(c); };
  return Part{static_cast<std::uint16_t>(octet(reference->second[0]) << 8 | octet(reference->second[1])), octet(total->second[0]), octet(number->second[0])};
}

/// Letters of UTF-8; what is none is left out.
std::u32string letters_of(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) c = c << 6 | (static_cast<std::uint8_t>(text[i + k]) & 0x3F);
    out += c;
    i += length;
  }
  return out;
}

std::optional<std::string> to_gsm(char32_t c) {
  if (c == unreadable) return std::nullopt;
  if (const auto at = gsm.find(c); at != gsm.npos) return std::string(1, static_cast<char>(at));
  const auto found = std::find_if(gsm_escaped.begin(), gsm_escaped.end(), [&](const auto& e) { return e.second == c; });
  if (found == gsm_escaped.end()) return std::nullopt;
  return std::string{static_cast<char>(escape), static_cast<char>(found->first)};
}

std::string to_ucs2(char32_t c) {
  const auto unit = [](char32_t u) { return std::string{static_cast<char>(u >> 8 & 0xFF), static_cast<char>(u & 0xFF)}; };
  return c < 0x10000 ? unit(c) : unit(0xD800 + ((c - 0x10000) >> 10)) + unit(0xDC00 + ((c - 0x10000) & 0x3FF));
}

}  // namespace

Words read_words(const Message& message) {
  Words words;
  words.receipt = (message.esm_class & receipt_bits) == receipt_type;
  std::string_view content = message.content;
  if ((message.esm_class & user_data_header) != 0) words.part = take_header(content);
  if (!words.part) words.part = part_of_parameters(message);
  if (words.part && (words.part->total < 2 || words.part->number < 1 || words.part->number > words.part->total)) words.part.reset();
  switch (message.data_coding) {
    case coding_ucs2: words.text = from_ucs2(content); break;
    case coding_latin1: words.text = from_latin1(content); break;
    default: words.text = from_gsm(content); break;      // IA5 is alike in all that codes and words are made of
  }
  return words;
}

Encoded write_words(std::string_view text, std::uint8_t reference) {
  const std::u32string letters = letters_of(text);
  const bool plain = std::all_of(letters.begin(), letters.end(), [](char32_t c) { return to_gsm(c).has_value(); });
  // 140 octets of a message hold 160 letters of 7 bits or 70 of UCS-2; with a header of 6 octets 153 or 67.
  const std::size_t whole = plain ? 160 : 140, piece = plain ? 153 : 134;
  std::vector<std::string> units;
  std::size_t size = 0;
  for (const char32_t c : letters) {
    units.push_back(plain ? *to_gsm(c) : to_ucs2(c));
    size += units.back().size();
  }
  Encoded out{plain ? coding_default : coding_ucs2, {std::string()}};
  const std::size_t limit = size <= whole ? whole : piece;
  for (const auto& unit : units) {
    if (out.parts.back().size() + unit.size() > limit) out.parts.emplace_back();
    out.parts.back() += unit;
  }
  if (out.parts.size() == 1) return out;
  constexpr std::size_t parts_max = 255;
  out.parts.resize(std::min(out.parts.size(), parts_max));
  for (std::size_t i = 0; i < out.parts.size(); ++i)
    out.parts[i] = std::string{5, 0, 3, static_cast<char>(reference), static_cast<char>(out.parts.size()), static_cast<char>(i + 1)} + out.parts[i];
  return out;
}

}  // namespace motcua::smpp
