#include "operators/thingspace/thingspace_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace msp::thingspace {

namespace {

constexpr Monotonic idle_most = std::chrono::minutes(19);  // it ends after twenty
constexpr std::uint64_t bearer_seconds = 3'600;            // where it does not say
constexpr std::uint64_t bearer_seconds_most = 86'400;
constexpr std::uint64_t margin_seconds = 60;
constexpr std::size_t token_most = 4'096;

bool is_token(const std::string& text) {
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    return !text.empty() && text.size() <= token_most &&
           std::all_of(text.begin(), text.end(), visible);
}

// What stands in a header has to be one line, whoever wrote it.
Result<AnswerDocument, NoTokens> token_document(const HttpAnswer& answer,
                                                const std::string& member) {
    if (!answer) {
        const bool unreachable = answer.reason().kind == Failure::Kind::unreachable;
        return NoTokens{false, unreachable ? "unreachable" : "login-no-answer"};
    }
    if (answer->status != 200) return NoTokens{true, "login-" + http_code(*answer)};
    auto document = AnswerDocument::parse(answer->body);
    if (!document || !is_token(document->text(member).value_or("")))
        return NoTokens{true, "login-malformed-answer"};
    return std::move(*document);
}

}  // namespace

Session::Session(Access access, Loop& loop, HttpClient& http)
    : access_(std::move(access)), loop_(loop), http_(http) {}

bool Session::fresh() const {
    const Monotonic now = loop_.monotonic();
    return tokens_ && now - used_ < idle_most && now < bearer_ends_;
}

void Session::open(Monotonic until, Ready ready) {
    if (fresh()) {
        used_ = loop_.monotonic();
        return ready(*tokens_);
    }
    waiting_.push_back(std::move(ready));
    if (std::exchange(logging_in_, true)) return;
    tokens_.reset();
    ask(encode_authorization(access_), "access_token", until,
        [this, until](const std::string& bearer, const AnswerDocument& document) {
            const std::uint64_t lasts = std::min(
                document.count("expires_in").value_or(bearer_seconds), bearer_seconds_most);
            bearer_ends_ = loop_.monotonic() +
                           std::chrono::seconds(lasts - std::min(lasts / 2, margin_seconds));
            ask(encode_login(access_, bearer), "sessionToken", until,
                [this, bearer](const std::string& session, const AnswerDocument&) {
                    used_ = loop_.monotonic();
                    tokens_ = Tokens{bearer, session};
                    end(*tokens_);
                });
        });
}

void Session::ask(HttpRequest request, const std::string& member, Monotonic until,
                  std::function<void(const std::string& token, const AnswerDocument&)> then) {
    const auto left = std::chrono::duration_cast<Duration>(until - loop_.monotonic());
    if (left <= Duration::zero()) return end(NoTokens{false, "login-too-late"});
    http_.send(
        {.request = std::move(request), .timeout = left, .guard = {}, .ca_file = {}},
        [self = shared_from_this(), member, then = std::move(then)](const HttpAnswer& answer) {
            const auto document = token_document(answer, member);
            if (!document) return self->end(document.reason());
            then(document->text(member).value(), *document);
        });
}

void Session::end(const Result<Tokens, NoTokens>& came) {
    logging_in_ = false;
    for (const Ready& ready : std::exchange(waiting_, {})) ready(came);
}

void Session::forget(const Tokens& tokens) {
    if (tokens_ == tokens) tokens_.reset();
}

}  // namespace msp::thingspace
