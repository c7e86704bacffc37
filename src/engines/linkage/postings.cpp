#include "engines/linkage/postings.hpp"

#include <algorithm>
#include <bit>

namespace motcua::linkage {
namespace {

static_assert(std::endian::native == std::endian::little);   // of a tag's four bytes in memory the first three are kept

constexpr std::size_t bucket_entries = 16;   // on average, at least half of it

}  // namespace

void Postings::build(std::size_t entries, const std::function<void(const Visit&)>& each) {
  fresh_.clear();
  fresh_entries_ = 0;
  tags_.assign(0);
  records_ = {};
  starts_.assign(std::bit_ceil(entries / bucket_entries + 1) + 1, 0);
  each([&](std::uint64_t key, RecordIndex) { ++starts_[bucket_of(key)]; });
  std::uint32_t sum = 0;
  for (std::uint32_t& start : starts_) sum += start, start = sum;   // the ends of the buckets; filling from behind makes them the starts
  tags_.assign(sum);
  records_.resize(sum);
  each([&](std::uint64_t key, RecordIndex record) {
    const std::uint32_t at = --starts_[bucket_of(key)];
    tags_.set(at, Tags::of(key));
    records_[at] = record;
  });
  std::vector<std::uint64_t> bucket;
  for (std::size_t b = 0; b + 1 < starts_.size(); ++b) order_bucket(starts_[b], starts_[b + 1], bucket);
}

/// By tag; then blocks that are long in the caller's order.
void Postings::order_bucket(std::size_t from, std::size_t to, std::vector<std::uint64_t>& entries) {
  if (to - from < 2) return;
  entries.clear();
  for (std::size_t i = from; i < to; ++i) entries.push_back(static_cast<std::uint64_t>(tags_[i]) << 32 | records_[i]);
  std::sort(entries.begin(), entries.end());
  for (std::size_t i = from; i < to; ++i) {
    tags_.set(i, static_cast<std::uint32_t>(entries[i - from] >> 32));
    records_[i] = static_cast<RecordIndex>(entries[i - from]);
  }
  if (to - from <= whole_max_) return;
  for (std::size_t a = from, b = from; a < to; a = b) {
    while (b < to && tags_[b] == tags_[a]) ++b;
    if (b - a > whole_max_) std::sort(records_.begin() + static_cast<std::ptrdiff_t>(a), records_.begin() + static_cast<std::ptrdiff_t>(b), before_);
  }
}

std::pair<std::size_t, std::size_t> Postings::range_of(std::uint64_t key) const {
  const std::size_t bucket = bucket_of(key), last = starts_[bucket + 1];
  const std::uint32_t tag = Tags::of(key);
  const auto first_where = [&](std::size_t from, const auto& reached) {   // near or, in a long block, by bisection
    constexpr std::size_t walked_max = 64;
    for (std::size_t to = last; last - from > walked_max && from < to;) {
      const std::size_t middle = from + (to - from) / 2;
      if (reached(tags_[middle])) to = middle;
      else from = middle + 1;
    }
    while (from < last && !reached(tags_[from])) ++from;
    return from;
  };
  const std::size_t start = first_where(starts_[bucket], [&](std::uint32_t t) { return t >= tag; });
  std::size_t end = first_where(start, [&](std::uint32_t t) { return t > tag; });
  while (end > start && records_[end - 1] == no_record) --end;
  return {start, end};
}

void Postings::prefetch_bucket(std::uint64_t key) const {
  const std::size_t start = starts_[bucket_of(key)];
  tags_.prefetch(start);
  __builtin_prefetch(records_.data() + start);
}

Postings::Block Postings::find(std::uint64_t key) const {
  Block block;
  const auto [from, to] = range_of(key);
  block.base = std::span(records_).subspan(from, to - from);
  if (const auto found = fresh_.find(key); found != fresh_.end()) block.fresh = found->second;
  return block;
}

void Postings::add(std::uint64_t key, RecordIndex record) {
  auto& block = fresh_[key];
  ++fresh_entries_;
  if (block.size() <= whole_max_) {
    block.push_back(record);
    if (block.size() > whole_max_) std::sort(block.begin(), block.end(), before_);
    return;
  }
  block.insert(std::lower_bound(block.begin(), block.end(), record, before_), record);
}

void Postings::remove(std::uint64_t key, RecordIndex record) {
  if (const auto found = fresh_.find(key); found != fresh_.end()) {
    fresh_entries_ -= std::erase(found->second, record);
    if (found->second.empty()) fresh_.erase(found);
  }
  const auto [from, to] = range_of(key);
  const auto first = records_.begin() + static_cast<std::ptrdiff_t>(from), last = records_.begin() + static_cast<std::ptrdiff_t>(to);
  if (const auto at = std::find(first, last, record); at != last) {
    std::move(at + 1, last, at);
    *(last - 1) = no_record;
  }
}

}  // namespace motcua::linkage
