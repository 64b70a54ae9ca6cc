#include "gateway/http_gateway.hpp"

#include "access/json.hpp"
#include "gateway/report_device.hpp"
#include "world/loop.hpp"

#include <optional>
#include <string>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view path = "/v1/device-reports";

// What is wrong with the call itself.
std::optional<HttpResponse> misdirected(const HttpRequest& request) {
    if (request.method != "POST") {
        HttpResponse response = render(
            make_problem(405, "method-not-allowed", "Reports of devices are posted.", "Use POST."));
        response.headers.add("Allow", "POST");
        return response;
    }
    if (request.target.size() > path.size())
        return render(make_problem(400, "unknown-parameter", "This call takes no parameters.",
                                   "Leave the query out; everything stands in the body."));
    return std::nullopt;
}

std::string body_of(const ReportResult& result, const DeviceReport& report) {
    std::string out;
    JsonWriter json(out);
    json.open_object().member("result", word(result.kind)).member("device_id", device_of(report));
    if (const auto* card = std::get_if<CardReport>(&report))
        json.member("iccid", card->iccid);
    else
        json.member("equipment_id", std::get<EquipmentReport>(report).equipment);
    json.close_object();
    return out;
}

HttpResponse response_to(const ReportResult& result, const DeviceReport& report) {
    using Kind = ReportResult::Kind;
    if (result.kind != Kind::bound && result.kind != Kind::unchanged)
        return render(problem_of(result));
    HttpResponse response;
    response.headers.add("Content-Type", "application/json");
    response.headers.add("Cache-Control", "no-store");
    response.body = body_of(result, report);
    return response;
}

}  // namespace

HttpGateway::HttpGateway(const Parties& parties, DeviceReports& reports, Loop& loop)
    : parties_(parties), reports_(reports), loop_(loop) {}

bool HttpGateway::takes(const HttpRequest& request) {
    return std::string_view(request.target).substr(0, request.target.find('?')) == path;
}

void HttpGateway::handle(const HttpRequest& request, std::shared_ptr<HttpExchange> exchange) {
    if (auto response = misdirected(request)) return exchange->respond(*std::move(response));
    const auto caller = let_in(request);
    if (!caller) return exchange->respond(caller.reason());
    auto body = read_json(request);
    if (!body) return exchange->respond(render(body.reason()));
    const auto report = parse_device_report(std::move(body).value());
    if (!report) return exchange->respond(render(report.reason()));
    reports_.report(*caller, *report,
                    [exchange = std::move(exchange), sent = *report](const ReportResult& result) {
                        exchange->respond(response_to(result, sent));
                    });
}

// Who has to wait already is not looked at, nor counted again, or waiting would never end.
Result<DeviceCaller, HttpResponse> HttpGateway::let_in(const HttpRequest& request) {
    const std::string claim = claimed_device(request);
    if (const auto wait = attempts_.wait(claim, request.peer, loop_.now())) {
        Problem problem = make_problem(429, "too-many-failures", "Too many wrong credentials came.",
                                       "Try again after the time in Retry-After.");
        problem.retry_after = *wait;
        return render(problem);
    }
    if (auto caller = device_caller(parties_, request)) return *std::move(caller);
    attempts_.failed(claim, request.peer, loop_.now());
    return render_unauthenticated(
        make_problem(401, "unauthenticated", "No device's credential opens this.",
                     "Send the device's own secret, or its certificate over TLS."),
        "Basic");
}

HttpHandler HttpGateway::handler() {
    return [this](const HttpRequest& request, std::shared_ptr<HttpExchange> exchange) {
        if (takes(request)) return handle(request, std::move(exchange));
        exchange->respond(render(make_problem(404, "not-found", "There is nothing at this path.",
                                              "Devices report at POST /v1/device-reports.")));
    };
}

}  // namespace msp
