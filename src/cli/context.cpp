#include "cli/context.hpp"

#include "world/files.hpp"

#include <boost/json.hpp>

#include <istream>
#include <ostream>

namespace msp::cli {

namespace json = boost::json;

namespace {

std::string variable(const Invocation& invocation, const std::string& name) {
    const auto found = invocation.around().environment.find(name);
    return found == invocation.around().environment.end() ? std::string() : found->second;
}

std::string folder(const Invocation& invocation) {
    const std::string base = variable(invocation, "XDG_CONFIG_HOME");
    return (base.empty() ? variable(invocation, "HOME") + "/.config" : base) + "/msp";
}

std::string path(const Invocation& invocation) {
    return folder(invocation) + "/contexts.json";
}

json::object read_contexts(const Invocation& invocation) {
    const auto content = read_file(path(invocation), 1 << 20);
    if (!content) return {{"current", ""}, {"contexts", json::object()}};
    boost::system::error_code error;
    const json::value parsed = json::parse(*content, error);
    if (error || !parsed.is_object() || !parsed.get_object().contains("contexts"))
        return {{"current", ""}, {"contexts", json::object()}};
    return parsed.get_object();
}

int write_contexts(Invocation& invocation, const json::object& contexts) {
    const auto made = make_folder(folder(invocation), 0700);
    const auto written =
        made ? write_file(path(invocation), json::serialize(contexts) + "\n", 0600) : made;
    if (written) return exit_done;
    invocation.err() << "msp: " << written.reason().what << "\n";
    return exit_failed;
}

std::string member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string without_end_of_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::string key_from(const Invocation& invocation, const std::string& file) {
    if (file != "-") {
        const auto content = read_file(file, 4096);
        return content ? without_end_of_line(*content) : std::string();
    }
    std::string line;
    std::getline(invocation.around().in, line);
    return without_end_of_line(line);
}

int add(Invocation& invocation) {
    json::object contexts = read_contexts(invocation);
    json::object fresh{{"server", invocation.value("--server")},
                       {"key", key_from(invocation, invocation.value("--key-file"))}};
    if (invocation.has("--ca")) fresh["ca"] = invocation.value("--ca");
    if (member(fresh, "key").empty()) {
        invocation.err() << "msp: there is no key in " << invocation.value("--key-file") << "\n";
        return exit_usage;
    }
    contexts["contexts"].as_object()[invocation.value("NAME")] = std::move(fresh);
    contexts["current"] = invocation.value("NAME");
    invocation.err() << "context " << invocation.value("NAME") << " is current now\n";
    return write_contexts(invocation, contexts);
}

int use(Invocation& invocation) {
    json::object contexts = read_contexts(invocation);
    if (!contexts["contexts"].as_object().contains(invocation.value("NAME"))) {
        invocation.err() << "msp: there is no context " << invocation.value("NAME")
                         << "\n  next: msp context list\n";
        return exit_absent;
    }
    contexts["current"] = invocation.value("NAME");
    return write_contexts(invocation, contexts);
}

int remove(Invocation& invocation) {
    json::object contexts = read_contexts(invocation);
    if (contexts["contexts"].as_object().erase(invocation.value("NAME")) == 0)
        return use(invocation);
    if (member(contexts, "current") == invocation.value("NAME")) contexts["current"] = "";
    return write_contexts(invocation, contexts);
}

int list(Invocation& invocation) {
    const json::object contexts = read_contexts(invocation);
    json::array items;
    for (const auto& [name, context] : contexts.at("contexts").as_object())
        items.push_back({{"name", name},
                         {"server", member(context.as_object(), "server")},
                         {"current", name == member(contexts, "current")}});
    return invocation.show_list(json::serialize(json::object{{"items", items}}),
                                {{"NAME", "name"}, {"SERVER", "server"}, {"CURRENT", "current"}},
                                "name");
}

int show(Invocation& invocation) {
    const Context context = context_of(invocation);
    invocation.out() << "server  " << context.server << "\nkey     "
                     << (context.key.empty() ? "none"
                                             : context.key.substr(0, context.key.rfind('_')) + "_…")
                     << "\n";
    return exit_done;
}

}  // namespace

Context context_of(const Invocation& invocation) {
    Context out;
    const json::object contexts = read_contexts(invocation);
    const std::string name =
        invocation.has("--context") ? invocation.value("--context") : member(contexts, "current");
    if (const json::value* chosen = contexts.at("contexts").as_object().if_contains(name)) {
        out.server = member(chosen->as_object(), "server");
        out.key = member(chosen->as_object(), "key");
        out.ca_file = member(chosen->as_object(), "ca");
    }
    if (const std::string server = variable(invocation, "MSP_SERVER"); !server.empty())
        out.server = server;
    if (const std::string key = variable(invocation, "MSP_KEY"); !key.empty()) out.key = key;
    if (const std::string ca = variable(invocation, "MSP_CA"); !ca.empty()) out.ca_file = ca;
    if (invocation.has("--server")) out.server = invocation.value("--server");
    if (invocation.has("--key-file"))
        out.key = key_from(invocation, invocation.value("--key-file"));
    if (invocation.has("--ca")) out.ca_file = invocation.value("--ca");
    while (!out.server.empty() && out.server.back() == '/') out.server.pop_back();
    return out;
}

void add_context_commands(Commands& commands) {
    commands.push_back({"context",
                        "add",
                        {"NAME"},
                        "remember a platform and a key for it, and make it the current one",
                        {{"--ca", "FILE", "trust the certificates of this CA"}},
                        {"msp context add prod --server https://msp.example --key-file staff.key"},
                        add});
    commands.push_back({"context",
                        "use",
                        {"NAME"},
                        "make a context the current one",
                        {},
                        {"msp context use prod"},
                        use});
    commands.push_back(
        {"context", "list", {}, "list the contexts", {}, {"msp context list"}, list});
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
