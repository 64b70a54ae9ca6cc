#include "cli/calls.hpp"

#include <ostream>
#include <set>

namespace msp::cli {

namespace {

std::string verbs_of(const Commands& commands, std::string_view noun) {
    std::string out;
    for (const Command& command : commands)
        if (command.noun == noun && !command.verb.empty())
            out += (out.empty() ? "" : " ") + std::string(command.verb);
    return out;
}

std::vector<std::string_view> nouns_of(const Commands& commands) {
    std::vector<std::string_view> out;
    std::set<std::string_view> seen;
    for (const Command& command : commands)
        if (seen.insert(command.noun).second) out.push_back(command.noun);
    return out;
}

std::string joined_words(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
    return out;
}

std::string bash(const Commands& commands) {
    std::string out =
        "_msp() {\n  local word=\"${COMP_WORDS[COMP_CWORD]}\"\n  if [ \"$COMP_CWORD\" = 1 ]; "
        "then\n    COMPREPLY=($(compgen -W \"" +
        joined_words(nouns_of(commands)) +
        "\" -- \"$word\"))\n    return\n  fi\n  case \"${COMP_WORDS[1]}\" in\n";
    for (const std::string_view noun : nouns_of(commands))
        out += "    " + std::string(noun) +
               ") [ \"$COMP_CWORD\" = 2 ] && COMPREPLY=($(compgen -W \"" +
               verbs_of(commands, noun) + "\" -- \"$word\")) ;;\n";
    return out + "  esac\n}\ncomplete -o default -F _msp msp\n";
}

std::string zsh(const Commands& commands) {
    return "autoload -U +X bashcompinit && bashcompinit\n" + bash(commands);
}

std::string fish(const Commands& commands) {
    std::string out = "complete -c msp -f -n __fish_use_subcommand -a \"" +
                      joined_words(nouns_of(commands)) + "\"\n";
    for (const std::string_view noun : nouns_of(commands))
        if (const std::string verbs = verbs_of(commands, noun); !verbs.empty())
            out += "complete -c msp -f -n \"__fish_seen_subcommand_from " + std::string(noun) +
                   "\" -a \"" + verbs + "\"\n";
    return out;
}

int completion(Invocation& invocation) {
    const std::string shell = invocation.value("SHELL");
    if (shell == "bash")
        invocation.out() << bash(invocation.all());
    else if (shell == "zsh")
        invocation.out() << zsh(invocation.all());
    else if (shell == "fish")
        invocation.out() << fish(invocation.all());
    else {
        invocation.err() << "msp: there are completions for bash, zsh and fish\n";
        return exit_usage;
    }
    return exit_done;
}

}  // namespace

void add_completion_commands(Commands& commands) {
    commands.push_back({"completion",
                        "",
                        {"SHELL"},
                        "print the completions for bash, zsh or fish",
                        {},
                        {"msp completion bash > /etc/bash_completion.d/msp"},
                        completion});
}

}  // namespace msp::cli
