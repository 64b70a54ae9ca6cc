#include "cli/cli.hpp"

#include "cli/calls.hpp"
#include "cli/context.hpp"
#include "cli/parse.hpp"

#include <ostream>

namespace msp::cli {

static int manual_page(Invocation& invocation) {
    invocation.out() << manual(invocation.all());
    return exit_done;
}

Commands commands() {
    Commands out;
    add_equipment_commands(out);
    add_device_commands(out);
    add_card_commands(out);
    add_operator_commands(out);
    add_event_commands(out);
    add_webhook_commands(out);
    add_party_commands(out);
    add_context_commands(out);
    add_completion_commands(out);
    out.push_back({"manual",
                   "",
                   {},
                   "print the manual of the command line, as Markdown",
                   {},
                   {"msp manual"},
                   manual_page});
    return out;
}

int run(const Commands& all, const std::vector<std::string>& words, const Surroundings& around) {
    const Parsed parsed = parse_words(all, words);
    if (!parsed.wrong.empty()) {
        around.err << "msp: " << parsed.wrong << "\n";
        if (parsed.command)
            around.err << "usage: " << usage_of(*parsed.command) << "\n";
        else if (!words.empty() && !help_of(all, words[0]).empty())
            around.err << help_of(all, words[0]);
        around.err << "  next: msp "
                   << (parsed.command ? std::string(parsed.command->noun) + " " +
                                            std::string(parsed.command->verb) + " --help"
                                      : "--help")
                   << "\n";
        return exit_usage;
    }
    if (parsed.help) {
        around.out << (parsed.command ? help_of(*parsed.command) : help_of_all(all));
        return exit_done;
    }
    Invocation invocation(around, all, *parsed.command);
    invocation.given = parsed.given;
    return parsed.command->run(invocation);
}

}  // namespace msp::cli
