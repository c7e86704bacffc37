// Who an Index compares with whom: what `find_candidates` says of all pairs, seen from one record.
#include <algorithm>

#include "engines/linkage/index_state.hpp"

namespace motcua::linkage {
namespace {

/// One of the two parts of a block, narrowed step by step.
class Part {
 public:
  Part(const PersonKeys& keys, std::span<const RecordRow> rows, std::span<const RecordIndex> block, bool ordered)
      : keys_(keys), rows_(rows), records_(block), ordered_(ordered) {}

  std::size_t size() const { return records_.size(); }
  std::span<const RecordIndex> records() const { return records_; }
  bool is_ordered() const { return ordered_; }

  /// Those whose refinement is this one. Steps are asked for in order.
  std::span<const RecordIndex> where(std::size_t step, std::uint64_t wanted, std::vector<RecordIndex>& store) const {
    const auto of = [&](RecordIndex r) { return keys_.refinement_id_of(rows_[r], step); };
    if (ordered_) {
      const auto from = std::partition_point(records_.begin(), records_.end(), [&](RecordIndex r) { return of(r) < wanted; });
      const auto to = std::partition_point(from, records_.end(), [&](RecordIndex r) { return of(r) == wanted; });
      return {from, to};
    }
    store.clear();
    for (const RecordIndex r : records_) __builtin_prefetch(&rows_[r]);
    for (const RecordIndex r : records_)
      if (of(r) == wanted) store.push_back(r);
    return store;
  }

  void keep(std::span<const RecordIndex> records, std::vector<RecordIndex>& store) {
    if (records.data() == store.data()) {
      own_.swap(store);
      records_ = own_;
    } else {
      records_ = records;
    }
  }

  /// A step was left out: what remains is in no order any more, and walked as far as `walked_records_max`.
  void give_up_order() {
    ordered_ = false;
    records_ = records_.first(std::min(records_.size(), walked_records_max));
  }

 private:
  const PersonKeys& keys_;
  std::span<const RecordRow> rows_;
  std::span<const RecordIndex> records_;
  bool ordered_;
  std::vector<RecordIndex> own_;
};

/// A block as one record sees it.
struct View {
  Part base, fresh;
  std::vector<RecordIndex> base_store, fresh_store;

  std::size_t size() const { return base.size() + fresh.size(); }
  /// False when nobody has this refinement: a question that does not say it.
  bool narrow(std::size_t step, std::uint64_t wanted) {
    const auto b = base.where(step, wanted, base_store), f = fresh.where(step, wanted, fresh_store);
    if (b.empty() && f.empty()) {
      base.give_up_order();
      fresh.give_up_order();
      return false;
    }
    base.keep(b, base_store);
    fresh.keep(f, fresh_store);
    return true;
  }
  void append_to(std::vector<RecordIndex>& out) const {
    for (const Part* part : {&base, &fresh}) out.insert(out.end(), part->records().begin(), part->records().end());
  }
};

View view_of(const PersonKeys& keys, std::span<const RecordRow> rows, const Postings::Block& block, std::size_t whole_max) {
  return {{keys, rows, block.base, block.base.size() > whole_max}, {keys, rows, block.fresh, block.fresh.size() > whole_max}, {}, {}};
}

/// Those next to `self` in the order of keys, on each side; the first ones for a question.
void append_neighbours(const Index::State& s, RecordIndex self, const View& view, std::vector<RecordIndex>& out) {
  const auto before = [&](RecordIndex a, RecordIndex b) { return s.is_before(a, b); };
  std::vector<RecordIndex> near;
  for (const Part* part : {&view.base, &view.fresh}) {
    std::vector<RecordIndex> sorted;
    auto records = part->records();
    if (!part->is_ordered()) {
      sorted.assign(records.begin(), records.end());
      std::sort(sorted.begin(), sorted.end(), before);
      records = sorted;
    }
    const auto at = self == no_record ? records.begin() : std::lower_bound(records.begin(), records.end(), self, before);
    const auto from = at - std::min<std::ptrdiff_t>(at - records.begin(), neighbours_each_side);
    const auto to = at + std::min<std::ptrdiff_t>(records.end() - at, 2 * neighbours_each_side);
    near.insert(near.end(), from, to);
  }
  std::sort(near.begin(), near.end(), before);
  const auto at = static_cast<std::size_t>(self == no_record ? 0 : std::lower_bound(near.begin(), near.end(), self, before) - near.begin());
  const std::size_t from = at - std::min(at, neighbours_each_side), to = std::min(near.size(), at + neighbours_each_side + 1);
  out.insert(out.end(), near.begin() + static_cast<std::ptrdiff_t>(from), near.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace

std::vector<RecordIndex> Index::State::candidates_of(const RecordRow& row, RecordIndex self) const {
  const auto& rows = records.columns().rows;
  std::vector<RecordIndex> all;
  std::vector<std::uint64_t> found;
  for (std::size_t family = 0; family < key_families; ++family) keys.keys_of(row, family, found);
  for (const std::uint64_t key : found) postings.prefetch(key);
  for (const std::uint64_t key : found) postings.prefetch_bucket(key);
  for (const std::uint64_t key : found) {
    View view = view_of(keys, rows, postings.find(key), options.block_records_max);
    bool complete = true;
    for (std::size_t step = 0; step < keys.refinements() && view.size() > options.block_records_max; ++step)
      complete = view.narrow(step, keys.refinement_id_of(row, step)) && complete;
    if (view.size() <= options.block_records_max) view.append_to(all);
    else if (complete) append_neighbours(*this, self, view, all);
    else append_neighbours(*this, no_record, view, all);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase(all, self);
  return all;
}

/// Those that have one of the row's phones, or its house.
std::vector<RecordIndex> Index::State::sharers_of(const RecordRow& row, std::size_t most) const {
  std::vector<RecordIndex> all;
  std::vector<std::uint64_t> found;
  keys.keys_of(row, key_phone, found);
  keys.keys_of(row, key_address, found);
  for (const std::uint64_t key : found) {
    const auto block = postings.find(key);
    if (block.size() > most) continue;
    for (const auto& part : {block.base, block.fresh}) all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void Index::State::disturb(RecordIndex record) {
  const auto& rows = records.columns().rows;
  const RecordRow& row = rows[record];
  const std::size_t whole_max = options.block_records_max;
  // One more has their phone or house. Where many share it, one more changes nothing.
  for (const RecordIndex r : sharers_of(row, whole_max)) dirty.push_back(r);
  std::vector<std::uint64_t> found;
  for (std::size_t family = 0; family < key_families; ++family) keys.keys_of(row, family, found);
  for (const std::uint64_t key : found) {
    View view = view_of(keys, rows, postings.find(key), whole_max);
    for (std::size_t step = 0; view.size() > whole_max; ++step) {
      if (view.size() == whole_max + 1) {   // with this one it is too large to be compared whole
        view.append_to(dirty);
        break;
      }
      if (step == keys.refinements()) {
        append_neighbours(*this, record, view, dirty);
        break;
      }
      view.narrow(step, keys.refinement_id_of(row, step));
    }
  }
}

}  // namespace motcua::linkage
