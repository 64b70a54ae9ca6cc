#include "simulation/acts.hpp"

#include "access/device_credentials.hpp"
#include "domain/party.hpp"
#include "domain/status.hpp"
#include "domain/time.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace msp::simulation {

namespace json = boost::json;

static const std::string staff = "m2m-sp";

Acts::Acts(Caller& caller, const Witness& witness, Sometimes& sometimes, const Founded& founded,
           MakeCard make_card, std::uint64_t seed)
    : caller_(caller),
      witness_(witness),
      sometimes_(sometimes),
      founded_(founded),
      make_card_(std::move(make_card)),
      random_(seed),
      machines_(founded.machines) {}

Machine& Acts::any_machine() {
    return machines_[random_.below(machines_.size())];
}

const Chain* Acts::chain_of(const Machine& machine) const {
    const Chain* out = nullptr;
    for (const auto& [id, seen] : witness_.chains())
        if (seen.chain && seen.chain->card.iccid.text() == machine.iccid) out = seen.chain.get();
    return out;
}

void Acts::act(double odd) {
    if (chance(odd)) return odd_act();
    next(any_machine());
}

// -------------------------------------------------------------------------------- what comes next

void Acts::next(Machine& machine) {
    const Chain* chain = chain_of(machine);
    if (!chain) return;
    if (chain->stopped || chain->lost) {
        const bool ended = chain->stopped && reclaimed(*chain);
        if (ended) return renew(machine);
        if (!chain->lost) return;
        if (chain->equipment && chain->equipment->wish != Wish::stopped)
            return end_equipment(machine, "replaced");
        return switch_card(machine, staff, "stopped");
    }
    if (chain->equipment) return next_of_equipment(machine, *chain);
    if (chain->device) return next_of_device(machine, *chain);
    next_of_card(machine, *chain);
}

void Acts::next_of_card(Machine& machine, const Chain& chain) {
    if (chain.holder == m2m_sp()) return issue(machine, machine.maker);
    if (chain.holds.holds(Holder::m2m_sp)) return hold(machine, false);
    if (chain.holds.holds(Holder::customer)) return switch_card(machine, machine.maker, "active");
    if (chance(0.1)) return switch_card(machine, machine.maker, "de-active");
    report_card(machine, machine.device);
}

void Acts::next_of_device(Machine& machine, const Chain& chain) {
    if (chain.customer.text() == machine.maker)
        return hand_over(machine, machine.maker, machine.provider);
    if (chain.holds.holds(Holder::m2m_sp)) return hold(machine, false);
    if (chain.holds.holds(Holder::customer))
        return switch_device(machine, machine.provider, "active");
    if (chance(0.1)) return switch_device(machine, machine.provider, "de-active");
    report_equipment(machine, machine.equipment);
}

void Acts::next_of_equipment(Machine& machine, const Chain& chain) {
    const std::uint64_t dice = random_.below(100);
    if (dice < 10) return hold(machine, !chain.holds.holds(Holder::m2m_sp));
    if (dice < 14) return end_equipment(machine, "replaced");
    if (dice < 17) return end_equipment(machine, "stopped");
    if (dice < 22) return ask_about(machine, "check");
    if (dice < 26 && chain.exchange.parked) return ask_about(machine, "retry");
    if (chain.holds.holds(Holder::m2m_sp) && dice < 60) return hold(machine, false);
    switch_equipment(machine, chain.equipment->wish == Wish::active ? "de-active" : "active");
}

