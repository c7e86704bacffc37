// The door's use cases: saving what other rooms bring, answering what they ask. Human work: look.cpp, decide.cpp. Linking: linking.cpp.
#include "rooms/identity/identity.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>

#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/audit/audit.hpp"
#include "platform/crypto/crypto.hpp"
#include "rooms/identity/explain.hpp"
#include "rooms/identity/kinds.hpp"
#include "rooms/identity/linking.hpp"
#include "rooms/identity/model_view.hpp"
#include "rooms/identity/objection.hpp"
#include "rooms/identity/people.hpp"
#include "rooms/identity/purge.hpp"
#include "rooms/identity/repair_desk.hpp"
#include "rooms/identity/ward_finder.hpp"
#include "rooms/identity/routes.hpp"
#include "rooms/identity/routes_api.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr int subjects_max = 10'000;          // of one person
constexpr int query_claimants_max = 200;      // records behind one phone or id that a question looks at
constexpr int query_names_max = 300;          // persons whose name begins like this
constexpr std::size_t query_likely_max = 50;  // persons the index finds, also with slips
constexpr int query_records_max = 3'000;

crypto::Bytes key_or_throw(crypto::KeyRing& keys, std::string_view name) {
  auto key = keys.secret(name, key_bytes);
  if (!key) throw std::runtime_error("identity: key " + std::string(name) + ": " + key.failure().code);
  return *std::move(key);
}

class TheIdentity final : public Identity {
 public:
  explicit TheIdentity(House& house)
      : house_(house), subject_key_(key_or_throw(house.keys, "identity.subject")),
        linker_(house, key_or_throw(house.keys, "identity.review"), [this](std::string_view source, std::string_view id) { return subject_of(source, id); }), people_(house), wards_(house.units) {}

  std::string subject_of(std::string_view source, std::string_view record_id) const override {
    std::string text(source);
    text += '\x1f';
    text += record_id;
    return crypto::keyed_id("sub", subject_key_, text);
  }

  Result<std::shared_ptr<const PreparedRecord>> prepare(SourceRecord told, std::vector<intake::Warning>& warnings) const override {
    std::string ward = wards_.find(told, told.told_at.value_or(house_.now()));
    auto prepared = std::make_shared<PreparedRecord>();
    TRY_ASSIGN(prepared->record, to_record(std::move(told), warnings));
    prepared->record.ward_code = std::move(ward);
    prepared->record.subject = subject_of(prepared->record.source, prepared->record.record_id);
    prepared->content_hash = hash_of(prepared->record);
    prepared->claims = claims_of(prepared->record);
    return std::shared_ptr<const PreparedRecord>(std::move(prepared));
  }

  Result<std::vector<Saved>> save(storage::Transaction& tx, std::span<const std::shared_ptr<const PreparedRecord>> records) override {
    return store::save_records(tx, records, house_.now());
  }

  Result<std::map<std::string, std::string>> persons_of(storage::Reader& reader, std::span<const std::string> subjects) override {
    TRY_ASSIGN(auto pairs, store::persons_of(reader, subjects));
    return std::map<std::string, std::string>(std::make_move_iterator(pairs.begin()), std::make_move_iterator(pairs.end()));
  }
  Result<std::vector<std::string>> subjects_of(storage::Reader& reader, std::string_view person_id) override {
    return store::subjects_of(reader, person_id, subjects_max);
  }
  Result<std::map<std::string, std::string>> first_subjects(storage::Reader& reader, std::span<const std::string> person_ids) override {
    return store::first_subjects(reader, person_ids);
  }
  Result<std::vector<PersonSummary>> summaries(storage::Reader& reader, std::span<const std::string> person_ids) override {
    return store::summaries(reader, person_ids);
  }

  Result<std::vector<RecordView>> records_of(storage::Reader& reader, std::span<const std::string> subjects) override {
    TRY_ASSIGN(const auto records, store::records_by_subject(reader, subjects));
    std::vector<RecordView> views;
    for (const auto& record : records) views.push_back(to_view(record));
    return views;
  }
  Result<std::string> object(const Act& act, std::string_view person_id, const std::string& words) override { return object_by_oneself(house_, act, std::string(person_id), words); }
  Result<std::vector<Objected>> objected(storage::Reader& reader, std::string_view person_id) override {
    constexpr const char* states[] = {"open", "upheld", "not_upheld"};
    TRY_ASSIGN(auto all, store::objections_of_person(reader, person_id));
    std::vector<Objected> out;
    for (auto& o : all) out.push_back({o.objection_id, states[static_cast<int>(o.state)], std::move(o.words), std::move(o.answer), o.made_at});
    return out;
  }
  Result<std::optional<RecordView>> find_registered(storage::Reader& reader, std::string_view person_id) override {
    const std::vector<std::string> persons{std::string(person_id)};
    TRY_ASSIGN(const auto records, store::records_of_persons(reader, persons, person_records_max));
    for (const auto& record : records)
      if (record.record.kind == "residents") return std::optional(to_view(record));
    return std::optional<RecordView>();
  }

