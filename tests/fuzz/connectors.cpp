// What every connector that speaks HTTP makes of an answer, and of a report, whoever wrote them.
#include "tests/fuzz/errand.hpp"
#include "tests/fuzz/targets.hpp"

#include "cast/direct_http.hpp"
#include "cast/direct_streams.hpp"
#include "operators/connectors.hpp"
#include "world/manual_loop.hpp"

#include <chrono>
#include <iterator>
#include <optional>
#include <string>

namespace msp::fuzz {

namespace {

constexpr int statuses[] = {200, 202, 204, 301, 400, 401, 404, 409, 429, 500, 503};

// No number of somebody's gets into what people read.
void no_numbers(const std::string& words) {
    unsigned digits = 0;
    for (const char c : words) {
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        assert(digits < 12);
    }
}

// Answers every request with the same, and counts what comes back: one answer for each call.
void take_answers(const ConnectorKind& kind, const HttpResponse& response) {
    ManualLoop loop;
    DirectHttp http(loop);
    http.listen("http://op.test",
                [&response](const HttpRequest&, const HttpRespond& respond) { respond(response); });
    OperatorSettings settings{.id = OperatorId::parse("op-east").value()};
    settings.connector = kind.name;
    settings.base_url = "http://op.test";
    settings.token = "key:secret:user:word";
    settings.account = {.name = "0000123456-00001", .service_plan = "m2m4G", .zip_code = "98801"};
    settings.callback_secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    if (kind.can) settings.profile.can = *kind.can;
    DirectStreams streams(loop);
    SeededRandom random(1);
    const auto link = kind.connect(settings, {loop, http, streams, random});
    std::optional<Outcome> ordered;
    std::optional<Outcome> polled;
    std::optional<Result<Reading, Failure>> read;
    std::optional<Result<ListPage, Failure>> listed;
    link->carry_out(errand_about("8944500000000000016"),
                    [&ordered](Outcome came) { ordered = std::move(came); });
    link->poll(errand_about("8944500000000000016"),
               [&polled](Outcome came) { polled = std::move(came); });
    link->ask(errand_about("8944500000000000016"),
              [&read](Result<Reading, Failure> came) { read = std::move(came); });
    link->list("", 10, [&listed](Result<ListPage, Failure> came) { listed = std::move(came); });
    loop.run_for(std::chrono::seconds(120));
    assert(ordered && polled && read && listed);
    assert(ordered->kind != Outcome::Kind::not_sent);
    no_numbers(ordered->reason);
    no_numbers(polled->reason);
    if (*read) no_numbers((*read)->cause + std::string((*read)->native.view()));
    HttpRequest report;
    report.method = "POST";
    report.body = response.body;
    const auto heard = link->parse_event(report);
    assert(!heard && !heard.reason().what.empty());
}

}  // namespace

void take_connectors(std::string_view bytes) {
    if (bytes.empty()) return;
    HttpResponse response;
    response.status = statuses[static_cast<unsigned char>(bytes.front()) % std::size(statuses)];
    response.body = bytes.substr(1);
    for (const ConnectorKind* kind : connectors())
        if (kind->over_http) take_answers(*kind, response);
}

}  // namespace msp::fuzz
