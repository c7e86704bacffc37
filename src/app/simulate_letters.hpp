#pragma once
// Vietnamese letters taken apart, to write them as input methods, old software and lazy fingers do.
#include <string>
#include <string_view>
#include <vector>

namespace motcua::app::town {

struct Letter {
  char base = 0;        // ASCII letter; 0: `other` holds it
  char shape = 0;       // '^' circumflex, '(' breve, '+' horn, '-' the bar of đ
  int tone = 0;         // 0 none, 1 huyền, 2 sắc, 3 hỏi, 4 ngã, 5 nặng
  std::string other = {};
};

std::vector<Letter> to_letters(std::string_view text);
std::string to_text(const std::vector<Letter>& letters);          // as it should be, composed
std::string to_decomposed(const std::vector<Letter>& letters);    // as some systems store it (NFD)
std::string to_bare(const std::vector<Letter>& letters);          // marks lost
/// The keys of an input method that was switched off: Telex "Nguyeexn", VNI "Nguye6n4" (tone behind the word).
std::string to_telex(const std::vector<Letter>& letters);
std::string to_vni(const std::vector<Letter>& letters);
/// hòa -> hoà, thúy -> thuý: the tone where the newer school puts it.
void move_tones(std::vector<Letter>& letters);
std::string to_capitals(std::string_view text);

}  // namespace motcua::app::town
