#include <sodium.h>

#include <stdexcept>

#include "platform/crypto/crypto.hpp"

namespace motcua::crypto {

KeyPair make_ed25519() {
  KeyPair pair{Bytes(crypto_sign_PUBLICKEYBYTES), Bytes(crypto_sign_SECRETKEYBYTES)};
  crypto_sign_keypair(pair.public_key.data(), pair.secret_key.data());
  return pair;
}

KeyPair ed25519_of_seed(std::span<const std::uint8_t> seed) {
  KeyPair pair{Bytes(crypto_sign_PUBLICKEYBYTES), Bytes(crypto_sign_SECRETKEYBYTES)};
  if (seed.size() != crypto_sign_SEEDBYTES) throw std::invalid_argument("an Ed25519 seed has 32 bytes");
  crypto_sign_seed_keypair(pair.public_key.data(), pair.secret_key.data(), seed.data());
  return pair;
}

Bytes sign_ed25519(std::span<const std::uint8_t> secret_key, std::string_view message) {
  if (secret_key.size() != crypto_sign_SECRETKEYBYTES) throw std::invalid_argument("an Ed25519 secret key has 64 bytes");
  Bytes signature(crypto_sign_BYTES);
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                       secret_key.data());
  return signature;
}

bool verify_ed25519(std::span<const std::uint8_t> public_key, std::string_view message,
                    std::span<const std::uint8_t> signature) {
  return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                     public_key.data()) == 0;
}

}  // namespace motcua::crypto
