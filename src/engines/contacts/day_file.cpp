#include "engines/contacts/day_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::contacts {
namespace {

constexpr std::uint64_t magic = 0x31594144434d;   // "MCDAY1"

struct Head {
  std::uint64_t magic;
  std::int64_t day, unit, from, to;
  std::uint64_t contacts_at, visits_of_at, visits_at_at;
};

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

std::vector<std::uint8_t> encode_day(int day, DayFacts facts, std::uint32_t persons, std::uint32_t places) {
  const Time unit = unit_of(facts);
  const Time midnight = midnight_of(day);
  Head head{magic, day, unit, never, since_ever, 0, 0, 0};
  for (const auto* entries : {&facts.contacts, &facts.visits})
    for (const Entry& e : *entries) {
      head.from = std::min<Time>(head.from, midnight + e.start);
      head.to = std::max<Time>(head.to, midnight + e.start + static_cast<Time>(e.duration));
    }
  std::vector<std::uint8_t> out(sizeof head);
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
  day->contacts_ = Lists::read(file, head.contacts_at);
  day->visits_of_ = Lists::read(file, head.visits_of_at);
  day->visits_at_ = Lists::read(file, head.visits_at_at);
  if (!day->contacts_ || !day->visits_of_ || !day->visits_at_) return damaged(name);
  return day;
}

Result<DayFacts> DayFile::decode() const {
  DayFacts facts;
  const auto unit = static_cast<std::uint32_t>(unit_);
  const auto take = [unit](std::vector<Entry>& into) {
    return [&into, unit](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t kind) {
      into.push_back({owner, other, start * unit, kind, duration * unit});
    };
  };
  const auto contact = take(facts.contacts);
  const bool whole = contacts_->all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t kind) {
    if (owner < other) contact(owner, other, start, duration, kind);
  }) && visits_of_->all(take(facts.visits));
  if (!whole) return damaged(file_->name());
  return facts;
}

}  // namespace motcua::contacts
