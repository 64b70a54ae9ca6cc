#include "bench/server_process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <thread>
#include <utility>

namespace msp::bench {

namespace {

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Seconds in user and system mode, by proc(5): fields 14 and 15 of stat, in clock ticks.
double processor_of(const std::string& stat) {
    const std::size_t behind_name = stat.rfind(')');
    if (behind_name == std::string::npos) return 0;
    std::istringstream fields(stat.substr(behind_name + 1));
    std::string field;
    double ticks = 0;
    for (int number = 3; number <= 15 && fields >> field; ++number)
        if (number >= 14) ticks += std::stod(field);
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t number_behind(const std::string& text, const std::string& word) {
    const std::size_t at = text.find(word);
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + word.size()));
}

void use_few_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(1024, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

pid_t begin(const std::string& program, const std::vector<std::string>& words,
            const std::string& ready_file) {
    std::filesystem::remove(ready_file);
    const pid_t process = ::fork();
    if (process != 0) return process;
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    use_few_descriptors();
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDERR_FILENO);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
}

}  // namespace

Usage operator-(const Usage& later, const Usage& earlier) {
    Usage out = later;
    out.processor -= earlier.processor;
    out.bytes_written -= earlier.bytes_written;
    for (const auto& [name, seconds] : earlier.by_thread) out.by_thread[name] -= seconds;
    return out;
}

ServerProcess::ServerProcess(const std::string& program, const std::vector<std::string>& words,
                             const std::string& ready_file)
    : process_(begin(program, words, ready_file)) {
    constexpr std::chrono::minutes patience{1};
    const auto begun = std::chrono::steady_clock::now();
    while (!std::filesystem::exists(ready_file)) {
        const bool runs = ::waitpid(process_, nullptr, WNOHANG) == 0;
        if (runs && std::chrono::steady_clock::now() - begun < patience) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            continue;
        }
        if (runs) ::kill(process_, SIGKILL);
        std::cerr << program << " did not start; is it built?\n";
        std::exit(1);
    }
    started_in_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const std::string where = content(ready_file);
    port_ = static_cast<std::uint16_t>(std::stoul(where.substr(where.rfind(':') + 1)));
}

ServerProcess::~ServerProcess() {
    end(SIGTERM);
}

void ServerProcess::kill() {
    end(SIGKILL);
}

void ServerProcess::end(int signal) {
    if (process_ == 0) return;
    ::kill(process_, signal);
    ::waitpid(std::exchange(process_, 0), nullptr, 0);
}

Usage ServerProcess::usage() const {
    const std::string folder = "/proc/" + std::to_string(process_);
    Usage out;
    out.processor = processor_of(content(folder + "/stat"));
    out.bytes_written = number_behind(content(folder + "/io"), "\nwrite_bytes:");
    out.resident_bytes = number_behind(content(folder + "/status"), "VmRSS:") * 1024;
    for (const auto& thread : std::filesystem::directory_iterator(folder + "/task")) {
        std::string name = content(thread.path().string() + "/comm");
        while (!name.empty() && name.back() == '\n') name.pop_back();
        out.by_thread[name] += processor_of(content(thread.path().string() + "/stat"));
    }
    return out;
}

}  // namespace msp::bench
