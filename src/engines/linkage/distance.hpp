#pragma once
// String comparisons. All symmetric; none allocates for texts of up to 64 bytes. Work on bytes: fold first.
#include <cstddef>
#include <string_view>

namespace motcua::linkage {

/// Insertions, deletions, substitutions and neighbouring transpositions (optimal string alignment). Above `limit` any larger number may be
/// returned. Texts over 255 bytes count as equal or `limit + 1` apart.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// 0 (nothing in common) .. 1 (equal). Two empty texts are equal. Texts over 64 bytes are compared by their first 64.
double jaro_winkler(std::string_view a, std::string_view b);

/// Share of common pairs of neighbouring letters (Dice 1945; the ends count as letters), each as often as it stands: 0 .. 1 (equal).
/// Two empty texts are equal. Texts over 64 bytes are compared by their first 64.
double bigram_dice(std::string_view a, std::string_view b);

/// Exactly one digit or letter replaced, or two neighbours swapped; same length.
bool is_one_slip(std::string_view a, std::string_view b);

}  // namespace motcua::linkage
