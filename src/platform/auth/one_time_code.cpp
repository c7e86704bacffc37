#include "platform/auth/one_time_code.hpp"

#include <algorithm>

namespace motcua::auth {
namespace {

constexpr std::uint32_t codes = 1'000'000;
constexpr std::size_t code_digits = 6;

struct StoredCode {
  crypto::Bytes hash;
  Instant created_at;
  std::int64_t tries;
  bool used;
};

Act act_named(std::string action, const std::string& request_id) {
  return {"job:one-time-code", "system", "own-record", std::move(action), request_id};
}

std::string only_digits(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ' ' && c != '-' && digits.size() < 16) digits += c;
  return digits;
}

std::string_view view(const crypto::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

std::string random_code() {
  // Values above the last whole multiple of a million are thrown away: no code is likelier than another.
  constexpr std::uint32_t limit = UINT32_MAX - UINT32_MAX % codes;
  std::uint32_t number = 0;
  do {
    const crypto::Bytes b = crypto::random_bytes(4);
    number = (std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[2]} << 8) | b[3];
  } while (number >= limit);
  const std::string digits = std::to_string(number % codes);
  return std::string(code_digits - digits.size(), '0') + digits;
}

Result<OneTimeCodes> OneTimeCodes::make(storage::Database& database, crypto::KeyRing& keys, std::function<Instant()> now) {
  TRY_ASSIGN(auto key, keys.secret("auth-codes", 32));
  TRY_ASSIGN(auto limiter, Limiter::make(keys));
  return OneTimeCodes(database, std::move(key), std::move(limiter), std::move(now));
}

crypto::Bytes OneTimeCodes::hash_of(std::string_view purpose, std::string_view phone, std::string_view handle,
                                    std::string_view code) const {
  std::string text;
  for (const std::string_view part : {purpose, phone, handle, code}) text.append(part).push_back('\n');
  const auto hash = crypto::hmac_sha256(key_, text);
  return {hash.begin(), hash.end()};
}

Result<IssuedCode> OneTimeCodes::issue(const CodeRequest& request, const std::string& request_id) const {
  const Instant now = now_();
  const std::string handle = crypto::random_id("otc");
  const std::string code = random_code();
  // For a phone that is not known a code is made all the same, of the same work, and known to nobody.
  const crypto::Bytes hash = hash_of(request.purpose, request.phone.reveal(), handle, code);
  TRY(database_.write(act_named("auth.issue_code", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY(limiter_.take(tx, codes_by_address, request.address, now));
    TRY(limiter_.take(tx, codes_by_phone, request.phone.reveal(), now));
    TRY(tx.execute("INSERT INTO auth_code (id, code_hash, created_at, tries, used_at) VALUES ($1, $2, $3, 0, $4)",
                   {handle, hash, now, std::nullopt}));
    return {};
  }));
  IssuedCode issued{handle, std::nullopt};
  if (request.phone_known) issued.to_send = Personal<std::string>(code);
  return issued;
}

Result<void> OneTimeCodes::redeem(const CodeAnswer& answer, const std::string& request_id) const {
  const Instant now = now_();
  const crypto::Bytes given = hash_of(answer.purpose, answer.phone.reveal(), answer.handle, only_digits(answer.code));
  bool accepted = false;
  TRY(database_.write(act_named("auth.redeem_code", request_id), [&](storage::Transaction& tx) -> Result<void> {
    accepted = false;
    TRY(limiter_.take(tx, redeems_by_address, answer.address, now));
    // The try is counted first: the row is locked, and a right code after the fifth try is no longer right.
    TRY(tx.execute("UPDATE auth_code SET tries = tries + 1 WHERE id = $1", {answer.handle}));
    TRY_ASSIGN(const auto found,
               tx.find("SELECT code_hash, created_at, tries, used_at FROM auth_code WHERE id = $1", {answer.handle},
                       [](const storage::Row& r) { return StoredCode{r.bytes(0), r.instant(1), r.integer(2), !r.is_null(3)}; }));
    const StoredCode stored = found.value_or(StoredCode{crypto::Bytes(32), Instant{}, 0, true});
    const bool equal = crypto::equal_constant_time(view(stored.hash), view(given));
    accepted = equal && !stored.used && stored.tries <= code_tries_max && now - stored.created_at <= code_lifetime;
    if (!accepted) return {};
    TRY(tx.execute("UPDATE auth_code SET used_at = $1 WHERE id = $2", {now, answer.handle}));
    return {};
  }));
  if (!accepted) return Failure{FailureKind::invalid, "auth.code_not_accepted", "code"};
  return {};
}

Result<std::int64_t> OneTimeCodes::purge(storage::Transaction& transaction, Instant now) {
  return transaction.execute("DELETE FROM auth_code WHERE created_at < $1", {now - code_lifetime});
}

}  // namespace motcua::auth
