// One outgoing request as libcurl carries it: prepared, driven from outside, then read as one of
// the three outcomes of http_client.hpp. Used by the client and by call_http only.
//
// Law: a request whose method is not safe (RFC 9110 clause 9.2.1) leaves this process at most once;
// libcurl would by itself send it again when a kept connection turns out to be broken.
// Threads: one at a time.
#pragma once

#include "world/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

struct curl_slist;

namespace msp {

class HttpTransfer {
public:
    using Piece = std::function<bool(std::string_view)>;

    HttpTransfer(HttpCall, Piece);
    ~HttpTransfer();
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    void* easy() const { return easy_; }  // libcurl's easy handle
    // Otherwise the request could not be put on the wire as it is, and is not tried.
    bool sendable() const { return fault_.empty(); }
    // `code` is the CURLcode that libcurl ended the transfer with.
    Result<HttpResponse, Failure> outcome(int code);

private:
    struct Callbacks;

    void set_target();
    void set_request();
    void set_headers();
    void set_limits();
    void set_callbacks();
    bool streaming() const;
    bool take_header(std::string_view line);
    bool take_body(std::string_view piece);
    bool is_silent_too_long() const;

    HttpCall call_;
    Piece piece_;
    void* easy_;
    curl_slist* headers_ = nullptr;
    std::size_t body_sent_ = 0;
    std::size_t head_bytes_ = 0;
    bool stopped_by_piece_ = false;
    std::chrono::steady_clock::time_point last_heard_;
    std::string fault_;  // why we ended it, when libcurl only knows that a callback did
    HttpResponse response_;
};

}  // namespace msp
