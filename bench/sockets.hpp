// Sockets to an HTTP server on 127.0.0.1, as loads need them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace msp::bench {

int connect_to(std::uint16_t port);           // -1: it could not be
bool send_all(int socket, std::string_view);  // false: the other end is gone
// How long a whole answer is, head and body; 0 while it is not known.
std::size_t whole_length(std::string_view answer);
std::string receive_answer(int socket);  // all of it; empty: the other end is gone or silent
// One request on a connection of its own.
std::string ask(std::uint16_t port, std::string_view request);

// As many descriptors as the system lets this process have; answers how many that are.
std::size_t raise_descriptors();

}  // namespace msp::bench
