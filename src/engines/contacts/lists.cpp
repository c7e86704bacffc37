#include "engines/contacts/lists.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "engines/contacts/saying.hpp"

namespace motcua::contacts {
namespace {

constexpr std::uint64_t bits_a_sample = 256;     // of the bit vector between two samples, about
constexpr std::uint64_t exception_bytes = 12;    // number of the entry, duration

/// What stands in front of the lists, as numbers of 8 bytes.
struct Head {
  std::uint64_t universe, entries, low_bits, sample_shift, other_bits, start_bits, duration_bits, saying_bits, duration_base, saying_base, exceptions, longest;
};
constexpr std::size_t head_bytes = sizeof(Head);

std::uint64_t round_up(std::uint64_t n) { return (n + 7) / 8 * 8; }
std::uint64_t bytes_of(std::uint64_t bits) { return round_up((bits + 7) / 8 + 8); }   // 8 more to read words from

/// Where the parts begin, counted from the head.
struct Layout {
  std::uint64_t buckets, samples, high, low, records, exceptions, end;
};

Layout layout_of(const Head& h) {
  Layout at{};
  at.buckets = h.universe == 0 ? 0 : ((h.universe - 1) >> h.low_bits) + 1;
  at.samples = head_bytes;
  at.high = at.samples + round_up(4 * ((at.buckets >> h.sample_shift) + 2));
  at.low = at.high + bytes_of(h.entries + at.buckets);
  at.records = at.low + bytes_of(h.entries * h.low_bits);
  at.exceptions = at.records + bytes_of(h.entries * (h.other_bits + h.start_bits + h.duration_bits + h.saying_bits));
  at.end = at.exceptions + round_up(h.exceptions * exception_bytes);
  return at;
}

/// The width of durations that makes records and exceptions smallest.
void choose_duration_bits(const std::vector<Entry>& entries, Head& h) {
  std::array<std::uint64_t, 65> of_width{};
  for (const Entry& e : entries) ++of_width[width_of(e.duration - h.duration_base)];
  unsigned widest = 64;
  while (widest > 0 && of_width[widest] == 0) --widest;
  h.duration_bits = std::min(widest, 48U);
  std::uint64_t best = entries.size() * h.duration_bits;
  std::uint64_t left_out = 0;
  for (unsigned width = widest; width-- > 1;) {
    left_out += of_width[width + 1];
    const std::uint64_t cost = entries.size() * width + (left_out + entries.size() / (1ULL << width)) * exception_bytes * 8;
    if (cost < best) {
      best = cost;
      h.duration_bits = width;
    }
  }
  const std::uint64_t escape = low_mask(static_cast<unsigned>(h.duration_bits));
  const bool all_fit = widest <= h.duration_bits;
  for (const Entry& e : entries) h.exceptions += !all_fit && e.duration - h.duration_base >= escape;
}

Head head_of(const std::vector<Entry>& entries, std::uint32_t universe) {
  Head h{};
  if (entries.empty()) return h;
  h.universe = universe;
  h.entries = entries.size();
  std::uint32_t other = 0, start = 0, saying = 0;
  h.duration_base = entries.front().duration;
  h.saying_base = entries.front().saying;
  for (const Entry& e : entries) {
    other = std::max(other, e.other);
    start = std::max(start, e.start);
    saying = std::max(saying, e.saying);
    h.duration_base = std::min(h.duration_base, e.duration);
    h.saying_base = std::min<std::uint64_t>(h.saying_base, e.saying);
    h.longest = std::max(h.longest, e.duration);
  }
  h.other_bits = width_of(other);
  h.start_bits = width_of(start);
  h.saying_bits = width_of(saying - h.saying_base);
  choose_duration_bits(entries, h);
  h.low_bits = universe / entries.size() > 1 ? width_of(universe / entries.size()) - 1 : 0;
  const std::uint64_t buckets = ((universe - 1) >> h.low_bits) + 1;
  while ((entries.size() + buckets) * (2ULL << h.sample_shift) <= bits_a_sample * buckets) ++h.sample_shift;
  return h;
}

void put32(std::uint8_t* at, std::uint64_t value) {
  const auto v = static_cast<std::uint32_t>(value);
  std::memcpy(at, &v, sizeof v);
}

void write_owners(const std::vector<Entry>& entries, const Head& h, const Layout& at, std::uint8_t* base) {
  std::uint64_t bucket = 0;
  const auto close = [&](std::uint64_t entries_before) {     // the zero behind a bucket
    if ((bucket & low_mask(static_cast<unsigned>(h.sample_shift))) == 0) put32(base + at.samples + 4 * (bucket >> h.sample_shift), bucket + entries_before);
    ++bucket;
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    while (bucket < (entries[i].owner >> h.low_bits)) close(i);
    const std::uint64_t bit = bucket + i;
    base[at.high + (bit >> 3)] = static_cast<std::uint8_t>(base[at.high + (bit >> 3)] | (1U << (bit & 7)));
  }
  while (bucket < at.buckets) close(entries.size());
  for (std::uint64_t i = ((at.buckets + low_mask(static_cast<unsigned>(h.sample_shift))) >> h.sample_shift); i < (at.high - at.samples) / 4; ++i)
    put32(base + at.samples + 4 * i, entries.size() + at.buckets);
}

/// Writes fields at their place in zeroed bytes.
class Placer {
 public:
  explicit Placer(std::uint8_t* at) : at_(at) {}
  void put(std::uint64_t value, std::uint64_t width) {
    std::uint64_t word = load64(at_ + (bit_ >> 3));
    word |= value << (bit_ & 7);
    std::memcpy(at_ + (bit_ >> 3), &word, sizeof word);
    bit_ += width;
  }

