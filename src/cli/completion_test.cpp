#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace msp;
using namespace msp::cli;

namespace {

std::string script_for(Stage& stage, const std::string& shell) {
    CHECK(stage.run({"completion", shell}) == exit_done);
    return stage.out.str();
}

// What bash offers for the last of the words, with an `msp` that lists what the platform would.
std::string offered(Stage& stage, const std::string& words, std::size_t last) {
    const std::string completions = stage.file("completions", script_for(stage, "bash"));
    const std::string result = stage.folder.path() + "/offered";
    const std::string play = stage.file(
        "play",
        "timeout() { shift; [ \"$*\" = 'msp device list --limit 100 -o id' ] && "
        "echo MW-1 MW-2; }\n"
        ". " +
            completions + "\nCOMP_WORDS=(" + words + ")\nCOMP_CWORD=" + std::to_string(last) +
            "\n_msp\necho \"${COMPREPLY[*]}\" > " + result + "\n");
    REQUIRE(std::system(("bash -eu " + play).c_str()) == 0);
    return read_file(result).value();
}

}  // namespace

TEST_CASE("bash reads the completions and offers what the table holds") {
    Stage stage;
    CHECK(offered(stage, "msp dev", 1) == "device\n");
    CHECK(offered(stage, "msp card st", 2) == "status stop\n");
    CHECK(offered(stage, "msp card list --ba", 3) == "--batch\n");
    CHECK(offered(stage, "msp card list --bound ''", 4) == "true false\n");
    CHECK(offered(stage, "msp card list -o y", 4) == "yaml\n");
    CHECK(offered(stage, "msp device status MW-", 3) == "MW-1 MW-2\n");
    CHECK(offered(stage, "msp completion --ser", 2) == "--server\n");
}

TEST_CASE("the script for zsh is that of bash behind its own first lines") {
    Stage stage;
    const std::string bash = script_for(stage, "bash");
    const std::string zsh = script_for(stage, "zsh");
    CHECK(zsh.starts_with("#compdef msp\n"));
    CHECK(zsh.ends_with(bash));
}

TEST_CASE("the script for fish has a line for every flag of every command") {
    Stage stage;
    const std::string fish = script_for(stage, "fish");
    for (const Command& command : commands())
        for (const Flag& flag : command.flags)
            CHECK(fish.find(" -l " + std::string(flag.name.substr(2))) != std::string::npos);
}

TEST_CASE("another shell is refused") {
    Stage stage;
    CHECK(stage.run({"completion", "tcsh"}) == exit_usage);
    CHECK(stage.out.str().empty());
}
