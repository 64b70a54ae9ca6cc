// The server that is measured: the shipped program, in a process of its own that begins with as
// few descriptors as most systems give.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace msp::bench {

// What a process has used so far, by the kernel's count.
struct Usage {
    double processor = 0;                     // seconds, of all threads
    std::map<std::string, double> by_thread;  // by name
    std::uint64_t bytes_written = 0;          // to the disk
    std::uint64_t resident_bytes = 0;
};
Usage operator-(const Usage& later, const Usage& earlier);  // resident_bytes as later

class ServerProcess {
public:
    // Runs `program` with these words until this ends. Where it does not start within a minute,
    // this process says so and ends.
    ServerProcess(const std::string& program, const std::vector<std::string>& words,
                  const std::string& ready_file);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    double started_in() const { return started_in_; }  // seconds until it took requests
    Usage usage() const;
    void kill();  // at once, as a failing machine would

private:
    void end(int signal);

    pid_t process_;
    std::uint16_t port_ = 0;
    double started_in_ = 0;
};

}  // namespace msp::bench
