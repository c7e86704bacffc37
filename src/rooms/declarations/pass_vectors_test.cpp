// Passes and verdicts in a file that the browser's reader is held against, too (tests/cli/passes.test.mjs): one answer on both sides.
// MOTCUA_TEST_WRITE_REFERENCE=1 writes pass_vectors.json anew.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/base45.hpp"
#include "rooms/declarations/pass.hpp"

namespace motcua::declarations {
namespace {

namespace json = boost::json;
using std::chrono::hours;

const std::string file = std::string(MOTCUA_SOURCE_DIR) + "/src/rooms/declarations/pass_vectors.json";

crypto::P256Key key_of(std::uint8_t seed) { return crypto::P256Key::of_secret(crypto::Bytes(crypto::p256_secret_bytes, seed)); }
std::vector<PassKey> known_keys() {
  std::vector<PassKey> keys;
  for (const std::uint8_t seed : {1, 2}) keys.push_back({kid_of(key_of(seed).public_key()), key_of(seed).public_key()});
  return keys;
}

json::object row(const std::string& text, Instant now, const std::vector<std::string>& revoked) {
  const std::set<std::string> gone(revoked.begin(), revoked.end());
  const auto reading = verify_pass(text, known_keys(), now, [&](const Pass& pass) { return gone.contains(pass_id(pass.id).substr(4, 13)); });
  json::object out{{"text", text}, {"now", to_millis(now)}, {"revoked", json::array(revoked.begin(), revoked.end())}, {"verdict", to_text(reading.verdict)}, {"pass", nullptr}};
  if (!reading.pass) return out;
  const Pass& pass = *reading.pass;
  out["pass"] = {{"id", to_hex(pass.id)}, {"state", to_text(pass.state)}, {"form", to_text(pass.form)}, {"issued", to_millis(pass.issued_at) / 1000},
                 {"expires", to_millis(pass.expires_at) / 1000}, {"check", pass.check ? json::value(*pass.check) : json::value(nullptr)}};
  json::array answers;
  for (const auto& [initials, year] : {std::pair("NVA", 1990), std::pair("n.v.a", 1990), std::pair("NVĐ", 1990), std::pair("NVA", 1991)}) {
    const auto fits = fits_check(pass, initials, year);
    answers.push_back(json::object{{"initials", initials}, {"birth_year", year}, {"fits", fits ? json::value(*fits) : json::value(nullptr)}});
  }
  out["answers"] = std::move(answers);
  return out;
}

Pass pass_number(std::uint8_t n, PassState state, FormKind form, Instant issued) {
  Pass pass{.issued_at = issued, .expires_at = issued + hours(72), .state = state, .form = form};
  for (std::size_t i = 0; i < pass.id.size(); ++i) pass.id[i] = static_cast<std::uint8_t>(n * 37 + i * 11);
  pass.check = check_of(pass.id, "NVA", 1990);
  return pass;
}

std::string as_text(const cose::Value& message) { return std::string(pass_prefix) + to_base45(cose::write_cbor(message)); }

/// The same pass with tags, an open header's kid, an altered payload, and signed things that are no pass.
std::vector<std::string> odd_texts(const Pass& pass) {
  using cose::Value;
  const auto text = write_pass(pass, key_of(1));
  const auto message = *cose::read_sign1(*from_base45(text.substr(pass_prefix.size())));
  const Value whole = *cose::read_cbor(*from_base45(text.substr(pass_prefix.size())));
  auto altered = *whole.as<cose::Array>();
  cose::Bytes payload = message.payload;
  payload[payload.size() - 1] ^= 1;
  altered[2] = Value(payload);
  std::vector<std::string> out{as_text(Value(cose::Tagged{18, {whole}})), as_text(Value(cose::Tagged{61, {Value(cose::Tagged{18, {whole}})}})), as_text(Value(cose::Tagged{61, {whole}})),
                               as_text(Value(altered)), text + "\r\n", text + " ", text.substr(0, text.size() - 3), text + "000", "mc1" + text.substr(3), "", "MC1:", "MC1:A", "MC1:ZZZ",
                               "HC1:" + text.substr(4), "https://example.org/?id=1"};
  for (const Value& claims : {Value(cose::Map{}), Value(cose::Array{}), Value(std::int64_t{7}), Value(std::string("text")), Value(nullptr)})
    out.push_back(std::string(pass_prefix) + to_base45(cose::write_sign1(cose::write_cbor(claims), kid_of(key_of(1).public_key()), key_of(1))));
  return out;
}

json::object made() {
  const Instant issued = *parse_instant("2021-09-01T10:42:00+07:00"), now = issued + hours(1);
  json::array rows;
  std::uint8_t n = 0;
  for (const auto state : {PassState::declared, PassState::green, PassState::yellow, PassState::red})
    for (const auto form : {FormKind::health, FormKind::domestic, FormKind::entry, FormKind::daily}) {
      ++n;
      rows.push_back(row(write_pass(pass_number(n, state, form, issued), key_of(1 + n % 2)), now, {}));
    }
  const Pass pass = pass_number(99, PassState::green, FormKind::health, issued);
  const auto text = write_pass(pass, key_of(1));
  for (const Instant at : {issued - hours(24), issued - std::chrono::seconds(301), issued - std::chrono::minutes(5), issued, issued + hours(72) - std::chrono::milliseconds(1), issued + hours(72), issued + hours(96)})
    rows.push_back(row(text, at, {}));
  rows.push_back(row(text, now, {pass_id(pass.id).substr(4, 13), "0000000000000"}));
  rows.push_back(row(text, now, {"0000000000000"}));
  Pass bare = pass;
  bare.check.reset();
  rows.push_back(row(write_pass(bare, key_of(1)), now, {}));
  rows.push_back(row(write_pass(pass, key_of(3)), now, {}));
  for (const auto& odd : odd_texts(pass)) rows.push_back(row(odd, now, {}));
  json::array names;
  for (const char* name : {"Nguyễn Văn An", "ĐẶNG ĐÌNH ĐỨC", "  lê   ân ", "John Smith", "O'Neill Mary-Jane", "a b c d e f g h i j", "", "Ông"}) names.push_back(json::object{{"name", name}, {"initials", initials_of(name)}});
  return {{"keys", json::parse(to_jwks(known_keys()))}, {"rows", std::move(rows)}, {"names", std::move(names)}};
}

TEST(PassVectors, TheFileSaysWhatTheServerSays) {
  if (std::getenv("MOTCUA_TEST_WRITE_REFERENCE") != nullptr) std::ofstream(file) << json::serialize(made()) << '\n';
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  const auto stored = json::parse(content.str()).as_object();
  EXPECT_EQ(stored.at("keys"), json::value(json::parse(to_jwks(known_keys()))));
  EXPECT_EQ(stored.at("names"), made().at("names"));
  std::set<std::string> verdicts;
  for (const auto& one : stored.at("rows").as_array()) {
    const auto& stored_row = one.as_object();
    std::vector<std::string> revoked;
    for (const auto& id : stored_row.at("revoked").as_array()) revoked.emplace_back(id.as_string());
    EXPECT_EQ(json::serialize(row(std::string(stored_row.at("text").as_string()), from_millis(stored_row.at("now").as_int64()), revoked)), json::serialize(stored_row));
    verdicts.insert(std::string(stored_row.at("verdict").as_string()));
  }
  EXPECT_EQ(verdicts.size(), 7U) << "each verdict has its row";
}

}  // namespace
}  // namespace motcua::declarations
