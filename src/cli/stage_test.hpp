// What the tests of the command line play on: a platform that answers from a list, time that moves
// when somebody pauses, a folder of its own for contexts and files.
#pragma once

#include "cli/cli.hpp"
#include "world/files.hpp"

#include <chrono>
#include <deque>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp::cli {

class Stage {
public:
    Stage() {
        around.environment = {{"MSP_CONTEXTS", folder.path() + "/contexts.json"},
                              {"MSP_SERVER", "http://platform"},
                              {"MSP_KEY", "msp_k1_secret"}};
        around.http = [this](const HttpCall& call, const auto& piece) {
            return answer(call, piece);
        };
        around.fresh_key = [this] { return "fresh-key-" + std::to_string(++keys); };
        around.pause = [this](std::chrono::milliseconds how_long) { time += how_long; };
        around.now = [this] { return std::chrono::steady_clock::time_point(time); };
        around.wall_clock = [] {
            return std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
        };
    }

    int run(const std::vector<std::string>& words) {
        out.str({});
        err.str({});
        calls.clear();
        return cli::run(commands(), words, around);
    }

    // What the platform answers next; 200 and an empty object once there is no more.
    void will_answer(int status, std::string body, HttpHeaders headers = {}) {
        answers.emplace_back(HttpResponse{status, std::move(headers), std::move(body)});
    }
    void will_fail(Failure failure) { answers.emplace_back(std::move(failure)); }

    std::string header(std::size_t call, std::string_view name) const {
        return std::string(calls.at(call).request.headers.find(name).value_or(""));
    }
    // "PUT http://platform/v1/…" of each call.
    std::vector<std::string> lines() const {
        std::vector<std::string> said;
        said.reserve(calls.size());
        for (const HttpCall& call : calls)
            said.push_back(call.request.method + " " + call.request.target);
        return said;
    }
    std::string file(std::string_view name, std::string_view content) const {
        const std::string path = folder.path() + "/" + std::string(name);
        return write_file(path, content) ? path : std::string();
    }

    TemporaryFolder folder{"msp-cli-test"};
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    std::vector<HttpCall> calls;
    std::deque<Result<HttpResponse, Failure>> answers;
    std::chrono::milliseconds time{0};
    int keys = 0;
    Surroundings around{.in = in,
                        .out = out,
                        .err = err,
                        .environment = {},
                        .http = {},
                        .fresh_key = {},
                        .pause = {},
                        .now = {},
                        .wall_clock = {}};

private:
    Result<HttpResponse, Failure> answer(const HttpCall& call,
                                         const std::function<bool(std::string_view)>& piece) {
        calls.push_back(call);
        if (answers.empty()) return HttpResponse{200, {}, "{}"};
        Result<HttpResponse, Failure> next = std::move(answers.front());
        answers.pop_front();
        if (piece && next && next->status < 300) piece(next->body);
        return next;
    }
};

}  // namespace msp::cli
