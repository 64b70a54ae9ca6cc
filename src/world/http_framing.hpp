// One request out of a stream of bytes: the strict reading of HTTP/1.1 (RFC 9112) that the server
// and its fuzzer share.
//
// Law: bytes that two readers could take apart in two ways are a fault, never a guess; a fault is
// for ever, for nobody knows where the next request would begin. How the bytes are cut into pieces
// makes no difference. Memory is bounded by the limits.
//
// Pure state: no clock, no sockets. Whoever owns it calls it.
#pragma once

#include "world/http.hpp"
#include "world/http_server.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace msp {

// Why a request is not answered by its handler. All of it is constant text of ours.
struct HttpFault {
    int status;
    std::string_view code;
    std::string_view hint;
};

class HttpRequestReader {
public:
    // `limits` outlives the reader.
    explicit HttpRequestReader(const HttpLimits& limits) : limits_(&limits) {}

    // Takes what belongs to this request off the front of `bytes` and returns how many that were.
    // What it leaves is an unfinished line, to be brought again with more behind it, or the next
    // request's.
    std::size_t take(std::string_view bytes);

    bool untouched() const;      // nothing of the request has come yet
    bool head_complete() const;  // what is missing is body
    bool complete() const { return stage_ == Stage::complete; }
    const HttpFault* fault() const { return fault_; }

    // Known once the head is complete.
    bool expects_continue() const { return expects_continue_; }
    bool keeps_alive() const { return keeps_alive_; }
    bool takes_chunks() const { return minor_version_ == 1; }
    std::size_t body_bytes() const { return request_.body.size(); }

    // Requires: complete. The next request begins.
    HttpRequest release();

private:
    enum class Stage {
        request_line,
        fields,
        sized_body,
        chunk_size,
        chunk_data,
        chunk_end,
        trailers,
        complete
    };

    std::size_t take_some(std::string_view bytes);
    std::size_t take_line(std::string_view bytes);
    std::size_t take_data(std::string_view bytes);
    std::size_t take_chunk_end(std::string_view bytes);
    void check_length(std::size_t line_bytes);
    void read_line(std::string_view line);
    void read_request_line(std::string_view line);
    void read_target(std::string_view target);
    void read_absolute_target(std::string_view target);
    void read_version(std::string_view version);
    void read_field(std::string_view line);
    void note_field(std::string_view name, std::string_view value);
    void note_length(std::string_view value);
    void note_coding(std::string_view value);
    void note_connection(std::string_view value);
    void read_trailer(std::string_view line);
    void read_chunk_size(std::string_view line);
    void end_head();
    void check_host();
    void begin_body();
    std::size_t body_limit() const;
    void fail(const HttpFault& fault) { fault_ = &fault; }

    const HttpLimits* limits_;
    const HttpFault* fault_ = nullptr;
    Stage stage_ = Stage::request_line;
    HttpRequest request_;
    std::string authority_;        // of a target in absolute form
    std::size_t scanned_ = 0;      // of the unfinished line: known to hold no line feed
    std::size_t field_bytes_ = 0;  // of fields, trailers and chunk extensions so far
    std::size_t field_count_ = 0;
    std::uint64_t remaining_ = 0;  // of a sized body or of the chunk
    int minor_version_ = 1;
    int hosts_ = 0;
    bool leading_line_ = false;
    bool has_length_ = false;
    bool chunked_ = false;
    bool expects_continue_ = false;
    bool keeps_alive_ = true;
};

}  // namespace msp
