// Every call of the table, by everybody, about what is theirs, another's and nobody's.
//
// Who may not make a call is told so whatever it is about; whoever may cannot tell another's object
// from an absent one: the answers are the same, byte for byte, but for the trace. What is another's
// is in no answer at all. A call without a sample here, or that nobody got through with, fails.

#include "api/matrix_world_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::api_stage;

namespace {

// What the table alone says.
enum class Expected { unauthenticated, forbidden, let_in };

Expected expected(const Route& route, std::string_view party, Role role) {
    switch (route.who) {
        case Who::everyone:
        case Who::device:
        case Who::network_operator: return Expected::let_in;
        case Who::party: break;
        case Who::staff:
            if (party != "m2m-sp") return Expected::forbidden;
            break;
        case Who::device_provider:
            if (is_equipment_provider(party)) return Expected::forbidden;
            break;
        case Who::equipment_provider:
            if (party.starts_with("dp-")) return Expected::forbidden;
            break;
    }
    return role < route.least ? Expected::forbidden : Expected::let_in;
}

bool turned_away(const Reply& reply) {
    const std::string code = reply.code();
    return code == "unauthenticated" || code == "role-too-small" || code == "not-for-your-party";
}

struct MatrixCounts {
    std::size_t calls = 0, turned_away = 0, same = 0, through = 0, leaks = 0;
};

class Matrix {
public:
    MatrixCounts counts;
    std::set<const Route*> through;

    void run(const Route& route) {
        World world;
        for (const std::string_view who : {"", "garbage", "closed"}) strangers(world, route, who);
        for (const std::string_view party : parties)
            for (std::size_t role = 0; role < std::size(roles); ++role)
                ask(world, route, party, static_cast<Role>(role));
        CHECK(world.stage.log.lines.find(iccid(ep_one_machine).text()) == std::string::npos);
        CHECK(world.stage.log.lines.find(imsi(ep_one_machine).text()) == std::string::npos);
    }

private:
    Reply call(World& world, const Route& route, std::string_view party, Role role,
               const Things& about, const std::string& query) {
        const std::string who =
            std::string(party) + "/" + std::string(roles[static_cast<std::size_t>(role)]);
        Fields fields;
        if (route.body == "text/csv") fields.push_back({"Content-Type", "text/csv"});
        ++counts.calls;
        HttpRequest request =
            world.stage.request(who, route.method, filled_path(route, about) + query,
                                sample_body(route.body, about), fields);
        const auto exchange = world.stage.begin(std::move(request));
        world.stage.loop.run_for(Duration(100));
        return Stage::reply(*exchange);
    }

    void strangers(World& world, const Route& route, std::string_view who) {
        HttpRequest request = world.stage.request(
            who == "closed" ? "closed-ep/admin" : "", route.method,
            filled_path(route, world.of("ep-one")), sample_body(route.body, world.of("ep-one")));
        if (who == "garbage") request.headers.set("Authorization", "Bearer msp_garbage");
        // Each stranger comes from an address of his own, so that none makes another wait.
        request.peer = "192.0.2." + std::to_string(++counts.calls % 250) + ":1";
        const auto exchange = world.stage.begin(std::move(request));
        world.stage.loop.run_ready();
        const Reply reply = Stage::reply(*exchange);
        const bool open =
            expected(route, "", Role::viewer) == Expected::let_in && route.who != Who::party;
        CAPTURE(route.path);
        CAPTURE(who);
        if (!open) {
            CHECK(reply.status == 401);
            ++counts.turned_away;
        }
        look_for(reply, canaries("ep-one"), {});
    }

    void look_for(const Reply& reply, const std::vector<std::string>& hidden, const Things& asked) {
        const std::string seen = plain(reply, asked);
        for (const std::string& canary : hidden) {
            const bool leaks = seen.find(canary) != std::string::npos;
            counts.leaks += leaks;
            CAPTURE(canary);
            CAPTURE(reply.body);
            CHECK_FALSE(leaks);
        }
    }

