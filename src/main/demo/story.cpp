#include "main/demo/story.hpp"

#include "cli/render.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

namespace msp::demo {

namespace json = boost::json;

const std::vector<Story::Act>& Story::acts() {
    static const std::vector<Act> all{
        {"pre-provisioning", "1  Pre-provisioning: cards come from two operators",
         &Story::pre_provision},
        {"manufacture", "2  Manufacture and test: cards into devices, devices into machines",
         &Story::manufacture},
        {"installation", "3  Installation: the machines go into service", &Story::install},
        {"equipment-provider", "4  The equipment provider suspends, resumes and stops",
         &Story::equipment_provider_switches},
        {"m2m-sp", "5  The M2M service provider holds and lifts", &Story::m2m_sp_holds},
        {"operator", "6  The operator suspends and resumes", &Story::operator_suspends},
        {"replacement", "7  A broken device is replaced", &Story::replace},
    };
    return all;
}

bool Story::is_one(std::string_view name) {
    return std::any_of(acts().begin(), acts().end(),
                       [&](const Act& act) { return name == act.name; });
}

bool Story::play(const std::string& name) {
    for (const Act& act : acts()) {
        const bool foundation = &act - acts().data() < 3;
        if (!name.empty() && !foundation && name != act.name) continue;
        stage_.out() << "\n" << act.title << std::endl;
        const auto begun = std::chrono::steady_clock::now();
        (this->*act.play)();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        stage_.out() << "    (" << std::lround(took.count()) << " s)" << std::endl;
        if (name == act.name) break;
    }
    if (name.empty()) requirements();
    return std::all_of(verdicts_.begin(), verdicts_.end(),
                       [](const Verdict& verdict) { return verdict.passed; });
}

void Story::begin(const std::string& name, const std::string& about) {
    verdicts_.push_back({name, about, true, {}});
}

void Story::expect(const std::string& what, std::size_t found, std::size_t wanted) {
    Verdict& verdict = verdicts_.back();
    const bool good = found == wanted;
    verdict.evidence.push_back(what + " " + std::to_string(found) +
                               (good ? "" : " of " + std::to_string(wanted)));
    verdict.passed &= good;
    stage_.out() << (good ? "    " : "  ! ") << what << ": " << found
                 << (good ? "" : ", expected " + std::to_string(wanted)) << std::endl;
}

void Story::expect(const std::string& what, bool so) {
    Verdict& verdict = verdicts_.back();
    verdict.evidence.push_back(what + (so ? "" : ": no"));
    verdict.passed &= so;
    stage_.out() << (so ? "    " : "  ! ") << what << (so ? "" : ": no") << std::endl;
}

std::vector<Machine*> Story::machines(std::size_t from, std::size_t count) {
    std::vector<Machine*> out;
    for (std::size_t i = from; i < from + count && i < fleet_.machines.size(); ++i)
        out.push_back(&fleet_.machines[i]);
    return out;
}

void Story::show(const Machine& machine) {
    const Reply reply = stage_.call(
        "m2m-sp", "GET", "/v1/equipment/" + machine.equipment + "?provider=" + machine.provider);
    std::string text = cli::render_chain(json::serialize(reply.body()));
    for (std::size_t at = 0;
         (at = text.find('\n', at)) != std::string::npos && at + 1 < text.size(); at += 5)
        text.insert(at + 1, "      ");
    stage_.out() << "      " << text;
}

// Each is a change of its own, by its own provider; ends of life are confirmed by naming the device
// and the revision seen.
std::size_t Story::switch_equipment(const std::string& what, const std::vector<Machine*>& some,
                                    const std::string& status) {
    const bool ends = status == "stopped" || status == "replaced";
    return stage_.each(what, some.size(), [&](std::size_t i) {
        const Machine& machine = *some[i];
        const std::string target = "/v1/equipment/" + machine.equipment;
        json::object body{{"status", status}};
        std::string etag;
        if (ends) {
            body["device_id"] = machine.device;
            etag = stage_.call(machine.provider, "GET", target).etag;
        }
        return stage_.call(machine.provider, "PUT", target + "/service", body, etag).ok();
    });
}

std::size_t Story::switch_device(const std::string& what, const std::vector<Machine*>& some,
                                 const std::string& status) {
    return stage_.each(what, some.size(), [&](std::size_t i) {
        return stage_
            .call(some[i]->provider, "PUT", "/v1/devices/" + some[i]->device + "/m2m-service",
                  {{"status", status}})
            .ok();
    });
}

std::size_t Story::hold(const std::vector<Machine*>& some, bool put) {
    return stage_.each(put ? "holding" : "lifting", some.size(), [&](std::size_t i) {
        const std::string target = "/v1/devices/" + some[i]->device + "/hold/unpaid";
        if (!put) return stage_.call("m2m-sp", "DELETE", target).ok();
        return stage_.call("m2m-sp", "PUT", target, {{"text", "invoice INV-8831"}}).ok();
    });
}

std::size_t Story::with_status(const std::vector<Machine*>& some, const std::string& status) {
    return stage_.each("looking", some.size(), [&](std::size_t i) {
        return stage_.call(some[i]->provider, "GET", "/v1/equipment/" + some[i]->equipment)
                   .text("status") == status;
    });
}

std::size_t Story::told_status(const std::vector<Machine*>& some, const std::string& status) {
    return std::size_t(std::count_if(some.begin(), some.end(), [&](const Machine* machine) {
        return cast_.told(machine->provider, machine->equipment) == status;
    }));
}

std::size_t Story::truly(const std::vector<Machine*>& some, const std::string& network) {
    return std::size_t(std::count_if(some.begin(), some.end(), [&](const Machine* machine) {
        return cast_.at_operator(*machine) == network;
    }));
}

std::size_t Story::settle() {
    const bool settled = stage_.until("the operators confirm", Duration(120'000), [&] {
        const Reply reply = stage_.call("m2m-sp", "GET", "/v1/cards?pending=true&limit=1");
        return reply.ok() && items_at(reply.body(), "items").empty();
    });
    return settled ? 0 : stage_.list("m2m-sp", "/v1/cards?pending=true").size();
}

std::size_t Story::wait_told(const std::vector<Machine*>& some, const std::string& status) {
    if (stage_.until("the EPBAs are told", Duration(120'000),
                     [&] { return told_status(some, status) == some.size(); }))
        return some.size();
    const auto one = std::find_if(some.begin(), some.end(), [&](const Machine* machine) {
        return cast_.told(machine->provider, machine->equipment) != status;
    });
    if (one != some.end()) {
        stage_.out() << "      told: " << cast_.told((*one)->provider, (*one)->equipment)
                     << ", at the operator: " << cast_.at_operator(**one) << "\n";
        show(**one);
    }
    return told_status(some, status);
}

}  // namespace msp::demo
