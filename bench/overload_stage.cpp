#include "bench/overload_stage.hpp"

#include "bench/fleet.hpp"
#include "bench/sockets.hpp"
#include "world/files.hpp"

#include <string_view>
#include <unordered_set>
#include <utility>

namespace msp::bench {

namespace {

std::string request(std::string_view method, const std::string& path, const std::string& token,
                    const std::string& body) {
    std::string out(method);
    out += " " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token + "\r\n";
    if (body.empty()) return out + "\r\n";
    return out +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::string word_behind(const std::string& text, std::string_view before) {
    const std::size_t at = text.find(before);
    must(at != std::string::npos);
    const std::size_t begin = at + before.size();
    return text.substr(begin, text.find('"', begin) - begin);
}

// The M2M SP's holds, put and lifted in turn.
struct HoldRequests {
    std::uint64_t machines;
    std::string token;
    SeededRandom random;
    std::unordered_set<std::uint64_t> held{};

    std::string next() {
        const std::uint64_t machine = 1 + random.below(machines);
        const std::string path = "/v1/devices/" + device_of(machine) + "/hold/unpaid";
        if (held.erase(machine) > 0) return request("DELETE", path, token, "");
        held.insert(machine);
        return request("PUT", path, token, R"({"text":"INV-8831"})");
    }
};

// A provider's machines, switched off and on in turn.
struct SwitchRequests {
    std::vector<std::string> equipment;
    std::string token;
    std::size_t turn = 0;

    std::string next() {
        const std::size_t at = turn++;
        const bool off = at / equipment.size() % 2 == 0;
        return request("PUT", "/v1/equipment/" + equipment[at % equipment.size()] + "/service",
                       token, off ? R"({"status":"de-active"})" : R"({"status":"active"})");
    }
};

template <class Requests>
NextRequest in_turn(Requests requests) {
    auto shared = std::make_shared<Requests>(std::move(requests));
    return [shared] { return shared->next(); };
}

std::vector<std::string> equipment_of(const std::string& party, std::uint64_t machines) {
    constexpr std::size_t enough = 1'000;
    std::vector<std::string> out;
    for (std::uint64_t n = 1; n <= machines && out.size() < enough; ++n) {
        const Chain chain = nth_chain(n);
        if (chain.equipment->provider.text() == party) out.emplace_back(chain.equipment->id.text());
    }
    must(!out.empty());
    return out;
}

}  // namespace

OverloadStage::OverloadStage(const OverloadSetup& setup) : setup_(setup) {
    copy_fleet(kept_fleet(setup.folder, setup.machines), setup.folder + "/served");
    start();
    staff_ = read_file(setup.folder + "/served/staff.key", 4096).value();
    while (!staff_.empty() && staff_.back() == '\n') staff_.pop_back();
}

double OverloadStage::start() {
    const std::string ready = setup_.folder + "/ready";
    server_ = std::make_unique<ServerProcess>(
        setup_.program,
        std::vector<std::string>{"serve", "--data", setup_.folder + "/served", "--listen",
                                 "127.0.0.1:0", "--listen-devices", "off", "--ready-file", ready},
        ready);
    return server_->started_in();
}

void OverloadStage::kill() {
    server_->kill();
}

NextRequest OverloadStage::changes() const {
    return in_turn(HoldRequests{setup_.machines, staff_, SeededRandom(setup_.seed)});
}

NextRequest OverloadStage::changes_of(const std::string& party) const {
    ask(server_->port(), request("POST", "/v1/parties", staff_,
                                 R"({"party":")" + party + R"(","roles":["equipment-provider"]})"));
    const std::string key =
        ask(server_->port(),
            request("POST", "/v1/keys", staff_,
                    R"({"party":")" + party + R"(","role":"admin","name":"overload"})"));
    return in_turn(
        SwitchRequests{equipment_of(party, setup_.machines), word_behind(key, R"("token":")")});
}

}  // namespace msp::bench
