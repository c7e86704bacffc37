// A phone's keys come in: who vouches for them, which are new, which change. A decoy goes the same way with keys made up here, and leaves none.
#include <algorithm>
#include <map>

#include "base/base64.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/exposure/certificate.hpp"
#include "rooms/exposure/rules.hpp"
#include "rooms/exposure/server.hpp"

namespace motcua::exposure {
namespace {

constexpr const char* token_context = "exposure-revision";
constexpr std::size_t token_keys_max = 60;                  // two full uploads; a phone forgets its keys after 14 days itself
constexpr std::size_t decoy_keys = 14;                      // of a decoy that names none
constexpr std::size_t key_bytes = std::tuple_size_v<crypto::Block128>;

using Keys = std::vector<crypto::Block128>;

/// Always of the same length, whatever it holds: how many, the keys, zeros.
Result<std::string> seal_revision_token(const Server& server, const Keys& keys) {
  crypto::Bytes plain(1 + token_keys_max * key_bytes);
  plain[0] = static_cast<std::uint8_t>(std::min(keys.size(), token_keys_max));
  for (std::size_t i = 0; i < plain[0]; ++i) std::copy(keys[i].begin(), keys[i].end(), plain.begin() + static_cast<std::ptrdiff_t>(1 + i * key_bytes));
  TRY_ASSIGN(const auto sealed, server.house.keys.seal(token_context, plain));
  return to_base64(sealed, Base64::url);
}

Result<Keys> open_revision_token(const Server& server, const std::string& token) {
  if (token.empty()) return Keys{};
  const Failure refused = invalid("exposure.revision_token_invalid", "revisionToken");
  const auto sealed = from_base64(token, Base64::url);
  if (!sealed) return refused;
  const auto plain = server.house.keys.open(token_context, *sealed);
  if (!plain || plain->size() != 1 + token_keys_max * key_bytes || (*plain)[0] > token_keys_max) return refused;
  Keys keys((*plain)[0]);
  for (std::size_t i = 0; i < keys.size(); ++i) std::copy_n(plain->begin() + static_cast<std::ptrdiff_t>(1 + i * key_bytes), key_bytes, keys[i].begin());
  return keys;
}

/// Signature, times and HMAC hold: what the health authority says of these keys.
Result<Claims> check_certificate(const Server& server, const Publish& sent, Instant now) {
  const Failure refused = invalid("exposure.certificate_invalid", "verificationPayload");
  TRY_ASSIGN(const auto version, key_version_of(sent.payload));
  const std::int64_t current = current_version(server.house);
  for (const std::int64_t known : {current, current - 1}) {   // the one before still counts: a certificate outlives a rotation by minutes
    if (known < 1 || version != crypto::version_name(known)) continue;
    TRY_ASSIGN(const auto key, certificate_key(server.house, known));
    TRY_ASSIGN(const auto certificate, read_certificate(sent.payload, server.authority(), key.public_key(), now));
    if (!mac_holds(sent.keys, sent.hmac_key, certificate.mac)) return refused;
    return certificate.claims;
  }
  return refused;
}

/// What is to be done, before the database is asked.
struct Plan {
  bool by_code = false;
  Claims claims;
  std::vector<SentKey> keys;
  Keys known;                                               // of the revision token
};

Result<Plan> check(const Server& server, const Publish& sent, Instant now) {
  if (sent.health_authority != server.authority()) return invalid("exposure.authority_unknown", "healthAuthorityID");
  TRY(check_keys(sent.keys, now));
  if (sent.onset_interval) TRY(check_onset(*sent.onset_interval, now));
  Plan plan{!looks_like_certificate(sent.payload), {}, sent.keys, {}};
  TRY_ASSIGN(plan.known, open_revision_token(server, sent.revision_token));
  if (!plan.by_code) {
    TRY_ASSIGN(plan.claims, check_certificate(server, sent, now));
  }
  return plan;
}

/// As many keys as the decoy names, of the last days; the work of a certificate without one.
Result<Plan> made_up(const Server& server, const Publish& sent, Instant now) {
  Plan plan{!looks_like_certificate(sent.payload) && !sent.payload.empty(), {}, {}, {}};
  const std::size_t count = sent.keys.empty() ? decoy_keys : std::min(sent.keys.size(), publish_keys_max);
  for (std::size_t i = 0; i < count; ++i) {
    SentKey key;
    key.key = crypto::random_bits();
    key.key_text = to_base64(key.key);
    key.rolling_start = (interval_of(now) / day_intervals - 1 - static_cast<std::int64_t>(i) % window_days) * day_intervals;
    plan.keys.push_back(std::move(key));
  }
  if (plan.by_code) return plan;
  TRY_ASSIGN(const auto key, certificate_key(server.house, current_version(server.house)));
  const crypto::Bytes nothing(64, 1);
  (void)key.public_key().verify(sent.payload, nothing, crypto::EcdsaForm::fixed);
  (void)mac_holds(plan.keys, nothing, nothing);
  return plan;
}

struct Changes {
  std::vector<store::Key> added, revised;
};

/// Keys that are here may only be touched by the phone they came from, which its token shows.
Result<Changes> decide(const Server& server, const Plan& plan, const Publish& sent, const std::vector<store::Key>& existing, bool decoy) {
  const Instant now = server.house.now();
  const auto onset = sent.onset_interval ? sent.onset_interval : plan.claims.onset_interval;
  std::map<crypto::Block128, const store::Key*> here;
  for (const auto& key : existing) here[key.key] = &key;
  Changes changes;
  for (std::size_t i = 0; i < plan.keys.size(); ++i) {
    const SentKey& key = plan.keys[i];
    store::Key next;
    static_cast<DiagnosisKey&>(next) = key;
    next.type = next.told_type = plan.claims.type;
    next.risk = risk_of(key.risk, next.type);
    next.onset_days = onset_days(onset, key.rolling_start);
    const auto found = here.find(key.key);
    if (found == here.end()) {
      if (next.type == ReportType::negative) continue;      // nothing to take back
      next.traveler = sent.traveler;
      next.origin = decoy ? store::decoy_origin : "";
      next.released_at = release_of(key, now, server.period());
      changes.added.push_back(std::move(next));
      continue;
    }
    if (sent.revision_token.empty()) return invalid("exposure.revision_token_missing", "revisionToken");
    if (std::find(plan.known.begin(), plan.known.end(), key.key) == plan.known.end() || !found->second->origin.empty() ||
        found->second->rolling_start != key.rolling_start || found->second->rolling_period != key.rolling_period)
      return invalid("exposure.revision_token_invalid", "revisionToken");
    const Change change = decide_change(found->second->type, next.type);
    if (change == Change::refused) return invalid("exposure.change_refused", "temporaryExposureKeys[" + std::to_string(i) + "]");
    if (change == Change::none) continue;
    next.revised_at = from_millis(to_millis(now) / server.period().count() * server.period().count());
    changes.revised.push_back(std::move(next));
  }
  return changes;
}

Keys keys_of(const std::vector<SentKey>& sent) {
  Keys keys;
  for (const auto& key : sent) keys.push_back(key.key);
  return keys;
}

/// The keys of this upload, then those of earlier ones.
Keys joined(Keys keys, const Keys& known) {
  for (const auto& key : known)
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  return keys;
}

}  // namespace

Result<Published> publish(const Server& server, const Sender& sender, const Publish& sent) {
  static auto& uploads = metrics::registry().counter("motcua_exposure_uploads_total", "Uploads of keys that were answered, decoys among them");
  const Instant now = server.house.now();
  TRY_ASSIGN(Plan plan, sender.decoy ? made_up(server, sent, now) : check(server, sent, now));
  const Keys keys = keys_of(plan.keys);
  std::int64_t inserted = 0;
  bool accepted = true;
  TRY(server.house.database.write(phone_act(sender, "exposure.publish"), [&](storage::Transaction& tx) -> Result<void> {
    TRY(server.limiter.take(tx, uploads_by_address, sender.address, now));
    if (plan.by_code) {
      TRY_ASSIGN(const auto code, redeem(server, tx, sender, sent.payload, true));
      accepted = code.has_value() || sender.decoy;
      if (!accepted) return {};                             // the try counts
      if (code) plan.claims = {code->type, code->onset_interval};
    }
    TRY_ASSIGN(const auto existing, store::keys_among(tx, keys));
    TRY_ASSIGN(const auto changes, decide(server, plan, sent, existing, sender.decoy));
    TRY(store::add_keys(tx, changes.added));
    TRY(store::revise_keys(tx, changes.revised));
    TRY(store::drop_decoys(tx, keys));
    inserted = static_cast<std::int64_t>(changes.added.size());
    return {};
  }));
  if (!accepted) return invalid("exposure.code_not_accepted", "verificationPayload");
  uploads.add();
  TRY_ASSIGN(auto token, seal_revision_token(server, joined(keys, plan.known)));
  return Published{std::move(token), inserted};
}

}  // namespace motcua::exposure
