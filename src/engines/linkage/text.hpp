#pragma once
// Vietnamese (and other Latin) text as the comparators want it: syllables without case, marks and spelling habits.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::linkage {

/// One word of a name or an address.
struct Word {
  std::string folded;      // "nguyen": lower case, no marks, y/i settled
  std::string marked;      // "nguye^n4": letter quality in place, tone at the end, so that hoà and hòa are one
  bool has_marks = false;
  bool syllable = false;   // could be a Vietnamese syllable
};

enum class WordKind : std::uint8_t { name, address };

/// Words in the order written. For names: titles dropped, Telex and VNI residue decoded ("Nguyeexn", "Nguye6n4"). For addresses:
/// house numbers kept whole ("358/25/5a"), words that only announce ("số", "đường", "P.") dropped.
std::vector<Word> to_words(std::string_view utf8, WordKind kind);

/// Lower case, no marks, single blanks; for e-mail addresses and whatever is compared as plain text.
std::string to_folded(std::string_view utf8);

/// Upper-case letters and digits only.
std::string to_alnum(std::string_view text);

bool is_vietnamese_syllable(std::string_view folded);
bool is_common_family_name(std::string_view folded);

}  // namespace motcua::linkage
