// TLS alone in its own file: OpenSSL and Asio's stream over it are the slowest headers of the house.
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "platform/http/connection.hpp"

namespace motcua::http {

class TlsContext {
 public:
  asio::ssl::context ssl{asio::ssl::context::tls_server};
};

namespace {

class TlsStream {
 public:
  static constexpr bool secure = true;
  TlsStream(Socket socket, std::shared_ptr<TlsContext> context)
      : context_(std::move(context)), stream_(std::make_unique<asio::ssl::stream<Socket>>(std::move(socket), context_->ssl)) {}
  Socket& socket() { return stream_->next_layer(); }

  Awaitable<bool> open() {
    boost::system::error_code ec;
    co_await stream_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(awaited, ec));
    co_return !ec;
  }
  auto read(asio::mutable_buffer into, boost::system::error_code& ec) { return stream_->async_read_some(into, asio::redirect_error(awaited, ec)); }

  /// Head and a small body go into one record.
  Awaitable<> write(std::string_view head, std::string_view body, boost::system::error_code& ec) {
    std::string whole;
    whole.reserve(head.size() + body.size());
    whole.append(head).append(body);
    co_await asio::async_write(*stream_, asio::buffer(whole), asio::redirect_error(awaited, ec));
  }
  Awaitable<> finish() {
    boost::system::error_code ignored;
    co_await stream_->async_shutdown(asio::redirect_error(awaited, ignored));
    socket().shutdown(Socket::shutdown_send, ignored);
  }

 private:
  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<asio::ssl::stream<Socket>> stream_;
};

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const ServerOptions& options) {
  const Failure bad = unavailable("http.bad_certificate", "the certificate or its key cannot be used");
  auto context = std::make_shared<TlsContext>();
  boost::system::error_code ec;
  context->ssl.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                               asio::ssl::context::no_compression, ec);
  if (!ec) context->ssl.use_certificate_chain_file(options.certificate_file, ec);
  if (!ec) context->ssl.use_private_key_file(options.key_file, asio::ssl::context::pem, ec);
  if (ec || SSL_CTX_check_private_key(context->ssl.native_handle()) != 1) return bad;
  SSL_CTX_set_min_proto_version(context->ssl.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->ssl.native_handle(), SSL_OP_NO_RENEGOTIATION);
  return context;
}

void spawn_tls_connection(Core& core, Network& network, Socket socket, std::shared_ptr<TlsContext> context) {
  spawn_connection(core, network, TlsStream(std::move(socket), std::move(context)));
}

}  // namespace motcua::http