  Result<std::vector<ReferenceSpan>> resolve(storage::Reader& reader, std::span<const std::string> references) override {
    std::vector<std::string> claimed, subjects;
    std::map<std::string, std::string> record_of;  // subject -> reference
    for (const auto& reference : references) {
      if (const auto record = to_record_reference(reference)) {
        subjects.push_back(subject_of(record->source, record->record_id));
        record_of[subjects.back()] = reference;
      } else {
        claimed.push_back(reference);
      }
    }
    std::vector<ReferenceSpan> spans;
    TRY_ASSIGN(const auto persons, store::persons_of(reader, subjects));
    for (const auto& [subject, person] : persons) spans.push_back({record_of[subject], person, std::nullopt, std::nullopt});
    TRY(add_claimed(reader, claimed, spans));
    sort_spans(spans);
    return spans;
  }

  Result<std::vector<std::string>> claimants(storage::Reader& reader, std::string_view reference, int limit) override {
    return store::claimants(reader, reference, limit);
  }

  Result<std::vector<ReferenceSpan>> references_of(storage::Reader& reader, std::span<const std::string> person_ids) override {
    TRY_ASSIGN(const auto claimed, store::references_claimed(reader, person_ids));
    std::vector<ReferenceSpan> spans;
    TRY(add_claimed(reader, claimed, spans));
    const std::set<std::string_view> asked(person_ids.begin(), person_ids.end());
    std::erase_if(spans, [&](const ReferenceSpan& s) { return !asked.contains(s.person_id); });
    TRY_ASSIGN(const auto keys, store::record_keys_of(reader, person_ids));
    for (const auto& [person, key] : keys) spans.push_back({"record:" + key, person, std::nullopt, std::nullopt});
    sort_spans(spans);
    return spans;
  }

  void add_referrer(Referrer referrer) override { referrers_.push_back(std::move(referrer)); }
  const std::vector<Referrer>& referrers() const { return referrers_; }
  Result<LinkSummary> link(const Act& act, const LinkOptions& options) override { return linker_.run(act, options); }
  Result<std::int64_t> export_links(const Act& act, const std::string& file) override;
  Result<ModelView> view_model() override {
    return house_.database.read_value([](storage::Reader& reader) { return identity::view_model(reader); });
  }
  Result<RepairSummary> repair_doses(const Act& act, const intake::ByteSource& file, const RepairOptions& options,
                                     const std::function<void(const RepairRow&)>& each) override {
    return identity::repair_doses(house_, *this, act, file, options, each);
  }
  Result<std::vector<Candidate>> find_person(const Act& act, const Query& query, int limit) override;

  Result<ReviewPage> list_review(const Viewer& v, const ReviewFilter& f) override { return people_.list_review(v, f); }
  Result<ReviewPair> open_review(const Viewer& v, std::string_view task) override { return people_.open_review(v, task); }
  Result<Decision> decide_review(const Viewer& v, std::string_view task, bool same) override { return people_.decide_review(v, task, same); }
  Result<PersonView> view_person(const Viewer& v, std::string_view person) override { return people_.view_person(v, person); }
  Result<Decision> merge(const Viewer& v, std::string_view a, std::string_view b) override { return people_.merge(v, a, b); }
  Result<Decision> split(const Viewer& v, std::string_view person, std::span<const std::string> subjects) override {
    return people_.split(v, person, subjects);
  }
  Result<Decision> undo(const Viewer& v, std::string_view event) override { return people_.undo(v, event); }