void Acts::odd_act() {
    Machine& machine = any_machine();
    const Machine& other = any_machine();
    static constexpr std::array parties{"m2m-sp", "ep-one", "ep-two", "dp-one", "dp-two"};
    const std::string who = parties[random_.below(parties.size())];
    switch (random_.below(16)) {
        case 0: return issue(machine, chance(0.5) ? "dp-one" : "dp-two");
        case 1: return switch_card(machine, who, chance(0.5) ? "active" : "de-active");
        case 2: return switch_device(machine, who, chance(0.5) ? "active" : "de-active");
        case 3: return hand_over(machine, who, chance(0.5) ? "ep-one" : machine.maker);
        case 4: return switch_equipment(machine, chance(0.5) ? "active" : "de-active");
        case 5: return report_card(other, machine.device);
        case 6: return report_equipment(machine, other.equipment);
        case 7: return report_card(machine, machine.device);
        case 8: return report_equipment(machine, machine.equipment);
        case 9: return hold(machine, true);
        case 10: return hold(machine, false);
        case 11: return ask_about(machine, chance(0.5) ? "check" : "retry");
        case 12: return unbind(machine);
        case 13: return decide_claim();
        case 14: return end_equipment(machine, chance(0.5) ? "stopped" : "replaced");
        case 15: return decide_claim();
    }
}

// --------------------------------------------------------------------------------------- the acts

void Acts::issue(const Machine& machine, const std::string& to) {
    caller_.ask({.who = staff,
                 .method = "POST",
                 .target = "/v1/cards/issue",
                 .body = R"({"iccids":[")" + machine.iccid + R"("],"to":")" + to + R"("})",
                 .mover = Holder::customer,
                 .whole = false});
}

// Some tests end by themselves, soon.
std::string Acts::until() {
    if (!chance(0.15)) return {};
    const auto span = static_cast<Duration::rep>(3'000 + random_.below(20'000));
    return R"(,"until":")" + rfc3339(caller_.now() + Duration(span)) + R"(")";
}

void Acts::switch_card(const Machine& machine, const std::string& who, const char* status) {
    const std::string extra = std::string_view(status) == "active" ? until() : "";
    caller_.ask({.who = who,
                 .method = "PUT",
                 .target = "/v1/cards/" + machine.iccid + "/m2m-service",
                 .body = std::string(R"({"status":")") + status + R"(")" + extra + "}",
                 .if_match = {},
                 .secret = {},
                 .mover = Holder::customer});
}

void Acts::switch_device(const Machine& machine, const std::string& who, const char* status) {
    caller_.ask({.who = who,
                 .method = "PUT",
                 .target = "/v1/devices/" + machine.device + "/m2m-service",
                 .body = std::string(R"({"status":")") + status + R"("})",
                 .if_match = {},
                 .secret = {},
                 .mover = Holder::customer});
}

void Acts::hand_over(const Machine& machine, const std::string& who, const std::string& to) {
    caller_.ask({.who = who,
                 .method = "POST",
                 .target = "/v1/devices/handover",
                 .body = R"({"device_ids":[")" + machine.device + R"("],"to":")" + to + R"("})",
                 .mover = Holder::customer,
                 .whole = false});
}

void Acts::switch_equipment(const Machine& machine, const char* status) {
    caller_.ask({.who = machine.provider,
                 .method = "PUT",
                 .target = "/v1/equipment/" + machine.equipment + "/service",
                 .body = std::string(R"({"status":")") + status + R"("})",
                 .if_match = {},
                 .secret = {},
                 .mover = Holder::customer});
}

// Looks first, and says what it saw.
void Acts::end_equipment(const Machine& machine, const char* status) {
    const std::string target = "/v1/equipment/" + machine.equipment;
    caller_.ask({.who = machine.provider, .method = "GET", .target = target},
                [this, machine, target, status](const HttpResponse& seen) {
                    const auto tag = seen.headers.find("ETag");
                    if (!tag) return;
                    caller_.ask({.who = machine.provider,
                                 .method = "PUT",
                                 .target = target + "/service",
                                 .body = std::string(R"({"status":")") + status +
                                         R"(","device_id":")" + machine.device + R"("})",
                                 .if_match = std::string(*tag),
                                 .secret = {},
                                 .mover = Holder::customer});
                });
}

static std::string secret_of(const Founded& founded, const Machine& machine,
                             const std::string& device) {
    return device_secret(founded.enrolment_keys.at(machine.maker), DeviceId::parse(device).value());
}

void Acts::report_card(const Machine& machine, const std::string& device) {
    const auto maker = std::find_if(machines_.begin(), machines_.end(),
                                    [&](const Machine& one) { return one.device == device; });
    caller_.ask({.who = device,
                 .method = "POST",
                 .target = "/v1/device-reports",
                 .body = R"({"device_id":")" + device + R"(","iccid":")" + machine.iccid +
                         R"(","imsi":")" + machine.imsi + R"("})",
                 .if_match = {},
                 .secret = secret_of(founded_, *maker, device)});
}

