// One-time codes: from a tracer to a person, from her phone to a certificate over its keys.
#include <algorithm>

#include "base/base64.hpp"
#include "platform/auth/one_time_code.hpp"
#include "platform/config/config.hpp"
#include "rooms/exposure/certificate.hpp"
#include "rooms/exposure/rules.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

constexpr std::size_t code_digits = 10;
constexpr std::int64_t open_codes_max = 5;                  // of one case
constexpr std::chrono::hours token_lifetime{24};            // from the code to the certificate: the reference's
constexpr std::size_t hash_bytes = 32;
constexpr const char* token_context = "exposure-token";

/// Two codes of six digits, less two digits: every code as likely as any other.
std::string random_digits() { return auth::random_code() + auth::random_code().substr(2); }

std::string only_digits(std::string_view typed) {
  std::string digits;
  for (const char c : typed)
    if (c != ' ' && c != '-' && digits.size() <= code_digits) digits += c;
  return digits;
}

crypto::Bytes hash_of(const Server& server, std::string_view code) {
  const auto hash = crypto::hmac_sha256(server.code_key, code);
  return {hash.begin(), hash.end()};
}

/// The hash of the code and when the token ends, sealed: nobody but this house reads or makes one.
Result<std::string> seal_token(const Server& server, const crypto::Bytes& hash, Instant until) {
  crypto::Bytes plain = hash;
  for (int i = 0; i < 8; ++i) plain.push_back(static_cast<std::uint8_t>(to_millis(until) >> (8 * i)));
  TRY_ASSIGN(const auto sealed, server.house.keys.seal(token_context, plain));
  return to_base64(sealed, Base64::url);
}

Failure token_refused() { return invalid("exposure.token_not_accepted", "token"); }

Result<crypto::Bytes> open_token(const Server& server, const std::string& token, Instant now) {
  const auto sealed = from_base64(token, Base64::url);
  if (!sealed) return token_refused();
  const auto plain = server.house.keys.open(token_context, *sealed);
  if (!plain || plain->size() != hash_bytes + 8) return token_refused();
  std::int64_t until = 0;
  for (int i = 7; i >= 0; --i) until = until << 8 | (*plain)[hash_bytes + static_cast<std::size_t>(i)];
  if (now >= from_millis(until)) return token_refused();
  return crypto::Bytes(plain->begin(), plain->begin() + hash_bytes);
}

std::string state_of(const store::Code& code, Instant now) { return code.claimed ? "used" : code.expires_at <= now ? "expired" : "open"; }

Result<std::optional<std::int64_t>> onset_interval(const CodeInput& input, Instant now) {
  if (!input.onset) return std::optional<std::int64_t>();
  const std::int64_t interval = std::chrono::sys_days(*input.onset).time_since_epoch().count() * day_intervals;
  if (!check_onset(interval, now)) return invalid("exposure.onset_out_of_range", "onset");
  return std::optional(interval);
}

}  // namespace

Result<IssuedCode> issue_code(const Server& server, const Asker& asker, const CodeInput& input) {
  const Instant now = server.house.now();
  TRY_ASSIGN(const auto of, server.tracing.get_case(asker, input.case_id));
  TRY_ASSIGN(const auto onset, onset_interval(input, now));
  const std::string digits = random_digits();
  const store::Code code{hash_of(server, digits), crypto::random_id("exc"), input.case_id, asker.act.actor, input.type, onset, now,
                         now + server.house.settings.duration("exposure.code_lifetime_min"), false};
  TRY(server.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto open, store::count_open_codes(tx, input.case_id, now));
    if (open >= open_codes_max) return conflict("exposure.too_many_codes");
    TRY(store::add_code(tx, code));
    tx.note({.object = code.code_id, .subject = of.person_id, .area = of.ward_code, .detail = R"({"report_type":")" + std::string(to_text(input.type)) + "\"}"});
    return {};
  }));
  return IssuedCode{code.code_id, Personal<std::string>(digits), code.expires_at};
}

Result<CasePageOfCodes> list_codes(const Server& server, const Asker& asker, const std::string& case_id) {
  TRY_ASSIGN(const auto of, server.tracing.get_case(asker, case_id));
  TRY_ASSIGN(const auto codes, server.house.database.read_value([&](storage::Reader& reader) { return store::list_codes(reader, case_id); }));
  CasePageOfCodes page{of.case_id, of.person_id, of.full_name, {}};
  for (const auto& code : codes) page.codes.push_back({code.code_id, state_of(code, server.house.now()), code.type, code.issued_at, code.expires_at});
  return page;
}

Result<std::optional<store::Code>> redeem(const Server& server, storage::Transaction& tx, const Sender& sender, const std::string& typed, bool certified) {
  const Instant now = server.house.now();
  TRY(server.limiter.take(tx, codes_by_address, sender.address, now));
  const crypto::Bytes hash = sender.decoy ? crypto::random_bytes(hash_bytes) : hash_of(server, only_digits(typed));
  return store::claim_code(tx, hash, now, certified);
}

Result<Verified> verify(const Server& server, const Sender& sender, const std::string& typed, const std::vector<ReportType>& accepted) {
  std::optional<store::Code> code;
  TRY(server.house.database.write(phone_act(sender, "exposure.verify"), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(code, redeem(server, tx, sender, typed, false));   // a wrong one counts, so it does not fail the transaction
    if (code && !accepted.empty() && std::find(accepted.begin(), accepted.end(), code->type) == accepted.end()) return invalid("exposure.type_not_accepted", "accept");
    return {};
  }));
  if (sender.decoy) code.emplace().hash = crypto::random_bytes(hash_bytes);
  if (!code) return invalid("exposure.code_not_accepted", "code");
  TRY_ASSIGN(const auto token, seal_token(server, code->hash, server.house.now() + token_lifetime));
  return Verified{code->type, code->onset_interval, token};
}

Result<std::string> certify(const Server& server, const Sender& sender, const std::string& token, const crypto::Bytes& mac) {
  const Instant now = server.house.now();
  auto hash = open_token(server, token, now);
  if (!hash && !sender.decoy) return std::move(hash).failure();
  std::optional<store::Code> code;
  TRY(server.house.database.write(phone_act(sender, "exposure.certify"), [&](storage::Transaction& tx) -> Result<void> {
    TRY(server.limiter.take(tx, uploads_by_address, sender.address, now));
    TRY_ASSIGN(code, store::certify_code(tx, sender.decoy ? crypto::random_bytes(hash_bytes) : *hash));
    return {};
  }));
  if (sender.decoy) code.emplace();
  if (!code) return token_refused();
  TRY_ASSIGN(const auto key, certificate_key(server.house, current_version(server.house)));
  return write_certificate({server.authority(), crypto::version_name(current_version(server.house)), now, {code->type, code->onset_interval}, mac}, key);
}

}  // namespace motcua::exposure
