#include "rooms/identity/repair_rules.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "base/time.hpp"
#include "base/vietnamese.hpp"

namespace motcua::identity {
namespace {

constexpr int tellers_min = 2;   // that make a value certain where the register says nothing

/// What the sources say in one field.
struct Word {
  std::string value, source;
  bool certain = false;
};

std::string cleaned(std::string_view name) {
  auto clean = vietnamese::clean_name(name);
  return clean ? *std::move(clean) : std::string(name);
}

bool is_register(const Record& r) { return r.kind == "residents"; }

std::string sorted_words(const std::string& folded) {
  const auto words = vietnamese::words(folded);
  const std::multiset<std::string_view> sorted(words.begin(), words.end());
  std::string out;
  for (const auto word : sorted) (out += word) += ' ';
  return out;
}

/// One digit replaced, left out, put in, or exchanged with its neighbour.
bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin());
  const std::string_view rest_a(x, a.end()), rest_b(y, b.end());
  if (rest_a.empty() || rest_b.size() - rest_a.size() == 1) return rest_b.size() <= 1 || rest_a == rest_b.substr(1);
  if (rest_a.size() != rest_b.size()) return false;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

using Value = std::function<std::string(const Record&)>;   // empty: says nothing of use
using Key = std::function<std::string(const std::string&)>;

/// The register's word; else what most of the others say, certain when two or more do and nobody says otherwise.
std::optional<Word> word_of(std::span<const Record* const> sources, const Value& value, const Key& key) {
  struct Told { int tellers = 0; Word word; };
  std::map<std::string, Told> told;
  int all = 0;
  for (const Record* r : sources) {
    std::string said = value(*r);
    if (said.empty()) continue;
    if (is_register(*r)) return Word{std::move(said), key_of(r->source, r->record_id), true};
    Told& t = told[key(said)];
    // Of several spellings the one that says most stands for them.
    if (t.tellers++ == 0 || said.size() > t.word.value.size()) t.word = {std::move(said), key_of(r->source, r->record_id), false};
    ++all;
  }
  const auto most = std::max_element(told.begin(), told.end(), [](const auto& a, const auto& b) { return a.second.tellers < b.second.tellers; });
  if (most == told.end() || 2 * most->second.tellers <= all) return std::nullopt;   // they disagree among themselves
  Word word = most->second.word;
  word.certain = most->second.tellers >= tellers_min && most->second.tellers == all;
  return word;
}

const Key as_it_is = [](const std::string& text) { return text; };

std::optional<Correction> check_name(const RepairQuestion& q, std::span<const Record* const> sources) {
  const auto word = word_of(sources, [](const Record& r) { return is_register(r) ? r.full_name : vietnamese::title_case(cleaned(r.full_name)); },
                            [](const std::string& name) { return vietnamese::fold(name); });
  if (!word || is_same_name(q.row->full_name, word->value)) return std::nullopt;
  return Correction{RepairField::name, word->value, word->source, word->certain};
}

std::optional<Correction> check_birth(const RepairQuestion& q, std::span<const Record* const> sources) {
  const auto word = word_of(sources, [](const Record& r) {
    const auto date = parse_date(r.birth);
    const bool told = date && date->full() && (is_register(r) || date->day != 1 || date->month != 1);   // 1 January stands for a year
    return told ? r.birth : std::string();
  }, as_it_is);
  if (!word) return std::nullopt;
  const auto row = parse_date(q.row->birth), should = parse_date(word->value);
  if (row && should && row->year == should->year && !row->full()) return std::nullopt;
  if (q.row->birth == word->value) return std::nullopt;
  return Correction{RepairField::birth, word->value, word->source, word->certain};
}

std::optional<Correction> check_id(const RepairQuestion& q, std::span<const Record* const> sources) {
  constexpr std::size_t cccd_digits = 12;
  if (q.row->id_number.empty() && !q.row->passport.empty()) return std::nullopt;   // another paper, not a wrong number
  const auto word = word_of(sources, [](const Record& r) { return r.id_number.size() == cccd_digits ? r.id_number : std::string(); }, as_it_is);
  if (!word || q.row->id_number == word->value) return std::nullopt;
  return Correction{RepairField::id_number, word->value, word->source, word->certain};
}

/// Her own number as she or the register told it; else that of an app that the other records' phones say is hers.
std::optional<Word> own_phone(std::span<const Record* const> sources) {
  auto told = word_of(sources, [](const Record& r) { return r.phone_is_own && r.has_name() ? r.phone : std::string(); }, as_it_is);
  if (told) return told;
  return word_of(sources, [](const Record& r) { return r.has_name() ? std::string() : r.phone; }, as_it_is);
}

std::optional<Correction> check_phone(const RepairQuestion& q, std::span<const Record* const> sources) {
  const std::string& phone = q.row->phone;
  if (!phone.empty() && std::any_of(sources.begin(), sources.end(), [&](const Record* r) { return r->phone == phone; })) return std::nullopt;
  const auto own = own_phone(sources);
  if (!own) return std::nullopt;
  bool told_by_her = false, registered = false;
  int tellers = 0;
  for (const Record* r : sources) {
    if (r->phone != own->value) continue;
    ++tellers;
    told_by_her = told_by_her || (r->has_name() && r->phone_is_own);
    registered = registered || is_register(*r);
  }
  const bool slip = phone.empty() || is_one_slip(phone, own->value);
  const bool certain = told_by_her && (q.phone_is_anothers || tellers >= tellers_min || (registered && slip));
  return Correction{RepairField::phone, own->value, own->source, certain};
}

}  // namespace

bool is_same_name(std::string_view a, std::string_view b) {
  const std::string x = cleaned(a), y = cleaned(b), x_folded = vietnamese::fold(x), y_folded = vietnamese::fold(y);
  if (x_folded != y_folded) return sorted_words(x_folded) == sorted_words(y_folded);
  const bool marks_left_out = !vietnamese::has_marks(x) || !vietnamese::has_marks(y);
  return marks_left_out || vietnamese::fold_keeping_marks(x) == vietnamese::fold_keeping_marks(y);
}

std::vector<Correction> find_corrections(const RepairQuestion& question, std::span<const Record* const> sources) {
  constexpr std::array checks{check_name, check_birth, check_phone, check_id};   // in the order of RepairField
  std::vector<Correction> out;
  for (std::size_t f = 0; f < checks.size(); ++f)
    if (question.told[f])
      if (auto wrong = checks[f](question, sources)) out.push_back(std::move(*wrong));
  // Somebody else's number, and not her name or birth date either: it may be the other's dose.
  const auto is_who = [](const Correction& c) { return c.field == RepairField::name || c.field == RepairField::birth; };
  if (question.id_is_anothers && std::any_of(out.begin(), out.end(), is_who))
    for (Correction& c : out) c.certain = false;
  return out;
}

}  // namespace motcua::identity