 private:
  static void sort_spans(std::vector<ReferenceSpan>& spans) {
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return std::tie(a.reference, a.from, a.person_id) < std::tie(b.reference, b.from, b.person_id); });
  }

  static Result<void> add_claimed(storage::Reader& reader, std::vector<std::string> references, std::vector<ReferenceSpan>& spans) {
    std::sort(references.begin(), references.end());
    references.erase(std::unique(references.begin(), references.end()), references.end());
    TRY_ASSIGN(auto claims, store::claims_on(reader, references, store::ClaimKeys::contested));
    std::map<std::string, std::vector<PersonClaim>> by_reference;
    for (auto& c : claims) by_reference[c.reference].push_back(std::move(c));
    for (auto& [reference, list] : by_reference)
      for (auto& span : decide_spans(std::move(list))) spans.push_back(std::move(span));
    return {};
  }

  Result<std::vector<store::StoredRecord>> records_in_question(storage::Reader& reader, const linkage::PersonRecord& asked);
  Result<std::vector<Candidate>> ranked(storage::Reader& reader, const linkage::PersonRecord& asked, int limit);
  Result<void> put_owner_first(storage::Reader& reader, const linkage::PersonRecord& asked, std::vector<Candidate>& candidates);

  House& house_;
  crypto::Bytes subject_key_;
  Linker linker_;
  People people_;
  mutable WardFinder wards_;
  std::vector<Referrer> referrers_;
};

/// A field as CSV wants it.
std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

Result<std::int64_t> TheIdentity::export_links(const Act& act, const std::string& file) {
  TRY(audit::record_read(house_.database, act, {{{}, "identity_link", {}, {}, {}, true}}));
  const std::string unfinished = file + ".part";
  std::int64_t rows = 0;
  {
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    if (!out) return unavailable("identity.file_not_written", "open");
    out << "source,record_id,person_id,probability,decided_by\n";
    char probability[32];
    TRY(house_.database.read([&](storage::Reader& reader) {
      return store::for_each_link(reader, [&](const store::ExportRow& row) {
        std::snprintf(probability, sizeof probability, "%.4f", row.probability);
        out << quoted(row.source) << ',' << quoted(row.record_id) << ',' << row.person_id << ',' << probability << ',' << quoted(row.decided_by) << '\n';
        ++rows;
      });
    }));
    out.flush();
    if (!out) return unavailable("identity.file_not_written", "write");
  }
  if (std::rename(unfinished.c_str(), file.c_str()) != 0) return unavailable("identity.file_not_written", "rename");
  return rows;
}

Result<linkage::PersonRecord> to_question(const Identity::Query& query) {
  linkage::PersonRecord asked;
  asked.key = "?";
  if (!query.full_name.empty()) {
    auto name = vietnamese::clean_name(query.full_name);
    if (!name) return invalid(name.failure().code, "name");
    asked.full_name = *name;
  }
  if (!query.birth.empty()) {
    auto birth = parse_date(query.birth);
    if (!birth) return invalid(birth.failure().code, "birth");
    asked.birth = *birth;
  }
  if (!query.phone.empty()) {
    auto phone = parse_phone(query.phone);
    if (!phone) return invalid(phone.failure().code, "phone");
    asked.phones.push_back({phone->number, true});
  }
  if (!query.id_number.empty()) {
    auto id = parse_national_id(query.id_number);
    if (!id) return invalid(id.failure().code, "id");
    (id->kind == IdKind::passport ? asked.passport : asked.id_number) = id->number;
  }
  if (asked.full_name.empty() && asked.phones.empty() && asked.id_number.empty() && asked.passport.empty())
    return invalid("identity.nothing_asked");
  return asked;
}

/// All records of the persons who share the phone, the id or the name that is asked for.
Result<std::vector<store::StoredRecord>> TheIdentity::records_in_question(storage::Reader& reader, const linkage::PersonRecord& asked) {
  std::vector<std::string> references, subjects;
  for (const auto& phone : asked.phones) references.push_back("phone:" + phone.number);
  for (const auto* id : {&asked.id_number, &asked.passport})
    if (!id->empty()) references.push_back("id:" + *id);
  for (const auto& reference : references) {
    TRY_ASSIGN(const auto claimants, store::claimants(reader, reference, query_claimants_max));
    subjects.insert(subjects.end(), claimants.begin(), claimants.end());
  }
  std::set<std::string> persons;
  TRY_ASSIGN(const auto pairs, store::persons_of(reader, subjects));
  for (const auto& [subject, person] : pairs) persons.insert(person);
  TRY_ASSIGN(const auto likely, linker_.likely_subjects(reader, asked, query_likely_max));
  TRY_ASSIGN(const auto likely_persons, store::persons_of(reader, likely));
  for (const auto& [subject, person] : likely_persons) persons.insert(person);
  if (!asked.full_name.empty()) {
    TRY_ASSIGN(const auto named, store::persons_named_like(reader, vietnamese::fold(asked.full_name), query_names_max));
    persons.insert(named.begin(), named.end());
  }
  const std::vector<std::string> list(persons.begin(), persons.end());
  return store::records_of_persons(reader, list, query_records_max);
}

