#include "cast/simulate_operator.hpp"
#include "main/config.hpp"
#include "main/serve.hpp"

#include <ostream>

namespace msp {

static int simulate(cli::Invocation& invocation) {
    SimulateOperatorOptions options;
    if (invocation.has("--listen")) {
        const auto where = parse_host_port(invocation.value("--listen"));
        if (!where)
            return invocation.refuse(cli::exit_usage, "--listen wants HOST:PORT",
                                     "name an address such as 127.0.0.1:9101");
        options.address = where->host;
        options.port = where->port;
    }
    options.subscriptions = invocation.value("--subscriptions");
    if (invocation.has("--profile")) options.profile = invocation.value("--profile");
    if (invocation.has("--seed")) options.seed = std::stoull("0" + invocation.value("--seed"));
    for (const std::string& knob : invocation.values("--knob")) {
        const std::size_t equals = knob.find('=');
        options.knobs.emplace_back(knob.substr(0, equals),
                                   equals == std::string::npos ? "" : knob.substr(equals + 1));
    }
    options.front.token = invocation.value("--token");
    options.front.callback_url = invocation.value("--callback-url");
    options.front.callback_secret = invocation.value("--callback-secret");
    if (invocation.has("--speaks")) options.front.speaks = invocation.value("--speaks");
    options.journal = invocation.value("--journal");
    return simulate_operator(options, [&](const std::string& sentence) {
        invocation.err() << sentence << "\n" << std::flush;
    });
}

void add_simulate_commands(cli::Commands& commands) {
    commands.push_back(
        {"simulate",
         "operator",
         {},
         "play a mobile network operator with a journal of what really took effect",
         {{"--subscriptions", "FILE", "a CSV with the columns iccid and imsi", true},
          {"--listen", "HOST:PORT", "where (any free port)"},
          {"--speaks", "INTERFACE", "which interface: the name of its connector (rest)"},
          {"--profile", "calm|hostile", "how it behaves"},
          {"--knob", "NAME=VALUE", "turn one knob; may be repeated; GET /control/knobs lists them",
           false, true},
          {"--seed", "N", "of its chance"},
          {"--token", "TOKEN", "asked of whoever sends orders"},
          {"--callback-url", "URL", "where it reports to: …/v1/operators/{operator}/events"},
          {"--callback-secret", "SECRET", "whsec_…, signs its reports"},
          {"--journal", "FILE",
           "what takes effect is written here at once, and taken up from here at the start"}},
         {"msp simulate operator --subscriptions cards.csv --listen 127.0.0.1:9101 --profile "
          "hostile --knob lost-after=0.2"},
         simulate});
}

}  // namespace msp
