#pragma once
// Words of names and addresses as the comparators want them; the folding itself is base/vietnamese.hpp.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::linkage {

/// One word of a name or an address.
struct Word {
  std::string folded;      // "nguyen"
  std::string marked;      // "nguyễn", tone where today's spelling puts it; names only
  bool has_marks = false;
  bool syllable = false;   // could be a Vietnamese syllable; names only
};

/// In the order written, titles dropped, Telex and VNI residue decoded.
std::vector<Word> to_name_words(std::string_view utf8);
/// Their folded words, a blank between two.
std::string to_name_text(std::string_view utf8);
/// The words of such a text.
std::vector<Word> to_folded_name_words(std::string_view name_text);
/// House numbers in one piece ("358/25/5a"); words that only announce ("số", "đường", "P.") dropped.
std::vector<Word> to_address_words(std::string_view utf8);
std::string to_address_text(std::string_view utf8);

/// Without case, marks and punctuation.
std::string to_folded(std::string_view utf8);
/// Without ASCII case and blanks, for e-mail addresses and numbers.
std::string to_small(std::string_view text);

/// Upper-case letters and digits only.
std::string to_alnum(std::string_view text);

bool is_vietnamese_syllable(std::string_view folded);

}  // namespace motcua::linkage
