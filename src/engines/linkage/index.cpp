#include <algorithm>
#include <cstring>
#include <type_traits>
#include <unordered_set>

#include "engines/linkage/index_state.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t postings_about = 11;   // of one record

}  // namespace

Index::State::State(Model m, Options o, RecordSet r)
    : model(std::move(m)), options(std::move(o)), records(std::move(r)), scorer(records.columns(), model.state(), sharing), keys(records.columns()),
      postings(options.block_records_max, [this](RecordIndex a, RecordIndex b) {
        const RecordRow &x = records.columns().rows[a], &y = records.columns().rows[b];
        for (std::size_t step = 0; step < keys.refinements(); ++step) {
          const std::uint64_t of_x = keys.refinement_id_of(x, step), of_y = keys.refinement_id_of(y, step);
          if (of_x != of_y) return of_x < of_y;
        }
        return is_before(a, b);
      }) {}

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::Index(Model model, Options options) : state_(std::make_unique<State>(std::move(model), std::move(options))) {}
Index::Index(Model model, RecordSet records, std::span<const std::int64_t> person, Options options)
    : state_(std::make_unique<State>(std::move(model), std::move(options), std::move(records))) {
  State& s = *state_;
  s.sharing.add(s.records.columns(), 0);
  for (RecordIndex r = 0; r < s.records.size(); ++r) {
    s.person.push_back(-1);
    s.mate.push_back(r);
    if (r < person.size()) s.set_person(r, person[r]);
  }
  s.build();
}
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;

const RecordSet& Index::records() const { return state_->records; }
std::size_t Index::size() const { return state_->records.size() - state_->replaced; }
std::int64_t Index::person_of(RecordIndex record) const { return state_->person[record]; }
Explanation Index::explain(RecordIndex a, RecordIndex b) const { return state_->scorer.explain(a, b); }
RecordIndex Index::find(std::string_view key) const { return state_->find(key); }
void Index::place(RecordIndex record, std::int64_t person) { state_->set_person(record, person); }
void Index::touch(RecordIndex record) { state_->touched.push_back(record); }

std::uint64_t Index::bytes() const {
  const State& s = *state_;
  return s.records.bytes() + s.sharing.bytes() + s.postings.bytes() + s.person.capacity() * 4 + s.mate.capacity() * 4 + s.member.capacity() * 4 +
         s.scorer.bytes();
}

bool Index::State::is_before(RecordIndex a, RecordIndex b) const {
  const int by_key = records.key(a).compare(records.key(b));
  return by_key != 0 ? by_key < 0 : a < b;
}

void Index::State::keys_of(RecordIndex record, std::vector<std::uint64_t>& out) const {
  out.clear();
  for (std::size_t family = 0; family <= key_address; ++family) keys.keys(record, family, out);
  out.push_back(combine_hash(key_record, hash_text(records.key(record))));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

void Index::State::build() {
  std::vector<std::uint64_t> found;
  postings.build(records.size() * postings_about, [&](const Postings::Visit& visit) {
    for (RecordIndex r = 0; r < records.size(); ++r) {
      if (mate[r] == no_record) continue;
      keys_of(r, found);
      for (const std::uint64_t key : found) visit(key, r);
    }
  });
  built = true;
}

RecordIndex Index::State::find(std::string_view key) const {
  const auto block = postings.find(combine_hash(key_record, hash_text(key)));
  for (const auto& part : {block.base, block.fresh})
    for (const RecordIndex r : part)
      if (records.key(r) == key) return r;
  return no_record;
}

RecordIndex* Index::State::member_of(std::int64_t number) {
  if (number < 0) return &unnamed_member.try_emplace(number, no_record).first->second;
  if (static_cast<std::size_t>(number) >= member.size()) member.resize(static_cast<std::size_t>(number) + 1, no_record);
  return &member[static_cast<std::size_t>(number)];
}

void Index::State::set_person(RecordIndex record, std::int64_t to) {
  if (person[record] == to) return;
  if (person[record] != -1) {
    RecordIndex* known = member_of(person[record]);
    RecordIndex before = record;
    while (mate[before] != record) before = mate[before];
    if (*known == record) *known = before == record ? no_record : before;
    if (*known == no_record) unnamed_member.erase(person[record]);
    mate[before] = mate[record];
  }
  mate[record] = record;
  person[record] = static_cast<std::int32_t>(to);
  if (to == -1) return;
  RecordIndex* known = member_of(to);
  if (*known == no_record) *known = record;
  else std::swap(mate[record], mate[*known]);
}

RecordIndex Index::State::append(const PersonRecord& record, std::int64_t to) {
  const RecordIndex r = records.add(record);
  sharing.add(records.columns(), r);
  scorer.extend();
  person.push_back(-1);
  mate.push_back(r);
  set_person(r, to);
  if (!built) return r;
  std::vector<std::uint64_t> found;
  keys_of(r, found);
  for (const std::uint64_t key : found) postings.add(key, r);
  return r;
}

/// Takes an earlier version out of everything but the columns.
void Index::State::replace(RecordIndex old) {
  disturb(old);
  each_mate(old, [&](RecordIndex r) { dirty.push_back(r); });
  std::vector<std::uint64_t> found;
  keys_of(old, found);
  for (const std::uint64_t key : found) postings.remove(key, old);
  sharing.remove(records.columns(), old, sharers_of(records.columns().rows[old], walked_records_max));
  set_person(old, -1);
  mate[old] = no_record;
  ++replaced;
}

/// Nothing changed that is compared.
bool Index::State::is_same(RecordIndex known, const PersonRecord& record) {
  static_assert(std::has_unique_object_representations_v<RecordRow>);
  const RecordRow row = records.columns_->to_row(record);
  scorer.extend();
  return std::memcmp(&row, &records.columns().rows[known], sizeof row) == 0;
}

void Index::load(std::span<const PersonRecord> records, std::span<const std::int64_t> person) {
  State& s = *state_;
  if (s.records.size() == 0) s.built = false;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::int64_t to = i < person.size() ? person[i] : -1;
    const RecordIndex old = s.built ? s.find(records[i].key) : no_record;
    if (old != no_record && s.is_same(old, records[i])) {
      s.set_person(old, to);
      continue;
    }
    if (old != no_record) s.replace(old);
    const RecordIndex r = s.append(records[i], to);
    if (old != no_record) s.disturb(r);
  }
}

