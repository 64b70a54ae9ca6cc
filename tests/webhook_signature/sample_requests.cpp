// Prints webhook requests, one JSON text a line, as our code makes them: for another's library to
// verify. Usage: webhook_samples SEED COUNT
#include "notices/webhook.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using namespace msp;

namespace json = boost::json;

namespace {

// Some JSON of some size with characters of one to four bytes in it.
std::string body(Random& random) {
    static constexpr const char* pieces[] = {"a", "Z", "0",  " ", "\"", "\\", "\n", ".",
                                             "ü", "…", "漢", "🚜", "=",  "/",  "+",  "}"};
    std::string words;
    for (std::uint64_t left = random.below(random.below(10) == 0 ? 4'000 : 60); left > 0; --left)
        words += pieces[random.below(std::size(pieces))];
    return json::serialize(json::object{{"number", random.next() >> 12}, {"words", words}});
}

json::object sample(Random& random) {
    const Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    std::vector<WebhookSecret> secrets;
    for (std::uint64_t count = 1 + random.below(2); count > 0; --count)
        secrets.push_back(WebhookSecret::fresh(random));
    const HttpRequest request = webhook_request(
        "https://hooks.example.com/", secrets,
        std::to_string(random.below(8)) + "-" + std::to_string(random.next()), now, body(random));
    json::object headers;
    for (const HttpHeader& header : request.headers.all()) headers[header.name] = header.value;
    json::array texts;
    for (const WebhookSecret& secret : secrets) texts.emplace_back(secret.text());
    return {{"secrets", texts}, {"headers", headers}, {"body", request.body}};
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    SeededRandom random(std::strtoull(arguments[1], nullptr, 10));
    for (int left = std::atoi(arguments[2]); left > 0; --left)
        std::cout << json::serialize(sample(random)) << '\n';
    return 0;
}