void Acts::report_equipment(const Machine& machine, const std::string& equipment) {
    caller_.ask({.who = machine.device,
                 .method = "POST",
                 .target = "/v1/device-reports",
                 .body = R"({"device_id":")" + machine.device + R"(","equipment_id":")" +
                         equipment + R"("})",
                 .if_match = {},
                 .secret = secret_of(founded_, machine, machine.device)});
}

void Acts::hold(const Machine& machine, bool put) {
    static constexpr std::array codes{"unpaid", "fraud", "maintenance"};
    const std::string code = codes[random_.below(put ? codes.size() : 2)];
    caller_.ask({.who = staff,
                 .method = put ? "PUT" : "DELETE",
                 .target = "/v1/cards/" + machine.iccid + "/hold/" + code,
                 .body = put ? R"({"text":"so it is","follows_equipment":true})" : "",
                 .if_match = {},
                 .secret = {},
                 .mover = Holder::m2m_sp,
                 .whole = put});
}

void Acts::ask_about(const Machine& machine, const char* verb) {
    const bool check = std::string_view(verb) == "check";
    caller_.ask({.who = check ? machine.provider : staff,
                 .method = "POST",
                 .target = "/v1/devices/" + machine.device + ":" + verb,
                 .body = {},
                 .if_match = {},
                 .secret = {},
                 .mover = {},
                 .whole = false});
}

void Acts::unbind(const Machine& machine) {
    caller_.ask({.who = machine.provider,
                 .method = "POST",
                 .target = "/v1/equipment/" + machine.equipment + ":unbind",
                 .body = {},
                 .if_match = {},
                 .secret = {},
                 .mover = {},
                 .whole = false});
}

// Another card comes for the machine, and perhaps another device; the old IMSI may come with it.
void Acts::renew(Machine& machine) {
    const bool same_imsi = chance(0.5);
    machine.number = ++newest_card_;
    machine.iccid = iccid_number(machine.number);
    if (!same_imsi) machine.imsi = imsi_number(machine.number);
    if (same_imsi) sometimes_.reached(Rare::imsi_reused);
    if (chance(0.5)) machine.device = machine.device.substr(0, 4) + std::to_string(machine.number);
    make_card_(machine);
    caller_.ask({.who = staff,
                 .method = "POST",
                 .target = "/v1/card-batches?operator=" + machine.operator_id + "&batch=B-" +
                           std::to_string(machine.number),
                 .body = "iccid,imsi\n" + machine.iccid + "," + machine.imsi + "\n",
                 .if_match = {},
                 .secret = {},
                 .mover = {},
                 .whole = false});
}

void Acts::decide_claim() {
    static constexpr std::array owners{"ep-one", "ep-two", "dp-one", "dp-two"};
    const std::string owner = owners[random_.below(owners.size())];
    caller_.ask({.who = owner, .method = "GET", .target = "/v1/claims?state=open"},
                [this, owner](const HttpResponse& seen) {
                    if (seen.status != 200) return;
                    const json::value list = json::parse(seen.body);
                    const json::array& items = list.at("items").as_array();
                    if (items.empty()) return;
                    const json::value& claim = items[random_.below(items.size())];
                    const bool accept = chance(0.7);
                    const Caller::Done accepted = [this](const HttpResponse& response) {
                        if (response.status == 200) sometimes_.reached(Rare::claim_accepted);
                    };
                    caller_.ask(
                        {.who = owner,
                         .method = "POST",
                         .target = "/v1/claims/" + json::value_to<std::string>(claim.at("id")) +
                                   (accept ? ":accept" : ":dismiss"),
                         .body = {},
                         .if_match = {},
                         .secret = {},
                         .mover = {},
                         .whole = false},
                        accept ? accepted : Caller::Done());
                });
}

}  // namespace msp::simulation
