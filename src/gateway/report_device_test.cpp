#include "gateway/report_device.hpp"

#include "domain/view.hpp"
#include "gateway/gateway_stage_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

using Kind = ReportResult::Kind;

static std::size_t records_of(const std::vector<Commit>& commits, Name::Kind kind) {
    std::size_t out = 0;
    for (const Commit& commit : commits)
        for (const Record& record : commit.records) out += record.name.kind == kind;
    return out;
}

TEST_CASE("a device is bound to its card, then to its equipment; the same again changes nothing") {
    GatewayStage stage;
    const CardReport card = stage.card_report("mk-1", 1);
    CHECK(stage.report(maker, card).kind == Kind::bound);
    CHECK(stage.report(maker, card).kind == Kind::unchanged);
    REQUIRE(stage.commits.size() == 1);
    REQUIRE(stage.commits[0].events.size() >= 1);
    const Event& bound = stage.commits[0].events[0];
    CHECK(bound.type == EventType::device_bound);
    CHECK(bound.cause == Cause::device);
    CHECK(bound.actor.party == maker);
    CHECK(bound.actor.principal.view() == "mk-1");
    CHECK_FALSE(bound.operation.empty());

    stage.hand_over("mk-1");
    const Answer test = stage.submit(SwitchM2mService{.name = Name::of(device("mk-1")),
                                                      .wish = ServiceWish::active,
                                                      .until = {},
                                                      .if_match = {},
                                                      .origin = stage.by(digger)});
    CHECK(test.changed);
    const EquipmentReport equipment{device("mk-1"), EquipmentId::parse("EX-1").value()};
    CHECK(stage.report(maker, equipment).kind == Kind::bound);
    CHECK(stage.report(maker, equipment).kind == Kind::unchanged);
}

TEST_CASE("a refused report keeps its claim, and the same again keeps the same claim") {
    GatewayStage stage;
    const CardReport closed = stage.card_report("mk-1", 4);
    const ReportResult first = stage.report(maker, closed);
    CHECK(first.kind == Kind::refused);
    CHECK(first.code == RefusalCode::not_admitted);
    CHECK_FALSE(first.claim.empty());
    CHECK(records_of(stage.commits, Name::Kind::claim) == 1);
    const std::size_t commits = stage.commits.size();

    const ReportResult again = stage.report(maker, closed);
    CHECK(again == first);
    CHECK(stage.commits.size() == commits);

    const ReportResult other = stage.report(maker, stage.card_report("mk-1", 5));
    CHECK(other.code == RefusalCode::no_such_card);
    CHECK(other.claim != first.claim);
    CHECK(records_of(stage.commits, Name::Kind::claim) == 2);
}

TEST_CASE("a claim that was dismissed stays so, however often the device repeats it") {
    GatewayStage stage;
    const CardReport closed = stage.card_report("mk-1", 4);
    const ReportResult first = stage.report(maker, closed);
    CHECK(stage.submit(DecideClaim{first.claim, false, stage.parties.book(), stage.by(maker)})
              .changed);
    CHECK(stage.report(maker, closed) == first);
    const Answer again =
        stage.submit(DecideClaim{first.claim, true, stage.parties.book(), stage.by(maker)});
    CHECK(again.refusal->code == RefusalCode::claim_closed);
}

TEST_CASE("a device reports about itself alone") {
    GatewayStage stage;
    const DeviceCaller other{device("mk-2"), maker};
    const ReportResult result = stage.report(other, stage.card_report("mk-1", 1));
    CHECK(result.kind == Kind::other_device);
    CHECK(stage.commits.empty());
    CHECK(problem_of(result).status == 403);
    CHECK(problem_of(result).code == "not-this-device");
}

TEST_CASE("a device that is refused too often has to wait, is logged once, and others are heard") {
    GatewayStage stage;
    const auto refused = [](int i) {
        return EquipmentReport{device("mk-1"), EquipmentId::parse("E" + std::to_string(i)).value()};
    };
    for (int i = 0; i < 6; ++i) {
        CHECK(stage.log.lines.empty());
        CHECK(stage.report(maker, refused(i)).code == RefusalCode::no_such_device);
    }
    REQUIRE(stage.log.lines.size() == 1);
    CHECK(stage.log.lines[0].find("provider=maker") != std::string::npos);
    CHECK(stage.log.lines[0].find("mk-1") == std::string::npos);

    const std::size_t commits = stage.commits.size();
    const ReportResult waits = stage.report(maker, stage.card_report("mk-1", 1));
    CHECK(waits.kind == Kind::too_often);
    CHECK(waits.wait == Duration(60'000));
    CHECK(stage.commits.size() == commits);
    CHECK(problem_of(waits).status == 429);
    CHECK(stage.report(maker, stage.card_report("mk-2", 2)).kind == Kind::bound);

    stage.loop.run_for(Duration(60'000));
    CHECK(stage.report(maker, stage.card_report("mk-1", 1)).kind == Kind::bound);
    CHECK(stage.log.lines.size() == 1);
}

TEST_CASE("a device reports one thing at a time, others beside it") {
    GatewayStage stage;
    std::vector<ReportResult> results;
    const auto keep = [&results](const ReportResult& result) { results.push_back(result); };
    for (int i = 0; i < 3; ++i)
        stage.reports.report({device("mk-1"), maker}, stage.card_report("mk-1", 4), keep);
    stage.reports.report({device("mk-2"), maker}, stage.card_report("mk-2", 2), keep);
    REQUIRE(results.size() == 2);
    for (const ReportResult& result : results)
        CHECK(result == ReportResult{.kind = Kind::too_often, .wait = Duration(1'000)});
    stage.loop.run_ready();
    REQUIRE(results.size() == 4);
    CHECK(results[2].kind == Kind::refused);
    CHECK(results[3].kind == Kind::bound);
    CHECK(stage.report(maker, stage.card_report("mk-1", 1)).kind == Kind::bound);
}

TEST_CASE("reports are counted by what became of them") {
    GatewayStage stage;
    stage.report(maker, stage.card_report("mk-1", 1));
    stage.report(maker, stage.card_report("mk-2", 4));
    const std::string shown = stage.metrics->exposition();
    CHECK(shown.find(R"(msp_device_reports_total{result="bound"} 1)") != std::string::npos);
    CHECK(shown.find(R"(msp_device_reports_total{result="refused"} 1)") != std::string::npos);
}

TEST_CASE("the claims of many devices are remembered in bounded memory") {
    GatewayStage stage;
    const auto report = [&stage](int i) {
        const std::string id = "mk-" + std::to_string(i);
        return stage.report(maker, stage.card_report(id, 4));
    };
    const ReportResult first = report(0);
    for (int i = 1; i < 50; ++i) report(i);
    CHECK(report(0).claim == first.claim);
    const int most = int(DeviceReports::claims_most);
    for (int i = 50; i < most + 50; ++i) report(i);
    CHECK(report(0).claim != first.claim);
}

}  // namespace msp
