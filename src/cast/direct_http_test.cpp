#include "cast/direct_http.hpp"

#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

namespace {

const std::string far = "http://far.test";

using Came = std::optional<Result<HttpResponse, Failure>>;

std::shared_ptr<Came> ask_far(DirectHttp& http) {
    HttpCall call;
    call.request.target = far + "/hello";
    call.timeout = 13s;
    auto came = std::make_shared<Came>();
    http.send(std::move(call),
              [came](Result<HttpResponse, Failure> outcome) { *came = std::move(outcome); });
    return came;
}

bool unknown(const Came& came) {
    return came && !*came && came->reason().kind == Failure::Kind::unknown;
}

}  // namespace

TEST_CASE("what a network swallows is unknown when its time is over, and not before") {
    ManualLoop loop;
    DirectHttp http(loop);
    int arrived = 0;
    http.listen(far, [&](const HttpRequest& request, const HttpRespond& respond) {
        CHECK(request.target == "/hello");
        ++arrived;
        loop.after(1s, [respond] { respond(HttpResponse{}); });
    });
    const auto under_way = ask_far(http);
    loop.run_for(500ms);
    http.swallow(far);
    const auto never_there = ask_far(http);
    loop.run_for(12'499ms);
    CHECK_FALSE(*under_way);
    loop.run_for(1ms);
    CHECK(unknown(*under_way));
    CHECK_FALSE(*never_there);
    loop.run_for(500ms);
    CHECK(unknown(*never_there));
    CHECK(arrived == 1);
    CHECK(http.lost_on_the_way() == 2);

    http.deliver(far);
    const auto heard = ask_far(http);
    loop.run_for(1s);
    REQUIRE(*heard);
    CHECK(**heard);
    CHECK(arrived == 2);
    CHECK(http.lost_on_the_way() == 2);
}
