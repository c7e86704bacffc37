#pragma once
// Vietnamese text as people and machines really write it: two tone placements, two letters for one sound, marks lost or typed as
// keys, decomposed letters. Nothing here fails on strange input except where it says so; bytes that are not UTF-8 are dropped.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::vietnamese {

inline constexpr std::size_t name_bytes_max = 1024;  // 255 letters of up to 3 bytes, and room for decomposed ones

/// NFC, zero-width and control characters dropped, blanks collapsed and trimmed; case and punctuation as they came.
/// Failures (field is the caller's): text.not_utf8, text.nul_byte, text.too_long (over name_bytes_max).
Result<std::string> normalise_name(std::string_view text);

/// True for well-formed UTF-8 without NUL bytes.
bool is_clean_utf8(std::string_view text);

/// The key for blocking and search: lower case, marks stripped, đ -> d, every run of other characters one blank (apostrophes
/// dropped), final y after a consonant -> i (Lý = Lí, Quý = Quí). Idempotent. Letters of other scripts stay.
std::string fold(std::string_view text);

/// The key for scoring: like fold, but marks stay, with the tone where today's spelling puts it (hoà -> hòa). Idempotent.
std::string fold_keeping_marks(std::string_view text);

/// True when the text carries at least one Vietnamese mark (tone, â ă ê ô ơ ư, đ).
bool has_marks(std::string_view text);

/// Repairs what an input method left behind, Telex ("Nguyeexn Vawn An") or VNI ("Nguye6n4"); only when every word of the
/// repaired name is a possible Vietnamese syllable, so that foreign names stay as they came.
std::string repair_typing(std::string_view name);

/// Without a title in front ("BN", "BN91", "Ô.", "Bà", "Anh", "Chị" ...) and a remark in brackets behind.
std::string strip_titles(std::string_view name);

/// normalise, strip titles, repair: what a name field means. Failures as normalise_name; text.empty when nothing is left.
Result<std::string> clean_name(std::string_view text);

/// Every word with a capital letter and the rest small, for display of names that came in capitals.
std::string title_case(std::string_view name);

/// A name in Vietnamese order. One word: given only. Two: family and given.
struct NameParts {
  std::string family, middle, given;
};
NameParts split_name(std::string_view name);

/// The words of a text, split at blanks; views into the argument.
std::vector<std::string_view> words(std::string_view text);

/// True when the folded word is a family name borne in Vietnam (the common ones).
bool is_family_name(std::string_view folded_word);

}  // namespace motcua::vietnamese