Result<std::vector<Identity::Candidate>> TheIdentity::ranked(storage::Reader& reader, const linkage::PersonRecord& asked, int limit) {
  TRY_ASSIGN(const auto records, records_in_question(reader, asked));
  TRY_ASSIGN(const auto state, store::read_state(reader));
  TRY_ASSIGN(auto model, Linker::model_of(state));
  std::map<std::string, std::int64_t> number;
  std::vector<std::string> ids;
  std::vector<linkage::PersonRecord> loaded;
  std::vector<std::int64_t> persons;
  for (const auto& r : records) {
    const auto [at, is_new] = number.emplace(r.link.person_id, static_cast<std::int64_t>(ids.size()));
    if (is_new) ids.push_back(r.link.person_id);
    loaded.push_back(to_linkage(r.record));
    persons.push_back(at->second);
  }
  linkage::Index index(std::move(model));
  index.load(loaded, persons);
  std::vector<Candidate> out;
  for (const auto& match : index.resolve(asked, static_cast<std::size_t>(limit))) {
    if (match.person < 0) continue;
    const std::string& id = ids[static_cast<std::size_t>(match.person)];
    TRY_ASSIGN(const auto summary, store::summaries(reader, std::span(&id, 1)));
    if (summary.empty()) continue;
    Candidate c{summary[0], match.explanation.probability, {}};
    for (const auto& bar : match.explanation.evidence) c.reasons.emplace_back(bar.level, bar.bits);
    out.push_back(std::move(c));
  }
  TRY(put_owner_first(reader, asked, out));
  return out;
}

/// A phone or id asked for alone means whom it means in a fact of today: that person stands first.
Result<void> TheIdentity::put_owner_first(storage::Reader& reader, const linkage::PersonRecord& asked, std::vector<Candidate>& candidates) {
  if (!asked.full_name.empty()) return {};
  std::vector<std::string> references;
  for (const auto& phone : asked.phones) references.push_back("phone:" + phone.number);
  TRY_ASSIGN(const auto spans, resolve(reader, references));
  const Instant now = house_.now();
  std::set<std::string_view> owners;
  for (const auto& s : spans)
    if ((!s.from || *s.from <= now) && (!s.until || now < *s.until)) owners.insert(s.person_id);
  std::stable_partition(candidates.begin(), candidates.end(), [&](const Candidate& c) { return owners.contains(c.person.person_id); });
  return {};
}

Result<std::vector<Identity::Candidate>> TheIdentity::find_person(const Act& act, const Query& query, int limit) {
  constexpr int limit_max = 100;
  TRY_ASSIGN(const auto asked, to_question(query));
  TRY_ASSIGN(auto found, house_.database.read_value([&](storage::Reader& reader) { return ranked(reader, asked, std::clamp(limit, 1, limit_max)); }));
  std::vector<AuditNote> notes;
  for (const auto& c : found) notes.push_back({{}, c.person.person_id, c.person.person_id, c.person.ward_code, {}, true});
  TRY(audit::record_read(house_.database, act, std::move(notes)));
  return found;
}

class TheRoom final : public IdentityRoom {
 public:
  explicit TheRoom(House& house) : house_(house), identity_(house) {}
  std::string_view name() const override { return "identity"; }
  Identity& door() override { return identity_; }
  std::vector<intake::Kind> kinds() override { return identity_kinds(identity_); }
  Result<std::vector<Purged>> purge(const Act& act, Instant now, bool count_only) override {
    return identity::purge(house_, identity_.referrers(), act, now, count_only);
  }
  void add_handlers(events::Bus& bus) override { add_repair_job(bus, house_, identity_); }
  void add_routes(http::Router& router) override {
    add_api_routes(router, house_, identity_);
    add_page_routes(router, house_, identity_);
  }

 private:
  House& house_;
  TheIdentity identity_;
};

}  // namespace

std::unique_ptr<IdentityRoom> make_identity(House& house) { return std::make_unique<TheRoom>(house); }

}  // namespace motcua::identity
