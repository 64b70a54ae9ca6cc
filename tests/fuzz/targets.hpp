// What takes bytes from outside, each as a function of those bytes: for the fuzzer, and to replay
// its corpus in every test run.
//
// Law: whatever the bytes, a target returns. It asserts what must hold of the result besides: the
// same meaning however the bytes are cut, the same value after writing and reading again.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <string_view>

namespace msp::fuzz {

struct Reader {
    std::string_view name;  // of its folder in corpus/ too
    std::string_view what;
    void (*take)(std::string_view bytes);
};
std::span<const Reader> targets();

void take_card_file(std::string_view bytes);
void take_configuration(std::string_view bytes);
void take_connectors(std::string_view bytes);
void take_core_answer(std::string_view bytes);
void take_core_list(std::string_view bytes);
void take_core_message(std::string_view bytes);
void take_device_report(std::string_view bytes);
void take_event_stream(std::string_view bytes);
void take_http_request(std::string_view bytes);
void take_identifiers(std::string_view bytes);
void take_json_command(std::string_view bytes);
void take_operator_answer(std::string_view bytes);
void take_operator_report(std::string_view bytes);
void take_operator_settings(std::string_view bytes);
void take_stored_bytes(std::string_view bytes);
void take_target(std::string_view bytes);
void take_webhook_url(std::string_view bytes);

// Calls `piece` with the bytes behind the first, cut into pieces as the first says.
template <class Piece>
void in_pieces(std::string_view bytes, Piece piece) {
    if (bytes.empty()) return;
    const auto step = static_cast<std::size_t>(static_cast<unsigned char>(bytes.front())) + 1;
    bytes.remove_prefix(1);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size())))
        piece(bytes.substr(0, step));
}

}  // namespace msp::fuzz
