#include "cli/context.hpp"

#include "cli/calls.hpp"
#include "cli/request.hpp"
#include "cli/show.hpp"
#include "world/files.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <istream>
#include <ostream>

namespace msp::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view standard_server = "http://127.0.0.1:8440";
constexpr std::size_t file_bytes_most = 1 << 20;

std::string variable(const Invocation& invocation, const std::string& name) {
    const auto found = invocation.around().environment.find(name);
    return found == invocation.around().environment.end() ? std::string() : found->second;
}

Failure unusable(std::string what) {
    return {Failure::Kind::malformed, std::move(what)};
}

// ---------------------------------------------------------------------------------------- the file

std::string path(const Invocation& invocation) {
    if (std::string named = variable(invocation, "MSP_CONTEXTS"); !named.empty()) return named;
    const std::string base = variable(invocation, "XDG_CONFIG_HOME");
    return (base.empty() ? variable(invocation, "HOME") + "/.config" : base) + "/msp/contexts.json";
}

std::string folder(const Invocation& invocation) {
    const std::string file = path(invocation);
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? "." : file.substr(0, slash);
}

struct Kept {
    std::string current;
    json::object contexts;
};

std::string member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

Result<Kept, Failure> read_kept(const Invocation& invocation) {
    if (!file_exists(path(invocation))) return Kept();
    const auto content = read_file(path(invocation), file_bytes_most);
    if (!content) return content.reason();
    boost::system::error_code error;
    const json::value read = json::parse(*content, error);
    const json::value* contexts =
        !error && read.is_object() ? read.get_object().if_contains("contexts") : nullptr;
    if (!contexts || !contexts->is_object())
        return unusable(path(invocation) + " does not hold contexts; mend or remove it");
    return Kept{member(read.get_object(), "current"), contexts->get_object()};
}

int write_kept(Invocation& invocation, const Kept& kept) {
    const json::object whole{{"current", kept.current}, {"contexts", kept.contexts}};
    const auto made = make_folder(folder(invocation), 0700);
    const auto written =
        made ? write_file(path(invocation), json::serialize(whole) + "\n", 0600) : made;
    return written ? int(exit_done) : invocation.refuse(exit_failed, written.reason().what);
}

// One line; a key never holds a blank.
Result<std::string, Failure> key_from(const Invocation& invocation, const std::string& file) {
    std::string key;
    if (file == "-") {
        std::getline(invocation.around().in, key);
    } else {
        const auto content = read_file(file, file_bytes_most);
        if (!content) return content.reason();
        key = *content;
    }
    while (!key.empty() && (key.back() == ' ' || key.back() == '\n' || key.back() == '\r'))
        key.pop_back();
    if (key.empty() || key.find_first_of(" \r\n\t") != std::string::npos)
        return unusable("there is no key in " + (file == "-" ? "standard input" : file));
    return key;
}

std::string without_last_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

// ------------------------------------------------------------------------------------ the commands

template <class Change>
int change_kept(Invocation& invocation, Change change) {
    auto found = read_kept(invocation);
    if (!found) return invocation.refuse(exit_failed, found.reason().what);
    Kept kept = *std::move(found);
    return change(kept);
}

int absent(Invocation& invocation) {
    return invocation.refuse(exit_absent, "there is no context " + invocation.value("NAME"),
                             "msp context list");
}

int add(Invocation& invocation) {
    const auto key = key_from(invocation, invocation.value("--key-file"));
    if (!key) return invocation.refuse(exit_usage, key.reason().what);
    const std::string server = without_last_slash(invocation.value("--server"));
    if (!server.starts_with("http://") && !server.starts_with("https://"))
        return invocation.refuse(exit_usage, "--server wants a URL that begins with https://");
    return change_kept(invocation, [&](Kept& kept) {
        const std::string name = invocation.value("NAME");
        json::object fresh{{"server", server}, {"key", *key}};
        if (invocation.has("--ca")) fresh["ca"] = invocation.value("--ca");
        kept.contexts[name] = std::move(fresh);
        kept.current = name;
        const int code = write_kept(invocation, kept);
        if (code == exit_done) invocation.err() << "context " << name << " is current now\n";
        return code;
    });
}

