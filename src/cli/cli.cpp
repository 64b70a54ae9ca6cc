#include "cli/cli.hpp"

#include "cli/calls.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"
#include "cli/parse.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

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
    add_claim_commands(out);
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

// The words are wrong, so what they say about the format is looked for among them.
static bool wants_json(const std::vector<std::string>& words) {
    const auto end = std::find(words.begin(), words.end(), "--");
    for (auto word = words.begin(); word != end; ++word) {
        if (*word == "-o=json" || *word == "--output=json") return true;
        const auto next = std::next(word);
        if ((*word == "-o" || *word == "--output") && next != end && *next == "json") return true;
    }
    return false;
}

static int refuse_as_problem(const Parsed& parsed, const Surroundings& around) {
    const std::string command = parsed.command        ? " " + words_of(*parsed.command)
                                : parsed.noun.empty() ? ""
                                                      : " " + parsed.noun;
    around.err << problem_of("wrong-usage", parsed.wrong, "msp" + command + " --help") << "\n";
    return exit_usage;
}

static int refuse(const Commands& all, const Parsed& parsed, const Surroundings& around) {
    around.err << "msp: " << printable(parsed.wrong) << "\n";
    if (parsed.command)
        around.err << "usage: " << usage_of(*parsed.command) << "\n  next: msp "
                   << words_of(*parsed.command) << " --help\n";
    else if (!parsed.noun.empty())
        around.err << "\n" << help_of_noun(all, parsed.noun);
    else
        around.err << "  next: msp --help\n";
    return exit_usage;
}

static void show_help(const Commands& all, const Parsed& parsed, const Surroundings& around) {
    around.out << (parsed.command        ? help_of(*parsed.command)
                   : parsed.noun.empty() ? help_of_all(all)
                                         : help_of_noun(all, parsed.noun));
}

int run(const Commands& all, const std::vector<std::string>& words, const Surroundings& around) {
    const Parsed parsed = parse_words(all, words);
    if (!parsed.wrong.empty())
        return wants_json(words) ? refuse_as_problem(parsed, around) : refuse(all, parsed, around);
    if (parsed.help) {
        show_help(all, parsed, around);
        return exit_done;
    }
    Invocation invocation(around, all, *parsed.command);
    invocation.given = parsed.given;
    return parsed.command->run(invocation);
}

}  // namespace msp::cli
