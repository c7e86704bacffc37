#pragma once
// The door to passes: issue, show, revoke, verify. A part of declarations.hpp; other rooms include that.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/house/house.hpp"
#include "rooms/declarations/pass.hpp"
#include "rooms/declarations/pass_rules.hpp"

namespace motcua::declarations {

struct PassRequest {
  std::string subject;                  // sub_...
  FormKind form = FormKind::health;
  PassFacts facts;
  std::string full_name;                // for the second factor, kept nowhere; empty: none
  int birth_year = 0;                   // 0: unknown, none
  std::optional<Instant> told_at = {};  // what it rests on was told then; absent: now
};

enum class RevokedBecause { worse, reissued, asked, mistaken, many };   // on record; many: a newer one came when open_passes_max held
struct IssuedPass {
  std::string pass_id;                  // pas_...
  std::string subject;
  Pass pass;
  std::string period;                   // name of the rules it was decided by
  std::optional<Instant> revoked_at;
};

/// Ids of revoked passes as gates keep them: the first revocation_chars of the 26 behind "pas_" (65 bits).
struct Revocations {
  std::vector<std::string> ids;         // oldest first
  Instant next{};                       // ask again with this as `since`
  bool more = false;                    // revocations_max reached: ask at once
};
inline constexpr std::size_t revocation_chars = 13;
inline constexpr int revocations_max = 50'000;       // of one answer: 800 KB
/// What an audit entry says of a pass: members of a JSON object, without its braces.
std::string pass_detail(const IssuedPass& issued);

inline constexpr int open_passes_max = 20;           // of one subject; the oldest gives way to the next

class Passes {
 public:
  virtual ~Passes() = default;
  /// What the rules of the day it was told on say: state, form and both times; no id. What was told elsewhere counts by the same rules.
  virtual Pass decide(FormKind form, const PassFacts& facts, Instant told_at) const = 0;
  /// In the caller's transaction; the entry of the caller's act names it (pass_detail). Earlier passes of the subject that show a better state are revoked, and the
  /// oldest beyond open_passes_max. Costs a row: it is signed when its text is asked for.
  virtual Result<IssuedPass> issue_pass(storage::Transaction& tx, const PassRequest& request) = 0;
  /// Another id for the same state and end; the old one is revoked (a lost card, a photographed pass). Failures
  /// declarations.no_such_pass, declarations.pass_over (conflict: expired or revoked).
  virtual Result<IssuedPass> reissue_pass(storage::Transaction& tx, const std::string& subject, const std::string& pass_id, const std::string& full_name, int birth_year) = 0;
  /// Again changes nothing. Failure declarations.no_such_pass.
  virtual Result<void> revoke_pass(storage::Transaction& tx, const std::string& subject, const std::string& pass_id, RevokedBecause why) = 0;
  /// All that are not over; how many.
  virtual Result<int> revoke_passes(storage::Transaction& tx, const std::string& subject, RevokedBecause why) = 0;
  /// Newest first, revoked and expired ones too, as long as they are kept.
  virtual Result<std::vector<IssuedPass>> passes_of(storage::Reader& reader, std::span<const std::string> subjects, int limit) = 0;

  /// For the QR code, signed with the current key. Every call gives another text of the same pass.
  virtual Result<std::string> text_of(const Pass& pass) = 0;
  /// Keys that verify: those passes in use may be signed with, the current one, and the next, so that gates know it before it signs.
  virtual Result<std::vector<PassKey>> keys() = 0;
  /// Revoked from then on (a minute of overlap is added) and not expired. They grow with revocations, not with passes, and shrink as passes expire.
  virtual Result<Revocations> revocations(storage::Reader& reader, Instant since) = 0;
  virtual Result<PassReading> verify(std::string_view text) = 0;
};

/// Failure: policies/passes.toml as read_pass_periods says.
Result<std::unique_ptr<Passes>> make_passes(House& house);

}  // namespace motcua::declarations