 private:
  std::uint8_t* at_;
  std::uint64_t bit_ = 0;
};

void write_records(const std::vector<Entry>& entries, const Head& h, const Layout& at, std::uint8_t* base) {
  Placer low(base + at.low), records(base + at.records);
  std::uint8_t* exception = base + at.exceptions;
  const std::uint64_t escape = low_mask(static_cast<unsigned>(h.duration_bits));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& e = entries[i];
    low.put(e.owner & low_mask(static_cast<unsigned>(h.low_bits)), h.low_bits);
    std::uint64_t duration = e.duration - h.duration_base;
    if (h.exceptions > 0 && duration >= escape) {
      put32(exception, i);
      std::memcpy(exception + 4, &duration, sizeof duration);
      exception += exception_bytes;
      duration = escape;
    }
    records.put(e.other, h.other_bits);
    records.put(e.start, h.start_bits);
    records.put(duration, h.duration_bits);
    records.put(e.saying - h.saying_base, h.saying_bits);
  }
}

bool is_plausible(const Head& h, std::uint64_t room) {
  return h.universe <= UINT32_MAX && h.entries <= entries_max && h.low_bits <= 32 && h.sample_shift <= 32 && h.other_bits <= 32 && h.start_bits <= 32 &&
         h.duration_bits <= 48 && h.saying_bits <= 28 && h.saying_base <= sayings_max && h.duration_base <= duration_max && h.longest <= duration_max && h.exceptions <= h.entries && (h.universe > 0 || h.entries == 0) && layout_of(h).end <= room;
}

}  // namespace

void write_lists(const std::vector<Entry>& entries, std::uint32_t universe, std::vector<std::uint8_t>& out) {
  const Head h = head_of(entries, universe);
  const Layout at = layout_of(h);
  const std::size_t begin = out.size();
  out.resize(begin + at.end);
  std::uint8_t* base = out.data() + begin;
  std::memcpy(base, &h, sizeof h);
  write_owners(entries, h, at, base);
  write_records(entries, h, at, base);
}

std::optional<Lists> Lists::read(const CheckedFile& file, std::uint64_t offset) {
  const auto payload = file.payload();
  if (offset % 8 != 0 || !file.good(offset, head_bytes)) return std::nullopt;
  Head h;
  std::memcpy(&h, payload.data() + offset, sizeof h);
  if (!is_plausible(h, payload.size() - offset)) return std::nullopt;
  const Layout at = layout_of(h);
  Lists l;
  l.file_ = &file;
  l.base_ = payload.data();
  const std::uint8_t* base = payload.data() + offset;
  l.samples_ = base + at.samples;
  l.high_ = base + at.high;
  l.low_ = base + at.low;
  l.records_ = base + at.records;
  l.exception_table_ = base + at.exceptions;
  l.universe_ = h.universe, l.entries_ = h.entries, l.buckets_ = at.buckets, l.longest_ = h.longest;
  l.exceptions_ = h.exceptions, l.duration_base_ = h.duration_base, l.saying_base_ = h.saying_base, l.end_ = offset + at.end;
  l.low_bits_ = static_cast<unsigned>(h.low_bits), l.sample_shift_ = static_cast<unsigned>(h.sample_shift);
  l.other_bits_ = static_cast<unsigned>(h.other_bits), l.start_bits_ = static_cast<unsigned>(h.start_bits);
  l.duration_bits_ = static_cast<unsigned>(h.duration_bits), l.saying_bits_ = static_cast<unsigned>(h.saying_bits);
  l.record_bits_ = l.other_bits_ + l.start_bits_ + l.duration_bits_ + l.saying_bits_;
  l.other_mask_ = low_mask(l.other_bits_), l.start_mask_ = low_mask(l.start_bits_);
  l.duration_mask_ = low_mask(l.duration_bits_), l.saying_mask_ = low_mask(l.saying_bits_);
  return l;
}

