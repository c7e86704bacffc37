#include "rooms/exposure/archive.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/base64.hpp"
#include "base/ids.hpp"
#include "platform/zip/zip.hpp"
#include "rooms/exposure/certificate.hpp"
#include "rooms/exposure/match.hpp"
#include "rooms/exposure/rules.hpp"

namespace motcua::exposure {
namespace {

const crypto::P256Key signer = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 1));
const crypto::P256Key stranger = crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, 2));

ArchivedKey key_of(std::uint8_t first, ReportType type = ReportType::confirmed) {
  ArchivedKey key;
  key.key[0] = first;
  key.rolling_start = 2'650'032;
  key.risk = 2;
  key.type = type;
  key.onset_days = -3;
  return key;
}

Archive example() {
  Archive archive{from_millis(1'590'000'000'000), from_millis(1'590'014'400'000), "VN", "v1", "452", {key_of(9), key_of(1)}, {key_of(4, ReportType::negative)}};
  archive.keys[1].onset_days.reset();
  return archive;
}

TEST(ExposureArchive, TheBytesOfTheFormat) {
  Archive archive = example();
  archive.keys = {key_of(9)};
  archive.revised.clear();
  const auto entries = zip::read(write_archive(archive, signer));
  ASSERT_TRUE(entries);
  ASSERT_EQ((*entries)[0].name, "export.bin");
  const std::string& bin = (*entries)[0].bytes;
  EXPECT_EQ(bin.substr(0, 16), "EK Export v1    ");
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(bin.data()) + 16, bin.size() - 16);
  // Written out by hand: fixed64 1 and 2, "VN", batch 1 of 1, signature info {3 "v1", 4 "452", 5 oid}, one key.
  EXPECT_EQ(to_hex(bytes), "098079c55e00000000" "11c0b1c55e00000000" "1a02564e" "2001" "2801"
                           "321e" "1a027631" "2203343532" "2a13312e322e3834302e31303034352e342e332e32"
                           "3a20" "0a1009000000000000000000000000000000" "1002" "18b0dfa101" "209001" "2801" "3005");
}

TEST(ExposureArchive, ReadsWhatItWroteSortedAndSigned) {
  const std::string bytes = write_archive(example(), signer);
  const auto key = signer.public_key();
  const auto read = read_archive(bytes, &key);
  ASSERT_TRUE(read) << read.failure().code;
  const Archive told = example();
  EXPECT_EQ(read->keys, (std::vector{told.keys[1], told.keys[0]}));
  EXPECT_EQ(read->revised, told.revised);
  EXPECT_EQ(read->from, told.from);
  EXPECT_EQ(read->to, told.to);
  EXPECT_EQ(read->region + read->key_version + read->key_id, "VNv1452");
  const auto other = stranger.public_key();
  EXPECT_EQ(read_archive(bytes, &other).failure().code, "exposure.archive_not_signed");
}

/// The archive with one of its files changed, and a true signature over the change where `sign` says so.
std::string with_file(const std::string& bin, bool sign) {
  auto entries = zip::read(write_archive(example(), signer)).value();
  entries[0].bytes = bin;
  if (!sign) return zip::write(entries);
  const auto signature = signer.sign(bin, crypto::EcdsaForm::der);
  std::string one = std::string("\x22") + static_cast<char>(signature.size()) + std::string(signature.begin(), signature.end());
  entries[1].bytes = std::string("\x0a") + static_cast<char>(one.size()) + one;
  return zip::write(entries);
}

TEST(ExposureArchive, RefusesWhatIsNone) {
  const auto key = signer.public_key();
  const std::string bin = zip::read(write_archive(example(), signer)).value()[0].bytes;
  EXPECT_TRUE(read_archive(with_file(bin, true), &key));
  std::string changed = bin;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_EQ(read_archive(with_file(changed, false), &key).failure().code, "exposure.archive_not_signed");
  const std::string head(export_header);
  const struct { const char* what; std::string bin; } wrong[] = {
      {"another header", "EK Export v2    " + bin.substr(16)}, {"cut", bin.substr(0, bin.size() - 1)},
      {"a key of 15 bytes", head + std::string("\x3a\x13\x0a\x0f", 4) + std::string(15, 'k') + std::string("\x18\x01", 2)},
      {"a key without a start", head + std::string("\x3a\x12\x0a\x10", 4) + std::string(16, 'k')},
      {"a period of 145", head + std::string("\x3a\x17\x0a\x10", 4) + std::string(16, 'k') + std::string("\x18\x01\x20\x91\x01", 5)},
      {"a risk of 9", head + std::string("\x3a\x16\x0a\x10", 4) + std::string(16, 'k') + std::string("\x10\x09\x18\x01", 4)},
      {"onset 15 days apart", head + std::string("\x3a\x16\x0a\x10", 4) + std::string(16, 'k') + std::string("\x18\x01\x30\x1e", 4)},
      {"a group", head + "\x3b"}, {"field 0", head + std::string("\x02\x00", 2)}, {"a region with a control letter", head + std::string("\x1a\x01\x07", 3)},
      {"an overlong number", head + "\x20" + std::string(10, '\xff') + "\x01"}};
  for (const auto& one : wrong) EXPECT_EQ(read_archive(with_file(one.bin, true), &key).failure().code, "exposure.archive_damaged") << one.what;
  EXPECT_TRUE(read_archive(with_file(head + std::string("\x48\x05", 2), true), &key)) << "an unknown field is passed over";
  EXPECT_EQ(read_archive(zip::write(std::vector<zip::Entry>{{"export.bin", bin}}), &key).failure().code, "exposure.archive_damaged");
}

