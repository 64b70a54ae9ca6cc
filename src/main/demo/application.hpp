// A sample EPBA: told by webhook, it checks what it is told and remembers each machine's status.
//
// Threads: the loop's only.
#pragma once

#include "cast/webhook_receiver.hpp"

#include <map>
#include <memory>
#include <string>

namespace msp::demo {

class Application {
public:
    Application(Loop& loop, std::uint64_t seed) : loop_(loop), receiver_(loop, seed, {}) {}

    std::string listen();  // empty: it worked; else why not
    std::string url() const;
    void trust(const std::string& secret) { receiver_.trust({secret}); }

    std::string status(const std::string& equipment) const;
    std::size_t count(const std::string& type) const;
    std::size_t numbers() const { return receiver_.numbers().size(); }
    // Wrong signatures, gaps, things out of order, bodies that make no sense.
    std::size_t wrong() const;

private:
    struct Known {
        std::uint64_t number = 0;  // of the newest event that told its status
        std::string status;
    };
    void remember(const std::string& body);

    Loop& loop_;
    WebhookReceiver receiver_;
    std::unique_ptr<HttpServer> server_;
    std::map<std::string, Known> equipment_;
    std::map<std::string, std::set<std::uint64_t>> types_;
};

}  // namespace msp::demo
