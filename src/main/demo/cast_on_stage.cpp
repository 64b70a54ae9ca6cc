#include "main/demo/cast_on_stage.hpp"

#include "main/demo/application.hpp"
#include "world/crypto.hpp"

#include <future>

namespace msp::demo {

template <class Answer>
Answer CastOnStage::on_loop(const std::function<Answer()>& turn) {
    std::promise<Answer> promise;
    loop_.post([&] { promise.set_value(turn()); });
    return promise.get_future().get();
}

CastOnStage::CastOnStage(const Fleet& fleet, std::uint64_t seed) : fleet_(fleet), seed_(seed) {
    SeededRandom random(seed);
    const auto secret = [&random] {
        std::string bytes(24, '\0');
        random.fill(std::as_writable_bytes(std::span(bytes)));
        return "whsec_" + base64(bytes);
    };
    operators_.push_back({"op-calm", "calm", "fenced", random.token(24), secret(), 0});
    operators_.push_back({"op-hostile", "hostile", "serial", random.token(24), secret(), 0});
    for (const char* provider : {"acme", "borealis"})
        applications_[provider] = std::make_unique<Application>(loop_, seed);
    thread_ = std::thread([this] { loop_.run(); });
}

CastOnStage::~CastOnStage() {
    on_loop<bool>([this] {
        listening_.clear();
        applications_.clear();
        return true;
    });
    loop_.stop();
    thread_.join();
}

std::string CastOnStage::listen_operators(const std::string& api) {
    return on_loop<std::string>([&]() -> std::string {
        for (OperatorOnStage& one : operators_) {
            SimulateOperatorOptions options;
            options.profile = one.profile;
            options.seed = seed_;
            // What operators do of their own accord has an act of its own; it must not come into
            // the others by chance.
            options.knobs = {{"kind", one.kind},
                             {"latency-p99-ms", "1000"},
                             {"completion-p99-ms", "1500"},
                             {"life-ms", "1500"},
                             {"suspensions-per-hour", "0"},
                             {"suspended-for-ms", "0"},
                             {"callback-delay-most-ms", "2000"},
                             {"terminations-per-hour", "0"},
                             {"changes-per-hour", "0"}};
            options.front = {one.token, api + "/v1/operators/" + one.name + "/events",
                             one.callback_secret};
            auto listening = ListeningOperator::listen(loop_, options);
            if (!listening) return listening.reason().what;
            for (const auto* part : {&fleet_.machines, &fleet_.spares})
                for (const Machine& machine : *part)
                    if (machine.at_operator == one.name)
                        (*listening)->simulator().played().book().add(machine.iccid, machine.imsi);
            one.port = (*listening)->port();
            listening_[one.name] = std::move(listening).value();
        }
        return {};
    });
}

std::string CastOnStage::listen_applications() {
    return on_loop<std::string>([&]() -> std::string {
        for (auto& [name, application] : applications_)
            if (std::string trouble = application->listen(); !trouble.empty()) return trouble;
        return {};
    });
}

std::string CastOnStage::allow_list() const {
    std::string out;
    for (const auto& [name, application] : applications_) {
        const std::string url = application->url();
        const std::size_t host = url.find("//") + 2;
        out += (out.empty() ? "" : ",") + url.substr(host, url.find('/', host) - host);
    }
    return out;
}

std::string CastOnStage::hook(const std::string& provider) const {
    return applications_.at(provider)->url();
}

void CastOnStage::learn_secret(const std::string& provider, const std::string& secret) {
    on_loop<bool>([&] {
        applications_.at(provider)->trust(secret);
        return true;
    });
}

OperatorSimulator& CastOnStage::played(const std::string& name) {
    return listening_.at(name)->simulator();
}

std::string CastOnStage::at_operator(const Machine& machine) {
    return on_loop<std::string>([&]() -> std::string {
        const SimulatedSubscription* found =
            played(machine.at_operator).played().book().find(machine.imsi);
        if (!found) return "absent";
        using State = SimulatedSubscription::State;
        const std::string state = found->state == State::active       ? "active"
                                  : found->state == State::terminated ? "reclaimed"
                                                                      : "de-active";
        return found->suspended ? state + " suspended" : state;
    });
}

bool CastOnStage::suspend(const Machine& machine) {
    return on_loop<bool>([&] {
        return played(machine.at_operator)
            .played()
            .act(machine.imsi, OperatorBook::Deed::suspend, "roaming blocked");
    });
}

bool CastOnStage::resume(const Machine& machine) {
    return on_loop<bool>([&] {
        return played(machine.at_operator)
            .played()
            .act(machine.imsi, OperatorBook::Deed::resume, "cleared");
    });
}

std::size_t CastOnStage::orders_carried_out(const std::string& name) {
    return on_loop<std::size_t>([&] { return played(name).played().book().journal().size(); });
}

std::string CastOnStage::told(const std::string& provider, const std::string& equipment) {
    return on_loop<std::string>([&] { return applications_.at(provider)->status(equipment); });
}

std::size_t CastOnStage::told_of_type(const std::string& provider, const std::string& type) {
    return on_loop<std::size_t>([&] { return applications_.at(provider)->count(type); });
}

std::size_t CastOnStage::told_wrongly() {
    return on_loop<std::size_t>([&] {
        std::size_t out = 0;
        for (const auto& [name, application] : applications_) out += application->wrong();
        return out;
    });
}

std::size_t CastOnStage::told_in_all() {
    return on_loop<std::size_t>([&] {
        std::size_t out = 0;
        for (const auto& [name, application] : applications_) out += application->numbers();
        return out;
    });
}

}  // namespace msp::demo
