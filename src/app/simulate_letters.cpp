#include "app/simulate_letters.hpp"

#include <array>
#include <cctype>
#include <map>

namespace motcua::app::town {
namespace {

struct Vowel {
  char base, shape;
  std::array<std::string_view, 6> small, capital;
};
constexpr Vowel vowels[] = {
    {'a', 0, {"a", "à", "á", "ả", "ã", "ạ"}, {"A", "À", "Á", "Ả", "Ã", "Ạ"}},
    {'a', '(', {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"}, {"Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ"}},
    {'a', '^', {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"}, {"Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"}},
    {'e', 0, {"e", "è", "é", "ẻ", "ẽ", "ẹ"}, {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ"}},
    {'e', '^', {"ê", "ề", "ế", "ể", "ễ", "ệ"}, {"Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"}},
    {'i', 0, {"i", "ì", "í", "ỉ", "ĩ", "ị"}, {"I", "Ì", "Í", "Ỉ", "Ĩ", "Ị"}},
    {'o', 0, {"o", "ò", "ó", "ỏ", "õ", "ọ"}, {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ"}},
    {'o', '^', {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"}, {"Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ"}},
    {'o', '+', {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"}, {"Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"}},
    {'u', 0, {"u", "ù", "ú", "ủ", "ũ", "ụ"}, {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ"}},
    {'u', '+', {"ư", "ừ", "ứ", "ử", "ữ", "ự"}, {"Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"}},
    {'y', 0, {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"}, {"Y", "Ỳ", "Ý", "Ỷ", "Ỹ", "Ỵ"}},
};

const std::map<std::string_view, Letter>& table() {
  static const auto made = [] {
    std::map<std::string_view, Letter> t;
    for (const auto& v : vowels)
      for (int tone = 0; tone < 6; ++tone) {
        t[v.small[static_cast<std::size_t>(tone)]] = {v.base, v.shape, tone};
        t[v.capital[static_cast<std::size_t>(tone)]] = {static_cast<char>(v.base - 32), v.shape, tone};
      }
    t["đ"] = {'d', '-', 0};
    t["Đ"] = {'D', '-', 0};
    return t;
  }();
  return made;
}

std::size_t length_of(char lead) {
  auto c = static_cast<unsigned char>(lead);
  return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

bool is_vowel(const Letter& l) {
  auto c = static_cast<char>(std::tolower(static_cast<unsigned char>(l.base)));
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

std::string compose(const Letter& l) {
  if (l.base == 0) return l.other;
  if (l.shape == '-') return l.base == 'd' ? "đ" : "Đ";
  const bool capital = std::isupper(static_cast<unsigned char>(l.base)) != 0;
  for (const auto& v : vowels)
    if (v.base == std::tolower(static_cast<unsigned char>(l.base)) && v.shape == l.shape)
      return std::string((capital ? v.capital : v.small)[static_cast<std::size_t>(l.tone)]);
  return std::string(1, l.base);
}


std::string typed(const std::vector<Letter>& letters, bool telex) {
  std::string out;
  int tone = 0;
  auto end_word = [&] {
    if (tone != 0) out += telex ? " fsrxj"[tone] : " 21345"[tone];
    tone = 0;
  };
  for (const auto& l : letters) {
    if (l.base == 0) {
      end_word();
      out += l.other;
      continue;
    }
    out += l.base;
    auto low = static_cast<char>(std::tolower(static_cast<unsigned char>(l.base)));
    if (l.shape == '^') out += telex ? low : '6';
    if (l.shape == '(') out += telex ? 'w' : '8';
    if (l.shape == '+') out += telex ? 'w' : '7';
    if (l.shape == '-') out += telex ? 'd' : '9';
    if (l.tone != 0) tone = l.tone;
  }
  end_word();
  return out;
}

}  // namespace

std::vector<Letter> to_letters(std::string_view text) {
  std::vector<Letter> letters;
  while (!text.empty()) {
    auto one = text.substr(0, length_of(text[0]));
    text.remove_prefix(one.size());
    if (auto found = table().find(one); found != table().end()) letters.push_back(found->second);
    else if (one.size() == 1 && std::isalpha(static_cast<unsigned char>(one[0])) != 0) letters.push_back({one[0]});
    else letters.push_back({.other = std::string(one)});
  }
  return letters;
}

std::string to_text(const std::vector<Letter>& letters) {
  std::string out;
  for (const auto& l : letters) out += compose(l);
  return out;
}

std::string to_decomposed(const std::vector<Letter>& letters) {
  static constexpr std::array<std::string_view, 6> tones{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"};
  std::string out;
  for (const auto& l : letters) {
    if (l.base == 0 || l.shape == '-') {
      out += compose(l);
      continue;
    }
    // Canonical order: horn (class 216), dot below (220), then what stands above (230) in order of typing.
    out += l.base;
    if (l.shape == '+') out += "\u031B";
    if (l.tone == 5) out += tones[5];
    if (l.shape == '^') out += "\u0302";
    if (l.shape == '(') out += "\u0306";
    if (l.tone > 0 && l.tone < 5) out += tones[static_cast<std::size_t>(l.tone)];
  }
  return out;
}

std::string to_bare(const std::vector<Letter>& letters) {
  std::string out;
  for (const auto& l : letters) l.base != 0 ? out += l.base : out += l.other;
  return out;
}

std::string to_telex(const std::vector<Letter>& letters) { return typed(letters, true); }
std::string to_vni(const std::vector<Letter>& letters) { return typed(letters, false); }

void move_tones(std::vector<Letter>& letters) {
  for (std::size_t i = 0; i + 1 < letters.size(); ++i) {
    auto& a = letters[i];
    auto& b = letters[i + 1];
    const bool ends = i + 2 == letters.size() || letters[i + 2].base == 0;
    const bool begins = i == 0 || !is_vowel(letters[i - 1]);
    if (!ends || !begins || a.tone == 0 || a.shape != 0 || b.tone != 0 || b.shape != 0) continue;
    auto pair = std::string{static_cast<char>(std::tolower(static_cast<unsigned char>(a.base))), static_cast<char>(std::tolower(static_cast<unsigned char>(b.base)))};
    if (pair != "oa" && pair != "oe" && pair != "uy") continue;
    std::swap(a.tone, b.tone);
  }
}

std::string to_capitals(std::string_view text) {
  auto letters = to_letters(text);
  for (auto& l : letters)
    if (l.base != 0) l.base = static_cast<char>(std::toupper(static_cast<unsigned char>(l.base)));
  return to_text(letters);
}

}  // namespace motcua::app::town
