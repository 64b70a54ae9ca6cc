#include "world/http_transfer.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <new>
#include <utility>

namespace msp {

constexpr std::size_t head_limit = 64 * 1024;

template <class Value>
static void set(void* easy, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    assert(code == CURLE_OK || code == CURLE_OUT_OF_MEMORY);
    if (code != CURLE_OK) throw std::bad_alloc();
}

static bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

static bool may_lack_body(std::string_view method) {
    return is_safe(method) || method == "DELETE";
}

static bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

static std::string numeric_address(const sockaddr& address, unsigned& port) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &address, sizeof v4);
        port = ntohs(v4.sin_port);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    } else if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &address, sizeof v6);
        port = ntohs(v6.sin6_port);
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    }
    return text;
}

// What libcurl calls back; `self` is the transfer. Nothing in here throws but for want of memory.
struct HttpTransfer::Callbacks {
    static std::size_t header(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<HttpTransfer*>(self)->take_header({data, size}) ? size : 0;
    }

    static std::size_t body(char* data, std::size_t, std::size_t size, void* self) {
        const bool taken = static_cast<HttpTransfer*>(self)->take_body({data, size});
        return taken ? size : CURL_WRITEFUNC_ERROR;
    }

    static std::size_t read(char* to, std::size_t, std::size_t room, void* self) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        const std::string& whole = transfer.call_.request.body;
        const std::size_t size = whole.copy(to, room, transfer.body_sent_);
        transfer.body_sent_ += size;
        return size;
    }

    // A body goes out once: libcurl asks to rewind it only in order to send the request again.
    static int rewind(void* self, curl_off_t, int) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        if (!is_safe(transfer.call_.request.method)) return CURL_SEEKFUNC_FAIL;
        transfer.body_sent_ = 0;
        return CURL_SEEKFUNC_OK;
    }

    // Called about once a second, whether anything moves or not.
    static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        if (!transfer.is_silent_too_long()) return 0;
        transfer.fault_ = "the other end has fallen silent";
        return 1;
    }

    static bool guarded(const HttpTransfer& transfer, std::string_view address, unsigned port) {
        const auto& guard = transfer.call_.guard;
        return !guard || !*guard || (*guard)(address, port);
    }

    static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        unsigned port = 0;
        const std::string numeric = numeric_address(address->addr, port);
        if (numeric.empty() || !guarded(transfer, numeric, port)) {
            transfer.fault_ = "the guard refuses the address";
            return CURL_SOCKET_BAD;
        }
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    // Asked before each request leaves, so also for a kept connection that another call opened.
    static int before_request(void* self, char* address, char*, int port, int) {
        auto& transfer = *static_cast<HttpTransfer*>(self);
        if (guarded(transfer, address, static_cast<unsigned>(port))) return CURL_PREREQFUNC_OK;
        transfer.fault_ = "the guard refuses the address";
        return CURL_PREREQFUNC_ABORT;
    }
};

HttpTransfer::HttpTransfer(HttpCall call, Piece piece)
    : call_(std::move(call)),
      piece_(std::move(piece)),
      easy_(curl_easy_init()),
      last_heard_(std::chrono::steady_clock::now()) {
    if (easy_ == nullptr) throw std::bad_alloc();
    set_target();
    set_request();
    set_headers();
    set_limits();
    set_callbacks();
}

HttpTransfer::~HttpTransfer() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

void HttpTransfer::set_target() {
    set(easy_, CURLOPT_URL, call_.request.target.c_str());
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    set(easy_, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy_, CURLOPT_PROXY, "");
    if (!call_.ca_file.empty()) {
        set(easy_, CURLOPT_CAINFO, call_.ca_file.c_str());
        set(easy_, CURLOPT_CAPATH, nullptr);
    }
}

