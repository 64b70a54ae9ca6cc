#include "cli/help.hpp"

#include "cli/cli.hpp"
#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

using namespace msp::cli;

TEST_CASE("help, usage and manual say what the table says") {
    const Command command{"device",
                          "give",
                          {"DEVICE_ID…"},
                          "give devices away",
                          {{"--to", "PARTY", "to whom", true}, {"--dry-run", "", "only look"}},
                          {"msp device give D-1 --to acme"},
                          {}};
    CHECK(usage_of(command) == "msp device give DEVICE_ID… --to PARTY [flags]");
    const std::string help = help_of(command);
    CHECK(
        help.starts_with("msp device give: give devices away\n\n"
                         "  msp device give D-1 --to acme\n\n"
                         "usage: msp device give DEVICE_ID… --to PARTY [flags]\n"));
    CHECK(help.find("  --to PARTY                 to whom (needed)\n") != std::string::npos);
    CHECK(help.find("  --dry-run                  only look\n") != std::string::npos);
    CHECK(help_of_noun({command}, "device").find("give devices away") != std::string::npos);
}

TEST_CASE("every command, flag and example is in its help and in the manual; the noun has all") {
    const Commands all = commands();
    const std::string whole = manual(all);
    const std::string front = help_of_all(all);
    for (const Command& command : all) {
        CAPTURE(words_of(command));
        const std::string help = help_of(command);
        CHECK(whole.find("\n### msp " + words_of(command) + "\n") != std::string::npos);
        CHECK(front.find("\n  " + std::string(command.noun) + " ") != std::string::npos);
        CHECK(help_of_noun(all, command.noun).find(usage_of(command)) != std::string::npos);
        for (const Flag& flag : command.flags) {
            CHECK(help.find("  " + std::string(flag.name)) != std::string::npos);
            CHECK(whole.find(std::string(flag.about)) != std::string::npos);
        }
        for (const std::string_view example : command.examples) {
            CHECK(help.find(example) < help.find("usage:"));
            CHECK(whole.find(example) != std::string::npos);
        }
    }
}

TEST_CASE("help goes to the output with 0, complaints to the errors with 2") {
    Stage stage;
    CHECK(stage.run({"card", "issue", "--help"}) == exit_done);
    CHECK(stage.out.str().starts_with("msp card issue: "));
    CHECK(stage.err.str().empty());
    CHECK(stage.run({"card", "isue"}) == exit_usage);
    CHECK(stage.out.str().empty());
    CHECK(stage.err.str().starts_with("msp: there is no command card isue; did you mean issue?"));
    CHECK(stage.run({"card", "issue", "--to"}) == exit_usage);
    CHECK(stage.err.str().find("next: msp card issue --help") != std::string::npos);
    CHECK(stage.run({"manual"}) == exit_done);
    CHECK(stage.out.str() == manual(commands()));
    CHECK(stage.calls.empty());
}

TEST_CASE("words from outside do nothing to the terminal when they are complained about") {
    Stage stage;
    CHECK(stage.run({"card", "\x1b[31mred"}) == exit_usage);
    CHECK(stage.err.str().find('\x1b') == std::string::npos);
}

TEST_CASE("with -o json wrong words are a problem too, wherever the format stands") {
    Stage stage;
    const std::string problem = R"({"type":"about:blank","code":"wrong-usage",)";
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"-o", "json", "card", "isue"},
          {"card", "issue", "--two", "x", "-o", "json"},
          {"card", "issue", "--output=json"},
          {"-o=json", "cart", "list"}}) {
        CHECK(stage.run(words) == exit_usage);
        CAPTURE(stage.err.str());
        CHECK(stage.err.str().starts_with(problem));
        CHECK(stage.err.str().ends_with(" --help\"}\n"));
        CHECK(stage.out.str().empty());
    }
    CHECK(stage.run({"card", "isue", "-o", "yaml"}) == exit_usage);
    CHECK(stage.err.str().starts_with("msp: "));
    CHECK(stage.run({"card", "isue", "--", "-o", "json"}) == exit_usage);
    CHECK(stage.err.str().starts_with("msp: "));
}
