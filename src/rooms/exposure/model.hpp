#pragma once
// Words of the room. Intervals count ten minutes since 1970 (ENIntervalNumber); a day has 144 of them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::exposure {

inline constexpr std::int64_t interval_ms = 600'000;
inline constexpr std::int64_t day_intervals = 144;
inline constexpr std::int64_t window_days = 14;             // what a phone keeps, and how far back a key may have been in use
inline constexpr std::size_t publish_keys_max = 30;         // a phone has 15, and up to three of a day it was reset on
inline constexpr int same_start_keys_max = 3;               // the reference server's
inline constexpr int risk_max = 8;
inline constexpr int onset_days_max = 14;
inline constexpr std::int64_t tolerance_intervals = 12;     // clocks of phones: an identifier is believed two hours beside its interval

/// Why a key is published, with the numbers of the export format. `negative` takes a key back (REVOKED).
enum class ReportType { unknown = 0, confirmed = 1, likely = 2, self_report = 3, negative = 5 };
std::string_view to_text(ReportType type);                  // "confirmed", "likely", "user-report", "negative", ""
/// What a health authority's code may say: confirmed, likely, negative.
std::optional<ReportType> parse_report_type(std::string_view text);

struct DiagnosisKey {
  crypto::Block128 key{};
  std::int64_t rolling_start = 0;                           // interval
  std::int64_t rolling_period = day_intervals;              // intervals, 1 to 144
  std::int64_t risk = 0;                                    // transmission risk, 0 to 8
  friend bool operator==(const DiagnosisKey&, const DiagnosisKey&) = default;
};

/// As it stands in an archive.
struct ArchivedKey : DiagnosisKey {
  ReportType type = ReportType::unknown;
  std::optional<std::int64_t> onset_days;                   // of the key's day since the onset of symptoms, -14 to 14
  friend bool operator==(const ArchivedKey&, const ArchivedKey&) = default;
};

/// One file of keys for phones, or for another authority.
struct Archive {
  Instant from{}, to{};                                     // when the keys came, whole seconds
  std::string region;
  std::string key_version, key_id;                          // of the key that signs: "v1", "452"
  std::vector<ArchivedKey> keys;                            // new ones
  std::vector<ArchivedKey> revised;                         // told before, and now of another type
};

std::int64_t interval_of(Instant at);
Instant start_of(std::int64_t interval);

// ---- codes
struct CodeInput {
  std::string case_id;
  ReportType type = ReportType::confirmed;
  std::optional<Date> onset;
};
/// The only moment the code is known; it is kept as a keyed hash.
struct IssuedCode {
  std::string code_id;
  Personal<std::string> code;                               // ten digits
  Instant expires_at{};
};
/// state: open, used, expired.
struct CodeSummary {
  std::string code_id, state;
  ReportType type = ReportType::confirmed;
  Instant issued_at{}, expires_at{};
};
struct CasePageOfCodes {
  std::string case_id, person_id;
  Personal<std::string> full_name;
  std::vector<CodeSummary> codes;                           // newest first
};

// ---- publishing
/// A key as a phone sent it: the text is what the health authority's certificate was made over.
struct SentKey : DiagnosisKey {
  std::string key_text;
};
struct Publish {
  std::vector<SentKey> keys;
  std::string health_authority, payload, revision_token;
  crypto::Bytes hmac_key;
  std::optional<std::int64_t> onset_interval;
  bool traveler = false;
};
struct Published {
  std::string revision_token;
  std::int64_t inserted = 0;
};
/// What the health authority says of the keys.
struct Claims {
  ReportType type = ReportType::confirmed;
  std::optional<std::int64_t> onset_interval;
};
/// Who sends: for limits, which are counted by address, and for the log.
struct Sender {
  std::string address, request;
  bool decoy = false;                                       // said so itself (X-Chaff)
};

struct Verified {
  ReportType type = ReportType::confirmed;
  std::optional<std::int64_t> onset_interval;
  std::string token;
};

// ---- archives
struct ArchiveSummary {
  std::string name;                                         // "1629504000-1629518400-00001.zip"
  std::int64_t keys = 0, revised = 0;
};
struct Federated {
  std::int64_t read = 0, accepted = 0, revised = 0, unchanged = 0, rejected = 0;
  std::string origin;
};

}  // namespace motcua::exposure
