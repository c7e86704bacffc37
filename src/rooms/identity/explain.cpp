#include "rooms/identity/explain.hpp"

#include <set>

#include "rooms/identity/linking.hpp"

namespace motcua::identity {
namespace {
constexpr int sharers_max = 200;             // of one phone; beyond that it is a hotline and says nothing
constexpr std::size_t compared_records_max = 40;  // a person with more is explained by its stored partners only

Result<std::vector<store::StoredRecord>> sharers_of_phones(storage::Reader& reader, std::span<const store::StoredRecord> records) {
  std::set<std::string> phones, known;
  for (const auto& r : records) {
    known.insert(r.record.subject);
    if (!r.record.phone.empty()) phones.insert(r.record.phone);
  }
  std::set<std::string> others;
  for (const auto& phone : phones) {
    TRY_ASSIGN(const auto subjects, store::claimants(reader, "phone:" + phone, sharers_max));
    for (const auto& s : subjects)
      if (!known.contains(s)) others.insert(s);
  }
  const std::vector<std::string> list(others.begin(), others.end());
  return store::records_by_subject(reader, list);
}
}  // namespace

Waterfall to_waterfall(const linkage::Explanation& e) {
  Waterfall w{e.prior_bits, {}, e.bits, e.probability, e.veto};
  for (const auto& bar : e.evidence) w.bars.push_back({bar.field, bar.level, bar.bits});
  return w;
}

Result<Explainer> Explainer::make(storage::Reader& reader, const store::State& state, std::span<const store::StoredRecord> records) {
  TRY_ASSIGN(auto model, Linker::model_of(state));
  Explainer out(std::move(model));
  for (const auto& r : records) {
    out.set_.add(to_linkage(r.record));
    out.named_.push_back(r.record.has_name());
  }
  out.asked_ = records.size();
  TRY_ASSIGN(const auto sharers, sharers_of_phones(reader, records));
  for (const auto& r : sharers)
    if (r.record.has_name()) out.set_.add(to_linkage(r.record));
  return out;
}

Waterfall Explainer::between(std::size_t a, std::size_t b) const {
  return to_waterfall(linkage::explain(set_, model_, static_cast<linkage::RecordIndex>(a), static_cast<linkage::RecordIndex>(b)));
}

std::optional<std::size_t> Explainer::best_partner(std::size_t record) const {
  if (asked_ > compared_records_max || !named_[record]) return std::nullopt;
  std::optional<std::size_t> best;
  double best_bits = 0;
  for (std::size_t other = 0; other < asked_; ++other) {
    if (other == record || !named_[other]) continue;
    const double bits = between(record, other).bits;
    if (!best || bits > best_bits) best = other, best_bits = bits;
  }
  return best;
}

RecordView to_view(const store::StoredRecord& stored) {
  const Record& r = stored.record;
  RecordView v;
  v.subject = r.subject;
  v.source = r.source;
  v.record_id = r.record_id;
  v.kind = r.kind;
  v.told_at = r.told_at;
  v.imported_at = stored.imported_at;
  v.full_name = Personal(r.full_name);
  v.phone = Personal(r.phone);
  v.email = Personal(r.email);
  v.id_number = Personal(r.id_number);
  v.old_id_number = Personal(r.old_id_number);
  v.insurance_number = Personal(r.insurance_number);
  v.passport = Personal(r.passport);
  v.address = Personal(r.address);
  v.payload = Personal(r.payload);
  v.household_id = Personal(r.household_id);
  v.birth = r.birth;
  v.sex = to_text(r.sex);
  v.nationality = r.nationality;
  v.ward_code = r.ward_code;
  v.phone_is_own = r.phone_is_own;
  v.person_id = stored.link.person_id;
  v.decided_by = stored.link.decided_by;
  v.probability = stored.link.probability;
  v.partner = stored.link.partner;
  return v;
}

}  // namespace motcua::identity
