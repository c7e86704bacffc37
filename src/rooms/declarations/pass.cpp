#include "rooms/declarations/pass.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/base45.hpp"
#include "base/base64.hpp"
#include "base/vietnamese.hpp"

namespace motcua::declarations {
namespace {

// Claims: RFC 8392, and one of its private range.
constexpr std::int64_t claim_expires = 4, claim_issued = 6, claim_id = 7, claim_pass = -65537;
constexpr std::size_t kid_bytes = 4;
constexpr const char* id_kind = "pas";
constexpr std::array<std::string_view, 4> states{"declared", "green", "yellow", "red"};
constexpr std::array<std::string_view, 4> forms{"health", "domestic", "entry", "daily"};   // from 1 on
constexpr std::int64_t seconds_max = 1LL << 40;   // some 34,000 years: milliseconds of it still fit

std::int64_t seconds_of(Instant at) { return to_millis(at) / 1000; }

/// The capital first byte or letter of a folded text; letters of other scripts stay whole.
std::string first_letter(std::string_view folded) {
  if (static_cast<unsigned char>(folded[0]) < 0x80) return {static_cast<char>(std::toupper(static_cast<unsigned char>(folded[0])))};
  std::size_t end = 1;
  while (end < folded.size() && (static_cast<unsigned char>(folded[end]) & 0xc0) == 0x80) ++end;
  return std::string(folded.substr(0, end));
}

const std::int64_t* number(const cose::Value* value) { return value == nullptr ? nullptr : value->as<std::int64_t>(); }

std::optional<Pass> pass_of(const cose::Bytes& payload) {
  const auto claims = cose::read_cbor(payload);
  if (!claims) return std::nullopt;
  const auto* expires = number(claims->at(claim_expires));
  const auto* issued = number(claims->at(claim_issued));
  const auto* id = claims->at(claim_id);
  const auto* own = claims->at(claim_pass);
  const auto* parts = own == nullptr ? nullptr : own->as<cose::Array>();
  if (!expires || !issued || std::min(*expires, *issued) < 0 || std::max(*expires, *issued) > seconds_max || !id || !parts || parts->size() != 3) return std::nullopt;
  Pass pass{.issued_at = from_millis(*issued * 1000), .expires_at = from_millis(*expires * 1000)};
  const auto* bits = id->as<cose::Bytes>();
  const auto *state = number(&(*parts)[0]), *form = number(&(*parts)[1]), *check = number(&(*parts)[2]);
  if (!bits || bits->size() != pass.id.size() || !state || !form) return std::nullopt;
  if (*state < 0 || *state >= static_cast<std::int64_t>(states.size()) || *form < 1 || *form > static_cast<std::int64_t>(forms.size())) return std::nullopt;
  if (check ? *check < 0 || *check > 0xff : (*parts)[2].as<std::nullptr_t>() == nullptr) return std::nullopt;
  std::copy(bits->begin(), bits->end(), pass.id.begin());
  pass.state = static_cast<PassState>(*state), pass.form = static_cast<FormKind>(*form);
  if (check) pass.check = static_cast<std::uint8_t>(*check);
  return pass;
}

PassVerdict judge(const Pass& pass, Instant now, const std::function<bool(const Pass&)>& revoked) {
  if (now >= pass.expires_at) return PassVerdict::expired;
  if (now + issued_leeway < pass.issued_at) return PassVerdict::not_yet;
  return revoked(pass) ? PassVerdict::revoked : PassVerdict::valid;
}

struct Coordinates {
  std::string x, y;
};
Coordinates coordinates_of(const crypto::P256PublicKey& key) {
  const auto point = key.coordinates();
  const std::span both(point);
  return {to_base64(both.first(32), Base64::url), to_base64(both.last(32), Base64::url)};
}

}  // namespace

std::string_view to_text(PassState state) { return states[static_cast<std::size_t>(state)]; }
std::string_view to_text(FormKind form) { return forms[static_cast<std::size_t>(form) - 1]; }

std::optional<PassState> parse_pass_state(std::string_view text) {
  const auto found = std::find(states.begin(), states.end(), text);
  if (found == states.end()) return std::nullopt;
  return static_cast<PassState>(found - states.begin());
}
std::optional<FormKind> parse_form_kind(std::string_view text) {
  const auto found = std::find(forms.begin(), forms.end(), text);
  if (found == forms.end()) return std::nullopt;
  return static_cast<FormKind>(found - forms.begin() + 1);
}

std::string_view to_text(PassVerdict verdict) {
  constexpr std::array<std::string_view, 7> names{"valid", "expired", "not-yet", "revoked", "unknown-key", "bad-signature", "unreadable"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string pass_id(const Bits128& id) { return to_id(id_kind, id); }

std::optional<Bits128> bits_of_pass(std::string_view id) {
  constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";
  if (!is_id(id_kind, id)) return std::nullopt;
  Bits128 out{};
  std::size_t at = 0;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : id.substr(std::string_view(id_kind).size() + 1)) {
    buffer = (buffer << 5 | static_cast<unsigned>(crockford.find(c))) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out[at++] = static_cast<std::uint8_t>(buffer >> bits);
  }
  if (pass_id(out) != id) return std::nullopt;   // the last character holds three bits
  return out;
}

std::string initials_of(std::string_view full_name) {
  std::string out;
  int letters = 0;
  const std::string folded = vietnamese::fold(full_name);
  for (const auto word : vietnamese::words(folded))
    if (letters++ < initials_max) out += first_letter(word);
  return out;
}

std::optional<std::uint8_t> check_of(const Bits128& id, std::string_view initials, int birth_year) {
  if (initials.empty() || birth_year <= 0) return std::nullopt;
  std::string said(id.begin(), id.end());
  said.append(initials).append(std::to_string(birth_year));
  return crypto::sha256(said)[0];
}

std::optional<bool> fits_check(const Pass& pass, std::string_view initials, int birth_year) {
  if (!pass.check) return std::nullopt;
  std::string plain;
  for (const char c : vietnamese::fold(initials))
    if (c != ' ') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return check_of(pass.id, plain, birth_year) == pass.check;
}

cose::Bytes kid_of(const crypto::P256PublicKey& key) {
  const auto [x, y] = coordinates_of(key);
  const auto print = crypto::sha256(R"({"crv":"P-256","kty":"EC","x":")" + x + R"(","y":")" + y + "\"}");
  return {print.begin(), print.begin() + kid_bytes};
}

std::string to_jwks(std::span<const PassKey> keys) {
  std::string out = R"({"keys":[)";
  for (const auto& [kid, key] : keys) {
    const auto [x, y] = coordinates_of(key);
    out += (out.back() == '[' ? "" : ",");
    out += R"({"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":")" + to_base64(kid, Base64::url) + R"(","x":")" + x + R"(","y":")" + y + "\"}";
  }
  return out + "]}";
}