void HttpTransfer::set_request() {
    const HttpRequest& request = call_.request;
    if (request.method == "HEAD") {
        set(easy_, CURLOPT_NOBODY, 1L);
        return;
    }
    if (request.body.empty() && may_lack_body(request.method)) {
        set(easy_, CURLOPT_HTTPGET, 1L);
    } else {
        set(easy_, CURLOPT_POST, 1L);
        set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    set(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    // Without a body there is nothing to rewind, so nothing would stop a second sending.
    if (request.body.empty() && !is_safe(request.method)) set(easy_, CURLOPT_FRESH_CONNECT, 1L);
}

void HttpTransfer::set_headers() {
    const auto append = [this](const std::string& line) {
        curl_slist* const longer = curl_slist_append(headers_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        headers_ = longer;
    };
    // libcurl's way to send nothing it was not told to.
    if (!call_.request.headers.find("Content-Type")) append("Content-Type:");
    append("Expect:");
    for (const HttpHeader& header : call_.request.headers.all()) {
        if (header.name.empty() || has_control(header.name) || has_control(header.value))
            fault_ = "a header holds a control character";
        else
            append(header.name + (header.value.empty() ? ";" : ": " + header.value));
    }
    if (call_.request.method.empty() || has_control(call_.request.method))
        fault_ = "the method is not one";
    set(easy_, CURLOPT_HTTPHEADER, headers_);
}

void HttpTransfer::set_limits() {
    const long timeout_ms = static_cast<long>(std::max<Duration::rep>(call_.timeout.count(), 1));
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
    set(easy_, CURLOPT_TIMEOUT_MS, piece_ ? 0L : timeout_ms);
    set(easy_, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs does not hold up the other calls
}

void HttpTransfer::set_callbacks() {
    set(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::header);
    set(easy_, CURLOPT_HEADERDATA, this);
    set(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::body);
    set(easy_, CURLOPT_WRITEDATA, this);
    set(easy_, CURLOPT_READFUNCTION, &Callbacks::read);
    set(easy_, CURLOPT_READDATA, this);
    set(easy_, CURLOPT_SEEKFUNCTION, &Callbacks::rewind);
    set(easy_, CURLOPT_SEEKDATA, this);
    set(easy_, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open);
    set(easy_, CURLOPT_OPENSOCKETDATA, this);
    set(easy_, CURLOPT_PREREQFUNCTION, &Callbacks::before_request);
    set(easy_, CURLOPT_PREREQDATA, this);
    if (!piece_) return;
    set(easy_, CURLOPT_NOPROGRESS, 0L);
    set(easy_, CURLOPT_XFERINFOFUNCTION, &Callbacks::progress);
    set(easy_, CURLOPT_XFERINFODATA, this);
}

bool HttpTransfer::streaming() const {
    return piece_ && response_.status / 100 == 2;
}

// A status line begins a new answer: what an interim one (1xx) said before it is forgotten.
bool HttpTransfer::take_header(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > head_limit) {
        fault_ = "the answer's head is too long";
        return false;
    }
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
        response_ = {};
        const std::size_t code = std::min(line.find(' '), line.size() - 1) + 1;
        std::from_chars(line.data() + code, line.data() + line.size(), response_.status);
        return true;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    response_.headers.add(std::string(line.substr(0, colon)), std::string(value));
    return true;
}

bool HttpTransfer::is_silent_too_long() const {
    return std::chrono::steady_clock::now() - last_heard_ > call_.timeout;
}

bool HttpTransfer::take_body(std::string_view piece) {
    last_heard_ = std::chrono::steady_clock::now();
    if (streaming()) {
        stopped_by_piece_ = !piece_(piece);
        return !stopped_by_piece_;
    }
    if (response_.body.size() + piece.size() > call_.body_limit) {
        fault_ = "the answer's body is over the limit";
        return false;
    }
    response_.body.append(piece);
    return true;
}

// Only a request of which libcurl wrote nothing, and which it was not even about to write, is
// certainly not with the other side.
Result<HttpResponse, Failure> HttpTransfer::outcome(int code) {
    if (code == CURLE_OK || stopped_by_piece_) return std::move(response_);
    long written = 0;
    curl_off_t about_to_write = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &written);
    curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &about_to_write);
    const bool nothing_left = written == 0 && about_to_write == 0;
    return Failure{nothing_left ? Failure::Kind::unreachable : Failure::Kind::unknown,
                   fault_.empty() ? curl_easy_strerror(static_cast<CURLcode>(code)) : fault_};
}

}  // namespace msp
