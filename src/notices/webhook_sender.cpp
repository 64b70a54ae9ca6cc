#include "notices/webhook_sender.hpp"

#include "notices/webhook.hpp"

#include <chrono>
#include <utility>

namespace msp {

static constexpr std::size_t answer_most = 64 * 1024;

WebhookSender::WebhookSender(Loop& loop, HttpClient& client,
                             std::shared_ptr<const AddressGuard> guard, Settings settings)
    : loop_(loop),
      client_(client),
      guard_(std::move(guard)),
      secure_(connect_guard(guard_, true)),
      in_the_clear_(connect_guard(guard_, false)),
      settings_(std::move(settings)) {}

static Attempt attempt_of(const WebhookAnswer& answer, Time at, Duration took) {
    return {.at = at, .took = took, .status = answer.status, .error = answer.error};
}

void WebhookSender::send(const Endpoint& endpoint, WebhookPost post, Sent done) {
    const Time now = loop_.now();
    const auto url = WebhookUrl::parse(endpoint.url);
    auto objection = url ? guard_->objection(*url) : std::string(sentence(url.reason()));
    if (objection) {
        const WebhookAnswer answer{.error = *std::move(objection), .retry_after = {}};
        loop_.post([answer, now, done = std::move(done)] {
            done(answer, attempt_of(answer, now, Duration(0)));
        });
        return;
    }
    const auto began = loop_.monotonic();
    HttpCall call{.request = webhook_request(url->text(), valid_secrets(endpoint, now), post.id,
                                             now, std::move(post.body)),
                  .timeout = settings_.timeout,
                  .body_limit = answer_most,
                  .guard = url->secure ? secure_ : in_the_clear_,
                  .ca_file = settings_.ca_file};
    client_.send(std::move(call), [&loop = loop_, now, began, done = std::move(done)](
                                      const Result<HttpResponse, Failure>& outcome) {
        const WebhookAnswer answer = judge(outcome, loop.now());
        const auto took = std::chrono::duration_cast<Duration>(loop.monotonic() - began);
        done(answer, attempt_of(answer, now, took));
    });
}

}  // namespace msp
