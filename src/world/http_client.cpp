#include "world/http_client.hpp"

#include "world/http_transfer.hpp"
#include "world/loop.hpp"
#include "world/thread_name.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <cassert>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace msp {

static void prepare_libcurl() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(ready == CURLE_OK);
}

namespace {

using CallId = std::uint64_t;

// The callers' half, kept on the loop. Outcomes on their way there share it, and find it closed
// when the client has gone meanwhile.
struct Callers {
    std::unordered_map<CallId, HttpClient::Done> waiting;

    void tell(CallId id, Result<HttpResponse, Failure> outcome) {
        auto caller = waiting.extract(id);
        if (!caller.empty()) caller.mapped()(std::move(outcome));
    }
};

// The thread's half: all transfers in one multi handle, whose kept connections they share.
class Transfers {
public:
    Transfers(Loop& loop, std::shared_ptr<Callers> callers)
        : loop_(loop), callers_(std::move(callers)), multi_(curl_multi_init()) {
        if (multi_ == nullptr) throw std::bad_alloc();
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 256L);
        thread_ = std::thread([this] { run(); });
    }

    ~Transfers() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        curl_multi_wakeup(multi_);
        thread_.join();
        for (const auto& [easy, running] : running_) curl_multi_remove_handle(multi_, easy);
        running_.clear();
        curl_multi_cleanup(multi_);
    }

    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    void begin(CallId id, HttpCall call) {
        {
            const std::lock_guard lock(mutex_);
            arrived_.push_back({id, std::move(call)});
        }
        curl_multi_wakeup(multi_);
    }

private:
    struct Arrived {
        CallId id;
        HttpCall call;
    };
    struct Running {
        CallId id;
        std::unique_ptr<HttpTransfer> transfer;
    };

    // Signals are the loop's affair; OpenSSL would raise SIGPIPE here for a closed connection.
    static void keep_signals_out() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
    }

    void run() {
        name_thread("msp http client");
        keep_signals_out();
        std::vector<Arrived> arrived;
        while (take(arrived)) {
            for (Arrived& each : arrived) start(each.id, std::move(each.call));
            int still_running = 0;
            curl_multi_perform(multi_, &still_running);
            report_finished();
            curl_multi_poll(multi_, nullptr, 0, 60'000, nullptr);
        }
    }

    bool take(std::vector<Arrived>& arrived) {
        arrived.clear();
        const std::lock_guard lock(mutex_);
        arrived.swap(arrived_);
        return !ended_;
    }

    void start(CallId id, HttpCall call) {
        auto transfer = std::make_unique<HttpTransfer>(std::move(call), HttpTransfer::Piece());
        void* const easy = transfer->easy();
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        if (!transfer->sendable() || curl_multi_add_handle(multi_, easy) != CURLM_OK)
            return tell(id, transfer->outcome(CURLE_BAD_FUNCTION_ARGUMENT));
        running_.emplace(easy, Running{id, std::move(transfer)});
    }

    void report_finished() {
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
            assert(message->msg == CURLMSG_DONE);
            const CURLcode code = message->data.result;
            const auto done = running_.extract(message->easy_handle);
            tell(done.mapped().id, done.mapped().transfer->outcome(code));
            curl_multi_remove_handle(multi_, done.key());
        }
    }

    void tell(CallId id, Result<HttpResponse, Failure> outcome) {
        loop_.post([callers = callers_, id, outcome = std::move(outcome)]() mutable {
            callers->tell(id, std::move(outcome));
        });
    }

    Loop& loop_;
    std::shared_ptr<Callers> callers_;
    CURLM* multi_;
    std::unordered_map<void*, Running> running_;  // the thread's own
    std::mutex mutex_;
    std::vector<Arrived> arrived_;
    bool ended_ = false;
    std::thread thread_;
};

class CurlClient final : public HttpClient {
public:
    explicit CurlClient(Loop& loop) : transfers_(loop, callers_) {}
    ~CurlClient() override { callers_->waiting.clear(); }

    void send(HttpCall call, Done done) override {
        const CallId id = ++last_call_;
        callers_->waiting.emplace(id, std::move(done));
        transfers_.begin(id, std::move(call));
    }

private:
    std::shared_ptr<Callers> callers_ = std::make_shared<Callers>();
    Transfers transfers_;
    CallId last_call_ = 0;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(Loop& loop) {
    prepare_libcurl();
    return std::make_unique<CurlClient>(loop);
}

Result<HttpResponse, Failure> call_http(const HttpCall& call,
                                        const std::function<bool(std::string_view piece)>& piece) {
    prepare_libcurl();
    HttpTransfer transfer(call, piece);
    if (!transfer.sendable()) return transfer.outcome(CURLE_BAD_FUNCTION_ARGUMENT);
    return transfer.outcome(curl_easy_perform(transfer.easy()));
}

}  // namespace msp