// ---- the HMAC of the keys, with the example of google/exposure-notifications-server (pkg/verification, TestCalculateDualHMACs)

std::vector<SentKey> two_keys() {
  std::vector<SentKey> keys(2);
  keys[0].key_text = "z2Cx9hdz2SlxZ8GEgqTYpA==", keys[0].rolling_start = 1;
  keys[1].key_text = "dPCphLzfG4uzXneNimkPRQ==", keys[1].rolling_start = 144;
  return keys;
}

TEST(ExposureMac, TheReferenceServersExample) {
  const crypto::Bytes secret{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  auto keys = two_keys();
  EXPECT_EQ(mac_text(keys, true), "dPCphLzfG4uzXneNimkPRQ==.144.144.0,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144.0");
  const auto with = from_base64("mFNI9zhTA17n4ndd1Vu5tsn4XQX0gPrIKyjeh/9noUE="), without = from_base64("J9S7xVebH/66dm14wGsIcAnSUR3PHD4NtDQEOGZbDUo=");
  EXPECT_TRUE(mac_holds(keys, secret, *with));
  EXPECT_TRUE(mac_holds(keys, secret, *without));
  keys[0].risk = 1;
  EXPECT_FALSE(mac_holds(keys, secret, *with));
  EXPECT_FALSE(mac_holds(keys, secret, *without)) << "risks that are not 0 cannot be left out";
}

TEST(ExposureCertificate, HoldsForItsKeyIssuerAndTimeAlone) {
  const Instant now = from_millis(1'630'000'000'000);
  const Certificate made{"vn.test", "v1", now, {ReportType::likely, 2'716'560}, crypto::Bytes(32, 5)};
  const std::string jwt = write_certificate(made, signer);
  ASSERT_TRUE(looks_like_certificate(jwt));
  EXPECT_EQ(key_version_of(jwt).value(), "v1");
  const auto read = read_certificate(jwt, "vn.test", signer.public_key(), now);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->claims.type, ReportType::likely);
  EXPECT_EQ(read->claims.onset_interval, 2'716'560);
  EXPECT_EQ(read->mac, made.mac);
  EXPECT_FALSE(read_certificate(jwt, "vn.other", signer.public_key(), now));
  EXPECT_FALSE(read_certificate(jwt, "vn.test", stranger.public_key(), now));
  EXPECT_FALSE(read_certificate(jwt, "vn.test", signer.public_key(), now + certificate_lifetime));
  EXPECT_FALSE(read_certificate(jwt, "vn.test", signer.public_key(), now - std::chrono::minutes(2)));
  EXPECT_FALSE(read_certificate(jwt + "A", "vn.test", signer.public_key(), now));
  // "alg":"none" with no signature is nobody's.
  const std::string none = "{\"alg\":\"none\"}", body = jwt.substr(jwt.find('.'), jwt.rfind('.') - jwt.find('.') + 1);
  EXPECT_FALSE(read_certificate(to_base64({reinterpret_cast<const std::uint8_t*>(none.data()), none.size()}, Base64::url) + body, "vn.test", signer.public_key(), now));
}

// ---- what may be published

SentKey sent(std::int64_t start, std::uint8_t first = 1, std::int64_t period = 144) {
  SentKey key;
  key.key[0] = first;
  key.rolling_start = start;
  key.rolling_period = period;
  return key;
}