    void ask(World& world, const Route& route, std::string_view party, Role role) {
        CAPTURE(route.method);
        CAPTURE(route.path);
        CAPTURE(party);
        CAPTURE(static_cast<int>(role));
        const std::string query = needed_query(route, party);
        const Things nothing = absent_things();
        const Things& others = world.of(other(party));
        const Reply absent = call(world, route, party, role, nothing, query);
        const Reply foreign = call(world, route, party, role, others, query);
        if (party != "m2m-sp" && takes_object(route)) {
            CHECK(plain(foreign, others) == plain(absent, nothing));
            ++counts.same;
        }
        const Reply own = call(world, route, party, role, world.of(party), query);
        for (const auto& [reply, asked] :
             {std::pair{&absent, nothing}, {&foreign, others}, {&own, world.of(party)}})
            judge(route, party, role, *reply, asked);
        if (own.ok() || foreign.ok() || absent.ok()) through.insert(&route);
        counts.through += own.ok();
        ask_by_query(world, route, party, role);
    }

    void judge(const Route& route, std::string_view party, Role role, const Reply& reply,
               const Things& asked) {
        CAPTURE(reply.body);
        const bool away = expected(route, party, role) == Expected::forbidden;
        counts.turned_away += away;
        if (away)
            CHECK(reply.status == 403);
        else
            CHECK_FALSE(turned_away(reply));
        CHECK(reply.status != 0);
        CHECK(reply.status < 500);
        look_for(reply, canaries(party), asked);
    }

    // A parameter that names another's thing finds as little as one that names nothing.
    void ask_by_query(World& world, const Route& route, std::string_view party, Role role) {
        if (party == "m2m-sp" || route.method != "GET" ||
            route.path.find('{') != std::string_view::npos)
            return;
        const Things& others = world.of(other(party));
        const Things nothing = absent_things();
        const auto number = [](std::string_view of) {
            return of.ends_with("one") ? dp_one_card : dp_two_card;
        };
        const std::map<std::string_view, std::pair<std::string, std::string>> pairs{
            {"provider", {std::string(other(party)), "ep-none"}},
            {"customer", {std::string(other(party)), "ep-none"}},
            {"party", {std::string(other(party)), "ep-none"}},
            {"batch", {other(party).ends_with("one") ? "B-ONE" : "B-TWO", "B-NONE"}},
            {"chain", {others.chain, nothing.chain}},
            {"device", {others.device_id, nothing.device_id}},
            {"card", {others.iccid, nothing.iccid}},
            {"imsi",
             {std::string(imsi(number(other(party))).text()), std::string(imsi(nobodys).text())}},
        };
        for_each_word(route.query, [&](std::string_view key) {
            const auto pair = pairs.find(key.substr(0, key.find('.')));
            if (pair == pairs.end()) return;
            CAPTURE(key);
            const auto with = [&](const std::string& value) {
                return call(world, route, party, role, nothing,
                            "?" + std::string(pair->first) + "=" + value);
            };
            const Reply foreign = with(pair->second.first);
            CHECK(plain(foreign, others) == plain(with(pair->second.second), nothing));
            look_for(foreign, canaries(party), others);
            ++counts.same;
        });
    }
};

// Calls that need more than a sample to get through, and where they are tested instead.
constexpr std::string_view elsewhere[] = {
    "POST /v1/operators/{operator}/events",               // a signature: operators_test.cpp
    "POST /v1/cards/{iccid}:retry",                       // an order that is stuck: operators_test
    "POST /v1/devices/{device_id}:retry",                 //
    "POST /v1/equipment/{equipment_id}:retry",            //
    "POST /v1/equipment/{equipment_id}:unbind",           // never active: services_test.cpp
    "POST /v1/claims/{id}:accept",                        // an open window: services_test.cpp
    "POST /v1/webhooks/{id}/deliveries/{number}:resend",  // a delivery: events_test.cpp
};

}  // namespace

TEST_CASE(
    "Every call of the table tells parties apart, and another's things from nobody's by nothing") {
    Matrix matrix;
    for (const Route& route : routes()) matrix.run(route);
    std::size_t covered = 0;
    for (const Route& route : routes()) {
        const Route& row = route.original();  // a preview gets through where its call does
        const std::string name = std::string(row.method) + " " + std::string(row.path);
        const bool tested_elsewhere =
            std::find(std::begin(elsewhere), std::end(elsewhere), name) != std::end(elsewhere);
        CAPTURE(route.path);
        CHECK((matrix.through.contains(&route) || tested_elsewhere));
        ++covered;
    }
    const MatrixCounts& counts = matrix.counts;
    CHECK(counts.leaks == 0);
    CHECK(covered == routes().size());
    MESSAGE(covered << " calls, asked " << counts.calls << " times: turned away "
                    << counts.turned_away << ", another's same as absent " << counts.same
                    << ", through " << counts.through << ", leaks " << counts.leaks);
}
