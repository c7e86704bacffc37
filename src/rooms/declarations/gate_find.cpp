// Who stands at the gate: out of what was scanned or typed.
#include <algorithm>
#include <set>

#include "base/document_qr.hpp"
#include "base/ids.hpp"
#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/audit/audit.hpp"
#include "rooms/declarations/gate.hpp"
#include "rooms/declarations/store.hpp"

namespace motcua::declarations {
namespace {

constexpr int claimants_max = 50;         // records that claim one number
constexpr int candidates_max = 20;        // people of one name, before those are left out who do not fit
constexpr int standing_passes_max = 20;   // of one person, newest first
constexpr std::string_view vhd_source = "vhd";

/// "nguyen van an 1990", "Nguyễn Văn An 2/3/1990": the last word, when it begins with a digit, is the birth.
std::pair<std::string, std::string> name_and_birth(const std::string& text) {
  const auto blank = text.find_last_of(' ');
  if (blank == std::string::npos || blank + 1 == text.size() || text[blank + 1] < '0' || text[blank + 1] > '9') return {text, ""};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

std::set<std::string> words_of(std::string_view name) {
  std::set<std::string> words;
  const std::string folded = vietnamese::fold(name);
  for (std::size_t begin = 0; begin < folded.size();) {
    const auto end = std::min(folded.find(' ', begin), folded.size());
    if (end > begin) words.insert(folded.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

residents::Details told_by(const CitizenCardQr& card) {
  residents::Details d;
  d.full_name = card.full_name, d.birth = to_iso(card.birth), d.sex = to_text(card.sex), d.id_number = card.id_number, d.address = card.address;
  return d;
}
residents::Details told_by(const InsuranceCardQr& card) {
  residents::Details d;
  d.full_name = card.full_name, d.birth = to_iso(card.birth), d.sex = to_text(card.sex), d.insurance_number = card.card_number, d.address = card.address;
  return d;
}

PassFacts facts_of(const DeclarationSummary& d) {
  return {.symptoms = !d.symptoms.empty(), .contact_with_case = d.contact_with_case, .contact_with_symptomatic = d.contact_with_symptomatic, .from_affected_area = d.from_affected_area};
}

/// What counts for more: valid before over, later before earlier.
bool is_better(const Standing& a, const Standing& b) {
  const bool valid = a.verdict == PassVerdict::valid;
  return valid != (b.verdict == PassVerdict::valid) ? valid : a.declared_at > b.declared_at;
}

}  // namespace

std::string gate_label(std::string_view full_name, std::string_view birth) {
  std::string out;
  for (const char c : initials_of(full_name)) (out += out.empty() ? "" : " ") += std::string(1, c) + ".";
  const int year = year_of_birth(birth);
  return year == 0 ? out : out + (out.empty() ? "" : " · ") + std::to_string(year);
}

/// Records by whom they are about: those that are linked by person; others with whom they share name and birth, or alone.
Result<std::vector<Gate::Found>> Gate::people_of(storage::Reader& reader, const std::vector<std::string>& subjects) const {
  TRY_ASSIGN(const auto person_of, identity_.persons_of(reader, subjects));
  std::vector<std::string> persons;
  for (const auto& [subject, person] : person_of)
    if (std::find(persons.begin(), persons.end(), person) == persons.end()) persons.push_back(person);
  TRY_ASSIGN(const auto summaries, identity_.summaries(reader, persons));
  std::vector<Found> out;
  for (const auto& s : summaries) {
    TRY_ASSIGN(auto theirs, identity_.subjects_of(reader, s.person_id));
    Found found{std::move(theirs), {}};
    found.details.full_name = s.full_name.reveal(), found.details.birth = s.birth, found.details.ward_code = s.ward_code;
    out.push_back(std::move(found));
  }
  std::vector<std::string> alone;
  for (const auto& subject : subjects)
    if (!person_of.contains(subject)) alone.push_back(subject);
  TRY_ASSIGN(const auto records, identity_.records_of(reader, alone));
  for (const auto& r : records) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Found& f) {
      return f.details.birth == r.birth && vietnamese::fold(f.details.full_name) == vietnamese::fold(r.full_name.reveal());
    });
    if (same != out.end()) {
      same->subjects.push_back(r.subject);
      continue;
    }
    Found found{{r.subject}, {}};
    found.details.full_name = r.full_name.reveal(), found.details.birth = r.birth, found.details.ward_code = r.ward_code;
    out.push_back(std::move(found));
  }
  std::erase_if(out, [](const Found& f) { return f.subjects.empty() || f.details.full_name.empty(); });
  return out;
}

Result<void> Gate::record_looks(const Act& act, const std::vector<Found>& found) const {
  std::vector<AuditNote> notes;
  for (const auto& f : found) notes.push_back({.object = f.subjects.front(), .subject = f.subjects.front(), .area = f.details.ward_code, .read = true});
  return notes.empty() ? Result<void>() : audit::record_read(house_.database, act, std::move(notes));
}

Result<std::vector<Gate::Found>> Gate::find_by_reference(const Act& act, const std::string& reference) const {
  TRY_ASSIGN(auto found, house_.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Found>> {
    TRY_ASSIGN(const auto subjects, identity_.claimants(reader, reference, claimants_max));
    return people_of(reader, subjects);
  }));
  TRY(record_looks(act, found));
  return found;
}

/// Whose own it is, linked or not yet, and whom else linkage knows by it: a phone is often a family's.
Result<std::vector<Gate::Found>> Gate::find_by_phone(const Act& act, const std::string& number) const {
  TRY_ASSIGN(const auto candidates, identity_.find_person(act, {.phone = number, .id_number = {}, .full_name = {}, .birth = {}}, candidates_max));
  TRY_ASSIGN(auto found, house_.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Found>> {
    TRY_ASSIGN(auto subjects, identity_.claimants(reader, "phone:" + number, claimants_max));
    for (const auto& c : candidates) {
      if (c.person.phone.reveal() != number) continue;
      TRY_ASSIGN(const auto theirs, identity_.subjects_of(reader, c.person.person_id));
      if (!theirs.empty()) subjects.push_back(theirs.front());
    }
    return people_of(reader, subjects);
  }));
  TRY(record_looks(act, found));
  return found;
}

