#include "platform/cose/cose.hpp"

#include <string_view>

namespace motcua::cose {
namespace {

// Header parameters (RFC 9052, 3.1) and tags.
constexpr std::int64_t header_alg = 1, header_crit = 2, header_kid = 4;
constexpr std::uint64_t tag_sign1 = 18, tag_cwt = 61;

Failure not_sign1() { return invalid("cose.not_sign1"); }

const Value* untagged(const Value& value) {
  const auto* outer = value.as<Tagged>();
  if (outer == nullptr) return &value;
  if (outer->tag == tag_sign1) return &outer->item.front();
  if (outer->tag != tag_cwt) return nullptr;
  const auto* inner = outer->item.front().as<Tagged>();
  return inner != nullptr && inner->tag == tag_sign1 ? &inner->item.front() : nullptr;
}

/// An empty string of bytes stands for a header without parameters.
Result<Value> protected_of(const Bytes& bytes, const Limits& limits) {
  if (bytes.empty()) return Value(Map{});
  TRY_ASSIGN(auto header, read_cbor(bytes, limits));
  if (header.as<Map>() == nullptr || header.at(header_crit) != nullptr) return not_sign1();
  return header;
}

Result<Algorithm> algorithm_of(const Value& header) {
  const auto* alg = header.at(header_alg);
  const auto* number = alg == nullptr ? nullptr : alg->as<std::int64_t>();
  for (const auto known : {Algorithm::es256, Algorithm::ps256})
    if (number != nullptr && *number == static_cast<std::int64_t>(known)) return known;
  return invalid("cose.algorithm_unknown");
}

/// Sig_structure (RFC 9052, 4.4) without external data.
Bytes to_be_signed(const Bytes& protected_header, const Bytes& payload) {
  return write_cbor(Array{Value(std::string("Signature1")), Value(protected_header), Value(Bytes{}), Value(payload)});
}

std::string_view text_of(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

Result<Sign1> read_sign1(std::span<const std::uint8_t> message, const Limits& limits) {
  TRY_ASSIGN(const auto whole, read_cbor(message, limits));
  const auto* bare = untagged(whole);
  const auto* parts = bare == nullptr ? nullptr : bare->as<Array>();
  if (parts == nullptr || parts->size() != 4) return not_sign1();
  const auto* header = (*parts)[0].as<Bytes>();
  const auto* payload = (*parts)[2].as<Bytes>();
  const auto* signature = (*parts)[3].as<Bytes>();
  if (header == nullptr || (*parts)[1].as<Map>() == nullptr || payload == nullptr || signature == nullptr) return not_sign1();
  Sign1 out{.protected_header = *header, .payload = *payload, .signature = *signature};
  TRY_ASSIGN(const auto known, protected_of(*header, limits));
  TRY_ASSIGN(out.algorithm, algorithm_of(known));
  const auto* kid = known.at(header_kid) != nullptr ? known.at(header_kid) : (*parts)[1].at(header_kid);
  if (kid != nullptr && kid->as<Bytes>() == nullptr) return not_sign1();
  if (kid != nullptr) out.kid = *kid->as<Bytes>();
  return out;
}

bool verify(const Sign1& message, const PublicKey& key) {
  const Bytes signed_bytes = to_be_signed(message.protected_header, message.payload);
  if (const auto* ec = std::get_if<crypto::P256PublicKey>(&key))
    return message.algorithm == Algorithm::es256 && ec->verify(text_of(signed_bytes), message.signature, crypto::EcdsaForm::fixed);
  return message.algorithm == Algorithm::ps256 && std::get<crypto::RsaPublicKey>(key).verify_pss(text_of(signed_bytes), message.signature);
}

Bytes write_sign1(Bytes payload, Bytes kid, const crypto::P256Key& key) {
  const Bytes header = write_cbor(Map{{header_alg, static_cast<std::int64_t>(Algorithm::es256)}, {header_kid, std::move(kid)}});
  Bytes signature = key.sign(text_of(to_be_signed(header, payload)), crypto::EcdsaForm::fixed);
  return write_cbor(Array{Value(header), Value(Map{}), Value(std::move(payload)), Value(std::move(signature))});
}

}  // namespace motcua::cose
