// The table of contents: which commands there are, and what the outside is to them.
#include "cli/cli.hpp"
#include "main/serve.hpp"
#include "world/random.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

namespace {

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> out;
    for (char** one = environ; *one; ++one) {
        const std::string text = *one;
        const std::size_t equals = text.find('=');
        if (equals != std::string::npos) out[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return out;
}

unsigned terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

msp::cli::Commands all_commands() {
    msp::cli::Commands out;
    msp::add_demo_commands(out);
    msp::add_serve_commands(out);
    for (auto& command : msp::cli::commands()) out.push_back(std::move(command));
    msp::add_check_commands(out);
    msp::add_history_commands(out);
    msp::add_simulate_commands(out);
    return out;
}

}  // namespace

int main(int count, char** words) {
    msp::SystemRandom random;
    const msp::cli::Surroundings around{
        .in = std::cin,
        .out = std::cout,
        .err = std::cerr,
        .terminal_in = ::isatty(STDIN_FILENO) == 1,
        .terminal_out = ::isatty(STDOUT_FILENO) == 1,
        .terminal_err = ::isatty(STDERR_FILENO) == 1,
        .width = terminal_width(),
        .environment = environment(),
        .http =
            [](const msp::HttpCall& call, const std::function<bool(std::string_view)>& piece) {
                return msp::call_http(call, piece);
            },
        .fresh_key = [&random] { return random.token(24); },
        .pause = [](std::chrono::milliseconds how_long) { std::this_thread::sleep_for(how_long); },
        .now = std::chrono::steady_clock::now,
        .wall_clock = std::chrono::system_clock::now,
    };
    return msp::cli::run(all_commands(), {words + 1, words + count}, around);
}
