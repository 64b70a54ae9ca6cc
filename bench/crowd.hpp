// Many connections that are no use to anybody: idle ones, and ones that send a request byte by
// byte. Loopback only; all end with the crowd. Threads: one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace msp::bench {

// Each connection was served once, and is kept.
class IdleCrowd {
public:
    IdleCrowd(std::uint16_t port, std::size_t size);
    ~IdleCrowd();
    IdleCrowd(const IdleCrowd&) = delete;
    IdleCrowd& operator=(const IdleCrowd&) = delete;

    std::size_t served() const { return served_; }
    std::size_t still_open() const;

private:
    std::vector<int> sockets_;
    std::size_t served_ = 0;
};

struct SlowFigures {
    std::size_t opened = 0;
    std::size_t told = 0;                // 408 before the end
    std::vector<float> lived_seconds{};  // of each that was cut, from its first byte on
};

// So many connections that send a byte of a header each second, until all are cut or `patience`
// is over.
SlowFigures crawl(std::uint16_t port, std::size_t size, std::chrono::seconds patience);

}  // namespace msp::bench
