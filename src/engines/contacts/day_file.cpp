#include "engines/contacts/day_file.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

namespace motcua::contacts {
namespace {

constexpr std::uint64_t magic = 0x32594144434d;   // "MCDAY2"

struct Head {
  std::uint64_t magic;
  std::int64_t day, unit, from, to;
  std::uint64_t contacts_at, visits_of_at, visits_at_at, sayings_at, sayings;
};

/// A saying in the file.
struct Row {
  Time recorded, withdrawn;
  std::int32_t distance_cm;
  std::int16_t seat_row;
  char seat_letter;
  std::uint8_t kind_and_masked;         // bit 7: masked
};
static_assert(sizeof(Row) == 24);

/// The coarsest of minute, second and millisecond in which all starts and durations are whole.
Time unit_of(const DayFacts& facts) {
  Time unit = 60'000;
  const auto take = [&](const std::vector<Entry>& entries) {
    for (const Entry& e : entries) {
      if (unit == 60'000 && (e.start % 60'000 != 0 || e.duration % 60'000 != 0)) unit = 1'000;
      if (unit == 1'000 && (e.start % 1'000 != 0 || e.duration % 1'000 != 0)) unit = 1;
      if (unit == 1) return;
    }
  };
  take(facts.contacts);
  take(facts.visits);
  return unit;
}

void scale(std::vector<Entry>& entries, Time unit) {
  for (Entry& e : entries) {
    e.start = static_cast<std::uint32_t>(e.start / static_cast<std::uint32_t>(unit));
    e.duration /= static_cast<std::uint64_t>(unit);
  }
}

void add_swapped(std::vector<Entry>& entries) {
  const std::size_t n = entries.size();
  entries.resize(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    entries[n + i] = entries[i];
    std::swap(entries[n + i].owner, entries[n + i].other);
  }
}

constexpr unsigned digit_bits = 11;

void sort_by_digit(std::vector<Entry>& entries, std::vector<Entry>& scratch, unsigned shift, std::uint32_t Entry::*key) {
  std::array<std::size_t, 1U << digit_bits> at{};
  for (const Entry& e : entries) ++at[(e.*key >> shift) & low_mask(digit_bits)];
  std::size_t sum = 0;
  for (std::size_t& n : at) sum += std::exchange(n, sum);
  for (const Entry& e : entries) scratch[at[(e.*key >> shift) & low_mask(digit_bits)]++] = e;
  entries.swap(scratch);
}

/// Only the sayings that are used, those of contacts before those of visits: their numbers get narrow.
std::vector<Row> number_sayings(DayFacts& facts) {
  std::vector<std::uint32_t> number(facts.sayings.size(), UINT32_MAX);
  std::vector<Row> rows;
  for (auto* entries : {&facts.contacts, &facts.visits}) {
    const auto first = static_cast<std::uint32_t>(rows.size());
    for (Entry& e : *entries) {
      std::uint32_t& n = number[e.saying];
      if (n == UINT32_MAX || n < first) {
        const Saying& s = facts.sayings[e.saying];
        n = static_cast<std::uint32_t>(rows.size());
        rows.push_back({s.recorded, s.withdrawn, s.distance_cm, s.seat.row, s.seat.letter,
                        static_cast<std::uint8_t>(static_cast<unsigned>(s.kind) | (s.both_masked ? 128U : 0U))});
      }
      e.saying = n;
    }
  }
  return rows;
}

/// False when these are no sayings.
bool read_sayings(const CheckedFile& file, const Head& head, std::vector<Saying>& into) {
  if (head.sayings > sayings_max || !file.good(head.sayings_at, head.sayings * sizeof(Row))) return false;
  into.reserve(head.sayings);
  for (std::uint64_t i = 0; i < head.sayings; ++i) {
    Row row;
    std::memcpy(&row, file.payload().data() + head.sayings_at + i * sizeof row, sizeof row);
    const unsigned kind = row.kind_and_masked & 127U;
    if (kind >= kinds_count) return false;
    into.push_back({row.recorded, row.withdrawn, row.distance_cm, {row.seat_row, row.seat_letter}, static_cast<Kind>(kind), row.kind_and_masked >= 128, false});
  }
  return true;
}

std::uint64_t withdraw_from(std::vector<Entry>& entries, Sayings& sayings, bool pairs) {
  const auto key = [&](const Entry& e) {
    const bool turned = pairs && e.owner > e.other;
    return std::make_tuple(turned ? e.other : e.owner, turned ? e.owner : e.other, e.start, e.duration);
  };
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto x = key(entries[a]), y = key(entries[b]);
    return x != y ? x < y : a > b;                            // of the same facts the last one first
  });
  std::uint64_t taken_back = 0;
  const Entry* last = nullptr;
  Time at = never;                                            // when what stands before is taken back
  for (const std::size_t i : order) {
    Entry& e = entries[i];
    if (last == nullptr || key(*last) != key(e)) at = never;
    last = &e;
    Saying s = sayings[e.saying];
    if (s.withdraws) at = s.recorded;
    else if (at != never && s.withdrawn == never) {
      s.withdrawn = at;
      e.saying = sayings.number(s);
      ++taken_back;
    }
  }
  std::erase_if(entries, [&](const Entry& e) { return sayings[e.saying].withdraws; });
  return taken_back;
}

Failure damaged(const std::string& name) { return {FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", name}}, {}}; }

}  // namespace

void sort_entries(std::vector<Entry>& entries) {
  if (entries.size() < 4096) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::tie(a.owner, a.start) < std::tie(b.owner, b.start); });
    return;
  }
  std::uint32_t owner = 0, start = 0;
  for (const Entry& e : entries) owner |= e.owner, start |= e.start;
  std::vector<Entry> scratch(entries.size());
  for (unsigned shift = 0; shift < 32 && (start >> shift) != 0; shift += digit_bits) sort_by_digit(entries, scratch, shift, &Entry::start);
  for (unsigned shift = 0; shift < 32 && (owner >> shift) != 0; shift += digit_bits) sort_by_digit(entries, scratch, shift, &Entry::owner);
}

