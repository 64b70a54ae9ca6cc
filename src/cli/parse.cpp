#include "cli/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace msp::cli {

std::string argument_name(std::string_view argument) {
    std::string out;
    for (const char c : argument)
        if ((c >= 'A' && c <= 'Z') || c == '_') out += c;
    return out;
}
bool is_optional(std::string_view argument) {
    return argument.starts_with('[');
}
bool is_repeated(std::string_view argument) {
    return argument.find("…") != std::string_view::npos;
}

namespace {

std::string full_noun(const std::string& word) {
    if (word == "eq") return "equipment";
    if (word == "dev") return "device";
    return word;
}

// ------------------------------------------------------------------------------------ nearest word

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

// A third of the letters may be wrong.
std::string nearest(std::string_view word, const std::vector<std::string_view>& choices) {
    const auto best = std::min_element(choices.begin(), choices.end(), [word](auto a, auto b) {
        return distance(a, word) < distance(b, word);
    });
    if (best == choices.end() || distance(*best, word) > 1 + word.size() / 3) return {};
    return "; did you mean " + std::string(*best) + "?";
}

std::vector<std::string_view> nouns_of(const Commands& commands) {
    std::vector<std::string_view> out;
    for (const Command& command : commands) out.push_back(command.noun);
    return out;
}

std::vector<std::string_view> verbs_of(const Commands& commands, std::string_view noun) {
    std::vector<std::string_view> out;
    for (const Command& command : commands)
        if (command.noun == noun) out.push_back(command.verb);
    return out;
}

std::vector<std::string_view> flags_of(const Command& command) {
    std::vector<std::string_view> out;
    for (const auto* flags : {&command.flags, &common_flags()})
        for (const Flag& flag : *flags) out.push_back(flag.name);
    return out;
}

// ------------------------------------------------------------------------------------- the command

// Finds the command that the first words name; answers how many words that took.
std::size_t find_command(const Commands& commands, const std::vector<std::string>& words,
                         Parsed& parsed) {
    const std::string noun = full_noun(words[0]);
    for (const Command& command : commands) {
        if (command.noun != noun) continue;
        parsed.noun = noun;
        if (command.verb.empty() || (words.size() > 1 && command.verb == words[1])) {
            parsed.command = &command;
            return command.verb.empty() ? 1 : 2;
        }
    }
    if (parsed.noun.empty())
        parsed.wrong = "there is no command " + noun + nearest(noun, nouns_of(commands));
    else if (words.size() < 2 || words[1].starts_with('-'))
        parsed.wrong = "say what to do with " + noun;
    else
        parsed.wrong = "there is no command " + noun + " " + words[1] +
                       nearest(words[1], verbs_of(commands, noun));
    return 1;
}

// ------------------------------------------------------------------------------------------- flags

const Flag* find_flag(const Command& command, std::string_view name) {
    if (name == "-o") name = "--output";
    if (name == "-y") name = "--yes";
    for (const auto* flags : {&command.flags, &common_flags()})
        for (const Flag& flag : *flags)
            if (flag.name == name) return &flag;
    return nullptr;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.size() < 19 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_duration(std::string_view text) {
    constexpr unsigned most_ms = 60'000;
    const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
    const std::string_view unit = text.substr(digits.size());
    if (!all_digits(digits) || digits.size() > 5 || (unit != "s" && unit != "ms")) return false;
    return std::stoul(std::string(digits)) * (unit == "s" ? 1000 : 1) <= most_ms;
}

bool is_one_of(std::string_view choices, std::string_view text) {
    while (!choices.empty()) {
        const std::size_t end = std::min(choices.find('|'), choices.size());
        if (choices.substr(0, end) == text) return true;
        choices.remove_prefix(std::min(end + 1, choices.size()));
    }
    return false;
}

// What a flag wants instead of the value; empty: nothing, it is taken.
std::string wanted_instead(const Flag& flag, std::string_view value) {
    const std::string_view form = flag.form;
    if (form == "N") return all_digits(value) ? "" : "a whole number";
    if (form == "DURATION")
        return is_duration(value) ? "" : "a time such as 30s or 500ms, at most 60s";
    if (form == "FORMAT" && flag.name == "--output")
        return is_one_of(output_formats, value) ? "" : std::string(output_formats);
    if (form == "KEY=VALUE")
        return value.find('=') != std::string_view::npos && !value.starts_with('=') ? ""
                                                                                    : "KEY=VALUE";
    if (form.find('|') != std::string_view::npos)
        return is_one_of(form, value) ? "" : std::string(form);
    return value.empty() ? std::string(form) : "";
}

void take_value(const Flag& flag, std::string value, Parsed& parsed) {
    const std::string name(flag.name);
    auto& values = parsed.given[name];
    if (!values.empty() && !flag.repeated) {
        parsed.wrong = name + " is given twice";
        return;
    }
    if (!flag.form.empty())
        if (const std::string wanted = wanted_instead(flag, value); !wanted.empty()) {
            parsed.wrong = name + " wants " + wanted + ", not \"" + value + "\"";
            return;
        }
    values.push_back(std::move(value));
}

// Takes the flag that begins at a word; answers where the next one is.
std::size_t take_flag(const std::vector<std::string>& words, std::size_t at, Parsed& parsed) {
    const std::string& word = words[at];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Flag* flag = find_flag(*parsed.command, name);
    const bool inside = equals != std::string::npos;  // --flag=value
    if (!flag)
        parsed.wrong = "there is no flag " + name + nearest(name, flags_of(*parsed.command));
    else if (flag->form.empty() && inside)
        parsed.wrong = std::string(flag->name) + " takes no value";
    else if (flag->form.empty())
        take_value(*flag, "true", parsed);
    else if (inside)
        take_value(*flag, word.substr(equals + 1), parsed);
    else if (at + 1 == words.size())
        parsed.wrong = std::string(flag->name) + " wants " + std::string(flag->form);
    else
        take_value(*flag, words[++at], parsed);
    return at + 1;
}

// --------------------------------------------------------------------------------------- arguments

void assign_arguments(const std::vector<std::string>& arguments, Parsed& parsed) {
    std::size_t at = 0;
    for (const std::string_view form : parsed.command->arguments) {
        const std::string name = argument_name(form);
        std::vector<std::string> values;
        while (at < arguments.size() && (values.empty() || is_repeated(form)))
            values.push_back(arguments[at++]);
        if (values.empty() && is_optional(form)) continue;
        if (values.empty() || std::find(values.begin(), values.end(), "") != values.end()) {
            parsed.wrong = name + " is missing";
            return;
        }
        parsed.given[name] = std::move(values);
    }
    if (at < arguments.size()) parsed.wrong = "\"" + arguments[at] + "\" is one word too many";
}

void take_rest(const std::vector<std::string>& words, std::size_t at, Parsed& parsed) {
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
        if (flag.required && parsed.wrong.empty() && !parsed.given.contains(flag.name))
            parsed.wrong = std::string(flag.name) + " is missing";
}

// Flags of every command may stand first: `msp --context prod device list`.
std::vector<std::string> with_flags_last(const std::vector<std::string>& words) {
    static const Command none{};
    std::size_t at = 0;
    while (at < words.size() && words[at].starts_with('-')) {
        const std::size_t equals = words[at].find('=');
        const Flag* flag = find_flag(none, words[at].substr(0, equals));
        if (!flag) break;
        at += flag->form.empty() || equals != std::string::npos ? 1 : 2;
    }
    at = std::min(at, words.size());
    std::vector<std::string> out(words.begin() + std::ptrdiff_t(at), words.end());
    const auto end = std::find(out.begin(), out.end(), "--");
    out.insert(end, words.begin(), words.begin() + std::ptrdiff_t(at));
    return out;
}

bool asks_for_help(std::string_view word) {
    return word == "--help" || word == "-h";
}

}  // namespace

Parsed parse_words(const Commands& commands, const std::vector<std::string>& given) {
    const std::vector<std::string> words = with_flags_last(given);
    Parsed parsed;
    parsed.help =
        words.empty() || words[0] == "help" ||
        std::any_of(words.begin(), std::find(words.begin(), words.end(), "--"), asks_for_help);
    const bool named_later = !words.empty() && (words[0] == "help" || asks_for_help(words[0]));
    const std::vector<std::string> named(words.begin() + (named_later ? 1 : 0), words.end());
    if (named.empty()) return parsed;
    const std::size_t at = find_command(commands, named, parsed);
    if (parsed.help) {
        const bool noun_alone = named.size() == 1 || named[1].starts_with('-');
        if (!parsed.noun.empty() && noun_alone) parsed.wrong.clear();
    } else if (parsed.command) {
        take_rest(named, at, parsed);
    }
    return parsed;
}

}  // namespace msp::cli
