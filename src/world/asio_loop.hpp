// The real Loop: Boost.Asio's, on the thread that calls run().
#pragma once

#include "world/loop.hpp"

#include <memory>

namespace boost::asio {
class io_context;
}

namespace msp {

class AsioLoop final : public Loop {
public:
    AsioLoop();
    ~AsioLoop() override;

    Time now() const override;
    Monotonic monotonic() const override;
    void post(std::function<void()> turn) override;
    TimerId after(Duration delay, std::function<void()> turn) override;
    void cancel(TimerId) override;

    // Runs until stop(). SIGINT and SIGTERM, when asked for, run `signalled` on the loop.
    void run();
    void stop();  // any thread
    void on_signal(std::function<void(int signal)> signalled);

    boost::asio::io_context& context();  // for world/*.cpp only

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace msp