std::uint64_t withdraw(DayFacts& facts) {
  if (!facts.sayings.any_withdraws()) return 0;
  return withdraw_from(facts.contacts, facts.sayings, true) + withdraw_from(facts.visits, facts.sayings, false);
}

std::vector<std::uint8_t> encode_day(int day, DayFacts facts, std::uint32_t persons, std::uint32_t places) {
  const Time unit = unit_of(facts);
  const Time midnight = midnight_of(day);
  Head head{magic, day, unit, never, since_ever, 0, 0, 0, 0, 0};
  for (const auto* entries : {&facts.contacts, &facts.visits})
    for (const Entry& e : *entries) {
      head.from = std::min<Time>(head.from, midnight + e.start);
      head.to = std::max<Time>(head.to, midnight + e.start + static_cast<Time>(e.duration));
    }
  std::vector<std::uint8_t> out(sizeof head);
  const std::vector<Row> rows = number_sayings(facts);
  head.sayings_at = out.size();
  head.sayings = rows.size();
  out.resize(out.size() + rows.size() * sizeof(Row));
  if (!rows.empty()) std::memcpy(out.data() + head.sayings_at, rows.data(), rows.size() * sizeof(Row));
  const auto add = [&](std::vector<Entry>& entries, std::uint32_t owners) {
    const std::uint64_t at = out.size();
    sort_entries(entries);
    write_lists(entries, owners, out);
    return at;
  };
  scale(facts.contacts, unit);
  add_swapped(facts.contacts);
  head.contacts_at = add(facts.contacts, persons);
  std::vector<Entry>().swap(facts.contacts);
  scale(facts.visits, unit);
  head.visits_of_at = add(facts.visits, persons);
  for (Entry& e : facts.visits) std::swap(e.owner, e.other);
  head.visits_at_at = add(facts.visits, places);
  out.resize(out.size() + bits_slack_bytes);
  std::memcpy(out.data(), &head, sizeof head);
  return out;
}

Result<std::unique_ptr<DayFile>> DayFile::open(const Folder& folder, const std::string& name, std::uint64_t size, std::uint64_t hash) {
  auto day = std::make_unique<DayFile>();
  TRY_ASSIGN(day->file_, CheckedFile::open(folder, name, size, hash));
  const CheckedFile& file = *day->file_;
  Head head;
  if (!file.good(0, sizeof head)) return damaged(name);
  std::memcpy(&head, file.payload().data(), sizeof head);
  const bool known_unit = head.unit == 60'000 || head.unit == 1'000 || head.unit == 1;
  if (head.magic != magic || !known_unit || head.day < -100'000 || head.day > 100'000) return damaged(name);
  day->midnight_ = midnight_of(static_cast<int>(head.day));
  day->unit_ = head.unit;
  day->reach_ = {head.from, head.to};
  if (!read_sayings(file, head, day->sayings_)) return damaged(name);
  for (const Saying& s : day->sayings_) {
    day->recorded_last_ = std::max(day->recorded_last_, s.recorded);
    day->withdrawn_first_ = std::min(day->withdrawn_first_, s.withdrawn);
  }
  day->contacts_ = Lists::read(file, head.contacts_at);
  day->visits_of_ = Lists::read(file, head.visits_of_at);
  day->visits_at_ = Lists::read(file, head.visits_at_at);
  if (!day->contacts_ || !day->visits_of_ || !day->visits_at_) return damaged(name);
  if (day->sayings_.empty() && day->contacts_->size() + day->visits_of_->size() + day->visits_at_->size() > 0) return damaged(name);
  return day;
}

Result<DayFacts> DayFile::decode() const {
  DayFacts facts;
  std::vector<std::uint32_t> number;
  for (const Saying& s : sayings_) number.push_back(facts.sayings.number(s));
  const auto unit = static_cast<std::uint32_t>(unit_);
  bool known = true;
  const auto take = [&](std::vector<Entry>& into) {
    return [&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
      known = known && saying < number.size();
      if (known) into.push_back({owner, other, start * unit, number[saying], duration * unit});
    };
  };
  const auto contact = take(facts.contacts);
  const bool whole = contacts_->all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
    if (owner < other) contact(owner, other, start, duration, saying);
  }) && visits_of_->all(take(facts.visits));
  if (!whole || !known) return damaged(file_->name());
  return facts;
}

}  // namespace motcua::contacts
