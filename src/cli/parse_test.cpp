#include "cli/parse.hpp"

#include "cli/cli.hpp"
#include "cli/help.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace msp::cli;

namespace {

Commands table() {
    const auto nothing = [](Invocation&) { return 0; };
    return {{"device",
             "switch",
             {"DEVICE_ID"},
             "switch it",
             {{"--to", "on|off", "which", true},
              {"--count", "N", "how many"},
              {"--wait", "DURATION", "how long"},
              {"--label", "KEY=VALUE", "many", false, true},
              {"--dry-run", "", "only look"}},
             {},
             nothing},
            {"device", "list", {"[FILE]"}, "list", {}, {}, nothing},
            {"device", "give", {"DEVICE_ID…"}, "give", {}, {}, nothing},
            {"serve", "", {}, "run", {}, {}, nothing}};
}

std::string wrong_with(const std::vector<std::string>& words) {
    const Commands commands = table();
    return parse_words(commands, words).wrong;
}

// The words of an example as a shell takes them apart, up to a pipe or a redirection.
std::vector<std::string> shell_words(std::string_view line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (const char c : line) {
        if (!quoted && (c == '|' || c == '>')) break;
        if (c == '"')
            quoted = !quoted;
        else if (c == ' ' && !quoted)
            out.emplace_back();
        else
            out.back() += c;
    }
    std::erase(out, "");
    return out;
}

}  // namespace

TEST_CASE("a command gets its arguments and flags, in whatever order and spelling") {
    const Commands commands = table();
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"device", "switch", "D-1", "--to", "on", "-o", "json"},
             {"device", "switch", "--to=on", "-o=json", "D-1"},
             {"dev", "switch", "--to", "on", "--output", "json", "--", "D-1"},
             {"--output", "json", "device", "switch", "D-1", "--to", "on"},
             {"-o", "json", "dev", "switch", "--to", "on", "--", "D-1"}}) {
        const Parsed parsed = parse_words(commands, words);
        CAPTURE(words.front());
        CHECK(parsed.wrong.empty());
        REQUIRE(parsed.command == commands.data());
        CHECK(parsed.given.at("DEVICE_ID") == std::vector<std::string>{"D-1"});
        CHECK(parsed.given.at("--to") == std::vector<std::string>{"on"});
        CHECK(parsed.given.at("--output") == std::vector<std::string>{"json"});
    }
}

TEST_CASE("behind -- a word that begins with a dash is an argument") {
    const Commands commands = table();
    const Parsed parsed = parse_words(commands, {"device", "give", "--", "-1", "--to", "--"});
    CHECK(parsed.wrong.empty());
    CHECK(parsed.given.at("DEVICE_ID") == std::vector<std::string>{"-1", "--to", "--"});
    CHECK_FALSE(parse_words(commands, {"device", "give", "--", "--help"}).help);
}

TEST_CASE("what is wrong with the words is said, with the nearest right ones") {
    for (const auto& [words, wrong] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"devise"}, "there is no command devise; did you mean device?"},
             {{"xyzzy", "list"}, "there is no command xyzzy"},
             {{"device"}, "say what to do with device"},
             {{"device", "--yes"}, "say what to do with device"},
             {{"device", "lst"}, "there is no command device lst; did you mean list?"},
             {{"device", "switch", "--to", "on"}, "DEVICE_ID is missing"},
             {{"device", "switch", "", "--to", "on"}, "DEVICE_ID is missing"},
             {{"device", "give"}, "DEVICE_ID is missing"},
             {{"device", "switch", "D-1"}, "--to is missing"},
             {{"device", "switch", "D-1", "--to"}, "--to wants on|off"},
             {{"device", "switch", "D-1", "--to", "up"}, "--to wants on|off, not \"up\""},
             {{"device", "switch", "D-1", "--to", "on|off"}, "--to wants on|off, not \"on|off\""},
             {{"device", "switch", "D-1", "--to", "on", "--to", "off"}, "--to is given twice"},
             {{"device", "switch", "D-1", "D-2", "--to", "on"}, "\"D-2\" is one word too many"},
             {{"device", "switch", "D-1", "--too", "on"},
              "there is no flag --too; did you mean --to?"},
             {{"device", "list", "--xyzzyxyz"}, "there is no flag --xyzzyxyz"},
             {{"device", "list", "--yes=1"}, "--yes takes no value"},
             {{"device", "list", "--context="}, "--context wants NAME, not \"\""},
             {{"serve", "now"}, "\"now\" is one word too many"}})
        CHECK(wrong_with(words) == wrong);
}