std::uint64_t Lists::sample(std::uint64_t i) const {
  std::uint32_t value;
  std::memcpy(&value, samples_ + 4 * i, sizeof value);
  return value;
}

void Lists::prefetch_second(std::uint32_t owner) const {
  const std::uint64_t bucket = owner >> low_bits_;
  if (bucket == 0 || bucket >= buckets_) return;
  const std::uint64_t at = std::min(sample((bucket - 1) >> sample_shift_), entries_ + buckets_);   // not checked yet: only a hint
  __builtin_prefetch(high_ + (at >> 3));
}

Lists::Range Lists::find(std::uint32_t owner) const {
  const std::uint64_t bucket = owner >> low_bits_;
  if (owner >= universe_ || entries_ == 0) return {};
  const std::uint64_t before = bucket == 0 ? 0 : (bucket - 1) >> sample_shift_;
  if (!file_->good(static_cast<std::uint64_t>(samples_ - base_) + 4 * before, 8)) return {};
  const std::uint64_t bits = entries_ + buckets_;
  std::uint64_t at = 0;                          // behind the zero that closes the bucket before
  std::uint64_t skip = 0;                        // zeros to pass from there
  if (bucket > 0) {
    at = sample(before) + 1;
    skip = (bucket - 1) - (before << sample_shift_);
  }
  const std::uint64_t limit = bucket == 0 ? sample(0) : sample(before + 1);
  if (at > bits || limit > bits || !file_->good(static_cast<std::uint64_t>(high_ - base_) + (at >> 6 << 3), ((limit >> 6) - (std::min(at, limit) >> 6) + 1) * 8)) return {};
  std::uint64_t word_at = at >> 6;
  std::uint64_t zeros = ~load64(high_ + 8 * word_at) & ~low_mask(at & 63);
  const auto next_word = [&] { zeros = ++word_at <= bits >> 6 ? ~load64(high_ + 8 * word_at) : ~0ULL; };
  while (skip > 0) {
    const auto here = std::uint64_t{ones_of(zeros)};
    if (here < skip) {
      skip -= here;
      next_word();
      continue;
    }
    for (; skip > 1; --skip) zeros &= zeros - 1;
    at = word_at * 64 + static_cast<std::uint64_t>(std::countr_zero(zeros)) + 1;
    zeros &= zeros - 1;
    skip = 0;
  }
  while (zeros == 0) next_word();
  const std::uint64_t end = word_at * 64 + static_cast<std::uint64_t>(std::countr_zero(zeros));
  if (at < bucket || end < at || end - bucket > entries_) {
    file_->note_damage();
    return {};
  }
  Range range{at - bucket, end - bucket};
  if (range.begin == range.end) return {};
  if (low_bits_ > 0) range = narrow(range, owner & low_mask(low_bits_));
  const std::uint64_t first_bit = range.begin * record_bits_;
  if (!file_->good(static_cast<std::uint64_t>(records_ - base_) + (first_bit >> 3), (range.end - range.begin) * record_bits_ / 8 + 9)) return {};
  return range;
}

/// Of a bucket the entries whose owner has these low bits.
Lists::Range Lists::narrow(Range bucket, std::uint64_t low) const {
  if (!file_->good(static_cast<std::uint64_t>(low_ - base_) + ((bucket.begin * low_bits_) >> 3), (bucket.end - bucket.begin) * low_bits_ / 8 + 9)) return {};
  const auto first_not_below = [&](std::uint64_t value) {
    std::uint64_t from = bucket.begin, to = bucket.end;
    while (from < to) {
      const std::uint64_t middle = (from + to) / 2;
      if (read_bits(low_, middle * low_bits_, low_bits_) < value) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return {first_not_below(low), first_not_below(low + 1)};
}

std::uint64_t Lists::exception(std::uint64_t entry) const {
  const auto offset = static_cast<std::uint64_t>(exception_table_ - base_);
  if (!file_->good(offset, exceptions_ * exception_bytes)) return 0;
  std::uint64_t from = 0, to = exceptions_;
  while (from < to) {
    const std::uint64_t middle = (from + to) / 2;
    std::uint32_t at;
    std::memcpy(&at, exception_table_ + middle * exception_bytes, sizeof at);
    if (at < entry) from = middle + 1;
    else to = middle;
  }
  if (from == exceptions_) return 0;
  return std::min(load64(exception_table_ + from * exception_bytes + 4), duration_max);
}

Entry Lists::at(std::uint64_t i) const {
  Entry e;
  each({i, i + 1}, [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
    e = {0, other, start, saying, duration};
  });
  return e;
}

}  // namespace motcua::contacts
