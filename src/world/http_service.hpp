// What the connections of one listener share: limits, handler, figures, and the register of those
// that are open. Outlives them; empty once the server is gone.
// Threads: the loop's only.
#pragma once

#include "world/http_server.hpp"
#include "world/loop.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace msp {

class HttpConnection;

class HttpService {
public:
    HttpService(Loop& its_loop, const HttpLimits& its_limits, HttpHandler its_handler);

    Loop& loop;
    const HttpLimits limits;
    const HttpHandler handler;
    HttpServerFigures figures;
    bool draining = false;
    std::size_t incoming_body_bytes = 0;  // of bodies that are not with the handler yet

    bool has_room_for(const std::string& address) const;
    void enter(const std::shared_ptr<HttpConnection>&);
    void leave(const std::shared_ptr<HttpConnection>&);
    // A copy, for looking at each may make it leave.
    std::vector<std::shared_ptr<HttpConnection>> open() const;
    bool empty() const { return open_.empty(); }
    std::function<void()> emptied;  // called when the last one leaves

    std::string_view date();  // for the Date field, spelt once a second

private:
    std::unordered_set<std::shared_ptr<HttpConnection>> open_;
    std::unordered_map<std::string, std::size_t> per_address_;
    Time date_of_{};
    std::string date_;
};

}  // namespace msp
