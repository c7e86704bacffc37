#include "rooms/declarations/passes.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "platform/assets/assets.hpp"
#include "platform/config/config.hpp"
#include "rooms/declarations/store_passes.hpp"

namespace motcua::declarations {
namespace {

constexpr const char* rules_file = "policies/passes.toml";
constexpr const char* key_name = "declarations-pass";
constexpr std::int64_t older_keys_max = 7;               // before the current one
constexpr std::chrono::minutes overlap{1};               // a revocation waits for its commit no longer

Instant whole_seconds(Instant at) { return from_millis(to_millis(at) / 1000 * 1000); }

std::string_view to_text(RevokedBecause why) {
  constexpr std::array<std::string_view, 5> names{"worse", "reissued", "asked", "mistaken", "many"};
  return names[static_cast<std::size_t>(why)];
}

Failure no_such_pass() { return not_found("declarations.no_such_pass"); }

/// Keys of this installation, made when they are first asked for and then kept in memory.
class Keys {
 public:
  explicit Keys(House& house) : house_(house) {}

  Result<crypto::P256Key> signer() {
    const std::lock_guard lock(mutex_);
    TRY(load());
    return *signer_;
  }
  Result<std::vector<PassKey>> all() {
    const std::lock_guard lock(mutex_);
    TRY(load());
    return all_;
  }

 private:
  Result<void> load() {
    if (signer_) return {};
    const auto current = house_.settings.integer("declarations.pass_key_version");
    const auto oldest = std::max(house_.settings.integer("declarations.pass_key_oldest"), current - older_keys_max);
    std::vector<PassKey> all;
    for (auto version = oldest; version <= current + 1; ++version) {
      TRY_ASSIGN(const auto key, crypto::p256_key(house_.keys, key_name, version));
      all.push_back({kid_of(key.public_key()), key.public_key()});
    }
    TRY_ASSIGN(auto signer, crypto::p256_key(house_.keys, key_name, current));
    all_ = std::move(all);
    signer_ = std::move(signer);
    return {};
  }

  House& house_;
  std::mutex mutex_;
  std::optional<crypto::P256Key> signer_;
  std::vector<PassKey> all_;
};

class Door : public Passes {
 public:
  Door(House& house, std::vector<PassPeriod> periods) : house_(house), periods_(std::move(periods)), keys_(house) {}

  Pass decide(FormKind form, const PassFacts& facts, Instant told_at) const override {
    const auto& period = period_on(told_at);
    const Instant from = whole_seconds(told_at);
    return {.issued_at = from, .expires_at = from + std::chrono::hours(period.valid_hours.at(form)), .state = decide_pass_state(period, facts), .form = form};
  }

  Result<IssuedPass> issue_pass(storage::Transaction& tx, const PassRequest& request) override {
    const Instant now = house_.now(), told_at = request.told_at.value_or(now);
    TRY_ASSIGN(const auto open, store::open_passes(tx, request.subject, now));
    const Pass pass = decide(request.form, request.facts, told_at);
    std::vector<const IssuedPass*> staying;   // oldest first
    for (const auto& earlier : open) {
      if (earlier.pass.issued_at <= pass.issued_at && is_worse(pass.state, earlier.pass.state)) TRY(revoke(tx, earlier, RevokedBecause::worse));
      else staying.push_back(&earlier);
    }
    if (staying.size() >= open_passes_max) TRY(revoke(tx, *staying.front(), RevokedBecause::many));
    return add(tx, {.subject = request.subject, .pass = pass, .period = period_on(told_at).name}, request.full_name, request.birth_year);
  }

  Result<IssuedPass> reissue_pass(storage::Transaction& tx, const std::string& subject, const std::string& pass_id, const std::string& full_name, int birth_year) override {
    TRY_ASSIGN(auto old, store::find_pass(tx, subject, pass_id));
    if (!old) return no_such_pass();
    if (is_over(*old)) return conflict("declarations.pass_over");
    TRY(revoke(tx, *old, RevokedBecause::reissued));
    old->pass.issued_at = whole_seconds(house_.now());
    TRY_ASSIGN(auto issued, add(tx, std::move(*old), full_name, birth_year));
    tx.note({.action = "declarations.issue_pass", .object = issued.pass_id, .subject = issued.subject, .detail = "{" + pass_detail(issued) + "}"});
    return issued;
  }

