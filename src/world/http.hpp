// HTTP/1.1 as messages: what a request and a response are, to the server and to the client.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct HttpHeader {
    std::string name;  // as sent; compared without regard to case (RFC 9110 clause 5.1)
    std::string value;
    friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

// As header names, and most of what stands in fields about framing, are compared. ASCII only.
bool equal_without_case(std::string_view a, std::string_view b);

class HttpHeaders {
public:
    void add(std::string name, std::string value);
    void set(std::string name, std::string value);                      // replaces all of that name
    std::optional<std::string_view> find(std::string_view name) const;  // the first
    std::size_t count(std::string_view name) const;
    const std::vector<HttpHeader>& all() const { return headers_; }
    friend bool operator==(const HttpHeaders&, const HttpHeaders&) = default;

private:
    std::vector<HttpHeader> headers_;
};

struct HttpRequest {
    std::string method;
    std::string target;  // path and query as sent by the client; an absolute URL for HttpClient
    HttpHeaders headers;
    std::string body;
    std::string peer;              // server side: the other end's address, "127.0.0.1:50112"
    bool secure = false;           // server side: came over TLS
    std::string peer_common_name;  // server side: CN of a verified client certificate, else empty
    std::string peer_authority;    // server side: SHA-256 in hex of the CA certificate it rests on
};

struct HttpResponse {
    int status = 200;
    HttpHeaders headers;
    std::string body;
    // Server side: so long the connection is not heard after this answer. For answers that turn
    // away: whoever asks again at once must not cost as much as whoever is served.
    std::chrono::milliseconds unheard{};
};

}  // namespace msp