int use(Invocation& invocation) {
    return change_kept(invocation, [&](Kept& kept) {
        if (!kept.contexts.contains(invocation.value("NAME"))) return absent(invocation);
        kept.current = invocation.value("NAME");
        return write_kept(invocation, kept);
    });
}

int remove(Invocation& invocation) {
    return change_kept(invocation, [&](Kept& kept) {
        if (kept.contexts.erase(invocation.value("NAME")) == 0) return absent(invocation);
        if (kept.current == invocation.value("NAME")) kept.current.clear();
        return write_kept(invocation, kept);
    });
}

int list(Invocation& invocation) {
    return change_kept(invocation, [&](const Kept& kept) {
        json::array items;
        for (const auto& [name, context] : kept.contexts)
            items.push_back({{"name", name},
                             {"server", member(context.as_object(), "server")},
                             {"current", name == kept.current}});
        return show_list(invocation, json::serialize(items),
                         {{"NAME", "name"}, {"SERVER", "server"}, {"CURRENT", "current"}}, "name");
    });
}

// The key's public half: who it is, not what opens.
std::string key_shown(const std::string& key) {
    const std::size_t secret = key.find('_', std::min(key.find('_') + 1, key.size()));
    if (key.empty()) return "none";
    return secret == std::string::npos ? "…" : key.substr(0, secret) + "_…";
}

int show(Invocation& invocation) {
    const Context* context = invocation.context();
    if (!context) return invocation.exit_code;
    invocation.out() << "server  " << context->server << "\nkey     " << key_shown(context->key)
                     << "\n";
    return exit_done;
}

}  // namespace

// -------------------------------------------------------------------------------------- the search

static Result<Context, Failure> kept_context(const Invocation& invocation) {
    Context out{std::string(standard_server), {}, {}};
    const auto kept = read_kept(invocation);
    if (!kept) return kept.reason();
    const std::string name =
        invocation.has("--context") ? invocation.value("--context") : kept->current;
    const json::value* chosen = kept->contexts.if_contains(name);
    if (invocation.has("--context") && !chosen) return unusable("there is no context " + name);
    if (!chosen || !chosen->is_object()) return out;
    out.server = member(chosen->get_object(), "server");
    out.key = member(chosen->get_object(), "key");
    out.ca_file = member(chosen->get_object(), "ca");
    return out;
}

// The key of a context goes to the server of that context and to no other.
Result<Context, Failure> find_context(const Invocation& invocation) {
    auto found = kept_context(invocation);
    if (!found) return found;
    Context out = *found;
    const auto take = [&invocation](std::string& member, const char* name, const char* flag) {
        if (std::string given = variable(invocation, name); !given.empty()) member = given;
        if (invocation.has(flag)) member = invocation.value(flag);
    };
    take(out.server, "MSP_SERVER", "--server");
    take(out.ca_file, "MSP_CA", "--ca");
    out.server = without_last_slash(std::move(out.server));
    if (out.server != found->server) out.key.clear();
    if (std::string key = variable(invocation, "MSP_KEY"); !key.empty()) out.key = std::move(key);
    if (invocation.has("--key-file")) {
        auto key = key_from(invocation, invocation.value("--key-file"));
        if (!key) return key.reason();
        out.key = *std::move(key);
    }
    return out;
}

void add_context_commands(Commands& commands) {
    commands.push_back({"context",
                        "add",
                        {"NAME"},
                        "remember a platform and a key for it, and make it the current one",
                        {{"--server", "URL", "where the platform is", true},
                         {"--key-file", "FILE", "holds the key; - reads standard input", true},
                         {"--ca", "FILE", "trust the certificates of this CA"}},
                        {"msp context add prod --server https://msp.example --key-file staff.key"},
                        add});
    commands.push_back(
        {"context", "use", {"NAME"}, "switch to a context", {}, {"msp context use prod"}, use});
    commands.push_back(
        {"context", "list", {}, "list the contexts", look_flags, {"msp context list"}, list});
    commands.push_back({"context",
                        "remove",
                        {"NAME"},
                        "forget a context",
                        {},
                        {"msp context remove prod"},
                        remove});
    commands.push_back({"context",
                        "show",
                        {},
                        "show which platform and key commands would use",
                        {},
                        {"msp context show"},
                        show});
}

}  // namespace msp::cli
