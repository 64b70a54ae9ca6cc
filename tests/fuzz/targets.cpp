#include "tests/fuzz/targets.hpp"

#include <span>

namespace msp::fuzz {

std::span<const Reader> targets() {
    static constexpr Reader all[] = {
        {"card_file", "a CSV file of cards, cut into pieces", take_card_file},
        {"configuration", "msp.toml", take_configuration},
        {"connectors", "answers and reports, as each connector takes them", take_connectors},
        {"core_answer", "CTRL of a mobile core, cut into pieces", take_core_answer},
        {"core_list", "the list of a mobile core's terminal, cut into pieces", take_core_list},
        {"core_message", "GSUP of a mobile core, cut into pieces", take_core_message},
        {"device_report", "the body of a device's report", take_device_report},
        {"event_stream", "text/event-stream, cut into pieces", take_event_stream},
        {"http_request", "requests on a connection, cut into pieces", take_http_request},
        {"identifiers", "ICCID, IMSI and the like", take_identifiers},
        {"json_command", "the body of a command", take_json_command},
        {"operator_answer", "what an operator answers", take_operator_answer},
        {"operator_report", "what an operator reports by itself", take_operator_report},
        {"operator_settings", "how an operator is set up", take_operator_settings},
        {"stored_bytes", "chains and answers as they are kept", take_stored_bytes},
        {"target", "path and query of a request", take_target},
        {"webhook_url", "where an endpoint wants to be told", take_webhook_url},
    };
    return all;
}

}  // namespace msp::fuzz
