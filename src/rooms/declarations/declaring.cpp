#include "rooms/declarations/declaring.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/ids.hpp"
#include "platform/events/events.hpp"
#include "rooms/declarations/store_answers.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;

std::string context_of(std::string_view declaration) { return "declarations-answers:" + std::string(declaration); }

Result<crypto::Bytes> seal(House& house, std::string_view declaration, const FormAnswers& answers) {
  const std::string text = json::serialize(to_json(answers));
  return house.keys.seal(context_of(declaration), std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Result<FormAnswers> open_sealed(House& house, std::string_view declaration, const crypto::Bytes& sealed) {
  TRY_ASSIGN(const auto plain, house.keys.open(context_of(declaration), sealed));
  std::error_code error;
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(plain.data()), plain.size()), error);
  if (error || !value.is_object()) return Failure{FailureKind::corrupt, "declarations.answers_unreadable"};
  return answers_of(value.as_object());
}

Result<ToldDeclaration> to_declaration(House& house, const store::AnswersRow& row) {
  TRY_ASSIGN(auto answers, open_sealed(house, row.declaration, row.sealed));
  return ToldDeclaration{row.declaration, row.pass_id, parse_form_kind(row.form).value_or(FormKind::health), row.version, row.declared_at, row.expires_at, std::move(answers)};
}

Result<void> tell_journeys(House& house, storage::Transaction& tx, const std::string& subject, const std::string& declaration, std::vector<Journey> journeys) {
  if (journeys.empty()) return {};
  for (auto& j : journeys) j.subject = subject;
  TRY(store::add_journeys(tx, declaration, journeys));
  return house.bus.emit(tx, std::string(journeys_told), {});
}

}  // namespace

std::vector<const Form*> Declaring::forms_today() const {
  std::vector<const Form*> found;
  for (const auto kind : {FormKind::health, FormKind::domestic, FormKind::entry, FormKind::daily})
    if (const Form* form = form_on(forms_, kind, vietnam_date(house_.now()))) found.push_back(form);
  return found;
}

Result<const Form*> Declaring::form_today(std::string_view name) const {
  const auto kind = parse_form_kind(name);
  const Form* form = kind ? form_on(forms_, *kind, vietnam_date(house_.now())) : nullptr;
  if (!form) return not_found("declarations.no_such_form");
  return form;
}

const Form* Declaring::form_of(const ToldDeclaration& told) const {
  const auto found = std::find_if(forms_.begin(), forms_.end(), [&](const Form& f) { return f.kind == told.form && f.version == told.version; });
  return found == forms_.end() ? nullptr : &*found;
}

Result<KnownDetails> Declaring::known(const residents::Person& person) const {
  return house_.database.read_value([&](storage::Reader& reader) -> Result<KnownDetails> {
    KnownDetails out{person.details, false, std::nullopt};
    TRY_ASSIGN(const auto who, residents_.find_known(reader, person));
    if (who) {
      TRY_ASSIGN(const auto registered, identity_.find_registered(reader, *who));
      if (registered) {
        residents::Details d = person.details.reveal();
        d.full_name = registered->full_name.reveal(), d.birth = registered->birth, d.sex = registered->sex;
        if (!registered->address.reveal().empty()) d.address = registered->address.reveal();
        return KnownDetails{Personal(std::move(d)), true, registered->imported_at};
      }
    }
    const std::string subjects[] = {person.subject};
    TRY_ASSIGN(const auto records, identity_.records_of(reader, subjects));
    if (!records.empty()) out.at = records.front().told_at;
    return out;
  });
}

Result<Draft> Declaring::open(const residents::Person& person, const Form& form) const {
  const std::string name(to_text(form.kind));
  TRY_ASSIGN(const auto row, house_.database.read_value([&](storage::Reader& reader) { return store::find_draft(reader, person.subject, name); }));
  TRY_ASSIGN(Draft filled, fill(person, form));
  if (!row) return filled;
  TRY_ASSIGN(const auto begun, open_sealed(house_, row->declaration, row->sealed));
  Draft draft{row->declaration, readable_only(form, begun, reading())};
  for (const auto& [key, source] : filled.filled)
    if (const auto same = draft.answers.find(key); same != draft.answers.end() && same->second == filled.answers.at(key)) draft.filled.emplace(key, source);
  return draft;
}

Result<void> Declaring::save_draft(const Act& teller, const residents::Person& person, const Form& form, const Draft& draft) const {
  TRY_ASSIGN(const auto sealed, seal(house_, draft.declaration, draft.answers));
  const Act act{teller.actor, teller.role, bookkeeping, "declarations.draft", teller.request};
  return house_.database.write(act, [&](storage::Transaction& tx) {
    return store::put_draft(tx, {person.subject, std::string(to_text(form.kind)), draft.declaration, sealed}, house_.now());
  });
}

struct Declaring::Ready {
  Instant told_at;
  FormAnswers answers;
  Answers told;
  crypto::Bytes sealed;
};

