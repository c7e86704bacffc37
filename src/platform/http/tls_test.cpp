// TLS with a certificate made for the test; the client is OpenSSL itself.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "platform/http/server_fixture.hpp"

namespace motcua::http {
namespace {

/// A self-signed P-256 certificate of one day for localhost, and its key, as PEM files.
struct Certificate {
  std::string directory = (std::filesystem::temp_directory_path() / ("motcua-tls-" + std::to_string(::getpid()))).string();
  std::string certificate = directory + "/cert.pem", key = directory + "/key.pem";
  Certificate() {
    std::filesystem::create_directories(directory);
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* x = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, pair);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_sign(x, pair, EVP_sha256());
    FILE* out = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(out, x);
    std::fclose(out);
    out = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(out, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(x);
    EVP_PKEY_free(pair);
  }
  ~Certificate() { std::filesystem::remove_all(directory); }
};

struct TlsAnswer {
  std::string text;
  std::string version;
};

TlsAnswer ask_tls(const RawClient& client, const std::string& bytes, int max_version = 0) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  if (max_version != 0) {
    SSL_CTX_set_min_proto_version(context, 0);
    SSL_CTX_set_max_proto_version(context, max_version);
    SSL_CTX_set_security_level(context, 0);
  }
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.socket());
  TlsAnswer answer;
  if (SSL_connect(ssl) == 1) {
    answer.version = SSL_get_version(ssl);
    SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    char buffer[65536];
    for (int n; (n = SSL_read(ssl, buffer, sizeof buffer)) > 0;) answer.text.append(buffer, static_cast<std::size_t>(n));
    SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  return answer;
}

TEST_F(ServerTest, SpeaksTls) {
  const Certificate made;
  options.certificate_file = made.certificate;
  options.key_file = made.key;
  start();
  const auto answer = ask_tls(client(), "GET /vi/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.version, "TLSv1.3");
  EXPECT_EQ(status_in(answer.text), 200);
  EXPECT_EQ(header_in(answer.text, "Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(body_in(answer.text), "home");
  const auto large = ask_tls(client(), "GET /vi/huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(body_in(large.text).size(), 20'000'000u);
  EXPECT_EQ(ask_tls(client(), "", TLS1_1_VERSION).version, "") << "old versions are refused";
  EXPECT_EQ(status_in(ask("GET /vi/ HTTP/1.1\r\nHost: a\r\n\r\n")), 0) << "plain text gets no answer";
  auto silent = client();   // a handshake that never comes
  EXPECT_TRUE(silent.sees_close(3000));
}

TEST_F(ServerTest, AKeyOfAnotherCertificateIsRefused) {
  const Certificate made;
  ServerOptions wrong = options;
  wrong.certificate_file = wrong.key_file = made.certificate;
  Server server_of(make_test_router(), {}, wrong);
  EXPECT_EQ(server_of.start().failure().code, "http.bad_certificate");
}

}  // namespace
}  // namespace motcua::http