void Index::constrain(std::vector<Decision> decisions) {
  State& s = *state_;
  if (!s.built) s.build();
  for (Decision& d : decisions)
    if (d.key_b < d.key_a) std::swap(d.key_a, d.key_b);
  std::sort(decisions.begin(), decisions.end());
  std::vector<Decision> differ;
  std::set_symmetric_difference(decisions.begin(), decisions.end(), s.decisions.begin(), s.decisions.end(), std::back_inserter(differ));
  for (const Decision& d : differ)
    for (const std::string& key : {d.key_a, d.key_b})
      if (const RecordIndex r = s.find(key); r != no_record) s.dirty.push_back(r);
  s.decisions = std::move(decisions);
  s.must.clear();
  s.cannot.clear();
  for (const Decision& d : s.decisions) {
    auto& list = d.same ? s.must : s.cannot;
    list[d.key_a].push_back(d.key_b);
    list[d.key_b].push_back(d.key_a);
  }
}

Index::Changes Index::add(std::span<const PersonRecord> records) {
  State& s = *state_;
  if (!s.built || s.postings.is_due()) s.build();
  std::vector<RecordIndex> given;
  given.swap(s.touched);
  for (const PersonRecord& record : records) {
    const RecordIndex old = s.find(record.key);
    if (old != no_record && s.is_same(old, record)) {
      given.push_back(old);
      continue;
    }
    const std::int64_t before = old == no_record ? -1 : s.person[old];
    if (old != no_record) s.replace(old);
    given.push_back(s.append(record, before));
    s.disturb(given.back());
  }
  std::erase_if(given, [&](RecordIndex r) { return s.mate[r] == no_record; });   // one key twice
  std::sort(given.begin(), given.end());
  given.erase(std::unique(given.begin(), given.end()), given.end());
  std::vector<RecordIndex> seeds = given;
  for (const RecordIndex r : s.dirty)
    if (s.mate[r] != no_record) seeds.push_back(r);
  s.dirty.clear();
  Changes changes;
  if (seeds.empty()) return changes;
  auto hood = s.connected_to(seeds);
  s.adopt(hood, s.work(hood), given, changes);
  return changes;
}

void Index::rename(std::int64_t from, std::int64_t to) {
  const auto found = state_->unnamed_member.find(from);
  if (found == state_->unnamed_member.end() || from == to) return;
  std::vector<RecordIndex> of_person{found->second};
  state_->each_mate(found->second, [&](RecordIndex r) { of_person.push_back(r); });
  for (const RecordIndex r : of_person) state_->set_person(r, to);
}

std::vector<Index::Match> Index::resolve(const PersonRecord& query, std::size_t limit) {
  State& s = *state_;
  if (!s.built) s.build();
  const auto mark = s.records.columns_->mark();
  const RecordRow row = s.records.columns_->to_row(query);
  s.scorer.extend();
  std::vector<ScoredPair> found;
  constexpr std::size_t rows_ahead = 24, names_ahead = 16, words_ahead = 8;
  const std::vector<RecordIndex> candidates = s.candidates_of(row, no_record);
  found.reserve(candidates.size());
  for (std::size_t i = 0; i < std::min(rows_ahead, candidates.size()); ++i) s.scorer.prefetch_row(candidates[i]);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i + rows_ahead < candidates.size()) s.scorer.prefetch_row(candidates[i + rows_ahead]);
    if (i + names_ahead < candidates.size()) s.scorer.prefetch_name(candidates[i + names_ahead]);
    if (i + words_ahead < candidates.size()) s.scorer.prefetch_words(candidates[i + words_ahead]);
    const RecordIndex r = candidates[i];
    const double bits = s.scorer.bits_of_rows(row, s.records.columns().rows[r], {.nameless = true});
    found.push_back({no_record, r, static_cast<float>(bits), static_cast<float>(to_probability(bits))});
  }
  std::sort(found.begin(), found.end(), [&](const ScoredPair& a, const ScoredPair& b) { return a.bits != b.bits ? a.bits > b.bits : s.is_before(a.b, b.b); });
  std::vector<Match> matches;
  std::unordered_set<std::int64_t> seen;
  for (const ScoredPair& pair : found) {
    if (matches.size() == limit) break;
    const std::int64_t person = s.person[pair.b];
    if (person != -1 && !seen.insert(person).second) continue;
    matches.push_back({person, pair, s.scorer.explain_rows(row, s.records.columns().rows[pair.b], true)});
  }
  s.records.columns_->forget_from(mark);
  s.scorer.extend();
  return matches;
}

}  // namespace motcua::linkage