  Result<void> revoke_pass(storage::Transaction& tx, const std::string& subject, const std::string& pass_id, RevokedBecause why) override {
    TRY_ASSIGN(const auto found, store::find_pass(tx, subject, pass_id));
    if (!found) return no_such_pass();
    return is_over(*found) ? Result<void>() : revoke(tx, *found, why);
  }

  Result<int> revoke_passes(storage::Transaction& tx, const std::string& subject, RevokedBecause why) override {
    TRY_ASSIGN(const auto open, store::open_passes(tx, subject, house_.now()));
    for (const auto& pass : open) TRY(revoke(tx, pass, why));
    return static_cast<int>(open.size());
  }

  Result<std::vector<IssuedPass>> passes_of(storage::Reader& reader, std::span<const std::string> subjects, int limit) override {
    return store::passes_of(reader, subjects, limit);
  }

  Result<std::string> text_of(const Pass& pass) override {
    TRY_ASSIGN(const auto key, keys_.signer());
    return write_pass(pass, key);
  }
  Result<std::vector<PassKey>> keys() override { return keys_.all(); }

  Result<Revocations> revocations(storage::Reader& reader, Instant since) override {
    TRY_ASSIGN(const auto rows, store::list_revoked(reader, since - overlap, house_.now(), revocations_max));
    Revocations out{.next = since, .more = rows.size() == revocations_max};
    for (const auto& row : rows) {
      out.ids.push_back(row.pass_id.substr(row.pass_id.find('_') + 1, revocation_chars));
      out.next = std::max(out.next, row.at);
    }
    return out;
  }

  Result<PassReading> verify(std::string_view text) override {
    TRY_ASSIGN(const auto keys, keys_.all());
    auto reading = verify_pass(text, keys, house_.now(), [](const Pass&) { return false; });
    if (reading.verdict != PassVerdict::valid) return reading;
    TRY_ASSIGN(const bool revoked, house_.database.read_value([&](storage::Reader& reader) { return store::is_revoked(reader, pass_id(reading.pass->id)); }));
    if (revoked) reading.verdict = PassVerdict::revoked;
    return reading;
  }

 private:
  const PassPeriod& period_on(Instant told_at) const { return pass_period_on(periods_, vietnam_date(told_at)); }
  bool is_over(const IssuedPass& pass) const { return pass.revoked_at || pass.pass.expires_at <= house_.now(); }

  Result<void> revoke(storage::Transaction& tx, const IssuedPass& pass, RevokedBecause why) {
    TRY(store::revoke(tx, pass, house_.now()));
    tx.note({.action = "declarations.revoke_pass", .object = pass.pass_id, .subject = pass.subject, .detail = R"({"because":")" + std::string(to_text(why)) + "\"}"});
    return {};
  }

  /// With an id of its own.
  Result<IssuedPass> add(storage::Transaction& tx, IssuedPass issued, const std::string& full_name, int birth_year) {
    issued.pass.id = crypto::random_bits();
    issued.pass.check = check_of(issued.pass.id, initials_of(full_name), birth_year);
    issued.pass_id = pass_id(issued.pass.id);
    issued.revoked_at.reset();
    TRY(store::add_pass(tx, issued));
    return issued;
  }

  House& house_;
  std::vector<PassPeriod> periods_;
  Keys keys_;
};

}  // namespace

std::string pass_detail(const IssuedPass& issued) {
  return R"("pass":")" + issued.pass_id + R"(","state":")" + std::string(to_text(issued.pass.state)) + R"(","period":")" + issued.period + '"';
}

Result<std::unique_ptr<Passes>> make_passes(House& house) {
  const auto rules = assets::find(rules_file);
  if (!rules) return internal("declarations.pass_rules_missing", rules_file);
  TRY_ASSIGN(auto periods, read_pass_periods(*rules, rules_file));
  std::unique_ptr<Passes> passes = std::make_unique<Door>(house, std::move(periods));
  return passes;
}

}  // namespace motcua::declarations
