#include "main/serve.hpp"

#include "main/platform.hpp"
#include "world/asio_loop.hpp"
#include "world/files.hpp"

#include <ostream>

namespace msp {

namespace {

using cli::Invocation;

std::vector<cli::Flag> serve_flags() {
    std::vector<cli::Flag> out{
        {"--config", "FILE", "read settings from this TOML file"},
        {"--ready-file", "FILE", "write HOST:PORT here once requests are taken"}};
    for (const Setting& setting : settings())
        if (!setting.flag.empty()) out.push_back({setting.flag, setting.form, setting.about});
    return out;
}

Result<Config, Failure> config_of(const Invocation& invocation) {
    ConfigSources sources;
    if (invocation.has("--config")) {
        auto content = read_file(invocation.value("--config"), 1 << 20);
        if (!content) return content.reason();
        sources.file = {invocation.value("--config"), std::move(content).value()};
    }
    for (const auto& [name, value] : invocation.around().environment)
        if (name.starts_with("MSP_")) sources.environment[name] = value;
    for (const Setting& setting : settings())
        if (!setting.flag.empty() && invocation.has(setting.flag))
            sources.flags.emplace_back(setting.flag, invocation.value(setting.flag));
    return read_config(sources);
}

LogLevel level_of(const Config& config) {
    const std::string& word = config.text("log.level");
    return word == "debug"     ? LogLevel::debug
           : word == "warning" ? LogLevel::warning
           : word == "error"   ? LogLevel::error
                               : LogLevel::info;
}

int refuse(const Invocation& invocation, const Failure& failure) {
    invocation.err() << "msp: " << failure.what << "\n"
                     << "  next: mend it there; without it `msp config show` lists every setting\n";
    return cli::exit_usage;
}

std::string host_of(const Config& config) {
    return parse_host_port(config.text("listen.address"))->host;
}

class Serving {
public:
    Serving(const Invocation& invocation, const Config& config)
        : invocation_(invocation),
          config_(config),
          log_(make_stderr_log(level_of(config))),
          platform_(std::make_unique<Platform>(loop_, *log_, config)) {}

    int run() {
        loop_.on_signal([this](int) { stop(); });
        platform_->start(
            [this](const Result<Done, Failure>& started) {
                if (started) return tell();
                give_up();
            },
            [this] { give_up(); });
        loop_.run();
        platform_.reset();
        return exit_;
    }

private:
    void give_up() {
        exit_ = cli::exit_failed;
        loop_.stop();
    }

    void tell() {
        const std::string where = host_of(config_) + ":" + std::to_string(platform_->port());
        invocation_.err() << "msp listens on http://" << where << "\n";
        if (platform_->device_port() != 0)
            invocation_.err() << "devices report on https, port " << platform_->device_port()
                              << "\n";
        invocation_.err() << "the first staff key is in " << config_.text("data") << "/staff.key\n"
                          << "  next: msp context add here --server http://" << where
                          << " --key-file " << config_.text("data") << "/staff.key\n"
                          << std::flush;
        if (!invocation_.has("--ready-file")) return;
        if (const auto told = write_file(invocation_.value("--ready-file"), where); !told)
            invocation_.err() << "msp: " << told.reason().what << "\n";
    }

    void stop() {
        if (stopping_) return loop_.stop();  // asked a second time: at once
        stopping_ = true;
        log_->info("stopping");
        platform_->drain([this] { loop_.stop(); });
    }

    const Invocation& invocation_;
    const Config& config_;
    AsioLoop loop_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<Platform> platform_;
    int exit_ = cli::exit_done;
    bool stopping_ = false;
};

int serve(Invocation& invocation) {
    const auto config = config_of(invocation);
    if (!config) return refuse(invocation, config.reason());
    return Serving(invocation, *config).run();
}

int show_config(Invocation& invocation) {
    const auto config = config_of(invocation);
    if (!config) return refuse(invocation, config.reason());
    for (const Setting& setting : settings()) {
        const ConfigValue& value = config->all().find(setting.key)->second;
        invocation.out() << setting.key << " = \"" << value.text << "\"";
        if (invocation.has("--origin")) invocation.out() << "  # " << value.origin;
        invocation.out() << "\n";
    }
    return cli::exit_done;
}

}  // namespace

void add_serve_commands(cli::Commands& commands) {
    commands.push_back({"serve",
                        "",
                        {},
                        "run the platform",
                        serve_flags(),
                        {"msp serve --data /var/lib/msp --listen 127.0.0.1:8440",
                         "msp serve --config /etc/msp/msp.toml"},
                        serve});
    std::vector<cli::Flag> flags = serve_flags();
    flags.push_back({"--origin", "", "say where each value comes from"});
    commands.push_back({"config",
                        "show",
                        {},
                        "show the settings that serve would run with",
                        flags,
                        {"msp config show --origin"},
                        show_config});
}

}  // namespace msp
