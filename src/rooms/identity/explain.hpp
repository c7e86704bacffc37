#pragma once
// Why two records are, or may be, one person: the engine's waterfall, seen among the records it was decided among.
#include "rooms/identity/store.hpp"

namespace motcua::identity {

class Explainer {
 public:
  /// `records` are what is asked about; those who share their phones are loaded beside them, because how many share a phone decides what
  /// it says.
  static Result<Explainer> make(storage::Reader& reader, const store::State& state, std::span<const store::StoredRecord> records);
  Waterfall between(std::size_t a, std::size_t b) const;
  /// The other record that speaks most for this one; nothing when it is alone.
  std::optional<std::size_t> best_partner(std::size_t record) const;

 private:
  explicit Explainer(linkage::Model model) : model_(std::move(model)) {}
  linkage::Model model_;
  linkage::RecordSet set_;
  std::size_t asked_ = 0;
  std::vector<bool> named_;
};

/// Why a record without a name is (or is not) the person it stands with: the bars of phone_owner.hpp. Nothing when none of the person's
/// other records carries the phone.
Result<std::optional<Waterfall>> explain_phone(storage::Reader& reader, const store::StoredRecord& nameless);

Waterfall to_waterfall(const linkage::Explanation& explanation);
RecordView to_view(const store::StoredRecord& stored);

}  // namespace motcua::identity
