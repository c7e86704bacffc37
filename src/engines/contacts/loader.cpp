#include "engines/contacts/loader.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <span>
#include <thread>
#include <utility>

#include "engines/contacts/graph.hpp"
#include "engines/contacts/log.hpp"

namespace motcua::contacts {
namespace {

constexpr std::uint64_t facts_a_rewrite = 4;   // of an old file for each fact that comes; a larger file stays beside the new one
constexpr std::size_t waiting_max = 64;   // facts whose ids are looked up together

std::string spill_name(int day, bool visits) { return std::string(visits ? "spill-visits-" : "spill-contacts-") + std::to_string(day); }

/// Whether a file names persons and places that the dictionaries hold: its checksum says that it was written so, not that it was us.
bool name_only(const std::vector<Entry>& entries, std::uint32_t owners, std::uint32_t others) {
  return std::all_of(entries.begin(), entries.end(), [&](const Entry& e) { return e.owner < owners && e.other < others; });
}

}  // namespace

Result<std::unique_ptr<Loader>> Loader::open(Folder& folder, const LoadLimits& limits) {
  TRY(folder.lock());
  std::unique_ptr<Loader> loader(new Loader(folder, limits));
  TRY(loader->begin(all_generations));
  return loader;
}

Result<Totals> Loader::fold(Folder& folder, const LoadLimits& limits, std::uint64_t before) {
  Loader loader(folder, limits);
  TRY(loader.begin(before));
  return loader.finish();
}

Loader::~Loader() {
  if (leaves_files_) (void)remove_leftovers(before_);
}

/// What is there, and what the logs hold.
Result<void> Loader::begin(std::uint64_t before) {
  TRY_ASSIGN(before_, read_manifest(folder_, true));
  TRY(remove_leftovers(before_));
  leaves_files_ = true;
  TRY_ASSIGN(const std::uint64_t behind, next_generation(folder_, before_));
  folded_before_ = std::min(before, behind);
  TRY(open_ids(folder_, before_.persons, known_persons_));
  TRY(open_ids(folder_, before_.places, known_places_));
  persons_.over(known_persons_);
  places_.over(known_places_);
  std::vector<std::string> damaged;
  TRY(read_logs(folder_, before_, folded_before_, damaged, [&](const Told& fact) { return add(fact); }));
  if (!damaged.empty()) return Failure{FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", damaged.front()}}, {}};
  return {};
}

Result<void> Loader::check_room() const {
  if (persons_.size() < ids_max && places_.size() < ids_max) return {};
  return Failure{FailureKind::too_large, "contacts.too_many_ids", {}, {}, {{"limit", std::to_string(ids_max)}}};
}

/// What a load that did not end left, and files that were replaced.
Result<void> Loader::remove_leftovers(const Manifest& keep) {
  TRY_ASSIGN(const auto names, folder_.list());
  for (const std::string& name : names) {
    const bool ours = name.starts_with("spill-") || name.starts_with("day-") || name.starts_with("persons.") || name.starts_with("places.");
    if ((ours && !keep.names(name)) || is_folded(name, keep)) TRY(folder_.remove(name));
  }
  return {};
}

Result<void> Loader::add(const Told& fact) {
  TRY(check_fact(fact));
  waiting_.push_back({fact.visit, static_cast<std::uint32_t>(fact.owner.size()), static_cast<std::uint32_t>(fact.other.size()), fact.span, sayings_.number(to_saying(fact))});
  waiting_text_.append(fact.owner).append(fact.other);
  return waiting_.size() < waiting_max ? Result<void>{} : take_waiting();
}

Result<void> Loader::take_waiting() {
  TRY(check_room());
  std::array<std::string_view, 2 * waiting_max> persons;
  std::array<std::string_view, waiting_max> places;
  std::size_t n = 0, m = 0;
  const char* at = waiting_text_.data();
  for (const Waiting& fact : waiting_) {
    persons[n++] = {at, fact.owner_bytes};
    (fact.visit ? places[m++] : persons[n++]) = {at + fact.owner_bytes, fact.other_bytes};
    at += fact.owner_bytes + fact.other_bytes;
  }
  std::array<std::uint32_t, 2 * waiting_max> person_numbers;
  std::array<std::uint32_t, waiting_max> place_numbers;
  TRY(persons_.numbers({persons.data(), n}, person_numbers.data()));
  TRY(places_.numbers({places.data(), m}, place_numbers.data()));
  n = m = 0;
  for (const Waiting& fact : waiting_) {
    const std::uint32_t owner = person_numbers[n++];
    TRY(take(fact, owner, fact.visit ? place_numbers[m++] : person_numbers[n++]));
  }
  waiting_.clear();
  waiting_text_.clear();
  return {};
}

Result<void> Loader::add(const NumberedContact& fact) {
  TRY(check_fact(fact));
  waiting_numbers_.push_back(fact.owner);
  waiting_numbers_.push_back(fact.other);
  waiting_numbered_.push_back({false, 0, 0, fact.span, sayings_.number(to_saying(fact))});
  return waiting_numbered_.size() < waiting_max ? Result<void>{} : take_numbered();
}

Result<void> Loader::take_numbered() {
  TRY(check_room());
  std::array<std::uint32_t, 2 * waiting_max> persons;
  TRY(person_numbers_.numbers(waiting_numbers_, persons.data(), persons_));
  for (std::size_t i = 0; i < waiting_numbered_.size(); ++i) TRY(take(waiting_numbered_[i], persons[2 * i], persons[2 * i + 1]));
  waiting_numbered_.clear();
  waiting_numbers_.clear();
  return {};
}

Loader::Collected& Loader::facts_of(int day) {
  auto& [known, facts] = recent_[static_cast<unsigned>(day) % recent_.size()];
  if (facts == nullptr || known != day) known = day, facts = &days_[day];
  return *facts;
}

Result<void> Loader::take(const Waiting& fact, std::uint32_t owner, std::uint32_t other) {
  const int day = day_of(fact.span.from);
  Collected& facts = facts_of(day);
  facts.withdraws = facts.withdraws || sayings_[fact.saying].withdraws;
  (fact.visit ? facts.visits : facts.contacts)
      .push_back({owner, other, static_cast<std::uint32_t>(fact.span.from - midnight_of(day)), fact.saying, static_cast<std::uint64_t>(fact.span.length())});
  if (++held_ < limits_.facts_in_memory_max) return {};
  return spill();
}

Result<void> Loader::spill() {
  for (auto& [day, collected] : days_) {
    collected.spilled_contacts += collected.contacts.size();
    collected.spilled_visits += collected.visits.size();
    TRY(spill(day, false, collected.contacts));
    TRY(spill(day, true, collected.visits));
  }
  held_ = 0;
  return {};
}

Result<void> Loader::spill(int day, bool visits, Facts& facts) {
  if (facts.empty()) return {};
  TRY_ASSIGN(auto file, folder_.append_to(spill_name(day, visits)));
  TRY(file->append({reinterpret_cast<const std::uint8_t*>(facts.data()), facts.size() * sizeof(Entry)}));
  facts.clear();
  return {};
}

Result<void> Loader::read_back(int day, bool visits, Facts& into) const {
  TRY_ASSIGN(const auto file, folder_.map(spill_name(day, visits)));
  const auto bytes = file->bytes();
  const std::size_t had = into.size();
  into.resize(had + bytes.size() / sizeof(Entry));
  std::memcpy(into.data() + had, bytes.data(), bytes.size() / sizeof(Entry) * sizeof(Entry));
  return {};
}

Result<FileName> Loader::write(const std::string& name, std::vector<std::uint8_t> payload) {
  FileName file{name, payload.size(), 0};
  file.hash = seal(payload);
  TRY(folder_.replace(name, payload));
  return file;
}

/// New ids into a file of their own; where there are many files, together with those of the last files that are not much larger.
Result<void> Loader::write_ids(const std::string& name, IdTable& table, const Dictionary& known, std::vector<Manifest::Ids>& parts) {
  std::vector<NumberedId> ids = table.order();
  if (ids.empty()) return {};
  std::size_t merged = parts.size(), count = ids.size();
  if (parts.size() >= id_files_max)
    while (merged > 0 && (merged + 2 > parts.size() || parts[merged - 1].count <= 2 * count)) count += parts[--merged].count;
  std::string texts;
  std::vector<std::pair<std::size_t, std::uint32_t>> old;      // end of its text, number
  TRY(known.all([&](std::uint32_t number, std::string_view id) {
    texts += id;
    old.emplace_back(texts.size(), number);
  }, merged));
  std::size_t from = 0;
  for (const auto& [to, number] : old) {
    ids.push_back({std::string_view(texts).substr(from, to - from), number});
    from = to;
  }
  if (!old.empty()) std::sort(ids.begin(), ids.end(), [](const NumberedId& a, const NumberedId& b) { return a.text < b.text; });
  const std::uint32_t first = merged < parts.size() ? parts[merged].first : table.known_count();
  Manifest::Ids part{{}, first, table.size() - first, static_cast<std::uint32_t>(ids.size())};
  TRY_ASSIGN(part.file, write(name + "." + std::to_string(before_.next_file), encode_ids(ids, part.first, part.span)));
  parts.resize(merged);
  parts.push_back(part);
  return {};
}

/// What a file holds, checked against the dictionaries.
Result<DayFacts> Loader::known_facts(const Manifest::Day& old) const {
  TRY_ASSIGN(const auto file, DayFile::open(folder_, old.file.name, old.file.size, old.file.hash));
  TRY_ASSIGN(DayFacts known, file->decode());
  if (!name_only(known.contacts, persons_.size(), persons_.size()) || !name_only(known.visits, persons_.size(), places_.size()))
    return Failure{FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", old.file.name}}, {}};
  return known;
}

/// The new files of a day: what came, and what its files held that were neither full nor much larger (all of them when something is taken back).
Result<Loader::Written> Loader::write_day(int day, Collected& collected) {
  Written written;
  DayFacts facts;
  facts.sayings = sayings_;
  std::vector<Manifest::Day> olds;
  for (const Manifest::Day& old : before_.days)
    if (old.day == day) olds.push_back(old);
  const auto size_of = [](const Manifest::Day& old) { return old.contacts + old.visits; };
  std::sort(olds.begin(), olds.end(), [&](const auto& x, const auto& y) { return size_of(x) < size_of(y); });
  std::uint64_t sum = collected.contacts.size() + collected.visits.size() + collected.spilled_contacts + collected.spilled_visits;
  for (const Manifest::Day& old : olds) {
    if (!collected.withdraws && (size_of(old) >= limits_.facts_a_file_max || size_of(old) > facts_a_rewrite * sum)) {
      written.files.push_back(old);
      continue;
    }
    sum += size_of(old);
    TRY_ASSIGN(const DayFacts known, known_facts(old));
    for (const auto& [from, to] : {std::pair{&known.contacts, &facts.contacts}, std::pair{&known.visits, &facts.visits}})
      for (Entry e : *from) {
        e.saying = facts.sayings.number(known.sayings[e.saying]);
        to->push_back(e);
      }
  }
  const std::size_t old_contacts = facts.contacts.size(), old_visits = facts.visits.size();
  if (collected.spilled_contacts > 0) TRY(read_back(day, false, facts.contacts));
  if (collected.spilled_visits > 0) TRY(read_back(day, true, facts.visits));
  const auto append = [](Facts& from, Facts& to) {
    if (to.empty()) to.swap(from);
    else to.insert(to.end(), from.begin(), from.end());
    Facts().swap(from);
  };
  append(collected.contacts, facts.contacts);
  append(collected.visits, facts.visits);
  for (Entry& e : std::span(facts.contacts).subspan(old_contacts)) e.owner = persons_.final_number(e.owner), e.other = persons_.final_number(e.other);
  for (Entry& e : std::span(facts.visits).subspan(old_visits)) e.owner = persons_.final_number(e.owner), e.other = places_.final_number(e.other);
  written.withdrawn = withdraw(facts);
  TRY(write_parts(day, std::move(facts), written));
  return written;
}

Result<void> Loader::write_parts(int day, DayFacts facts, Written& written) {
  for (int part = 0; !facts.contacts.empty() || !facts.visits.empty(); ++part) {
    DayFacts some;
    some.sayings = facts.sayings;
    std::size_t room = limits_.facts_a_file_max;
    for (auto [from, to] : {std::pair{&facts.contacts, &some.contacts}, std::pair{&facts.visits, &some.visits}}) {
      const std::size_t n = std::min(room, from->size());
      if (n == from->size()) to->swap(*from);
      else to->assign(from->end() - static_cast<std::ptrdiff_t>(n), from->end()), from->resize(from->size() - n);
      room -= n;
    }
    Manifest::Day file{day, {}, some.contacts.size(), some.visits.size()};
    const std::string name = "day-" + to_date(day) + "." + std::to_string(before_.next_file) + (part > 0 ? "." + std::to_string(part) : "");
    TRY_ASSIGN(file.file, write(name, encode_day(day, std::move(some), persons_.size(), places_.size())));
    written.files.push_back(file);
  }
  return {};
}

Result<std::uint64_t> Loader::write_days(Manifest& next) {
  for (const Manifest::Day& old : before_.days)
    if (!days_.contains(old.day)) next.days.push_back(old);
  std::vector<std::pair<int, Collected*>> work;
  for (auto& [day, collected] : days_) work.emplace_back(day, &collected);
  std::atomic<std::size_t> taken{0};
  std::mutex mutex;
  std::optional<Failure> failure;
  std::uint64_t withdrawn = 0;
  const auto run = [&] {
    for (std::size_t i = taken++; i < work.size(); i = taken++) {
      auto written = write_day(work[i].first, *work[i].second);
      const std::lock_guard hold(mutex);
      if (!written && !failure) failure = std::move(written).failure();
      if (failure) return;
      next.days.insert(next.days.end(), written->files.begin(), written->files.end());
      withdrawn += written->withdrawn;
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < limits_.threads; ++i) others.emplace_back(run);
  run();
  for (std::thread& t : others) t.join();
  if (failure) return *failure;
  std::sort(next.days.begin(), next.days.end(), [](const auto& a, const auto& b) { return std::tie(a.day, a.file.name) < std::tie(b.day, b.file.name); });
  return withdrawn;
}

Result<Totals> Loader::finish() {
  TRY(take_waiting());
  TRY(take_numbered());
  Manifest next{before_.next_file + 1, folded_before_, before_.persons, before_.places, {}};
  TRY(write_ids("persons", persons_, known_persons_, next.persons));
  TRY(write_ids("places", places_, known_places_, next.places));
  TRY_ASSIGN(const std::uint64_t withdrawn, write_days(next));
  TRY(folder_.sync());
  const std::string text = next.to_text();
  leaves_files_ = false;                               // the manifest may be on disk even when the next step fails
  TRY(folder_.replace(manifest_name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  TRY(folder_.sync());
  TRY(remove_leftovers(next));
  Totals totals{Manifest::count_of(next.persons), Manifest::count_of(next.places), 0, 0, withdrawn};
  for (const Manifest::Day& day : next.days) totals.contacts += day.contacts, totals.visits += day.visits;
  return totals;
}

}  // namespace motcua::contacts