std::string write_pass(const Pass& pass, const crypto::P256Key& key) {
  using cose::Value;
  const auto number_of = [](auto value) { return Value(static_cast<std::int64_t>(value)); };
  const cose::Array own{number_of(pass.state), number_of(pass.form), pass.check ? number_of(*pass.check) : Value(nullptr)};
  const cose::Map claims{{claim_expires, seconds_of(pass.expires_at)}, {claim_issued, seconds_of(pass.issued_at)},
                         {claim_id, cose::Bytes(pass.id.begin(), pass.id.end())}, {claim_pass, own}};
  return std::string(pass_prefix) + to_base45(cose::write_sign1(cose::write_cbor(claims), kid_of(key.public_key()), key));
}

PassReading verify_pass(std::string_view text, std::span<const PassKey> keys, Instant now, const std::function<bool(const Pass&)>& revoked) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);   // scanners that type end a line
  if (!text.starts_with(pass_prefix) || text.size() > pass_text_chars_max) return {};
  const auto bytes = from_base45(text.substr(pass_prefix.size()));
  if (!bytes) return {};
  const auto message = cose::read_sign1(*bytes);
  const auto pass = message ? pass_of(message->payload) : std::nullopt;
  if (!pass) return {};
  bool known = false;
  for (const auto& [kid, key] : keys) {
    if (kid != message->kid) continue;
    known = true;
    if (cose::verify(*message, key)) return {judge(*pass, now, revoked), pass};
  }
  return {known ? PassVerdict::bad_signature : PassVerdict::unknown_key, std::nullopt};
}

}  // namespace motcua::declarations