Result<ToldDeclaration> Declaring::submit(const Act& teller, const residents::Person& person, const Form& form, const Draft& draft) const {
  auto prepared = prepare(person, form, draft);
  return house_.database.write_value(teller, [&](storage::Transaction& tx) { return submit_ready(tx, person, form, draft, prepared); });
}

Result<ToldDeclaration> Declaring::submit_in(storage::Transaction& tx, const residents::Person& person, const Form& form, const Draft& draft) const {
  auto prepared = prepare(person, form, draft);
  return submit_ready(tx, person, form, draft, prepared);
}

Result<Declaring::Ready> Declaring::prepare(const residents::Person& person, const Form& form, const Draft& draft) const {
  if (!is_id("dec", draft.declaration)) return invalid("declarations.number_unreadable", "declaration");
  const Instant told_at = draft.told_at.value_or(house_.now());
  auto [answers, failures] = read_answers(form, draft.answers, reading(told_at));
  if (!failures.empty()) return std::move(failures.front());
  Answers told = to_told(form, answers);
  told.on_behalf = person.relation != residents::Relation::self;
  TRY_ASSIGN(auto sealed, seal(house_, draft.declaration, answers));
  return Ready{told_at, std::move(answers), std::move(told), std::move(sealed)};
}

/// What was told before under this number comes first: a repetition is answered by it, whatever it says itself. A transaction may be tried again, so `prepared` stays.
Result<ToldDeclaration> Declaring::submit_ready(storage::Transaction& tx, const residents::Person& person, const Form& form, const Draft& draft, const Result<Ready>& prepared) const {
  if (!is_id("dec", draft.declaration)) return prepared.failure();
  TRY_ASSIGN(const auto there, store::find_answers(tx, person.subject, draft.declaration));
  if (there) return to_declaration(house_, *there);
  if (!prepared) return prepared.failure();
  const Ready& ready = *prepared;
  const std::string name(to_text(form.kind));
  const auto& details = person.details.reveal();
  TRY_ASSIGN(const auto pass, passes_.issue_pass(tx, {person.subject, form.kind, to_facts(ready.told), details.full_name, year_of_birth(details.birth), ready.told_at}));
  const store::AnswersRow added{person.subject, draft.declaration, tx.act().actor, name, form.version, ready.sealed, pass.pass_id, ready.told_at, pass.pass.expires_at};
  TRY_ASSIGN(const bool is_new, store::add_answers(tx, added, ready.told));
  if (!is_new) return conflict("declarations.number_taken");
  TRY(store::remove_draft(tx, person.subject, name));
  TRY(tell_journeys(house_, tx, person.subject, draft.declaration, to_journeys(form, ready.answers, default_stays(house_.settings))));
  tx.note({.object = draft.declaration, .subject = person.subject, .detail = R"({"form":")" + name + R"(",)" + pass_detail(pass) + "}"});
  return ToldDeclaration{added.declaration, added.pass_id, form.kind, added.version, added.declared_at, added.expires_at, ready.answers};
}

Result<std::vector<ToldDeclaration>> Declaring::list(const residents::Person& person, int limit) const {
  TRY_ASSIGN(const auto rows, house_.database.read_value([&](storage::Reader& reader) { return store::list_answers(reader, person.subject, limit); }));
  std::vector<ToldDeclaration> out;
  for (const auto& row : rows) {
    TRY_ASSIGN(auto told, to_declaration(house_, row));
    out.push_back(std::move(told));
  }
  return out;
}

Result<std::optional<ToldDeclaration>> Declaring::find(const residents::Person& person, std::string_view declaration) const {
  return house_.database.read_value([&](storage::Reader& reader) { return find_in(reader, person.subject, declaration); });
}

Result<std::optional<ToldDeclaration>> Declaring::find_in(storage::Reader& reader, std::string_view subject, std::string_view declaration) const {
  TRY_ASSIGN(const auto row, store::find_answers(reader, subject, declaration));
  if (!row) return std::optional<ToldDeclaration>();
  TRY_ASSIGN(auto told, to_declaration(house_, *row));
  return std::optional(std::move(told));
}

Result<ToldDeclaration> Declaring::get(const residents::Person& person, std::string_view declaration) const {
  TRY_ASSIGN(auto found, find(person, declaration));
  if (!found) return not_found("declarations.no_such_declaration");
  return std::move(*found);
}

Result<std::optional<IssuedPass>> Declaring::pass_of(const residents::Person& person, std::string_view pass_id) const {
  const std::string subjects[] = {person.subject};
  TRY_ASSIGN(const auto passes, house_.database.read_value([&](storage::Reader& reader) { return passes_.passes_of(reader, subjects, told_max); }));
  for (const auto& pass : passes)
    if (!pass.revoked_at && house_.now() < pass.pass.expires_at && (pass_id.empty() || pass.pass_id == pass_id)) return std::optional(pass);
  return std::optional<IssuedPass>();
}

}  // namespace motcua::declarations
