#include "cli/calls.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <utility>

namespace msp::cli {

namespace {

// What lists the IDs that an argument, or the value of a flag, may be.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> id_lists{{
    {"EQUIPMENT_ID", "equipment list --limit 100"},
    {"DEVICE_ID", "device list --limit 100"},
    {"ICCID", "card list --limit 100"},
    {"BATCH", "card batches --limit 100"},
    {"PARTY", "party list --limit 100"},
    {"OPERATOR", "operator list"},
    {"CLAIM", "claim list --state open"},
    {"WEBHOOK", "webhook list"},
}};

std::string_view list_of_ids(std::string_view form) {
    for (const auto& [name, list] : id_lists)
        if (form == name) return list;
    return {};
}

std::vector<std::string_view> nouns_of(const Commands& commands) {
    std::vector<std::string_view> out;
    std::set<std::string_view> seen;
    for (const Command& command : commands)
        if (seen.insert(command.noun).second) out.push_back(command.noun);
    return out;
}

std::string verbs_of(const Commands& commands, std::string_view noun) {
    std::string out;
    for (const Command& command : commands)
        if (command.noun == noun && !command.verb.empty())
            out += (out.empty() ? "" : " ") + std::string(command.verb);
    return out;
}

std::string flags_of(const Command& command) {
    std::string out;
    for (const auto* flags : {&command.flags, &common_flags()})
        for (const Flag& flag : *flags) out += (out.empty() ? "" : " ") + std::string(flag.name);
    return out;
}

std::string joined_words(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
    return out;
}

// What bash offers for a form: its choices, or the IDs that the platform lists; empty: files.
std::string offer(std::string_view form) {
    if (form.find('|') != std::string_view::npos) {
        std::string words(form);
        std::replace(words.begin(), words.end(), '|', ' ');
        return "_msp_words '" + words + "'";
    }
    const std::string_view list = list_of_ids(form);
    return list.empty() ? "" : "_msp_ids " + std::string(list);
}

// -------------------------------------------------------------------------------------------- bash

constexpr std::string_view bash_head =
    R"bash(# What is typed so far is $word; IDs are asked of the platform, which has 200 ms.
_msp_words() { COMPREPLY=($(compgen -W "$1" -- "$word")); }
_msp_ids() { _msp_words "$(timeout 0.2 msp "$@" -o id 2>/dev/null </dev/null)"; }
_msp() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
)bash";

// What follows a flag that takes a value; nothing said lets the shell offer files.
std::string bash_flag(const Flag& flag) {
    const bool output = flag.name == "--output";
    const std::string offered = offer(output ? output_formats : flag.form);
    return "        " + std::string(flag.name) + (output ? "|-o" : "") + ") " +
           (offered.empty() ? "" : offered + "; ") + "return ;;\n";
}

std::string bash_command(const Command& command) {
    const std::string words =
        std::string(command.noun) + (command.verb.empty() ? "" : " " + std::string(command.verb));
    std::string out = "    \"" + words + "\")\n      case \"$before\" in\n";
    for (const auto* flags : {&command.flags, &common_flags()})
        for (const Flag& flag : *flags)
            if (!flag.form.empty()) out += bash_flag(flag);
    out += "      esac\n      case \"$word\" in -*) _msp_words '" + flags_of(command) +
           "'; return ;; esac\n";
    if (!command.arguments.empty())
        if (const std::string ids = offer(argument_name(command.arguments[0])); !ids.empty())
            out += "      " + ids + "\n";
    return out + "      ;;\n";
}

std::string bash(const Commands& commands) {
    std::string out(bash_head);
    out += "  if [ \"$COMP_CWORD\" = 1 ]; then _msp_words '" + joined_words(nouns_of(commands)) +
           "'; return; fi\n  if [ \"$COMP_CWORD\" = 2 ]; then\n    case \"${COMP_WORDS[1]}\" in\n";
    for (const std::string_view noun : nouns_of(commands))
        if (const std::string verbs = verbs_of(commands, noun); !verbs.empty())
            out += "      " + std::string(noun) + ") _msp_words '" + verbs + "'; return ;;\n";
    out += "    esac\n  fi\n  case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
    for (const Command& command : commands)
        if (!command.verb.empty()) out += bash_command(command);
    out += "  esac\n  case \"${COMP_WORDS[1]}\" in\n";
    for (const Command& command : commands)
        if (command.verb.empty()) out += bash_command(command);
    return out + "  esac\n}\ncomplete -o default -F _msp msp\n";
}

std::string zsh(const Commands& commands) {
    return "#compdef msp\nautoload -U +X bashcompinit && bashcompinit\n" + bash(commands);
}

// -------------------------------------------------------------------------------------------- fish

std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
    return out + "'";
}

std::string fish_command(const Command& command) {
    const std::string where = " -n '__fish_seen_subcommand_from " + std::string(command.noun) +
                              (command.verb.empty() ? "'"
                                                    : "; and __fish_seen_subcommand_from " +
                                                          std::string(command.verb) + "'");
    std::string out;
    for (const Flag& flag : command.flags)
        out += "complete -c msp" + where + " -l " + std::string(flag.name.substr(2)) +
               (flag.form.empty() ? "" : " -r") + " -d " + fish_quoted(flag.about) + "\n";
    return out;
}

std::string fish(const Commands& commands) {
    std::string out = "complete -c msp -f -n __fish_use_subcommand -a '" +
                      joined_words(nouns_of(commands)) + "'\n";
    for (const Flag& flag : common_flags())
        out += "complete -c msp -l " + std::string(flag.name.substr(2)) +
               (flag.form.empty() ? "" : " -r") + " -d " + fish_quoted(flag.about) + "\n";
    for (const std::string_view noun : nouns_of(commands))
        if (const std::string verbs = verbs_of(commands, noun); !verbs.empty())
            out.append("complete -c msp -f -n '__fish_seen_subcommand_from ")
                .append(noun)
                .append("; and not __fish_seen_subcommand_from ")
                .append(verbs)
                .append("' -a '")
                .append(verbs)
                .append("'\n");
    for (const Command& command : commands) out += fish_command(command);
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
    else
        return invocation.refuse(exit_usage, "there are completions for bash, zsh and fish");
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
