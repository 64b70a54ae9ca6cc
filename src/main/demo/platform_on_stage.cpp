#include "main/demo/platform_on_stage.hpp"

#include <future>

namespace msp::demo {

PlatformOnStage::PlatformOnStage(const Config& config)
    : config_(config),
      platform_(std::make_unique<Platform>(loop_, log_, config_)),
      thread_([this] { loop_.run(); }) {}

PlatformOnStage::~PlatformOnStage() {
    std::promise<void> drained;
    loop_.post([&] { platform_->drain([&] { drained.set_value(); }); });
    drained.get_future().wait();
    loop_.post([this] {
        platform_.reset();
        loop_.stop();
    });
    thread_.join();
}

Result<Done, Failure> PlatformOnStage::start() {
    std::promise<Result<Done, Failure>> started;
    loop_.post([&] {
        platform_->start([&](const Result<Done, Failure>& result) { started.set_value(result); },
                         {});
    });
    return started.get_future().get();
}

std::vector<BrokenLaw> PlatformOnStage::broken_laws_now() {
    std::promise<std::vector<BrokenLaw>> promise;
    auto fleet = std::make_shared<std::vector<Chain>>();
    loop_.post([&, fleet] {
        platform_->reader().read(
            [fleet](Archive& archive) {
                ChainQuery query;
                query.limit = 100'000;
                query.look_at_most = 1'000'000;
                *fleet = archive.chains(query).chains;
            },
            [&, fleet](const Result<Done, Failure>&) { promise.set_value(broken_laws(*fleet)); });
    });
    return promise.get_future().get();
}

}  // namespace msp::demo
