// Acts 4 to 7: the life of machines in service.
#include "main/demo/story.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>

namespace msp::demo {

namespace json = boost::json;

static std::vector<Machine*> part(const std::vector<Machine*>& all, std::size_t from,
                                  std::size_t count) {
    const std::size_t begin = std::min(from, all.size());
    return {all.begin() + std::ptrdiff_t(begin),
            all.begin() + std::ptrdiff_t(std::min(begin + count, all.size()))};
}

void Story::equipment_provider_switches() {
    begin("scenario 4", "the equipment provider suspends, resumes, stops");
    const auto some = machines(0, 200);
    expect("machines suspended", switch_equipment("suspending", some, "de-active"), some.size());
    settle();
    expect("EPBAs told", wait_told(some, "de-active"), some.size());
    expect("subscriptions really de-active", truly(some, "de-active"), some.size());
    seen_["suspended"] = truly(some, "de-active");
    expect("machines resumed", switch_equipment("resuming", some, "active"), some.size());
    settle();
    expect("EPBAs told", wait_told(some, "active"), some.size());
    expect("subscriptions really active", truly(some, "active"), some.size());
    seen_["resumed"] = truly(some, "active");

    const auto old = machines(fleet_.machines.size() - 50, 50);
    expect("machines stopped for ever", switch_equipment("stopping", old, "stopped"), old.size());
    settle();
    expect("IMSIs reclaimed at the operators", truly(old, "reclaimed"), old.size());
    expect("EPBAs told", wait_told(old, "stopped"), old.size());
    const Reply dead =
        stage_.call(old[0]->provider, "PUT", "/v1/equipment/" + old[0]->equipment + "/service",
                    {{"status", "active"}});
    expect("a stopped machine cannot be switched on", dead.status == 409);
}

void Story::m2m_sp_holds() {
    begin("scenario 5", "the M2M service provider holds and lifts");
    const auto some = machines(200, 100);
    const auto both = part(some, 0, 20);
    expect("devices held for an unpaid invoice", hold(some, true), some.size());
    expect("of these suspended by their own provider too",
           switch_equipment("suspending", both, "de-active"), both.size());
    settle();
    expect("EPBAs told", wait_told(some, "de-active"), some.size());
    expect("subscriptions really de-active", truly(some, "de-active"), some.size());
    show(*both[0]);
    expect("holds lifted", hold(some, false), some.size());
    settle();
    const auto lifted = part(some, 20, 80);
    expect("machines back in service, EPBAs told", wait_told(lifted, "active"), lifted.size());
    expect("machines that stay off, since their provider wants it so",
           with_status(both, "de-active"), both.size());
    expect("resumed by their provider", switch_equipment("resuming", both, "active"), both.size());
    settle();
    expect("EPBAs told", wait_told(some, "active"), some.size());
}

void Story::operator_suspends() {
    begin("scenario 6", "the operator suspends and resumes");
    const auto some = machines(300, 60);
    const auto both = part(some, 0, 10);
    seen_["told before"] = cast_.told_in_all();
    const auto each = [&](const char* what, bool (Cast::*act)(const Machine&)) {
        return stage_.each(what, some.size(),
                           [&](std::size_t i) { return (cast_.*act)(*some[i]); });
    };
    expect("IMSIs suspended by the operators", each("operators suspend", &Cast::suspend),
           some.size());
    expect("machines out of service, EPBAs told", wait_told(some, "de-active"), some.size());
    seen_["operator"] = with_status(some, "de-active");
    const std::string answer = json::serialize(
        stage_.call(some[20]->provider, "GET", "/v1/equipment/" + some[20]->equipment).body());
    expect("the answer names the operator as the one to lift it",
           answer.find("\"may_lift\":[\"" + some[20]->at_operator + "\"]") != std::string::npos);
    expect("of these suspended by their own provider too",
           switch_equipment("suspending", both, "de-active"), both.size());
    settle();
    show(*both[0]);
    expect("IMSIs resumed by the operators", each("operators resume", &Cast::resume), some.size());
    const auto resumed = part(some, 10, 50);
    expect("machines back in service, EPBAs told", wait_told(resumed, "active"), resumed.size());
    seen_["operator back"] = with_status(resumed, "active");
    settle();
    expect("machines that stay off, since their provider wants it so",
           with_status(both, "de-active"), both.size());
    expect("resumed by their provider", switch_equipment("resuming", both, "active"), both.size());
    settle();
    expect("EPBAs told", wait_told(some, "active"), some.size());
}

void Story::replace() {
    begin("scenario 7", "replacing a device");
    auto broken = machines(400, fleet_.spares.size());
    const std::vector<Machine> before = [&] {
        std::vector<Machine> out;
        out.reserve(broken.size());
        for (const Machine* machine : broken) out.push_back(*machine);
        return out;
    }();
    expect("machines whose device was ended", switch_equipment("replacing", broken, "replaced"),
           broken.size());
    settle();
    expect("EPBAs told", wait_told(broken, "replaced"), broken.size());
    expect("old IMSIs reclaimed at the operators", truly(broken, "reclaimed"), broken.size());
    fit_new_devices(broken);
    expect("machines in service again, under the same equipment ID", with_status(broken, "active"),
           broken.size());
    expect("EPBAs told", wait_told(broken, "active"), broken.size());
    const Reply again = stage_.call(
        before[0].provider, "PUT", "/v1/equipment/" + before[0].equipment + "/service",
        {{"status", "replaced"}, {"device_id", before[0].device}},
        stage_.call(before[0].provider, "GET", "/v1/equipment/" + before[0].equipment).etag);
    expect("a repeated call for the old device does not end its successor", again.status == 409);
    std::size_t reclaimed = 0;
    for (const Machine& machine : before) reclaimed += cast_.at_operator(machine) == "reclaimed";
    expect("old IMSIs still reclaimed", reclaimed, before.size());
    show(*broken[0]);
}

// The manufacture, test and installation steps once more, for a spare device each.
void Story::fit_new_devices(const std::vector<Machine*>& broken) {
    const auto fit = [&](std::size_t i) {
        const Machine& spare = fleet_.spares[i];
        Machine& machine = *broken[i];
        const auto put = [&](const std::string& who, const std::string& target) {
            return stage_.call(who, "PUT", target + "/m2m-service", {{"status", "active"}}).ok();
        };
        if (!put("modemworks", "/v1/cards/" + spare.iccid)) return false;
        if (stage_
                .report(spare.device,
                        {{"device_id", spare.device}, {"iccid", spare.iccid}, {"imsi", spare.imsi}})
                .text("result") != "bound")
            return false;
        if (!stage_
                 .call("modemworks", "POST", "/v1/devices/handover",
                       {{"device_ids", {spare.device}}, {"to", machine.provider}})
                 .ok())
            return false;
        if (!put(machine.provider, "/v1/devices/" + spare.device)) return false;
        if (stage_
                .report(spare.device,
                        {{"device_id", spare.device}, {"equipment_id", machine.equipment}})
                .text("result") != "bound")
            return false;
        machine.iccid = spare.iccid;
        machine.imsi = spare.imsi;
        machine.device = spare.device;
        machine.at_operator = spare.at_operator;
        return stage_
            .call(machine.provider, "PUT", "/v1/equipment/" + machine.equipment + "/service",
                  {{"status", "active"}})
            .ok();
    };
    expect("new devices made, tested, handed over, built in, installed",
           stage_.each("fitting new devices", broken.size(), fit), broken.size());
    settle();
}

}  // namespace msp::demo
