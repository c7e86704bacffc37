#pragma once
// The door of exposure: keys of phones that tell others they were near somebody who is infected, without telling us who (GAEN, decentralised).
//
// A tracer gives a case a one-time code; the phone exchanges it for a certificate over its keys, or hands the code in itself, and publishes. A job
// puts the keys into signed archives that every phone fetches and compares on its own. Keys and codes are stored without a link between them.
//
// The protocol is that of google/exposure-notifications-server (publish API v1, export file format v1) and its verification server.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "platform/house/house.hpp"
#include "rooms/exposure/archive.hpp"
#include "rooms/exposure/match.hpp"
#include "rooms/exposure/model.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::exposure {

using tracing::Asker;

class Exposure {
 public:
  virtual ~Exposure() = default;

  // ---- for the tracer
  /// A code for this case, told once. Failures: tracing.not_found, exposure.onset_out_of_range (onset), exposure.too_many_codes (conflict).
  virtual Result<IssuedCode> issue_code(const Asker& asker, const CodeInput& input) = 0;
  /// On record as a look at the person.
  virtual Result<CasePageOfCodes> list_codes(const Asker& asker, const std::string& case_id) = 0;

  // ---- for phones. A decoy is the same work and is not kept; its answer means nothing.
  /// Uses a code up. `accepted`: types the phone can handle, none named: all. Failures: exposure.code_not_accepted (wrong, used and late alike),
  /// exposure.type_not_accepted (the code stays good), auth.too_many_tries.
  virtual Result<Verified> verify(const Sender& sender, const std::string& code, const std::vector<ReportType>& accepted) = 0;
  /// One certificate for a token of verify(), over the HMAC (32 bytes) of the keys. Failure exposure.token_not_accepted.
  virtual Result<std::string> certify(const Sender& sender, const std::string& token, const crypto::Bytes& mac) = 0;
  /// All keys or none. Failures: those of check_keys and check_onset, exposure.authority_unknown, exposure.certificate_invalid, exposure.code_not_accepted,
  /// exposure.revision_token_missing, exposure.revision_token_invalid, exposure.change_refused.
  virtual Result<Published> publish(const Sender& sender, const Publish& publish) = 0;

  // ---- archives
  /// Closes the periods that are over, or, `now`, everything up to this moment; the archive's summary, nothing when there was nothing to close.
  virtual Result<std::optional<ArchiveSummary>> make_archive(const Act& act, bool now) = 0;
  virtual Result<std::vector<std::string>> list_archives() = 0;                       // oldest first
  virtual Result<std::string> get_archive(const std::string& name) = 0;               // exposure.archive_not_found
  /// PEM of the key that signs archives; version 0 is the current one. Failure exposure.key_version_unknown.
  virtual Result<std::string> public_key(std::int64_t version) = 0;

  // ---- with other authorities, by file
  /// Keys of phones here that came (or changed) since, as an archive; what came from others is never in it.
  virtual Result<std::string> export_own(const Act& act, Instant since, bool travelers_only, Federated& sum) = 0;
  /// Keys of another authority's archive; `origin` empty: the region the archive names. Failures: those of read_archive, exposure.origin_is_ours.
  virtual Result<Federated> import_archive(const Act& act, std::string_view archive, const crypto::P256PublicKey& key, std::string origin) = 0;
};

class ExposureRoom : public Room {
 public:
  virtual Exposure& door() = 0;
};
Result<std::unique_ptr<ExposureRoom>> make_exposure(House& house, tracing::Tracing& tracing);

}  // namespace motcua::exposure
