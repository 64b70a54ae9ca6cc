// The others of the demo, played in this process on a loop and thread of their own: two operators,
// one calm and one hostile, and the back-end applications of two equipment providers.
//
// Threads: any; every call waits for its turn on the cast's loop.
#pragma once

#include "cast/simulate_operator.hpp"
#include "main/demo/application.hpp"
#include "main/demo/story.hpp"
#include "world/asio_loop.hpp"

#include <memory>
#include <thread>

namespace msp::demo {

struct OperatorOnStage {
    std::string name;     // op-calm, op-hostile
    std::string profile;  // calm, hostile
    std::string kind;     // fenced, serial
    std::string token;
    std::string callback_secret;
    std::uint16_t port = 0;
};

class CastOnStage final : public Cast {
public:
    CastOnStage(const Fleet&, std::uint64_t seed);
    ~CastOnStage() override;

    // Begin to listen; `api` is where the operators call back. Empty: it worked; else why not.
    std::string listen_applications();
    std::string listen_operators(const std::string& api);
    std::string allow_list()
        const;  // addresses of the applications, as the webhook guard wants them
    const std::vector<OperatorOnStage>& operators() const { return operators_; }
    // Where the EPBA of a provider waits to be told, and the secret it checks with from then on.
    std::string hook(const std::string& provider) const;
    void learn_secret(const std::string& provider, const std::string& secret);

    std::string at_operator(const Machine&) override;
    bool suspend(const Machine&) override;
    bool resume(const Machine&) override;
    std::size_t orders_carried_out(const std::string& name) override;
    std::string told(const std::string& provider, const std::string& equipment) override;
    std::size_t told_of_type(const std::string& provider, const std::string& type) override;
    std::size_t told_wrongly() override;
    std::size_t told_in_all() override;

private:
    template <class Answer>
    Answer on_loop(const std::function<Answer()>& turn);
    OperatorSimulator& played(const std::string& name);

    const Fleet& fleet_;
    std::uint64_t seed_;
    std::vector<OperatorOnStage> operators_;
    AsioLoop loop_;
    std::map<std::string, std::unique_ptr<ListeningOperator>> listening_;
    std::map<std::string, std::unique_ptr<Application>> applications_;
    std::thread thread_;
};

}  // namespace msp::demo
