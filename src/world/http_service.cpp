#include "world/http_service.hpp"

#include "world/http_connection.hpp"
#include "world/http_response.hpp"

#include <utility>

namespace msp {

HttpService::HttpService(Loop& its_loop, const HttpLimits& its_limits, HttpHandler its_handler)
    : loop(its_loop), limits(its_limits), handler(std::move(its_handler)) {}

bool HttpService::has_room_for(const std::string& address) const {
    if (open_.size() >= limits.connections) return false;
    const auto known = per_address_.find(address);
    return known == per_address_.end() || known->second < limits.connections_per_address;
}

void HttpService::enter(const std::shared_ptr<HttpConnection>& connection) {
    open_.insert(connection);
    ++per_address_[connection->peer().address];
    figures.connections = open_.size();
}

void HttpService::leave(const std::shared_ptr<HttpConnection>& connection) {
    if (open_.erase(connection) == 0) return;
    const auto known = per_address_.find(connection->peer().address);
    if (--known->second == 0) per_address_.erase(known);
    figures.connections = open_.size();
    if (open_.empty() && emptied) emptied();
}

std::vector<std::shared_ptr<HttpConnection>> HttpService::open() const {
    return {open_.begin(), open_.end()};
}

std::string_view HttpService::date() {
    const Time second = std::chrono::floor<std::chrono::seconds>(loop.now());
    if (second != date_of_ || date_.empty()) {
        date_of_ = second;
        date_ = http_date(second);
    }
    return date_;
}

}  // namespace msp
