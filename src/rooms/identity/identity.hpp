#pragma once
// The door of identity: one person behind many records. Other rooms store the subject id of the record they were given; only
// identity knows which person that subject is today, so merging and un-merging persons rewrites nothing anywhere else.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/house/house.hpp"

namespace motcua::identity {

/// One record about one person, as another system told it; texts as they came. Key: source + record_id.
struct SourceRecord {
  std::string source;              // "ncovi", or what --source named
  std::string record_id;
  std::string kind;                // the KIND of docs/formats.md
  std::optional<Instant> told_at;  // declared, registered, collected, injected; absent for the population register
  std::string full_name, sex, phone, email, id_number, old_id_number, insurance_number, passport, nationality;
  std::string birth;               // date or year
  std::string address, ward, district, province, ward_code, household_id;
  bool phone_is_own = false;       // register, app user, declaring for oneself: the phone may name this person in a reference
  std::string payload = "{}";      // JSON object of everything else, as it came
};

struct PreparedRecord;             // normalised, with subject id and content hash
enum class Saved { accepted, updated, unchanged };

/// A reference to a person as facts carry it, canonical: "phone:+84938000204", "id:079187000123", "record:vhd:123". Failure
/// identity.reference_unreadable. A phone or id is normalised first.
Result<std::string> to_reference(std::string_view text);

/// From when to when a reference means this person (the latest claim before the fact wins where several persons claim it; with one
/// claimant the whole of time). Half-open; absent ends are unbounded.
struct ReferenceSpan {
  std::string reference;
  std::string person_id;
  std::optional<Instant> from, until;
};

struct PersonSummary {
  std::string person_id;           // per_...
  Personal<std::string> full_name;
  std::string birth;               // ISO, maybe a year only
  std::string sex;                 // "male", "female", "other", ""
  Personal<std::string> phone;     // +84..., may be empty
  int phone_shared_by = 1;         // persons who carry this phone
  std::string ward_code;           // may be empty
  Personal<std::string> address;
  int records = 0;
};

class Identity {
 public:
  virtual ~Identity() = default;

  // ---- for rooms that import records about people
  /// The subject id (sub_...) of a record; keyed, so it cannot be guessed, and stable for this installation.
  virtual std::string subject_of(std::string_view source, std::string_view record_id) const = 0;
  /// Normalises; fails with the field when a required one is unreadable. Warnings name optional fields kept as they came.
  virtual Result<std::shared_ptr<const PreparedRecord>> prepare(SourceRecord record, std::vector<intake::Warning>& warnings) const = 0;
  virtual Result<std::vector<Saved>> save(storage::Transaction& tx,
                                          std::span<const std::shared_ptr<const PreparedRecord>> records) = 0;

  // ---- asks, inside the caller's snapshot or transaction
  virtual Result<std::map<std::string, std::string>> persons_of(storage::Reader& reader, std::span<const std::string> subjects) = 0;
  virtual Result<std::vector<std::string>> subjects_of(storage::Reader& reader, std::string_view person_id) = 0;
  /// Batched; order of the argument, unknown ids left out.
  virtual Result<std::vector<PersonSummary>> summaries(storage::Reader& reader, std::span<const std::string> person_ids) = 0;
  /// Every span in which one of these persons is what a reference means, and the other way round.
  virtual Result<std::vector<ReferenceSpan>> references_of(storage::Reader& reader, std::span<const std::string> person_ids) = 0;
  virtual Result<std::vector<ReferenceSpan>> resolve(storage::Reader& reader, std::span<const std::string> references) = 0;

  // ---- linking (jobs and the command line)
  struct LinkOptions { bool full = false; };
  struct LinkSummary {
    std::int64_t records = 0, persons = 0, pairs_scored = 0, review_tasks = 0;
    double seconds = 0;
    std::uint64_t peak_memory_bytes = 0;
  };
  /// Resolves records to persons: all of them, or only what is new. Emits identity.persons_changed with the person ids that
  /// gained or lost records. A human decision (review, merge, split) is never overwritten.
  virtual Result<LinkSummary> link(const Act& act, const LinkOptions& options) = 0;
  /// formats.md section 3, sorted.
  virtual Result<std::int64_t> export_links(const Act& act, const std::string& file) = 0;

  // ---- who is this?
  struct Query { std::string phone, id_number, full_name, birth; };
  struct Candidate { PersonSummary person; double probability = 0; std::vector<std::pair<std::string, double>> reasons; };
  virtual Result<std::vector<Candidate>> find_person(const Act& act, const Query& query, int limit) = 0;
};

/// The room and its door.
class IdentityRoom : public Room {
 public:
  virtual Identity& door() = 0;
};
std::unique_ptr<IdentityRoom> make_identity(House& house);

}  // namespace motcua::identity
