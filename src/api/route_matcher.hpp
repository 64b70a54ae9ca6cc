// Finds the row of the table that a request means.
//
// Law: a literal segment goes before a parameter, a verb before an identifier that ends like it,
// and the method decides last; so every identifier can be named, and no two rows answer one
// request. A path that is none answers 404; one that has rows, but not for this method, 405 with
// Allow. HEAD is a GET. Built once, then read by any thread.
#pragma once

#include "api/routes.hpp"
#include "domain/result.hpp"
#include "world/http.hpp"

#include <string>
#include <utility>
#include <vector>

namespace msp {

// The parameters of the path, decoded, in order.
using PathArguments = std::vector<std::pair<std::string_view, std::string>>;

struct RouteMatch {
    const Route* route = nullptr;
    PathArguments arguments;
};

struct RouteMiss {
    int status = 404;   // 400: a segment cannot be decoded
    std::string allow;  // of a 405: the methods there are
};

class RouteMatcher {
public:
    // Requires: no two of the rows have the same method and path.
    explicit RouteMatcher(std::span<const Route>);

    Result<RouteMatch, RouteMiss> match(std::string_view method, std::string_view path) const;

private:
    // What can follow after the segments so far. `ends` are the rows that end here, by verb.
    struct Node {
        std::vector<std::pair<std::string_view, std::size_t>> literals;
        std::size_t parameter = 0;  // a node; 0: none
        std::string_view parameter_name;
        std::vector<std::pair<std::string_view, const Route*>> ends;  // verb, row
    };
    struct Search;

    std::size_t step(std::size_t at, std::string_view segment);
    void add(const Route&);
    bool descend(Search&, std::size_t at, std::string_view path) const;
    bool descend_parameter(Search&, std::size_t at, std::string_view segment,
                           std::string_view rest) const;
    bool end(Search&, const Node&, std::string_view verb) const;

    std::vector<Node> nodes_;
};

}  // namespace msp
