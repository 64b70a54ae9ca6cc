#include "main/demo/application.hpp"

#include "main/demo/stage.hpp"

#include <boost/json.hpp>

namespace msp::demo {

namespace json = boost::json;

std::string Application::listen() {
    auto server = listen_http(
        loop_, HttpListen{},
        [this](const HttpRequest& request, const std::shared_ptr<HttpExchange>& exchange) {
            const std::string body = request.body;
            receiver_.handle(request,
                             [this, body, exchange](const std::optional<HttpResponse>& response) {
                                 if (!response) return;
                                 if (response->status < 300) remember(body);
                                 exchange->respond(*response);
                             });
        });
    if (!server) return server.reason().what;
    server_ = std::move(server).value();
    return {};
}

std::string Application::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook";
}

void Application::remember(const std::string& body) {
    boost::system::error_code error;
    const json::value event = json::parse(body, error);
    if (error) return;
    const std::uint64_t number = std::stoull("0" + text_at(event, "number"));
    types_[text_at(event, "type")].insert(number);
    const std::string status = text_at(event, "data.after.equipment");
    Known& known = equipment_[text_at(event, "data.equipment_id")];
    if (!status.empty() && number > known.number) known = {number, status};
}

std::string Application::status(const std::string& equipment) const {
    const auto found = equipment_.find(equipment);
    return found == equipment_.end() ? std::string() : found->second.status;
}

std::size_t Application::count(const std::string& type) const {
    const auto found = types_.find(type);
    return found == types_.end() ? 0 : found->second.size();
}

std::size_t Application::wrong() const {
    const ReceiverTally& tally = receiver_.tally();
    return tally.bad_signature + tally.malformed + tally.gaps + tally.backwards;
}

}  // namespace msp::demo
