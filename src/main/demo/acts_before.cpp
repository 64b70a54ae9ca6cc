// Acts 1 to 3: until the machines are in service.
#include "main/demo/story.hpp"

#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <cstddef>

namespace msp::demo {

namespace json = boost::json;

void Story::introduce_parties() {
    const auto add = [this](const std::string& party, const std::string& name,
                            const json::array& roles, const json::array& prefixes) {
        const Reply reply = stage_.call(
            "m2m-sp", "POST", "/v1/parties",
            {{"party", party}, {"name", name}, {"roles", roles}, {"device_prefixes", prefixes}});
        if (!reply.text("enrolment_key").empty() && !prefixes.empty())
            stage_.learn_enrolment_key(*from_base64url(reply.text("enrolment_key")));
        const Reply key = stage_.call("m2m-sp", "POST", "/v1/keys",
                                      {{"name", "demo"}, {"role", "admin"}, {"party", party}});
        stage_.learn_token(party, key.text("token"));
    };
    add("modemworks", "Modem Works Ltd", {"device-provider"}, {"MW-"});
    add("acme", "ACME Excavators", {"equipment-provider"}, {});
    add("borealis", "Borealis Compressors", {"equipment-provider"}, {});
}

void Story::pre_provision() {
    begin("scenario 1", "pre-provisioning");
    const Reply damaged = stage_.upload(
        "/v1/card-batches?operator=op-calm&batch=B-DAMAGED&dry_run=true", damaged_card_file());
    expect("rows refused in a damaged file, by line, column and reason",
           std::size_t(damaged.number("rejected")), 6);
    for (const json::value& error : items_at(damaged.body(), "first_errors"))
        stage_.out() << "      line " << text_at(error, "line") << ", " << text_at(error, "column")
                     << ": " << text_at(error, "reason") << "\n";
    std::size_t registered = 0;
    for (const char* at : {"op-calm", "op-hostile"}) {
        const Reply reply =
            stage_.upload(std::string("/v1/card-batches?operator=") + at + "&batch=B-" + at,
                          card_file(fleet_, at));
        registered += std::size_t(reply.number("registered"));
    }
    expect("cards registered", registered, fleet_.machines.size() + fleet_.spares.size());
    const Reply again = stage_.upload("/v1/card-batches?operator=op-calm&batch=B-op-calm",
                                      card_file(fleet_, "op-calm"));
    expect("cards registered by the same file again", std::size_t(again.number("registered")), 0);
    expect("cards held by their customer, none in service",
           stage_.list("m2m-sp", "/v1/cards?status=de-active").size(), registered);
    expect("orders sent to operators",
           cast_.orders_carried_out("op-calm") + cast_.orders_carried_out("op-hostile"), 0);
    seen_["cards"] = registered;
}

void Story::manufacture() {
    begin("scenario 2", "manufacture and test");
    std::size_t issued = 0;
    for (const char* at : {"op-calm", "op-hostile"})
        issued += std::size_t(stage_
                                  .call("m2m-sp", "POST",
                                        std::string("/v1/card-batches/B-") + at + "/issue",
                                        {{"to", "modemworks"}})
                                  .number("changed"));
    expect("cards issued to the device provider", issued, seen_["cards"]);
    test_devices();
    report_wrongly();
    hand_over();
    test_equipment();
    unbind_one();
}

void Story::test_devices() {
    const auto all = machines(0, fleet_.machines.size());
    const auto early = stage_.report(
        all[0]->device,
        {{"device_id", all[0]->device}, {"iccid", all[0]->iccid}, {"imsi", all[0]->imsi}});
    expect("a report before the test window is refused (not-admitted)",
           early.text("code") == "not-admitted");
    const std::size_t on =
        stage_.each("activating cards for the test", all.size(), [&](std::size_t i) {
            return stage_
                .call("modemworks", "PUT", "/v1/cards/" + all[i]->iccid + "/m2m-service",
                      {{"status", "active"}})
                .ok();
        });
    expect("cards activated for the test", on, all.size());
    const std::size_t bound =
        stage_.each("devices report their cards", all.size(), [&](std::size_t i) {
            return stage_
                       .report(all[i]->device, {{"device_id", all[i]->device},
                                                {"iccid", all[i]->iccid},
                                                {"imsi", all[i]->imsi}})
                       .text("result") == "bound";
        });
    expect("devices bound to their cards by their own reports", bound, all.size());
    expect("changes that operators have not confirmed", settle(), 0);
    expect("subscriptions really active at the operators", truly(all, "active"), all.size());
}

void Story::report_wrongly() {
    const Machine& honest = fleet_.machines[0];
    const Machine& wrong = fleet_.machines[2];
    const Reply stolen = stage_.report(
        wrong.device,
        {{"device_id", wrong.device}, {"iccid", honest.iccid}, {"imsi", honest.imsi}});
    expect("a device that reports another device's card is refused", stolen.status == 409);
    const auto claims = stage_.list("modemworks", "/v1/claims?state=open");
    std::size_t dismissed = 0;
    for (const json::value& claim : claims)
        if (stage_.call("modemworks", "POST", "/v1/claims/" + text_at(claim, "id") + ":dismiss")
                .ok())
            ++dismissed;
    expect("refused reports kept as claims and dismissed by their owner", dismissed, 2);
}

void Story::hand_over() {
    for (const char* to : {"acme", "borealis"}) {
        json::array devices;
        for (const Machine& machine : fleet_.machines)
            if (machine.provider == to) devices.emplace_back(machine.device);
        const std::size_t count = devices.size();
        const Reply reply = stage_.call("modemworks", "POST", "/v1/devices/handover",
                                        {{"device_ids", devices}, {"to", to}});
        expect("devices handed over to " + std::string(to), std::size_t(reply.number("changed")),
               count);
    }
    const Reply late = stage_.call("modemworks", "GET", "/v1/devices/" + fleet_.machines[0].device);
    expect("the device provider sees them no more", late.status == 404);
    expect("changes that operators have not confirmed", settle(), 0);
    expect("subscriptions de-active after the change of hands",
           truly(machines(0, fleet_.machines.size()), "de-active"), fleet_.machines.size());
}

void Story::test_equipment() {
    const auto all = machines(0, fleet_.machines.size());
    expect("devices activated by their equipment providers",
           switch_device("activating devices", all, "active"), all.size());
    const std::size_t bound =
        stage_.each("devices report their machines", all.size(), [&](std::size_t i) {
            return stage_
                       .report(all[i]->device,
                               {{"device_id", all[i]->device}, {"equipment_id", all[i]->equipment}})
                       .text("result") == "bound";
        });
    expect("devices bound to their machines by their own reports", bound, all.size());
    stage_.until("the EPBAs are told", Duration(120'000), [&] {
        return cast_.told_of_type("acme", "m2m.equipment.bound") +
                   cast_.told_of_type("borealis", "m2m.equipment.bound") >=
               all.size();
    });
    expect("EPBAs told of new machines",
           cast_.told_of_type("acme", "m2m.equipment.bound") +
               cast_.told_of_type("borealis", "m2m.equipment.bound"),
           all.size());
    expect("devices de-activated at the end of the test",
           switch_device("de-activating devices", all, "de-active"), all.size());
    expect("changes that operators have not confirmed", settle(), 0);
}

void Story::unbind_one() {
    Machine& machine = fleet_.machines[1];
    const Reply unbound =
        stage_.call(machine.provider, "POST", "/v1/equipment/" + machine.equipment + ":unbind");
    expect("a wrong equipment ID is taken off its device", unbound.ok());
    stage_.call(machine.provider, "PUT", "/v1/devices/" + machine.device + "/m2m-service",
                {{"status", "active"}});
    machine.equipment = "EX-FIXED";
    const Reply right = stage_.report(
        machine.device, {{"device_id", machine.device}, {"equipment_id", machine.equipment}});
    expect("the device reports the right one", right.text("result") == "bound");
    stage_.call(machine.provider, "PUT", "/v1/devices/" + machine.device + "/m2m-service",
                {{"status", "de-active"}});
}

void Story::install() {
    begin("scenario 3", "installation");
    const auto all = machines(0, fleet_.machines.size());
    expect("equipment services activated", switch_equipment("activating machines", all, "active"),
           all.size());
    expect("changes that operators have not confirmed", settle(), 0);
    expect("machines in service", with_status(all, "active"), all.size());
    expect("EPBAs told so once it was true", wait_told(all, "active"), all.size());
    expect("subscriptions really active at the operators", truly(all, "active"), all.size());
    show(*all[0]);
}

}  // namespace msp::demo
