#include "cli/context.hpp"

#include "cli/stage_test.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

using namespace msp;
using namespace msp::cli;

namespace {

// A stage without a platform in the environment.
struct Bare : Stage {
    Bare() {
        around.environment.erase("MSP_SERVER");
        around.environment.erase("MSP_KEY");
    }
    std::string contexts() const { return folder.path() + "/contexts.json"; }
    int add(const std::string& name, const std::string& server, const std::string& key) {
        return run({"context", "add", name, "--server", server, "--key-file", file(name, key)});
    }
    // Server and key that a call with these words goes to.
    std::string reached(std::vector<std::string> words) {
        words.insert(words.begin(), {"key", "me"});
        if (run(words) != exit_done) return "nowhere";
        const std::string target = calls.at(0).request.target;
        return target.substr(0, target.find("/v1/")) + " " + header(0, "Authorization");
    }
};

unsigned mode_of(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
}

}  // namespace

TEST_CASE("without anything commands talk to the platform on this machine, without a key") {
    Bare stage;
    CHECK(stage.reached({}) == "http://127.0.0.1:8440 ");
}

TEST_CASE("contexts are kept for their owner alone; the last one added is current") {
    Bare stage;
    CHECK(stage.add("prod", "https://msp.example/", "msp_a_b\n") == exit_done);
    CHECK(stage.add("test", "http://127.0.0.1:1", "msp_c_d\r\n") == exit_done);
    CHECK(mode_of(stage.contexts()) == 0600);
    CHECK(stage.reached({}) == "http://127.0.0.1:1 Bearer msp_c_d");
    CHECK(stage.reached({"--context", "prod"}) == "https://msp.example Bearer msp_a_b");
    CHECK(stage.run({"context", "use", "prod"}) == exit_done);
    CHECK(stage.reached({}) == "https://msp.example Bearer msp_a_b");
    CHECK(stage.run({"context", "list"}) == exit_done);
    CHECK(stage.out.str() ==
          "NAME  SERVER               CURRENT\n"
          "prod  https://msp.example  true\n"
          "test  http://127.0.0.1:1   false\n");
    CHECK(stage.run({"context", "remove", "prod"}) == exit_done);
    CHECK(stage.reached({}) == "http://127.0.0.1:8440 ");
}

TEST_CASE("flags beat the environment, the environment the context") {
    Bare stage;
    stage.add("prod", "https://msp.example", "msp_a_b");
    stage.around.environment["MSP_SERVER"] = "http://from-environment";
    stage.around.environment["MSP_KEY"] = "msp_e_e";
    CHECK(stage.reached({}) == "http://from-environment Bearer msp_e_e");
    CHECK(stage.reached({"--server", "http://from-flag/"}) == "http://from-flag Bearer msp_e_e");
    CHECK(stage.reached({"--key-file", stage.file("k", "msp_f_f\n")}) ==
          "http://from-environment Bearer msp_f_f");
    stage.in.str("msp_s_s\n");
    CHECK(stage.reached({"--key-file", "-"}) == "http://from-environment Bearer msp_s_s");
}

TEST_CASE("the key of a context goes to no other server") {
    Bare stage;
    stage.add("prod", "https://msp.example", "msp_a_b");
    CHECK(stage.reached({"--server", "http://elsewhere"}) == "http://elsewhere ");
    CHECK(stage.reached({"--server", "https://msp.example/"}) ==
          "https://msp.example Bearer msp_a_b");
    stage.around.environment["MSP_SERVER"] = "http://elsewhere";
    CHECK(stage.reached({}) == "http://elsewhere ");
}

TEST_CASE("a context, file or key that is not there stops before anything is sent") {
    Bare stage;
    CHECK(stage.run({"key", "me", "--context", "none"}) == exit_usage);
    CHECK(stage.run({"key", "me", "--key-file", "/no/such/file"}) == exit_usage);
    CHECK(stage.run({"key", "me", "--key-file", stage.file("empty", "\n")}) == exit_usage);
    CHECK(stage.run({"key", "me", "--key-file", stage.file("two", "msp_a_b msp_c_d")}) ==
          exit_usage);
    CHECK(stage.calls.empty());
    CHECK(stage.run({"context", "use", "none"}) == exit_absent);
    CHECK(stage.run({"context", "remove", "none"}) == exit_absent);
    CHECK(stage.add("x", "msp.example", "msp_a_b") == exit_usage);
    CHECK_FALSE(file_exists(stage.contexts()));
}

TEST_CASE("a file of contexts that was damaged is named and left as it is") {
    Bare stage;
    for (const char* damaged : {"", "{", "[]", R"({"contexts":[]})", R"({"current":"a"})"}) {
        stage.file("contexts.json", damaged);
        CHECK(stage.run({"key", "me"}) == exit_usage);
        CHECK(stage.err.str().find(stage.contexts()) != std::string::npos);
        CHECK(stage.add("x", "http://a", "msp_a_b") == exit_failed);
        CHECK(read_file(stage.contexts()).value() == damaged);
        CHECK(stage.calls.empty());
    }
}

TEST_CASE("contexts are where XDG says, below HOME otherwise") {
    Bare stage;
    stage.around.environment = {{"HOME", stage.folder.path() + "/home"}};
    stage.add("prod", "http://a", "msp_a_b");
    CHECK(file_exists(stage.folder.path() + "/home/.config/msp/contexts.json"));
    stage.around.environment["XDG_CONFIG_HOME"] = stage.folder.path() + "/xdg";
    stage.add("prod", "http://a", "msp_a_b");
    CHECK(file_exists(stage.folder.path() + "/xdg/msp/contexts.json"));
    CHECK(mode_of(stage.folder.path() + "/xdg/msp") == 0700);
}

TEST_CASE("no secret is shown") {
    Bare stage;
    stage.add("prod", "https://msp.example", "msp_a1_s3cret");
    CHECK(stage.run({"context", "show"}) == exit_done);
    CHECK(stage.out.str() == "server  https://msp.example\nkey     msp_a1_…\n");
    stage.run({"context", "list", "-o", "json"});
    CHECK(stage.out.str().find("s3cret") == std::string::npos);
    stage.add("odd", "https://msp.example", "s3cret");
    stage.run({"context", "show"});
    CHECK(stage.out.str().find("s3cret") == std::string::npos);
}
