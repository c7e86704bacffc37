#include "rooms/identity/explain.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "rooms/identity/linking.hpp"
#include "rooms/identity/phone_owner.hpp"

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
  for (const auto& bar : e.evidence) w.bars.push_back({bar.field, bar.level, bar.bits, bar.m, bar.u});
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

namespace {

int year_of(Instant t) { return static_cast<int>(std::chrono::year_month_day(vietnam_date(t)).year()); }

/// A person's records as the rule counts them; `phone` is the one asked about.
PhoneCarrier to_carrier(const std::vector<const Record*>& records, const std::string& phone, int year) {
  PhoneCarrier c;
  std::map<int, int> births;
  for (const Record* r : records) {
    add_record(c, !r->phone.empty(), r->phone == phone, r->phone_is_own, asks_whose_phone(r->kind));
    if (const auto birth = parse_date(r->birth)) ++births[birth->year];
  }
  c.age = age_in(year, births);
  return c;
}

}  // namespace

Result<std::optional<Waterfall>> explain_phone(storage::Reader& reader, const store::StoredRecord& nameless) {
  const std::string& phone = nameless.record.phone;
  if (phone.empty() || nameless.link.person_id.empty()) return std::optional<Waterfall>();
  TRY_ASSIGN(const auto subjects, store::claimants(reader, "phone:" + phone, sharers_max));
  TRY_ASSIGN(const auto told, store::records_by_subject(reader, subjects));
  std::set<std::string> persons;
  for (const auto& r : told)
    if (r.record.has_name() && r.record.phone == phone && !r.link.person_id.empty()) persons.insert(r.link.person_id);
  if (!persons.contains(nameless.link.person_id)) return std::optional<Waterfall>();
  const std::vector<std::string> ids(persons.begin(), persons.end());
  TRY_ASSIGN(const auto records, store::records_of_persons(reader, ids, person_records_max));
  std::map<std::string, std::vector<const Record*>> of;
  for (const auto& r : records)
    if (r.record.has_name()) of[r.link.person_id].push_back(&r.record);
  std::vector<PhoneCarrier> carriers;
  for (const auto& id : ids) carriers.push_back(to_carrier(of[id], phone, nameless.record.told_at ? year_of(*nameless.record.told_at) : 0));
  const auto which = std::lower_bound(ids.begin(), ids.end(), nameless.link.person_id) - ids.begin();
  return std::optional(explain_phone_owner(carriers, static_cast<std::size_t>(which)));
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
