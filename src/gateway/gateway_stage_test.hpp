// What the tests of this folder stand on: a store in memory on a loop moved by hand, with a device
// provider, an equipment provider, and cards in their test.
#pragma once

#include "access/device_credentials.hpp"
#include "access/parties.hpp"
#include "gateway/http_gateway.hpp"
#include "gateway/report_device.hpp"
#include "provisioning/decide_claim.hpp"
#include "provisioning/hand_over.hpp"
#include "provisioning/issue_cards.hpp"
#include "provisioning/register_cards.hpp"
#include "provisioning/switch_m2m_service.hpp"
#include "store/flow_command.hpp"
#include "store/memory/memory_store.hpp"
#include "world/crypto.hpp"
#include "world/log.hpp"
#include "world/manual_loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace msp {

// Remembers the lines, as a log would write them.
class KeepingLog final : public Log {
public:
    void write(LogLevel level, std::string_view event,
               std::initializer_list<LogField> fields) override {
        lines.push_back(log_line(Time{}, level, event, fields));
    }
    std::vector<std::string> lines;
};

// Takes one answer.
class KeepingExchange final : public HttpExchange {
public:
    void respond(HttpResponse answer) override {
        CHECK_FALSE(response);
        response = std::move(answer);
    }
    void begin_stream(HttpResponse) override { CHECK(false); }
    bool write(std::string) override { return false; }
    void end_stream() override {}

    std::optional<HttpResponse> response;
};

inline const PartyId maker = PartyId::parse("maker").value();
inline const PartyId rival = PartyId::parse("rival").value();
inline const PartyId digger = PartyId::parse("digger").value();
inline const OperatorId op_east = OperatorId::parse("op-east").value();

inline DeviceId device(std::string_view text) {
    return DeviceId::parse(text).value();
}
inline Iccid iccid_of(int number) {
    const std::string body = "891000000000000" + std::to_string(1'000 + number);
    return Iccid::parse(body + luhn_digit(body), CheckDigit::strict).value();
}
inline Imsi imsi_of(int number) {
    return Imsi::parse("00101000000" + std::to_string(1'000 + number)).value();
}

struct GatewayStage {
    ManualLoop loop;
    MemoryStore memory = make_memory_store(loop);
    Parties parties{*memory.store};
    SeededRandom random{1};
    std::unique_ptr<Metrics> metrics = make_metrics();
    KeepingLog log;
    DeviceReports reports{*memory.store, parties, loop, random, *metrics, log};
    HttpGateway gateway{parties, reports, loop};
    std::vector<Commit> commits;

    // Cards 1 to 4 are issued to the maker, 5 to its rival; all in their test but 4.
    GatewayStage() {
        memory.store->listen([this](const Commit& commit) { commits.push_back(commit); });
        add(maker, "mk-", true, false);
        add(rival, "rv-", true, false);
        add(digger, "", false, true);
        std::vector<CardRow> rows;
        for (int i = 1; i <= 5; ++i)
            rows.push_back({.line = std::size_t(i),
                            .iccid = iccid_of(i),
                            .imsi = imsi_of(i),
                            .reference = {},
                            .msisdn = {},
                            .mdn = {},
                            .eid = {},
                            .fresh = memory.store->fresh_chain_id()});
        const BatchId batch = BatchId::parse("b-1").value();
        submit(RegisterCards{.at = op_east, .batch = batch, .rows = rows, .origin = staff()});
        std::vector<Iccid> of_maker;
        for (int i = 1; i <= 4; ++i) of_maker.push_back(iccid_of(i));
        submit(IssueCards{of_maker, maker, parties.book(), staff()});
        submit(IssueCards{{iccid_of(5)}, rival, parties.book(), staff()});
        for (int i : {1, 2, 3}) activate(i, maker);
        activate(5, rival);
        commits.clear();
    }

    static std::string enrolment_key(const PartyId& party) {
        return std::string(32, party.text()[0]);
    }
    void add(const PartyId& id, const std::string& prefix, bool makes_devices, bool has_equipment) {
        Party party{
            .id = id,
            .name = std::string(id.text()),
            .facts = {.device_provider = makes_devices, .equipment_provider = has_equipment},
            .device_prefixes = {},
            .enrolment_key = enrolment_key(id),
            .certificate_authority = std::string(64, '1'),
            .created = loop.now()};
        if (!prefix.empty()) party.device_prefixes = {prefix};
        const Answer answer = submit(RegisterParty{party, staff()});
        CHECK(answer.changed);
    }
    void activate(int card, const PartyId& by_party) {
        const Answer answer = submit(SwitchM2mService{.name = Name::of(iccid_of(card)),
                                                      .wish = ServiceWish::active,
                                                      .until = {},
                                                      .if_match = {},
                                                      .origin = by(by_party)});
        CHECK(answer.changed);
    }
    void hand_over(std::string_view which) {
        const Answer answer = submit(HandOver{{device(which)}, digger, parties.book(), by(maker)});
        REQUIRE(answer.changed);
    }

    Origin by(const PartyId& party) const {
        return {.actor = {.party = party, .principal = "tester", .on_behalf_of = {}},
                .cause = Cause::command,
                .operation = {},
                .at = loop.now()};
    }
    Origin staff() const { return by(m2m_sp()); }

    template <class Flow>
    Answer submit(Flow flow) {
        std::optional<Answer> out;
        memory.store->submit(flow_command(std::move(flow)), [&out](Result<Answer, Failure> result) {
            REQUIRE(result);
            out = std::move(result).value();
        });
        loop.run_ready();
        REQUIRE(out);
        return *std::move(out);
    }

    CardReport card_report(std::string_view which, int card) const {
        return {device(which), iccid_of(card), imsi_of(card), {}, {}};
    }
    ReportResult report(const DeviceCaller& caller, const DeviceReport& said) {
        std::optional<ReportResult> out;
        reports.report(caller, said, [&out](const ReportResult& result) { out = result; });
        loop.run_ready();
        REQUIRE(out);
        return *out;
    }
    ReportResult report(const PartyId& provider, const DeviceReport& said) {
        return report(DeviceCaller{device_of(said), provider}, said);
    }

    HttpResponse post(std::string_view which, const PartyId& provider, std::string body) {
        HttpRequest request;
        request.method = "POST";
        request.target = "/v1/device-reports";
        request.peer = "127.0.0.1:50112";
        request.headers.add("Content-Type", "application/json");
        const std::string secret = device_secret(enrolment_key(provider), device(which));
        request.headers.add("Authorization", "Basic " + base64(std::string(which) + ":" + secret));
        request.body = std::move(body);
        return send(request);
    }
    HttpResponse send(const HttpRequest& request) {
        const auto exchange = std::make_shared<KeepingExchange>();
        gateway.handler()(request, exchange);
        loop.run_ready();
        REQUIRE(exchange->response);
        return *exchange->response;
    }
};

}  // namespace msp
