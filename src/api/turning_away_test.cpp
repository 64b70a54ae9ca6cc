#include "api/turning_away.hpp"

#include "api/stage_test.hpp"
#include "domain/party.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace msp;

static const PartyId diggers = PartyId::parse("diggers").value();
static const PartyId presses = PartyId::parse("presses").value();

static Monotonic after(Duration time) {
    return Monotonic(std::chrono::hours(1)) + time;
}

TEST_CASE("who is turned away first comes back first, and no sooner than after a second") {
    Appointments appointments;
    CHECK(appointments.next(after(Duration(0))) == Duration(1'000));
    Duration before(1'000);
    for (unsigned i = 0; i < 10'000; ++i) {
        const Duration wait = appointments.next(after(Duration(0)));
        CHECK(wait >= before);
        before = wait;
    }
    CHECK(before == Duration(6'000));
    CHECK(appointments.next(after(Duration(60'000))) == Duration(1'000));
}

TEST_CASE("in no second more come back than can be turned away again, and nobody waits for ever") {
    Appointments appointments;
    std::vector<Duration> back;
    for (unsigned ms = 0; ms < 5'000; ++ms)  // five seconds of 4,000 a second
        for (unsigned i = 0; i < 4; ++i)
            back.push_back(Duration(ms) + appointments.next(after(Duration(ms))));
    for (std::size_t i = 0; i + Appointments::per_second < back.size(); ++i)
        CHECK(back[i + Appointments::per_second] - back[i] >= Duration(999));

    Duration longest{};
    for (unsigned i = 0; i < 200'000; ++i)
        longest = std::max(longest, appointments.next(after(Duration(5'000))));
    CHECK(longest == Appointments::most);
}

TEST_CASE("a party has its burst and then its rate, whatever another one does") {
    PartyPace pace(100, 20);
    for (unsigned i = 0; i < 20; ++i) CHECK_FALSE(pace.call(diggers, after(Duration(0))));
    CHECK(pace.call(diggers, after(Duration(0))) == Duration(10));
    CHECK_FALSE(pace.call(presses, after(Duration(0))));
    CHECK(pace.call(diggers, after(Duration(9))) == Duration(1));
    CHECK_FALSE(pace.call(diggers, after(Duration(10))));
    CHECK(pace.call(diggers, after(Duration(10))) == Duration(10));

    unsigned served = 0;
    for (unsigned ms = 10; ms < 1'010; ++ms)
        if (!pace.call(diggers, after(Duration(ms)))) ++served;
    CHECK(served == 99);
}

TEST_CASE("the M2M SP is not counted, and without a rate nobody is") {
    PartyPace pace(1, 1);
    for (unsigned i = 0; i < 100; ++i) CHECK_FALSE(pace.call(m2m_sp(), after(Duration(0))));
    PartyPace none(0, 0);
    for (unsigned i = 0; i < 100; ++i) CHECK_FALSE(none.call(diggers, after(Duration(0))));
}

TEST_CASE("a burst is one call at the least") {
    PartyPace pace(1, 0);
    CHECK_FALSE(pace.call(diggers, after(Duration(0))));
    CHECK(pace.call(diggers, after(Duration(0))) == Duration(1'000));
}

// ------------------------------------------------------------------------------------ at the door

using namespace msp::api_stage;

static ApiOptions two_calls() {
    ApiOptions options;
    options.party_calls_per_second = 1;
    options.party_calls_burst = 2;
    return options;
}

// What is answered, as the connection gets it.
static HttpResponse answer(Stage& stage, std::string_view who) {
    const auto exchange = stage.begin(stage.request(who, "GET", "/v1/equipment"));
    stage.loop.run_ready();
    return exchange->response.value();
}

TEST_CASE("a party that calls too often is told when to come back, and is not heard before") {
    Stage stage(two_calls());
    for (int i = 0; i < 2; ++i) CHECK(answer(stage, "ep-one/viewer").status == 200);
    const HttpResponse turned_away = answer(stage, "ep-one/admin");
    CHECK(turned_away.status == 429);
    CHECK(turned_away.body.find(R"("code":"too-many-calls")") != std::string::npos);
    CHECK(turned_away.headers.find("Retry-After") == "1");
    CHECK(turned_away.unheard == Duration(1'000));
    CHECK(answer(stage, "ep-two/viewer").status == 200);
    for (int i = 0; i < 5; ++i) CHECK(answer(stage, "m2m-sp/viewer").status == 200);
    stage.loop.run_for(Duration(1'000));
    CHECK(answer(stage, "ep-one/viewer").status == 200);
}

TEST_CASE("many who are turned away come back one behind the other") {
    Stage stage(two_calls());
    for (int i = 0; i < 2; ++i) answer(stage, "ep-one/viewer");
    Duration before{};
    for (unsigned i = 0; i < 3 * Appointments::per_second / 2; ++i) {
        const HttpResponse response = answer(stage, "ep-one/viewer");
        REQUIRE(response.status == 429);
        CHECK(response.unheard >= before);
        before = response.unheard;
    }
    CHECK(before > Duration(1'700));
}

TEST_CASE("where too many calls wait already, the next one is told when to come back") {
    ApiOptions options;
    options.calls_most = 1;
    Stage stage(options);
    const auto waits = stage.begin(stage.request("ep-one/viewer", "GET", "/v1/equipment"));
    const auto exchange = stage.begin(stage.request("ep-one/viewer", "GET", "/v1/equipment"));
    stage.loop.run_ready();
    CHECK(waits->response.value().status == 200);
    const HttpResponse turned_away = exchange->response.value();
    CHECK(turned_away.status == 503);
    CHECK(turned_away.headers.find("Retry-After") == "1");
    CHECK(turned_away.unheard == Duration(1'000));
    CHECK(stage.log.lines.find("call failed") == std::string::npos);
}
