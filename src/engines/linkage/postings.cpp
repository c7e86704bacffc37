#include "engines/linkage/postings.hpp"

#include <algorithm>

namespace motcua::linkage {

void Postings::settle() {
  bulk_.reserve(bulk_.size() + keys_.size() + fresh_entries_);
  for (std::size_t i = 0; i < keys_.size(); ++i) bulk_.push_back({keys_[i], records_[i]});
  for (const auto& [key, records] : fresh_)
    for (const RecordIndex r : records) bulk_.push_back({key, r});
  std::sort(bulk_.begin(), bulk_.end(), [](const Entry& a, const Entry& b) { return a.key != b.key ? a.key < b.key : a.record < b.record; });
  keys_.clear();
  records_.clear();
  keys_.reserve(bulk_.size());
  records_.reserve(bulk_.size());
  for (const Entry& e : bulk_) {
    keys_.push_back(e.key);
    records_.push_back(e.record);
  }
  bulk_ = {};
  fresh_.clear();
  fresh_entries_ = 0;
}

void Postings::settle_if_due() {
  if (fresh_entries_ > 100'000 && fresh_entries_ > keys_.size() / 8) settle();
}

void Postings::find(std::uint64_t key, std::vector<RecordIndex>& out) const {
  const auto [from, to] = std::equal_range(keys_.begin(), keys_.end(), key);
  out.insert(out.end(), records_.begin() + (from - keys_.begin()), records_.begin() + (to - keys_.begin()));
  if (const auto found = fresh_.find(key); found != fresh_.end()) out.insert(out.end(), found->second.begin(), found->second.end());
}

}  // namespace motcua::linkage
