#pragma once
// What the use cases share. Inner header of the room.
#include "platform/auth/limiter.hpp"
#include "rooms/exposure/exposure.hpp"
#include "rooms/exposure/store.hpp"

namespace motcua::exposure {

struct Server {
  House& house;
  tracing::Tracing& tracing;
  auth::Limiter limiter;
  crypto::Bytes code_key;                                    // hashes of codes

  std::string authority() const;                             // setting exposure.health_authority
  std::chrono::milliseconds period() const;                  // setting exposure.export_period_min
};

// Derivations. A whole mobile network may stand behind one address; a phone uploads once, and sends a decoy every few hours. A code has ten digits:
// with a thousand of them open day and night, a hundred addresses that guess at this limit find one in ten weeks.
inline constexpr auth::Limit uploads_by_address{"exposure-upload-address", 2000, std::chrono::seconds{1}, std::chrono::minutes{1}, std::chrono::hours{1}};
inline constexpr auth::Limit codes_by_address{"exposure-code-address", 60, std::chrono::minutes{1}, std::chrono::minutes{30}, std::chrono::hours{1}};

/// What phones cause is not on record one by one: the time of an upload beside that of a code would name the phone. Archives are.
Act phone_act(const Sender& sender, std::string action);

// ---- signing.cpp: keys by version, made when they are first asked for, wrapped under the master key (mode 0600)
Result<crypto::P256Key> archive_key(const House& house, std::int64_t version);
Result<crypto::P256Key> certificate_key(const House& house, std::int64_t version);
std::int64_t current_version(const House& house);            // setting exposure.signing_key_version

// ---- codes.cpp
Result<IssuedCode> issue_code(const Server& server, const Asker& asker, const CodeInput& input);
Result<CasePageOfCodes> list_codes(const Server& server, const Asker& asker, const std::string& case_id);
Result<Verified> verify(const Server& server, const Sender& sender, const std::string& code, const std::vector<ReportType>& accepted);
Result<std::string> certify(const Server& server, const Sender& sender, const std::string& token, const crypto::Bytes& mac);
/// Inside the caller's transaction: counts the try, uses the code up. Nothing: not accepted.
Result<std::optional<store::Code>> redeem(const Server& server, storage::Transaction& tx, const Sender& sender, const std::string& code, bool certified);

// ---- publish.cpp
Result<Published> publish(const Server& server, const Sender& sender, const Publish& publish);

// ---- archives.cpp
Result<std::optional<ArchiveSummary>> make_archive(const Server& server, const Act& act, bool now);

// ---- federation.cpp
Result<std::string> export_own(const Server& server, const Act& act, Instant since, bool travelers_only, Federated& sum);
Result<Federated> import_archive(const Server& server, const Act& act, std::string_view archive, const crypto::P256PublicKey& key, std::string origin);

}  // namespace motcua::exposure