TEST_CASE("a value is held against its form") {
    const auto takes = [](const std::string& flag, const std::string& value) {
        return wrong_with({"device", "switch", "D-1", "--to", "on", flag, value}).empty();
    };
    for (const char* good : {"0", "7", "999999999999999999"}) CHECK(takes("--count", good));
    for (const char* bad : {"", "-1", "1.5", "1e3", "0x7", " 7", "9999999999999999999"})
        CHECK_FALSE(takes("--count", bad));
    for (const char* good : {"0s", "500ms", "60s", "60000ms"}) CHECK(takes("--wait", good));
    for (const char* bad : {"", "5", "s", "61s", "60001ms", "1m", "-1s", "5 s", "999999ms"})
        CHECK_FALSE(takes("--wait", bad));
    for (const char* good : {"a=b", "a=", "a=b=c"}) CHECK(takes("--label", good));
    for (const char* bad : {"", "a", "=b"}) CHECK_FALSE(takes("--label", bad));
    for (const char* good : {"table", "wide", "json", "yaml", "csv", "ndjson", "id"})
        CHECK(takes("-o", good));
    for (const char* bad : {"", "xml", "JSON", "table|wide"}) CHECK_FALSE(takes("-o", bad));
}

TEST_CASE("help is asked for in every way people try") {
    const Commands commands = table();
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{}, {"help"}, {"--help"}, {"-h"}}) {
        const Parsed parsed = parse_words(commands, words);
        CHECK(parsed.help);
        CHECK(parsed.wrong.empty());
        CHECK(parsed.noun.empty());
    }
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"device", "--help"}, {"help", "device"}, {"--help", "device"}, {"dev", "-h"}}) {
        const Parsed parsed = parse_words(commands, words);
        CHECK(parsed.help);
        CHECK(parsed.wrong.empty());
        CHECK(parsed.noun == "device");
        CHECK(parsed.command == nullptr);
    }
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"device", "list", "--help"}, {"help", "device", "list"}, {"device", "list", "-h"}}) {
        const Parsed parsed = parse_words(commands, words);
        CHECK(parsed.help);
        CHECK(parsed.command == &commands[1]);
    }
    CHECK(parse_words(commands, {"help", "nothing"}).wrong == "there is no command nothing");
}

TEST_CASE("a flag that is none is noticed in every example of every command") {
    const Commands all = commands();
    std::size_t tried = 0;
    for (const Command& command : all)
        for (const std::string_view example : command.examples) {
            std::vector<std::string> words = shell_words(example);
            words.erase(words.begin());
            words.emplace_back("--no-such-flag");
            CAPTURE(example);
            CHECK(parse_words(all, words).wrong.starts_with("there is no flag --no-such-flag"));
            ++tried;
        }
    CHECK(tried >= all.size());
}

TEST_CASE("every example of every command is taken, by the command that shows it") {
    const Commands all = commands();
    for (const Command& command : all) {
        CAPTURE(words_of(command));
        CHECK_FALSE(command.examples.empty());
        for (const std::string_view example : command.examples) {
            std::vector<std::string> words = shell_words(example);
            CAPTURE(example);
            REQUIRE(words.front() == "msp");
            words.erase(words.begin());
            const Parsed parsed = parse_words(all, words);
            CHECK(parsed.wrong.empty());
            CHECK(parsed.command == &command);
        }
    }
}

TEST_CASE("the table is sound: no command twice, no flag twice, forms that the parser knows") {
    const Commands all = commands();
    std::set<std::string> seen;
    for (const Command& command : all) {
        CAPTURE(words_of(command));
        CHECK(seen.insert(words_of(command)).second);
        CHECK(command.run);
        CHECK_FALSE(command.about.empty());
        std::set<std::string_view> flags;
        for (const Flag& flag : command.flags) {
            CAPTURE(flag.name);
            CHECK(flags.insert(flag.name).second);
            CHECK(flag.name.starts_with("--"));
            CHECK_FALSE(flag.about.empty());
            CHECK_FALSE((flag.form.empty() && flag.required));
        }
        for (std::size_t i = 0; i + 1 < command.arguments.size(); ++i)
            CHECK_FALSE((is_repeated(command.arguments[i]) || is_optional(command.arguments[i])));
    }
}
