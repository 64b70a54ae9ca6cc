#include "api/route_matcher.hpp"

#include "api/target.hpp"

#include <algorithm>
#include <cassert>

namespace msp {

// "/a/b" is "a" and "/b"; what is not led by a slash has no first segment.
static std::pair<std::string_view, std::string_view> first_segment(std::string_view path) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    return {path.substr(0, end), path.substr(end)};
}

static bool is_parameter(std::string_view segment) {
    return segment.starts_with('{');
}

struct RouteMatcher::Search {
    std::string_view method;
    RouteMatch found;
    bool undecodable = false;
    std::vector<std::string_view> allowed;
};

RouteMatcher::RouteMatcher(std::span<const Route> table) : nodes_(1) {
    for (const Route& route : table) add(route);
}

std::size_t RouteMatcher::step(std::size_t at, std::string_view segment) {
    if (is_parameter(segment)) {
        if (nodes_[at].parameter == 0) {
            nodes_[at].parameter = nodes_.size();
            nodes_[at].parameter_name = segment.substr(1, segment.find('}') - 1);
            nodes_.emplace_back();
        }
        assert(nodes_[at].parameter_name == segment.substr(1, segment.find('}') - 1));
        return nodes_[at].parameter;
    }
    for (const auto& [literal, next] : nodes_[at].literals)
        if (literal == segment) return next;
    nodes_[at].literals.emplace_back(segment, nodes_.size());
    nodes_.emplace_back();
    return nodes_.size() - 1;
}

void RouteMatcher::add(const Route& route) {
    std::size_t at = 0;
    std::string_view verb;
    std::string_view rest = route.path;
    while (!rest.empty()) {
        const auto [segment, behind] = first_segment(rest);
        if (is_parameter(segment)) verb = segment.substr(segment.find('}') + 1);
        assert(verb.empty() || behind.empty());
        at = step(at, segment);
        rest = behind;
    }
    for (const auto& [other, row] : nodes_[at].ends)
        assert(other != verb || row->method != route.method);
    nodes_[at].ends.emplace_back(verb, &route);
}

bool RouteMatcher::end(Search& search, const Node& node, std::string_view verb) const {
    const std::string_view method = search.method == "HEAD" ? "GET" : search.method;
    for (const auto& [its_verb, route] : node.ends) {
        if (its_verb != verb) continue;
        search.allowed.push_back(route->method);
        if (route->method != method) continue;
        search.found.route = route;
        return true;
    }
    return false;
}

bool RouteMatcher::descend_parameter(Search& search, std::size_t at, std::string_view segment,
                                     std::string_view rest) const {
    const Node& node = nodes_[at];
    const Node& next = nodes_[node.parameter];
    std::string_view verb;
    if (rest.empty())
        for (const auto& [its_verb, route] : next.ends)
            if (!its_verb.empty() && segment.ends_with(its_verb)) verb = its_verb;
    auto value = decoded_segment(segment.substr(0, segment.size() - verb.size()));
    if (!value || value->empty()) {
        search.undecodable = search.undecodable || !value;
        return false;
    }
    search.found.arguments.emplace_back(node.parameter_name, *std::move(value));
    if (rest.empty() ? end(search, next, verb) : descend(search, node.parameter, rest)) return true;
    search.found.arguments.pop_back();
    return false;
}

bool RouteMatcher::descend(Search& search, std::size_t at, std::string_view path) const {
    const auto [segment, rest] = first_segment(path);
    for (const auto& [literal, next] : nodes_[at].literals)
        if (literal == segment)
            if (rest.empty() ? end(search, nodes_[next], {}) : descend(search, next, rest))
                return true;
    return nodes_[at].parameter != 0 && descend_parameter(search, at, segment, rest);
}

static std::string joined(std::vector<std::string_view> methods) {
    if (std::find(methods.begin(), methods.end(), "GET") != methods.end())
        methods.emplace_back("HEAD");
    std::sort(methods.begin(), methods.end());
    methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
    std::string out;
    for (const std::string_view method : methods)
        out.append(out.empty() ? "" : ", ").append(method);
    return out;
}

Result<RouteMatch, RouteMiss> RouteMatcher::match(std::string_view method,
                                                  std::string_view path) const {
    if (!path.starts_with('/')) return RouteMiss{};
    Search search{.method = method, .found = {}, .allowed = {}};
    if (descend(search, 0, path)) return std::move(search.found);
    if (search.undecodable) return RouteMiss{.status = 400, .allow = {}};
    if (search.allowed.empty()) return RouteMiss{};
    return RouteMiss{.status = 405, .allow = joined(std::move(search.allowed))};
}

}  // namespace msp
