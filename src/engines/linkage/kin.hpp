#pragma once
// Pairs that are not one person and agree all the same: people of one house, one family, one neighbourhood. Beside one person (m) and two
// strangers (u) they are a third class of pairs, "kin", with shares of its own: what kin have in common says little for one person.
#include "engines/linkage/em.hpp"
#include "engines/linkage/home.hpp"
#include "engines/linkage/match.hpp"

namespace motcua::linkage {

/// The text that names a thing, where texts tell more than names do: the one that strangers share least; else `fields.size()`. Kin have most of its
/// words, not all, as an article and its sequel, or two models of one maker.
std::size_t naming_text(const std::vector<FieldParameters>& fields, const std::vector<MatchField>& kinds, const std::vector<bool>& grouped);

/// Starting shares of kin: levels as in `fields`, `m` of each the share among kin, `u` that among strangers.
/// `grouped`: per field, whether many rows hold the same value (a postcode), so that it names a group and no person.
std::vector<FieldParameters> starting_kin(const std::vector<MatchField>& kinds, const std::vector<FieldParameters>& fields, const std::vector<bool>& grouped);

/// What names a person (dates, numbers, the name that kin share least) differs among kin: without that the third class would be persons with faults.
/// And kin share a house, a phone, a ward more than strangers, but not what has few values: without that it would be strangers of one sex.
void keep_kin_apart(std::vector<FieldParameters>& kin, const std::vector<MatchField>& kinds, const std::vector<bool>& grouped);

/// Expectation-maximisation with three classes over all families at once: m and kin are the same in each, the shares of the classes are the
/// family's own, and fields that a family presupposes teach nothing there. u stays. What is learned of `home` is the share that moved; a family
/// that presupposes a field of it holds nobody who moved.
void learn_three(const std::vector<MatchField>& kinds, const std::vector<bool>& grouped, std::vector<FieldParameters>& fields, std::vector<FieldParameters>& kin,
                 Home& home, std::span<const Pattern> candidates, std::size_t families,
                 const Presupposed& presupposed, const EmOptions& options);

/// Evidence of a candidate pair against strangers, in bits: for one person, and for kin.
struct Twofold {
  double person = 0, kin = 0;
};
/// Shares among all pairs of the table.
struct Shares {
  double person = 0, kin = 0;
};
/// As many as the evidence, weighed with those very shares, lets expect. `one_in`: the pairs are a sample; they may come in any order.
Shares learn_shares(std::vector<Twofold> evidence, double records, double one_in);

}  // namespace motcua::linkage