Result<std::vector<Gate::Found>> Gate::find_by_name(const Act& act, const std::string& name, const std::string& birth) const {
  TRY_ASSIGN(const auto candidates, identity_.find_person(act, {.phone = {}, .id_number = {}, .full_name = name, .birth = birth}, candidates_max));
  const auto asked = words_of(name);
  std::vector<Found> found;
  for (const auto& c : candidates) {
    const auto words = words_of(c.person.full_name.reveal());
    if (!std::includes(words.begin(), words.end(), asked.begin(), asked.end())) continue;
    if (!birth.empty() && year_of_birth(c.person.birth) != year_of_birth(birth)) continue;
    TRY_ASSIGN(auto subjects, house_.database.read_value([&](storage::Reader& reader) { return identity_.subjects_of(reader, c.person.person_id); }));
    Found one{std::move(subjects), {}};
    one.details.full_name = c.person.full_name.reveal(), one.details.birth = c.person.birth, one.details.ward_code = c.person.ward_code;
    if (!one.subjects.empty()) found.push_back(std::move(one));
  }
  return found;
}

/// A number may be a phone or an identity number of nine digits; what is neither is a name.
Result<std::vector<Gate::Found>> Gate::find_typed(const Act& act, const std::string& text) const {
  std::vector<Found> found;
  const auto phone = parse_phone(text);
  const auto id = parse_national_id(text);
  if (phone) {
    TRY_ASSIGN(found, find_by_phone(act, phone->number));
  }
  if (id && found.empty()) {
    TRY_ASSIGN(found, find_by_reference(act, "id:" + id->number));
  }
  if (phone || id) return found;
  const auto [name, birth] = name_and_birth(text);
  return find_by_name(act, name, birth);
}

Result<std::optional<Standing>> Gate::standing_of(storage::Reader& reader, const std::vector<std::string>& subjects) const {
  std::optional<Standing> best;
  const auto offer = [&best](const Standing& standing) {
    if (!best || is_better(standing, *best)) best = standing;
  };
  const Instant now = house_.now();
  TRY_ASSIGN(const auto passes, declaring_.passes().passes_of(reader, subjects, standing_passes_max));
  for (const auto& p : passes) {
    const auto verdict = p.revoked_at ? PassVerdict::revoked : p.pass.expires_at <= now ? PassVerdict::expired : PassVerdict::valid;
    offer({verdict, p.pass.state, p.pass.issued_at, p.pass.expires_at, true});
  }
  TRY_ASSIGN(const auto told, store::of_subjects(reader, subjects, standing_passes_max));
  for (const auto& d : told) {
    if (d.source == residents::source_name) continue;
    const Pass would = declaring_.passes().decide(FormKind::health, facts_of(d), d.declared_at);
    offer({would.expires_at <= now ? PassVerdict::expired : PassVerdict::valid, would.state, would.issued_at, would.expires_at, false});
  }
  return best;
}

