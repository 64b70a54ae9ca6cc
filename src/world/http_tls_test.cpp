#include "world/certificates.hpp"
#include "world/crypto.hpp"
#include "world/files.hpp"
#include "world/http_client.hpp"
#include "world/http_served.hpp"
#include "world/raw_socket.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <utility>

using namespace msp;

namespace {

// A TLS client as OpenSSL has it, with a certificate of its own where one is given.
class TlsClient {
public:
    struct Asks {
        const Issued* certificate = nullptr;
        int newest_version = TLS1_3_VERSION;
        std::string alpn;  // in wire form
    };

    TlsClient(std::uint16_t port, const Asks& asks)
        : socket_(RawSocket::connect(port)), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
        SSL_CTX_set_security_level(context_, 0);
        SSL_CTX_set_max_proto_version(context_, asks.newest_version);
        if (asks.certificate != nullptr) use(*asks.certificate);
        connection_ = SSL_new(context_);
        SSL_set_alpn_protos(connection_, reinterpret_cast<const unsigned char*>(asks.alpn.data()),
                            static_cast<unsigned>(asks.alpn.size()));
        SSL_set_fd(connection_, socket_.descriptor());
        connected_ = SSL_connect(connection_) == 1;
    }
    ~TlsClient() {
        SSL_free(connection_);
        SSL_CTX_free(context_);
    }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool connected() const { return connected_; }
    std::string protocol() const { return SSL_get_version(connection_); }
    std::string alpn() const {
        const unsigned char* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(connection_, &chosen, &size);
        return {reinterpret_cast<const char*>(chosen), size};
    }
    bool send(const std::string& bytes) {
        return SSL_write(connection_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
    // To the end; `said_farewell` then tells whether it came with a close_notify.
    std::string receive_all() {
        std::string all;
        char room[16 * 1024];
        int got = 0;
        while ((got = SSL_read(connection_, room, sizeof room)) > 0)
            all.append(room, static_cast<std::size_t>(got));
        said_farewell = SSL_get_error(connection_, got) == SSL_ERROR_ZERO_RETURN;
        return all;
    }
    bool said_farewell = false;

private:
    void use(const Issued& issued) {
        BIO* const certificate = BIO_new_mem_buf(issued.certificate_pem.data(), -1);
        BIO* const key = BIO_new_mem_buf(issued.private_key_pem.data(), -1);
        X509* const x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
        EVP_PKEY* const pkey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
        SSL_CTX_use_certificate(context_, x509);
        SSL_CTX_use_PrivateKey(context_, pkey);
        X509_free(x509);
        EVP_PKEY_free(pkey);
        BIO_free(certificate);
        BIO_free(key);
    }

    RawSocket socket_;
    SSL_CTX* context_;
    SSL* connection_ = nullptr;
    bool connected_ = false;
};

struct Authority {
    Issued ca = make_ca("Test CA", 30);
    Issued server = *issue_certificate(ca, {.common_name = "localhost"});

    TlsFiles files(std::string client_ca = "") const {
        return {server.certificate_pem, server.private_key_pem, std::move(client_ca)};
    }
    Issued client(const std::string& name, CertificateUse use = CertificateUse::client) const {
        return *issue_certificate(
            ca, {.common_name = name, .use = use, .days = 30, .host_names = {}, .addresses = {}});
    }
};

}  // namespace

// Says who asked: "secure", the common name of the client's certificate, the size of the body.
static void answer_who(const HttpRequest& request, const std::shared_ptr<HttpExchange>& exchange) {
    HttpResponse response =
        answer((request.secure ? "secure " : "open ") + request.peer_common_name + " " +
               std::to_string(request.body.size()));
    response.headers.add("Authority", request.peer_authority);
    exchange->respond(std::move(response));
}

namespace {

struct TlsServed : HttpServed {
    explicit TlsServed(const TlsFiles& files, const HttpLimits& limits = {})
        : HttpServed(answer_who, limits, std::make_shared<TlsFiles>(files)) {}
};

}  // namespace

constexpr const char* last_request =
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

static std::string ask(std::uint16_t port, const TlsClient::Asks& asks) {
    TlsClient client(port, asks);
    if (!client.connected() || !client.send(last_request)) return "";
    return client.receive_all();
}

TEST_CASE(
    "over TLS a client that trusts our CA gets its answer, and one that does not sends nothing") {
    const Authority authority;
    const TemporaryFolder folder("tls");
    const std::string trusted = folder.path() + "/ca.pem";
    REQUIRE(write_file(trusted, authority.ca.certificate_pem));
    TlsServed served(authority.files());
    HttpCall call;
    call.request.method = "POST";
    call.request.body = std::string(300'000, 'x');
    call.ca_file = trusted;

    for (const char* host : {"localhost", "127.0.0.1"}) {
        call.request.target = std::string("https://") + host + ":" + std::to_string(served.port());
        const auto answer = call_http(call);
        REQUIRE(answer);
        CHECK(answer->body == "secure  300000");
    }

    call.ca_file.clear();
    const auto distrusted = call_http(call);
    REQUIRE_FALSE(distrusted);
    CHECK(distrusted.reason().kind == Failure::Kind::unreachable);

    const Issued other_name = *issue_certificate(
        authority.ca, {.common_name = "x", .host_names = {"elsewhere.example"}, .addresses = {}});
    TlsServed elsewhere({other_name.certificate_pem, other_name.private_key_pem, ""});
    call.ca_file = trusted;
    call.request.target = "https://localhost:" + std::to_string(elsewhere.port());
    const auto misnamed = call_http(call);
    REQUIRE_FALSE(misnamed);
    CHECK(misnamed.reason().kind == Failure::Kind::unreachable);
}

TEST_CASE(
    "the common name and the authority of a verified client certificate come with the request") {
    const Authority authority;
    TlsServed served(authority.files(authority.ca.certificate_pem));
    const Issued device = authority.client("excavator-0017");
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const std::string answer =
            ask(served.port(), {.certificate = &device, .newest_version = version, .alpn = {}});
        CHECK(answer.ends_with("secure excavator-0017 0"));
        CHECK(answer.find("Authority: \r\n") == std::string::npos);
    }
}

TEST_CASE("a client without a certificate is served without a name") {
    const Authority authority;
    TlsServed served(authority.files(authority.ca.certificate_pem));
    const std::string answer = ask(served.port(), {});
    CHECK(answer.ends_with("secure  0"));
    CHECK(answer.find("Authority: \r\n") != std::string::npos);
}

TEST_CASE("a client certificate that does not verify ends the handshake, whatever the version") {
    const Authority authority;
    const Authority stranger;
    TlsServed served(authority.files(authority.ca.certificate_pem));
    const Issued foreign = stranger.client("excavator-0017");
    const Issued wrong_use = authority.client("excavator-0017", CertificateUse::server);
    const Issued expired = *issue_certificate(authority.ca, {.common_name = "excavator-0017",
                                                             .use = CertificateUse::client,
                                                             .days = -1,
                                                             .host_names = {},
                                                             .addresses = {}});
    for (const Issued* bad : {&foreign, &wrong_use, &expired})
        for (int version : {TLS1_2_VERSION, TLS1_3_VERSION})
            CHECK(ask(served.port(), {.certificate = bad, .newest_version = version, .alpn = {}})
                      .empty());
}

TEST_CASE("without a client CA no certificate is asked for, and none gives a name") {
    const Authority authority;
    TlsServed served(authority.files());
    const Issued device = authority.client("excavator-0017");
    CHECK(ask(served.port(), {.certificate = &device, .alpn = {}}).ends_with("secure  0"));
}

TEST_CASE("nothing older than TLS 1.2 is spoken") {
    const Authority authority;
    TlsServed served(authority.files());
    TlsClient old(served.port(), {.newest_version = TLS1_1_VERSION, .alpn = {}});
    CHECK_FALSE(old.connected());
    TlsClient oldest_allowed(served.port(), {.newest_version = TLS1_2_VERSION, .alpn = {}});
    CHECK(oldest_allowed.protocol() == "TLSv1.2");
}

TEST_CASE("http/1.1 is chosen by ALPN where it is offered, and nothing where it is not") {
    const Authority authority;
    TlsServed served(authority.files());
    TlsClient both(served.port(), {.alpn = "\x02h2\x08http/1.1"});
    CHECK(both.alpn() == "http/1.1");
    TlsClient only_h2(served.port(), {.alpn = "\x02h2"});
    CHECK(only_h2.connected());
    CHECK(only_h2.alpn().empty());
}

TEST_CASE("a connection is ended with a farewell, so that nobody takes a cut for an end") {
    const Authority authority;
    TlsServed served(authority.files());
    TlsClient client(served.port(), {});
    client.send(last_request);
    CHECK(client.receive_all().ends_with("secure  0"));
    CHECK(client.said_farewell);
}

TEST_CASE("a refusal is read over TLS, though the body is still being sent") {
    const Authority authority;
    TlsServed served(authority.files());
    TlsClient client(served.port(), {});
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n");
    client.send(std::string(1'000'000, 'x'));
    CHECK(statuses(client.receive_all()) == std::vector<int>{413});
}

TEST_CASE("a handshake that does not come is not waited for longer than a head") {
    const Authority authority;
    HttpLimits limits;
    limits.header_time = Duration(40);
    TlsServed served(authority.files(), limits);
    RawSocket silent = RawSocket::connect(served.port());
    CHECK(silent.receive_all().empty());
    RawSocket speaks_plainly = RawSocket::connect(served.port());
    speaks_plainly.send(last_request);
    CHECK(speaks_plainly.receive_all().find("HTTP") == std::string::npos);
    CHECK(served.comes_down_to(0));
}

TEST_CASE("TLS files that do not fit are refused before anything is listened on") {
    const Authority authority;
    const Issued other = authority.client("other");
    AsioLoop loop;
    const auto refused = [&](TlsFiles files) {
        HttpListen listen;
        listen.tls = std::make_shared<TlsFiles>(std::move(files));
        const auto listening = listen_http(
            loop, listen, [](const HttpRequest&, const std::shared_ptr<HttpExchange>&) {});
        return !listening && listening.reason().kind == Failure::Kind::malformed;
    };
    const Issued& server = authority.server;
    CHECK(refused({"no PEM", server.private_key_pem, ""}));
    CHECK(refused({"", "", ""}));
    CHECK(refused({server.certificate_pem, "no PEM", ""}));
    CHECK(refused({server.certificate_pem, other.private_key_pem, ""}));
    CHECK(refused({server.certificate_pem, server.private_key_pem, "no PEM"}));
    CHECK_FALSE(refused(authority.files(authority.ca.certificate_pem)));
}
