#include "main/config.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace msp;

TEST_CASE("without file, environment and flags every setting has its built-in value, in its form") {
    const auto config = read_config({});
    REQUIRE(config);
    CHECK(config->all().size() == settings().size());
    for (const auto& [key, value] : config->all()) CHECK(value.origin == "built in");
}

TEST_CASE("a flag beats the environment, the environment the file, the file what is built in") {
    ConfigSources sources;
    sources.file = {
        "msp.toml",
        "data = \"f\"\n[listen]\naddress = \"127.0.0.1:1\"\n[log]\nlevel = \"debug\"\n"};
    sources.environment = {{"MSP_LISTEN_ADDRESS", "127.0.0.1:2"},
                           {"MSP_DATA", "e"},
                           {"MSP_SERVER", "other program's"}};
    sources.flags = {{"--listen", "127.0.0.1:3"}};
    const auto config = read_config(sources);
    REQUIRE(config);
    CHECK(config->text("listen.address") == "127.0.0.1:3");
    CHECK(config->all().at("listen.address").origin == "--listen");
    CHECK(config->text("data") == "e");
    CHECK(config->all().at("data").origin == "MSP_DATA");
    CHECK(config->text("log.level") == "debug");
    CHECK(config->all().at("log.level").origin == "msp.toml line 5");
}

TEST_CASE("an unknown setting is refused with its place and the nearest that there is") {
    ConfigSources sources;
    sources.file = {"msp.toml", "[listen]\nadress = \"127.0.0.1:1\"\n"};
    const auto config = read_config(sources);
    REQUIRE_FALSE(config);
    CHECK(
        config.reason().what ==
        "msp.toml line 2: there is no setting \"listen.adress\"; did you mean \"listen.address\"?");
}

TEST_CASE("a value that is not in its form is refused where it stands") {
    for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
             {"[limits]\nconnections = \"many\"",
              "msp.toml line 2: \"limits.connections\" wants N, not \"many\""},
             {"[drain]\npatience = 10",
              "msp.toml line 2: \"drain.patience\" wants DURATION, not \"10\""},
             {"[listen]\naddress = \"8440\"",
              "msp.toml line 2: \"listen.address\" wants HOST:PORT, not \"8440\""},
             {"[log]\nlevel = \"loud\"",
              "msp.toml line 2: \"log.level\" wants debug|info|warning|error, not \"loud\""},
             {"data = [1]", "msp.toml line 1: \"data\" wants a single value"},
         }) {
        ConfigSources sources;
        sources.file = {"msp.toml", file};
        const auto config = read_config(sources);
        REQUIRE_FALSE(config);
        CHECK(config.reason().what == what);
    }
}

TEST_CASE("a file that is no TOML is refused with its line") {
    ConfigSources sources;
    sources.file = {"msp.toml", "data = \"x\"\nlisten ["};
    const auto config = read_config(sources);
    REQUIRE_FALSE(config);
    CHECK(config.reason().what.starts_with("msp.toml line 2: "));
}

TEST_CASE("hosts and ports are read in both families") {
    CHECK(parse_host_port("127.0.0.1:8440")->port == 8440);
    CHECK(parse_host_port("[::1]:0")->host == "::1");
    for (const char* bad :
         {"", ":1", "host", "host:", "host:65536", "::1:80", "[::1:80", "host:-1", "host:1x"})
        CHECK_FALSE(parse_host_port(bad));
}

TEST_CASE("keys and flags are named once") {
    std::set<std::string_view> seen;
    for (const Setting& setting : settings()) {
        CHECK(seen.insert(setting.key).second);
        if (!setting.flag.empty()) CHECK(seen.insert(setting.flag).second);
    }
}