Result<GateAnswer> Gate::of_found(std::vector<Found> found) const {
  GateAnswer answer;
  answer.kind = found.empty() ? GateAnswer::Kind::nobody : found.size() > gate_hits_max ? GateAnswer::Kind::too_many : found.size() > 1 ? GateAnswer::Kind::several : GateAnswer::Kind::person;
  if (answer.kind == GateAnswer::Kind::several)
    for (const auto& f : found) answer.hits.push_back({f.subjects.front(), Personal(f.details.full_name), year_of_birth(f.details.birth), f.details.ward_code});
  if (answer.kind != GateAnswer::Kind::person) return answer;
  const Found& one = found.front();
  answer.about = one.subjects.front();
  answer.label = gate_label(one.details.full_name, one.details.birth);
  TRY_ASSIGN(answer.standing, house_.database.read_value([&](storage::Reader& reader) { return standing_of(reader, one.subjects); }));
  return answer;
}

Result<GateAnswer> Gate::of_document(const Act& act, const std::string& text, const DocumentQr& document) const {
  const auto people = [&](const std::string& subject) { return house_.database.read_value([&](storage::Reader& reader) { return people_of(reader, {subject}); }); };
  if (const auto* card = std::get_if<CitizenCardQr>(&document)) {
    TRY_ASSIGN(auto found, find_by_reference(act, "id:" + card->id_number));
    // A number that is somebody else's name is a mistyped card, or another one's.
    std::erase_if(found, [&](const Found& f) { return vietnamese::fold(f.details.full_name) != vietnamese::fold(card->full_name); });
    TRY_ASSIGN(auto answer, of_found(std::move(found)));
    answer.told = told_by(*card);
    return answer;
  }
  if (const auto* card = std::get_if<InsuranceCardQr>(&document)) {
    TRY_ASSIGN(auto found, find_by_name(act, card->full_name, to_iso(card->birth)));
    TRY_ASSIGN(auto answer, of_found(std::move(found)));
    answer.told = told_by(*card);
    return answer;
  }
  if (std::holds_alternative<CardQr>(document)) {
    TRY_ASSIGN(const auto person, residents_.person_of_card(act, text));
    TRY_ASSIGN(auto found, people(person.subject));
    return of_found(std::move(found));
  }
  GateAnswer elsewhere;
  elsewhere.kind = GateAnswer::Kind::elsewhere;
  const auto* link = std::get_if<DeclarationQr>(&document);
  if (link == nullptr || link->id.empty()) return elsewhere;
  TRY_ASSIGN(auto found, people(identity_.subject_of(vhd_source, link->id)));
  if (found.empty()) return elsewhere;
  TRY(record_looks(act, found));
  return of_found(std::move(found));
}

Result<GateAnswer> Gate::check(const Act& act, const GateQuestion& question) const {
  GateAnswer answer;
  if (is_id("sub", question.about)) {
    TRY_ASSIGN(auto found, house_.database.read_value([&](storage::Reader& reader) { return people_of(reader, {question.about}); }));
    TRY(record_looks(act, found));
    return of_found(std::move(found));
  }
  if (question.text.size() > gate_text_bytes_max) return answer;
  auto document = parse_document_qr(question.text);
  // Our own card as it is printed and typed, without its prefix. A name may look like one: then nobody holds it.
  if (!document && parse_card_code(question.text)) {
    const auto held = residents_.person_of_card(act, question.text);
    if (!held && held.failure().kind != FailureKind::not_found) return held.failure();
    if (held) document = DocumentQr(CardQr{});
  }
  if (document && std::holds_alternative<PassQr>(*document)) {
    answer.kind = GateAnswer::Kind::pass;
    TRY_ASSIGN(answer.reading, declaring_.passes().verify(question.text));
    if (answer.reading.pass && !question.initials.empty()) answer.fits = fits_check(*answer.reading.pass, question.initials, question.birth_year);
    return answer;
  }
  if (document) return of_document(act, question.text, *document);
  if (document.failure().code == "document_qr.damaged") return answer;
  auto found = find_typed(act, question.text);
  if (!found && found.failure().kind == FailureKind::invalid) return answer;   // no name either
  if (!found) return std::move(found).failure();
  return of_found(std::move(*found));
}

}  // namespace motcua::declarations
