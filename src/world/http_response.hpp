// Responses as bytes: the head, the body or its chunks, and the answer to a request that could not
// be read. Framing is decided here alone: what a handler says of length, coding, connection or date
// is left out. Pure functions that append to the buffer which goes to the wire.
#pragma once

#include "domain/time.hpp"
#include "world/http.hpp"
#include "world/http_framing.hpp"

#include <string>
#include <string_view>

namespace msp {

std::string_view http_reason(int status);  // RFC 9110 clause 15; empty for what it does not know
std::string http_date(Time);               // RFC 9110 clause 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT

// What the request and the connection ask of the answer's shape.
struct HttpAnswerShape {
    bool head_only = false;  // the request was a HEAD
    bool close = false;      // the connection ends with this answer
    std::string_view date = {};
};

void append_response(std::string& out, const HttpResponse&, const HttpAnswerShape&);

enum class HttpStreamEnd { last_chunk, closed_connection };
void append_stream_head(std::string& out, const HttpResponse&, const HttpAnswerShape&,
                        HttpStreamEnd);
void append_chunk(std::string& out,
                  std::string_view piece);  // Requires: a piece that is not empty.
void append_last_chunk(std::string& out);

// RFC 9457, with our `code` and `hint`; it closes.
HttpResponse problem_response(const HttpFault&);

}  // namespace msp