TEST(ExposureRules, WhichKeysMayComeNow) {
  const std::int64_t today = 18'900 * day_intervals;
  const Instant now = start_of(today + 50);
  const auto said = [&](std::vector<SentKey> keys) {
    const auto r = check_keys(keys, now);
    return r ? std::string("ok") : r.failure().code.substr(9) + " " + r.failure().field;
  };
  const std::int64_t oldest = today - 14 * day_intervals;
  EXPECT_EQ(said({sent(today), sent(oldest, 2)}), "ok");
  EXPECT_EQ(said({sent(oldest, 1, 50)}), "key_too_old temporaryExposureKeys[0].rollingStartNumber");
  EXPECT_EQ(said({sent(oldest, 1, 51)}), "ok") << "its last interval lies within 14 days";
  EXPECT_EQ(said({sent(today), sent(today + 144, 2)}), "key_in_future temporaryExposureKeys[1].rollingStartNumber");
  EXPECT_EQ(said({sent(today - 100)}), "key_not_aligned temporaryExposureKeys[0].rollingStartNumber");
  EXPECT_EQ(said({sent(today, 1, 0)}), "period_out_of_range temporaryExposureKeys[0].rollingPeriod");
  EXPECT_EQ(said({sent(today, 1, 145)}), "period_out_of_range temporaryExposureKeys[0].rollingPeriod");
  EXPECT_EQ(said({sent(-144)}), "key_too_old temporaryExposureKeys[0].rollingStartNumber");
  EXPECT_EQ(said({sent(today), sent(today - 144)}), "key_twice temporaryExposureKeys[1].key");
  EXPECT_EQ(said({sent(today, 1, 20), sent(today, 2, 40), sent(today, 3)}), "ok");
  EXPECT_EQ(said({sent(today, 1, 20), sent(today, 2, 40), sent(today, 3), sent(today, 4)}), "keys_overlap temporaryExposureKeys[3].rollingStartNumber");
  EXPECT_EQ(said({}), "keys_missing temporaryExposureKeys");
  EXPECT_EQ(said(std::vector<SentKey>(31, sent(today))), "keys_too_many temporaryExposureKeys");
  auto risky = sent(today);
  risky.risk = 9;
  EXPECT_EQ(said({risky}), "risk_out_of_range temporaryExposureKeys[0].transmissionRisk");
}

TEST(ExposureRules, AKeyInUseWaitsForItsEnd) {
  using std::chrono::hours;
  const std::int64_t day = 18'900 * day_intervals;
  const Instant midnight = start_of(day);
  EXPECT_EQ(release_of(sent(day - 144), midnight + hours(9), hours(4)), midnight + hours(8));
  EXPECT_EQ(release_of(sent(day), midnight + hours(9), hours(4)), midnight + hours(28));
  EXPECT_EQ(release_of(sent(day, 1, 60), midnight + hours(9), hours(4)), midnight + hours(12));   // ends at 10 o'clock
  EXPECT_EQ(release_of(sent(day - 144), midnight + hours(1), hours(4)), midnight + hours(4)) << "its identifiers are believed until 2 o'clock";
}

TEST(ExposureRules, TypesMoveForwardOnly) {
  using enum ReportType;
  const struct { ReportType from, to; Change change; } cases[] = {
      {likely, confirmed, Change::revise}, {likely, negative, Change::revise}, {confirmed, negative, Change::revise}, {unknown, confirmed, Change::revise},
      {confirmed, confirmed, Change::none}, {confirmed, likely, Change::refused}, {negative, confirmed, Change::refused}, {negative, likely, Change::refused}};
  for (const auto& c : cases) EXPECT_EQ(decide_change(c.from, c.to), c.change) << to_text(c.from) << " " << to_text(c.to);
}

TEST(ExposureRules, DaysFromTheOnset) {
  const std::int64_t day = 18'900 * day_intervals;
  EXPECT_EQ(onset_days(day + 100, day), 0);
  EXPECT_EQ(onset_days(day, day - 3 * 144), -3);
  EXPECT_EQ(onset_days(day, day + 15 * 144), std::nullopt);
  EXPECT_EQ(onset_days(std::nullopt, day), std::nullopt);
}

// ---- matching

TEST(ExposureMatch, IdentifiersWithinTwoHoursAndNoneOfAKeyTakenBack) {
  Archive archive = example();
  const auto heard_of = [](const ArchivedKey& key, std::uint64_t nth) {
    return tracing::rolling_proximity_identifiers(key.key, static_cast<std::uint64_t>(key.rolling_start) + nth, 1).value()[0];
  };
  const ArchivedKey key = key_of(9);
  const tracing::ExposureMetadata clear{0x40, 0x08, 0, 0};
  const auto id = heard_of(key, 20);
  const std::vector<Observed> observed = {
      {key.rolling_start + 32, id, tracing::crypt_metadata(tracing::metadata_key(key.key), id, clear)},   // two hours late: 12 intervals
      {key.rolling_start + 33, id, std::nullopt},                                                        // too late
      {key.rolling_start + 8, id, std::nullopt},
      {key.rolling_start, heard_of(archive.revised[0], 0), std::nullopt},
      {key.rolling_start, crypto::Block128{}, std::nullopt}};
  const auto found = match_keys(archive, observed);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].heard, key.rolling_start + 8);
  EXPECT_EQ(found[1].heard, key.rolling_start + 32);
  EXPECT_EQ(found[1].interval, key.rolling_start + 20);
  EXPECT_EQ(found[1].metadata, clear);
}

}  // namespace
}  // namespace motcua::exposure
