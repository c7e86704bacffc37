#include "engines/linkage/person_compare.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "engines/linkage/distance.hpp"

namespace motcua::linkage {
namespace {

using Columns = RecordSet::Columns;

enum class WordMatch { same, initial, slip, near, differs };   // near: one letter apart, yet both are words of their own (An, Anh)

WordMatch match_words(const Columns& c, const NameWord& a, const NameWord& b) {
  if (a.folded == b.folded) return WordMatch::same;
  const std::string_view x = c.words.text(a.folded), y = c.words.text(b.folded);
  if (x.size() == 1 || y.size() == 1) return x[0] == y[0] ? WordMatch::initial : WordMatch::differs;
  const std::size_t longest = std::max(x.size(), y.size()), allowed = longest >= 8 ? 2 : 1;
  if (longest < 3 || edit_distance(x, y, allowed) > allowed) return WordMatch::differs;
  const bool both_words = a.syllable && b.syllable;
  return both_words || longest < 4 ? WordMatch::near : WordMatch::slip;
}

/// Folded texts are equal: did marks get lost, or do both have marks that contradict?
NameLevel compare_marks(const Columns& c, const NameValue& a, const NameValue& b) {
  const NameWord *x = c.words_of(a), *y = c.words_of(b);
  for (int i = 0; i < a.words; ++i)
    if (x[i].marked != y[i].marked && x[i].has_marks && y[i].has_marks) return name_marks_differ;
  return name_same_folded;
}

NameLevel compare_same_count(const Columns& c, const NameValue& a, const NameValue& b) {
  const NameWord *x = c.words_of(a), *y = c.words_of(b);
  int initials = 0, slips = 0, nears = 0, different = 0;
  for (int i = 0; i < a.words; ++i) {
    switch (match_words(c, x[i], y[i])) {
      case WordMatch::same: break;
      case WordMatch::initial: ++initials; break;
      case WordMatch::slip: ++slips; break;
      case WordMatch::near: ++nears; break;
      case WordMatch::differs: ++different; break;
    }
  }
  const bool one_word = a.words == 1;
  if (different == 0 && initials < a.words) {
    if (nears == 0 && slips == 0) return name_middle_missing;
    if (nears == 0 && slips <= 1 + a.words / 4) return name_typo;
    if (nears + slips == 1 && !one_word) return name_similar;
  }
  const NameWord &given_a = c.given(a), &given_b = c.given(b);
  if (one_word) return name_differs;
  const bool family = match_words(c, x[0], y[0]) == WordMatch::same, given = given_a.folded == given_b.folded;
  if (family && given) return name_middle_differs;
  return given ? name_given_same : name_differs;
}

/// Are the words of the shorter one found in the longer one, in order?
bool is_subsequence(const NameWord* shorter, int n, const NameWord* longer, int m) {
  int found = 0;
  for (int i = 0; i < m && found < n; ++i) found += longer[i].folded == shorter[found].folded;
  return found == n;
}

NameLevel compare_other_count(const Columns& c, const NameValue& a, const NameValue& b) {
  const NameValue &s = a.words < b.words ? a : b, &l = a.words < b.words ? b : a;
  const NameWord *x = c.words_of(s), *y = c.words_of(l);
  const bool given = c.given(s).folded == c.given(l).folded;
  if (s.words == 1) return given ? name_given_same : name_differs;
  const bool family = x[0].folded == y[0].folded;
  if (family && given && is_subsequence(x, s.words, y, l.words)) return name_middle_missing;
  // Given name first, as foreigners and forms in English write it.
  if (s.words == 2 && x[0].folded == c.given(l).folded && x[1].folded == y[0].folded) return name_middle_missing;
  if (family && given) return name_middle_differs;
  return given ? name_given_same : name_differs;
}

/// A blank lost or put in, or slips that the word by word comparison cannot see.
bool is_same_run_together(const Columns& c, const NameValue& a, const NameValue& b) {
  const std::string_view x = c.words.text(a.folded), y = c.words.text(b.folded);
  if (a.words == b.words || x.size() - a.words != y.size() - b.words) return false;
  std::size_t i = 0, j = 0;
  for (;;) {
    while (i < x.size() && x[i] == ' ') ++i;
    while (j < y.size() && y[j] == ' ') ++j;
    if (i == x.size() || j == y.size()) return i == x.size() && j == y.size();
    if (x[i++] != y[j++]) return false;
  }
}

int digits_apart(PackedDate a, PackedDate b, bool& swapped_neighbours) {
  const auto digits = [](PackedDate d, char* out) {
    int value = year_of(d) * 10000 + month_of(d) * 100 + day_of(d);
    for (int i = 7; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  };
  char x[8], y[8];
  digits(a, x);
  digits(b, y);
  int apart = 0;
  for (int i = 0; i < 8; ++i) apart += x[i] != y[i];
  swapped_neighbours = apart == 2 && is_one_slip({x, 8}, {y, 8});
  return apart;
}

bool shares_id(const RecordRow& a, const RecordRow& b) {
  for (const TextId x : a.id)
    for (const TextId y : b.id)
      if (x != 0 && x == y) return true;
  return false;
}

}  // namespace

NameLevel compare_names(const Columns& c, std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return name_missing;
  const NameValue &x = c.name(a), &y = c.name(b);
  if (a == b) return x.has_marks ? name_same_marked : name_same_folded;
  if (x.folded == y.folded) return compare_marks(c, x, y);
  if (x.sorted == y.sorted) return name_reordered;
  const NameLevel level = x.words == y.words ? compare_same_count(c, x, y) : compare_other_count(c, x, y);
  return level >= name_middle_differs && is_same_run_together(c, x, y) ? name_typo : level;
}

BirthLevel compare_births(PackedDate a, PackedDate b) {
  if (a == 0 || b == 0) return birth_missing;
  if (is_full(a) && is_full(b)) {
    if (a == b) return birth_same;
    const bool same_year = year_of(a) == year_of(b);
    if (same_year && month_of(a) == day_of(b) && day_of(a) == month_of(b)) return birth_swapped;
    bool neighbours = false;
    if (digits_apart(a, b, neighbours) == 1 || neighbours) return birth_one_slip;
    if (same_year) return birth_year_same_day_differs;
    if (month_of(a) == month_of(b) && day_of(a) == day_of(b)) return birth_day_same;
    return birth_differs;
  }
  const int apart = std::abs(year_of(a) - year_of(b));
  return apart == 0 ? birth_year_same : apart == 1 ? birth_year_near : birth_differs;
}

IdLevel compare_ids(const Columns& c, const RecordRow& a, const RecordRow& b) {
  if ((a.id[0] | a.id[1] | a.id[2]) == 0 || (b.id[0] | b.id[1] | b.id[2]) == 0) return id_missing;
  if (a.id[0] != 0 && a.id[0] == b.id[0]) return c.id_values[a.id[0]].weak ? id_same_weak : id_same;
  if (shares_id(a, b)) return id_joined;
  IdLevel level = id_missing;
  for (const TextId x : a.id) {
    for (const TextId y : b.id) {
      if (x == 0 || y == 0 || c.id_values[x].kind != c.id_values[y].kind || c.id_values[x].kind == IdKind::other) continue;
      if (is_one_slip(c.ids.text(x), c.ids.text(y))) return id_one_slip;
      const IdLevel differs = c.id_values[x].kind == IdKind::citizen ? id_differs : id_old_card_differs;
      level = std::max(level, differs);
    }
  }
  return level;
}

PhoneLevel compare_phones(const Columns& c, const RecordRow& a, const RecordRow& b) {
  if (a.phone[0] == 0 || b.phone[0] == 0) return phone_missing;
  PhoneLevel level = phone_differs;
  for (std::size_t i = 0; i < phones_max; ++i) {
    for (std::size_t j = 0; j < phones_max; ++j) {
      if (a.phone[i] == 0 || b.phone[j] == 0) continue;
      const bool own = (a.flags >> (1 + i) & 1) != 0 && (b.flags >> (1 + j) & 1) != 0;
      if (a.phone[i] == b.phone[j]) level = std::min(level, own ? phone_same_own : phone_same);
      else if (level == phone_differs && is_one_slip(c.contacts.text(a.phone[i]), c.contacts.text(b.phone[j]))) level = phone_one_slip;
    }
  }
  return level;
}

AddressLevel compare_addresses(const Columns& c, std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return address_missing;
  if (a == b) return address_same;
  const AddressValue &x = c.address_values[a], &y = c.address_values[b];
  const TextId *i = c.address_words.data() + x.first_word, *i_end = i + x.words;
  const TextId *j = c.address_words.data() + y.first_word, *j_end = j + y.words;
  int common = 0;
  while (i != i_end && j != j_end) {
    if (*i == *j) { ++common; ++i; ++j; }
    else if (*i < *j) ++i;
    else ++j;
  }
  const int shorter = std::min(x.words, y.words);
  const bool house_contradicts = x.house != 0 && y.house != 0 && x.house != y.house;
  if (shorter > 0 && !house_contradicts && x.house == y.house && common == shorter) return address_same;
  if (shorter > 0 && !house_contradicts && 2 * common >= shorter && (x.house == y.house || common >= 2)) return address_similar;
  return address_differs;
}

void compare_identity(const Columns& c, const RecordRow& a, const RecordRow& b, Levels& levels) {
  levels[field_name] = compare_names(c, a.name, b.name);
  levels[field_birth] = compare_births(a.birth, b.birth);
  if (a.sex != 0 && b.sex != 0) levels[field_sex] = a.sex == b.sex ? sex_same : sex_differs;
  levels[field_id] = compare_ids(c, a, b);
}

void compare_reach(const Columns& c, const RecordRow& a, const RecordRow& b, Levels& levels) {
  if (a.insurance != 0 && b.insurance != 0)
    levels[field_insurance] = a.insurance == b.insurance ? insurance_same
                              : is_one_slip(c.ids.text(a.insurance), c.ids.text(b.insurance)) ? insurance_one_slip : insurance_differs;
  if (a.email != 0 && b.email != 0) levels[field_email] = a.email == b.email ? email_same : email_differs;
  levels[field_phone] = compare_phones(c, a, b);
  if (a.ward != 0 && b.ward != 0) levels[field_ward] = a.ward == b.ward ? ward_same : ward_differs;
  levels[field_address] = a.household != 0 && a.household == b.household ? address_same : compare_addresses(c, a.address, b.address);
}

Levels compare_persons(const Columns& c, const RecordRow& a, const RecordRow& b) {
  Levels levels{};
  compare_identity(c, a, b, levels);
  compare_reach(c, a, b, levels);
  return levels;
}

}  // namespace motcua::linkage
