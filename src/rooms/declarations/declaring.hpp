#pragma once
// A resident declares: drafts, what is filled in, submission. Inner header of the room.
#include "rooms/declarations/answers.hpp"
#include "rooms/declarations/declarations.hpp"
#include "rooms/declarations/store.hpp"
#include "rooms/residents/residents.hpp"

namespace motcua::declarations {

inline constexpr std::chrono::days draft_kept{7};
inline constexpr int told_max = 50;                       // declarations of one person in a list

/// An event of every submission that tells of a ride or a stop, in its transaction: whoever follows contagion looks again.
inline constexpr std::string_view journeys_told = "declarations.journeys_told";

/// Where an answer comes from that nobody typed today. `source`: "last" (the last declaration of this form here), "register" (the population register), "you" (what
/// the person told about themselves here), "vhd", "ncovi".
struct Filled {
  std::string source;
  Instant at{};
};
using FilledFrom = std::map<std::string, Filled, std::less<>>;   // by key of the answers

struct Draft {
  std::string declaration;                                // dec_..., the number it will have: sent twice it is one
  FormAnswers answers;
  std::optional<Instant> from = {};                       // nothing typed yet: all of it filled in, the newest source then
  std::optional<Instant> told_at = {};                    // absent: now; otherwise as told_at() says of a device that was offline
  FilledFrom filled = {};                                 // answers that stand as they were filled in
};
struct ToldDeclaration {
  std::string declaration, pass_id;
  FormKind form = FormKind::health;
  int version = 1;
  Instant declared_at{}, expires_at{};
  FormAnswers answers;
};
/// Who the person is, as it would be declared, and who says so since when.
struct KnownDetails {
  Personal<residents::Details> details;
  bool registered = false;                                // by the population register; otherwise as told here
  std::optional<Instant> at;
};

class Declaring {
 public:
  Declaring(House& house, identity::Identity& identity, residents::Residents& residents, Passes& passes, std::vector<Form> forms)
      : house_(house), identity_(identity), residents_(residents), passes_(passes), forms_(std::move(forms)) {}

  /// Against the maps and the calendar of that moment; absent: of now.
  Reading reading(std::optional<Instant> at = {}) const { return {house_.units, vietnam_date(at.value_or(house_.now()))}; }

  /// All that the binary carries.
  const std::vector<Form>& forms() const { return forms_; }
  /// In force today, in the order of FormKind.
  std::vector<const Form*> forms_today() const;
  /// Failure declarations.no_such_form.
  Result<const Form*> form_today(std::string_view name) const;

  /// The form as it was when this was declared; null: it is no longer carried.
  const Form* form_of(const ToldDeclaration& told) const;

  Result<KnownDetails> known(const residents::Person& person) const;
  /// The draft that was begun, of it what the form still asks; otherwise one with what is known filled in, not saved yet: the last declaration of the same form; the
  /// person's details; of whom the register proves also what was declared to NCOVI and VHD.
  Result<Draft> open(const residents::Person& person, const Form& form) const;
  Result<void> save_draft(const Act& teller, const residents::Person& person, const Form& form, const Draft& draft) const;
  /// Durable with its pass, or not at all, under the act of whoever tells it (`teller`, action declarations.declare): the person, who speaks for them, or a
  /// member of staff. The same number again is the same declaration. Failures: the first of read_answers, declarations.number_unreadable, those of issue_pass.
  Result<ToldDeclaration> submit(const Act& teller, const residents::Person& person, const Form& form, const Draft& draft) const;
  /// The same inside the caller's transaction, whose act tells.
  Result<ToldDeclaration> submit_in(storage::Transaction& tx, const residents::Person& person, const Form& form, const Draft& draft) const;
  /// Newest first.
  Result<std::vector<ToldDeclaration>> list(const residents::Person& person, int limit) const;
  /// Failure declarations.no_such_declaration.
  Result<ToldDeclaration> get(const residents::Person& person, std::string_view declaration) const;
  Result<std::optional<ToldDeclaration>> find_in(storage::Reader& reader, std::string_view subject, std::string_view declaration) const;
  Result<std::optional<ToldDeclaration>> find(const residents::Person& person, std::string_view declaration) const;
  /// The pass that holds longest now, or the one of that id if it still holds; nothing: none.
  Result<std::optional<IssuedPass>> pass_of(const residents::Person& person, std::string_view pass_id = {}) const;
  Passes& passes() const { return passes_; }

 private:
  /// What of a submission needs no transaction: answers read and sealed, before the one writer's turn.
  struct Ready;
  Result<Ready> prepare(const residents::Person& person, const Form& form, const Draft& draft) const;
  Result<ToldDeclaration> submit_ready(storage::Transaction& tx, const residents::Person& person, const Form& form, const Draft& draft, const Result<Ready>& prepared) const;
  /// What may be filled in, with its sources.
  Result<Draft> fill(const residents::Person& person, const Form& form) const;
  Result<std::vector<store::Told>> told_elsewhere(storage::Reader& reader, const residents::Person& person) const;

  House& house_;
  identity::Identity& identity_;
  residents::Residents& residents_;
  Passes& passes_;
  std::vector<Form> forms_;
};

}  // namespace motcua::declarations
