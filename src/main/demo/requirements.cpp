// The requirements of the use case, each looked at after the story, over the whole fleet.
#include "main/demo/story.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>

namespace msp::demo {

namespace json = boost::json;

void Story::requirements() {
    stage_.out() << "\nRequirements" << std::endl;
    require_identification();
    require_operators_part();
    require_notices();
}

// Requirements 1 to 4: what is asked of the platform.
void Story::require_identification() {
    const auto all = machines(0, fleet_.machines.size());
    begin("requirement 1", "identify and manage the M2M service status of devices");
    expect("devices listed with their status", stage_.list("m2m-sp", "/v1/devices").size(),
           fleet_.machines.size() + fleet_.spares.size());
    expect("devices switched by their parties and settled", seen_["suspended"] + seen_["resumed"],
           400);

    begin("requirement 2", "identify the network service status by IMSI");
    const auto look_up_imsi = [&](std::size_t i) {
        const Reply reply = stage_.call(
            "m2m-sp", "GET", "/v1/cards?imsi=" + all[i]->imsi + "&operator=" + all[i]->at_operator);
        const json::array& found = items_at(reply.body(), "items");
        return found.size() == 1 &&
               text_at(found[0], "network.observed") == cast_.at_operator(*all[i]);
    };
    expect("IMSIs looked up with their network status",
           stage_.each("looking up IMSIs", all.size(), look_up_imsi), all.size());

    begin("requirement 3", "correlate device identifiers with IMSI");
    const auto look_up_device = [&](std::size_t i) {
        return stage_.call("m2m-sp", "GET", "/v1/devices/" + all[i]->device).text("network.imsi") ==
               all[i]->imsi;
    };
    expect("devices whose IMSI is the one on their delivery note",
           stage_.each("looking up devices", all.size(), look_up_device), all.size());

    begin("requirement 4", "get the network service status from the operator");
    const auto asked = machines(500, 50);
    const auto ask = [&](std::size_t i) {
        const Reply reply =
            stage_.call("m2m-sp", "POST", "/v1/devices/" + asked[i]->device + ":check?wait=30s");
        return reply.text("network.observed") == cast_.at_operator(*asked[i]);
    };
    expect("subscriptions asked for and answered as the operator has them",
           stage_.each("asking operators", asked.size(), ask), asked.size());
}

// Requirement 5: what operators were ordered, and what their journals say of it.
void Story::require_operators_part() {
    begin("requirement 5", "notify the operator whom to activate or de-activate");
    expect("de-activations carried out at the operators", seen_["suspended"], 200);
    expect("activations carried out at the operators", seen_["resumed"], 200);
    std::size_t agree = 0;
    for (const json::value& card : stage_.list("m2m-sp", "/v1/cards")) {
        Machine machine;
        machine.imsi = text_at(card, "network.imsi");
        machine.at_operator = text_at(card, "network.operator");
        agree += text_at(card, "network.confirmed") == "true" &&
                 cast_.at_operator(machine) == text_at(card, "network.observed");
    }
    expect("confirmed states that the operators' journals agree with", agree, seen_["cards"]);
}

// Requirements 6 and 7: what EPBAs were told, of operators' doings too.
void Story::require_notices() {
    const auto all = machines(0, fleet_.machines.size());
    begin("requirement 6", "notify the M2M application of status changes");
    const auto knows = [&](const Machine* machine) {
        return cast_.told(machine->provider, machine->equipment) ==
               stage_.call(machine->provider, "GET", "/v1/equipment/" + machine->equipment)
                   .text("status");
    };
    expect("machines whose EPBA knows the status they have",
           std::size_t(std::count_if(all.begin(), all.end(), knows)), all.size());
    const std::size_t told = cast_.told_in_all();
    expect("events told in order, without a gap, rightly signed: " + std::to_string(told),
           told > all.size() && cast_.told_wrongly() == 0);

    begin("requirement 7", "change the M2M status when the operator reports a change");
    expect("machines that went out of service with their IMSI", seen_["operator"], 60);
    expect("machines that came back into service with their IMSI", seen_["operator back"], 50);
}

}  // namespace msp::demo
