#pragma once
// Gate and counter: has this person declared, and if not, declare for them. Inner header of the room.
//
// A gate sees a pass, not a person: whether one was declared, when, until when, which colour; of a person found by number or name their initials and
// year of birth, and a name only where several must be told apart. No answers, no address, nothing of before.
#include "base/document_qr.hpp"
#include "rooms/declarations/declaring.hpp"
#include "rooms/declarations/device_time.hpp"
#include "rooms/declarations/store_gate.hpp"

namespace motcua::declarations {

inline constexpr std::size_t gate_hits_max = 8;           // people to choose from; more: the question must say more
inline constexpr std::size_t gate_text_bytes_max = 4096;  // of a scan
inline constexpr int gate_today_max = 20;                 // of the day's list
inline constexpr std::size_t gate_batch_max = 50;         // declarations of one request

/// What somebody may be let in by: the pass that counts today, or one over or revoked when there is no better one.
struct Standing {
  PassVerdict verdict = PassVerdict::valid;               // valid, expired or revoked
  PassState state = PassState::declared;
  Instant declared_at{}, expires_at{};
  bool told_here = true;                                  // false: to NCOVI or VHD
};

struct GateQuestion {
  std::string text;                     // as scanned or typed: a pass, a card, a link, a number, a name with or without year of birth
  std::string about;                    // sub_... of one of the hits, instead of text
  std::string initials;                 // of a pass: the second factor, as answered
  int birth_year = 0;
};
struct GateHit {
  std::string about;                    // sub_...
  Personal<std::string> full_name;
  int birth_year = 0;                   // 0: unknown
  std::string ward_code;
};
struct GateAnswer {
  enum class Kind {
    pass,        // `reading`, `fits`
    person,      // `standing`, `about`, `label`
    several,     // `hits`
    too_many,    // more than gate_hits_max: say more
    nobody,      // nobody is known by this
    elsewhere,   // a code of another system that says nothing here
    unreadable
  };
  Kind kind = Kind::unreadable;
  PassReading reading;
  std::optional<bool> fits;             // of a pass: initials and year; absent: not asked, or the pass holds none
  std::optional<Standing> standing;     // absent: never declared
  std::string about, label;             // sub_..., "L. H. N. · 1990"
  std::vector<GateHit> hits;
  residents::Details told;              // what the scanned document itself says of its holder, for declaring
};

struct GateDeclaration {
  std::string declaration, form = "health";
  FormAnswers answers;
  bool all_no = false;                  // the person answered no to everything: fills what has no answer
  std::string about;                    // sub_... of somebody found; otherwise `details`, otherwise what `text` says
  std::string text;                     // as scanned
  residents::Details details;
  std::optional<DeviceTime> device;     // absent: told now
};
struct GateReceipt {
  ToldDeclaration told;
  store::GateRow row;
};
struct GateSlip {
  store::GateRow row;
  IssuedPass pass;
};
struct GateDay {
  int declared = 0;
  std::vector<store::GateRow> last;     // newest first
};

class Gate {
 public:
  Gate(House& house, identity::Identity& identity, residents::Residents& residents, const Declaring& declaring)
      : house_(house), identity_(identity), residents_(residents), declaring_(declaring) {}

  /// Looking at a person is on record under the act; a pass says nothing about who it is and is not.
  Result<GateAnswer> check(const Act& act, const GateQuestion& question) const;
  /// The same number again, from the same account, is the same declaration, whatever else came with it. Failures: those of submit, receive and told_at,
  /// declarations.nobody_named (neither details nor anybody found).
  Result<GateReceipt> declare(const Act& act, const GateDeclaration& asked) const;
  /// Of this account, since midnight in Vietnam.
  Result<GateDay> today(const std::string& account) const;
  /// Failure declarations.no_such_declaration: not this account's, or over.
  Result<GateSlip> slip(const std::string& account, std::string_view declaration) const;
  const Declaring& declaring() const { return declaring_; }

 private:
  struct Found {
    std::vector<std::string> subjects;
    residents::Details details;         // full_name, birth, ward_code
  };
  Result<std::vector<Found>> people_of(storage::Reader& reader, const std::vector<std::string>& subjects) const;
  Result<std::vector<Found>> find_by_reference(const Act& act, const std::string& reference) const;
  Result<std::vector<Found>> find_by_phone(const Act& act, const std::string& number) const;
  Result<std::vector<Found>> find_by_name(const Act& act, const std::string& name, const std::string& birth) const;
  Result<std::vector<Found>> find_typed(const Act& act, const std::string& text) const;
  Result<GateAnswer> of_document(const Act& act, const std::string& text, const DocumentQr& document) const;
  Result<GateAnswer> of_found(std::vector<Found> found) const;
  Result<std::optional<Standing>> standing_of(storage::Reader& reader, const std::vector<std::string>& subjects) const;
  Result<void> record_looks(const Act& act, const std::vector<Found>& found) const;
  Result<std::optional<residents::Person>> person_known(storage::Reader& reader, const std::string& about) const;
  Result<std::optional<residents::Person>> person_meant(const Act& act, GateDeclaration& asked) const;

  House& house_;
  identity::Identity& identity_;
  residents::Residents& residents_;
  const Declaring& declaring_;
};

/// "L. H. N. · 1990"; the year alone, or the initials alone, where the other is unknown.
std::string gate_label(std::string_view full_name, std::string_view birth);
/// Every question without an answer answered no, or none.
FormAnswers with_no_to_all(const Form& form, FormAnswers answers);

}  // namespace motcua::declarations
