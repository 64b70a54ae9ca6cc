#include "cli/parse.hpp"

#include <algorithm>

namespace msp::cli {

namespace {

std::string full_noun(const std::string& word) {
    if (word == "eq") return "equipment";
    if (word == "dev") return "device";
    return word;
}

const Flag* find_flag(const Command& command, std::string_view name) {
    if (name == "-o") name = "--output";
    if (name == "-y") name = "--yes";
    for (const Flag& flag : command.flags)
        if (flag.name == name) return &flag;
    for (const Flag& flag : common_flags())
        if (flag.name == name) return &flag;
    return nullptr;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t up = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1])});
            corner = up;
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& choices) {
    const auto best = std::min_element(choices.begin(), choices.end(), [word](auto a, auto b) {
        return distance(a, word) < distance(b, word);
    });
    if (best == choices.end() || distance(*best, word) > 3) return {};
    return "; did you mean \"" + std::string(*best) + "\"?";
}

std::vector<std::string_view> words_of(const Commands& commands, std::string_view noun) {
    std::vector<std::string_view> out;
    for (const Command& command : commands)
        if (noun.empty() || command.noun == noun)
            out.push_back(noun.empty() ? command.noun : command.verb);
    return out;
}

bool optional(std::string_view argument) {
    return argument.front() == '[';
}
bool repeated(std::string_view argument) {
    return argument.find("…") != std::string_view::npos;
}
std::string name_of(std::string_view argument) {
    std::string out;
    for (const char c : argument)
        if ((c >= 'A' && c <= 'Z') || c == '_') out += c;
    return out;
}

// Finds the command that the first words name; answers how many words that took.
std::size_t find_command(const Commands& commands, const std::vector<std::string>& words,
                         Parsed& parsed) {
    const std::string noun = full_noun(words[0]);
    bool noun_known = false;
    for (const Command& command : commands) {
        if (command.noun != noun) continue;
        noun_known = true;
        if (command.verb.empty() || (words.size() > 1 && command.verb == words[1])) {
            parsed.command = &command;
            return command.verb.empty() ? 1 : 2;
        }
    }
    if (!noun_known)
        parsed.wrong =
            "there is no command \"" + noun + "\"" + nearest(noun, words_of(commands, ""));
    else if (words.size() < 2 || words[1].starts_with("-"))
        parsed.wrong = "say what to do with " + noun;
    else
        parsed.wrong = "there is no command \"" + noun + " " + words[1] + "\"" +
                       nearest(words[1], words_of(commands, noun));
    return 0;
}

std::size_t take_flag(const std::vector<std::string>& words, std::size_t at, Parsed& parsed) {
    const std::string& word = words[at];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Flag* flag = find_flag(*parsed.command, name);
    if (!flag) {
        std::vector<std::string_view> known;
        for (const Flag& one : parsed.command->flags) known.push_back(one.name);
        for (const Flag& one : common_flags()) known.push_back(one.name);
        parsed.wrong = "there is no flag " + name + nearest(name, known);
        return at + 1;
    }
    auto& values = parsed.given[std::string(flag->name)];
    if (!values.empty() && !flag->repeated && !flag->form.empty())
        parsed.wrong = std::string(flag->name) + " is given twice";
    if (flag->form.empty()) {
        values.push_back(equals == std::string::npos ? "true" : word.substr(equals + 1));
        return at + 1;
    }
    if (equals != std::string::npos) {
        values.push_back(word.substr(equals + 1));
        return at + 1;
    }
    if (at + 1 == words.size())
        parsed.wrong = std::string(flag->name) + " wants " + std::string(flag->form);
    else
        values.push_back(words[at + 1]);
    return at + 2;
}

void assign_arguments(const std::vector<std::string>& arguments, Parsed& parsed) {
    std::size_t at = 0;
    for (const std::string_view form : parsed.command->arguments) {
        auto& values = parsed.given[name_of(form)];
        if (repeated(form))
            while (at < arguments.size()) values.push_back(arguments[at++]);
        else if (at < arguments.size())
            values.push_back(arguments[at++]);
        if (values.empty() && !optional(form)) parsed.wrong = name_of(form) + " is missing";
        if (values.empty()) parsed.given.erase(name_of(form));
    }
    if (at < arguments.size()) parsed.wrong = "\"" + arguments[at] + "\" is one word too many";
}

}  // namespace

Parsed parse_words(const Commands& commands, const std::vector<std::string>& words) {
    Parsed parsed;
    const auto asks_help = [](const std::string& word) {
        return word == "--help" || word == "-h" || word == "help";
    };
    if (words.empty() || asks_help(words[0])) {
        parsed.help = true;
        if (words.size() > 1) find_command(commands, {words.begin() + 1, words.end()}, parsed);
        return parsed;
    }
    std::size_t at = find_command(commands, words, parsed);
    if (std::any_of(words.begin() + 1, words.end(),
                    [](const std::string& word) { return word == "--help" || word == "-h"; })) {
        parsed.help = true;
        return parsed;
    }
    if (!parsed.command) return parsed;
    std::vector<std::string> arguments;
    bool flags_end = false;
    while (at < words.size() && parsed.wrong.empty()) {
        if (words[at] == "--" && !flags_end) {
            flags_end = true;
            ++at;
        } else if (!flags_end && words[at].size() > 1 && words[at][0] == '-') {
            at = take_flag(words, at, parsed);
        } else {
            arguments.push_back(words[at++]);
        }
    }
    if (parsed.wrong.empty()) assign_arguments(arguments, parsed);
    for (const Flag& flag : parsed.command->flags)
        if (flag.required && parsed.wrong.empty() && !parsed.given.contains(std::string(flag.name)))
            parsed.wrong = std::string(flag.name) + " is missing";
    return parsed;
}

}  // namespace msp::cli
