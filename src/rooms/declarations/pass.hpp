#pragma once
// The pass: a signed token short enough for a QR code that a cracked phone still shows. Pure; the same is read in the browser by web/scripts/pass.js.
//
// Text: "MC1:" and base45 of an untagged COSE_Sign1 (ES256, kid in the protected header) over a CWT-like map (RFC 8392):
//   4: expires, 6: issued (seconds since 1970), 7: id (16 random bytes), -65537: [state, form, check or null]
// Nothing else: no name, no number, no place. At most 189 characters of QR's alphanumeric alphabet.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "platform/cose/cose.hpp"
#include "platform/crypto/p256.hpp"

namespace motcua::declarations {

enum class PassState { declared, green, yellow, red };
enum class FormKind { health = 1, domestic, entry, daily };
std::string_view to_text(PassState state);               // "declared", "green", "yellow", "red"
std::string_view to_text(FormKind form);                 // "health", "domestic", "entry", "daily"
std::optional<PassState> parse_pass_state(std::string_view text);
std::optional<FormKind> parse_form_kind(std::string_view text);

struct Pass {
  Bits128 id{};
  Instant issued_at{}, expires_at{};                     // whole seconds; valid until just before expires_at
  PassState state = PassState::declared;
  FormKind form = FormKind::health;
  std::optional<std::uint8_t> check;                     // absent: name or year of birth were not known
};
std::string pass_id(const Bits128& id);                  // "pas_..."
std::optional<Bits128> bits_of_pass(std::string_view pass_id);

// ---- the second factor: initials and year of birth, asked for when the phone may be somebody else's

/// "NVA" of "Nguyễn Văn An": the first letter of each word without marks, at most initials_max. Empty: no word.
std::string initials_of(std::string_view full_name);
inline constexpr int initials_max = 8;
/// SHA-256 over id, initials and year, its first byte. Eight bits: a wrong answer passes once in 256 times, and several hundred people of a ward
/// share any value, so that it tells nobody who scans a pass whose it is. Nothing without initials or year.
std::optional<std::uint8_t> check_of(const Bits128& id, std::string_view initials, int birth_year);
/// What was answered at the gate ("n.v.a", "NVĐ") fits. Nothing: the pass has no check.
std::optional<bool> fits_check(const Pass& pass, std::string_view initials, int birth_year);

// ---- keys

struct PassKey {
  cose::Bytes kid;
  crypto::P256PublicKey key;
};
/// The first four bytes of the key's JWK thumbprint (RFC 7638).
cose::Bytes kid_of(const crypto::P256PublicKey& key);
/// {"keys": [...]}, RFC 7517: kid in base64url.
std::string to_jwks(std::span<const PassKey> keys);

// ---- writing and reading

inline constexpr std::string_view pass_prefix = "MC1:";
inline constexpr std::size_t pass_text_chars_max = 512;
/// A pass is issued by the server's clock and read by another one: so far ahead the server may be. There is none at the end: whoever reads
/// offline corrects her clock by the server's (GET /api/v1/pass-revocations says `at`), so that a clock wrong by a day shows no wrong answer.
inline constexpr std::chrono::minutes issued_leeway{5};

std::string write_pass(const Pass& pass, const crypto::P256Key& key);

enum class PassVerdict { valid, expired, not_yet, revoked, unknown_key, bad_signature, unreadable };
std::string_view to_text(PassVerdict verdict);           // "valid", "expired", "not-yet", "revoked", "unknown-key", "bad-signature", "unreadable"
struct PassReading {
  PassVerdict verdict = PassVerdict::unreadable;
  std::optional<Pass> pass;                              // once the signature holds
};
/// The first that is true of: unreadable, unknown-key, bad-signature, expired, not-yet, revoked; else valid.
PassReading verify_pass(std::string_view text, std::span<const PassKey> keys, Instant now, const std::function<bool(const Pass&)>& revoked);

}  // namespace motcua::declarations
